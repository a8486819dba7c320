"""Answers about the person and the channel: welcome, settings, data, highlights."""

from __future__ import annotations

from cards import talk
from dialogs.reply import Asker, Purpose, Question, Reply
from learning.sessions import Session
from services.booking import BookingService
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
        *,
        contact: str = "",
    ) -> None:
        self._people = people
        self._bookings = bookings
        self._channels = channels
        self._organisers = organisers
        self._clock = clock
        self._contact = contact

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
        words = (
            "Nudges are on: I'll remind you before each session you booked."
            if on
            else "Nudges are off. I'll still tell you when a session of yours changes."
        )
        return Reply(card=talk.say(words), private=True)

    async def highlights(self, asker: Asker, on: bool) -> Reply:
        await self._people.want_highlights(asker.person.id, on)
        words = (
            "I'll send you the highlights each morning there is something on. "
            "Type stop highlights to end it."
            if on
            else "No more daily highlights. Type send me highlights to have them back."
        )
        return Reply(card=talk.say(words), private=True)

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
        )
        return Reply(card=card, private=True)

    async def ask_forget(self, asker: Asker) -> Reply:
        ahead = len(await self._bookings.mine(asker.person.id))
        question = Question(purpose=Purpose.FORGET)
        return Reply(card=talk.forget_card(ahead), private=True, question=question)

    async def forget(self, asker: Asker) -> Reply:
        await self._people.forget(asker.person.id)
        words = "Done: I've forgotten you. Only counts remain. Say hello whenever you like."
        return Reply(card=talk.say(words), private=True, forgets=True)
