"""Answers about the person and the channel: welcome, settings, data, highlights."""

from __future__ import annotations

from cards import talk
from cards.calendar import calendar_card
from dialogs.reply import Asker, Purpose, Question, Reply
from language.commands import ToCalendar
from learning.sessions import Session
from services.booking import BookingService
from services.calendar_keys import OwnCalendars
from services.channels import ChannelService
from services.organisers import Organisers
from services.people import PeopleService
from services.ports.clocks import Clock


class PersonalAnswers:
    def __init__(
        self,
        people: PeopleService,
        bookings: BookingService,
        channels: ChannelService,
        organisers: Organisers,
        clock: Clock,
        calendars: OwnCalendars,
        *,
        contact: str = "",
        public_url: str = "",
    ) -> None:
        self._people = people
        self._bookings = bookings
        self._channels = channels
        self._organisers = organisers
        self._clock = clock
        self._calendars = calendars
        self._contact = contact
        self._public_url = public_url

    def hello(self, asker: Asker) -> Reply:
        if asker.in_public:
            return Reply(card=talk.team_welcome_card(asker.channel is not None))
        return Reply(card=talk.welcome_card(asker.person.first_name))

    def help(self) -> Reply:
        return Reply(card=talk.help_card())

    def small_talk(self) -> Reply:
        return Reply(card=talk.chatter_card())

    def human(self, session: Session | None) -> Reply:
        """Whom to ask; of the session just shown, also those who run it."""
        facilitators = ", ".join(session.details.facilitators) if session else ""
        return Reply(card=talk.human_card(self._contact, facilitators))

    def welcome_back(self) -> Reply:
        return Reply(card=talk.say("You're welcome. Ask whenever you like."))

    async def nudges(self, asker: Asker, on: bool) -> Reply:
        await self._people.want_nudges(asker.person.id, on)
        return Reply(card=talk.say(talk.NUDGES[on]), private=True)

    async def highlights(self, asker: Asker, on: bool) -> Reply:
        await self._people.want_highlights(asker.person.id, on)
        return Reply(card=talk.say(talk.HIGHLIGHTS[on]), private=True)

    async def channel_highlights(self, asker: Asker, on: bool) -> Reply:
        """Organisers and owners of the team decide what is posted to a channel."""
        if asker.channel is None:
            words = "That works in a channel: mention me there and say post highlights here."
            return Reply(card=talk.say(words))
        if not await self._organisers.may_post_to_team(asker.person, asker.team_group_id):
            words = "Only an organiser or an owner of this team can change what I post here."
            return Reply(card=talk.say(words))
        if on:
            await self._channels.subscribe(asker.channel)
            words = "I'll post the highlights here on each morning of the week."
            return Reply(
                card=talk.say(words, "To end it, mention me and say stop highlights here.")
            )
        was_on = await self._channels.unsubscribe(asker.channel.id)
        return Reply(
            card=talk.say(
                "I've stopped posting highlights here."
                if was_on
                else "I wasn't posting highlights here."
            )
        )

    async def calendar(self, asker: Asker, do: ToCalendar) -> Reply:
        """The private address of their own calendar, for their own chat."""
        if do is ToCalendar.REMOVE:
            was_there = await self._calendars.revoke(asker.person.id)
            words = (
                "Your calendar address no longer works."
                if was_there
                else "You had no calendar address."
            )
            return Reply(card=talk.say(words, "Say my calendar to have a new one."), private=True)
        anew = do is ToCalendar.RENEW
        own = await self._calendars.make(asker.person.id, anew=anew)
        card = calendar_card(f"{self._public_url}/calendar/{own.key}.ics", is_new=anew)
        return Reply(card=card, private=True)

    async def my_data(self, asker: Asker) -> Reply:
        data = await self._people.data_of(asker.person.id)
        card = talk.my_data_card(
            data.person,
            data.bookings,
            zone=asker.zone,
            now=self._clock.now(),
            zoom=data.zoom,
            attended=data.attended,
            profile=data.profile,
            calendar_since=data.calendar_since,
            file=f"{self._public_url}/hub/mine/data",
        )
        return Reply(card=card, private=True, with_file=True)

    async def ask_forget(self, asker: Asker) -> Reply:
        ahead = len(await self._bookings.mine(asker.person.id))
        question = Question(purpose=Purpose.FORGET)
        return Reply(card=talk.forget_card(ahead), private=True, question=question)

    async def forget(self, asker: Asker) -> Reply:
        await self._people.forget(asker.person.id)
        words = "Done: I've forgotten you. Only counts remain. Say hello whenever you like."
        return Reply(card=talk.say(words), private=True, forgets=True)
