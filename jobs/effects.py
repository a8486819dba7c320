"""What each kind of notice brings about. Nothing in the row is trusted: the booking is read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cards import desk
from cards import notices as cards
from cards.bookings import my_bookings_card
from cards.kit import Card
from jobs.deliver import Effect, NoLongerNeeded, check
from jobs.telling import Telling
from learning.bookings import Booking, BookingState
from learning.errors import NotFound
from learning.notices import FanOut, Kind, NudgeRules
from learning.people import Address, Person
from learning.sessions import Session, SessionId
from services.booking import BookingService
from services.catalogue import Catalogue
from services.channels import ChannelService
from services.first_contact import FirstContact
from services.meetings import MeetingService
from services.outreach import Outreach
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Rejected, Unreachable

FRESH = timedelta(seconds=3)
"""How old the places left on a highlights card may be when it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What a notice about a session is about, as things stand now."""

    person: Person
    session: Session
    booking: Booking | None
    zone: ZoneInfo
    now: datetime


class Effects:
    def __init__(
        self,
        messenger: Messenger,
        people: PeopleService,
        bookings: BookingService,
        catalogue: Catalogue,
        channels: ChannelService,
        outreach: Outreach,
        first_contact: FirstContact,
        meetings: MeetingService | None,
        clock: Clock,
        *,
        rules: NudgeRules,
        zone: ZoneInfo,
        page: Callable[[Session], str],
    ) -> None:
        """`page`: the address at which people see a session."""
        self._rules = rules
        self._page = page
        self._drawn: dict[tuple[str, ZoneInfo], tuple[datetime, Card]] = {}
        self._messenger = messenger
        self._telling = Telling(people, messenger)
        self._bookings = bookings
        self._catalogue = catalogue
        self._channels = channels
        self._outreach = outreach
        self._first_contact = first_contact
        self._meetings = meetings
        self._clock = clock
        self._zone = zone

    def table(self) -> Mapping[Kind, Effect]:
        return {
            Kind.NUDGE: self._nudge,
            Kind.PLACE_GIVEN: self._place_given,
            Kind.PLACE_OFFERED: self._place_offered,
            Kind.OFFER_LAPSED: self._offer_lapsed,
            Kind.SESSION_CHANGED: self._session_changed,
            Kind.SESSION_CANCELLED: self._session_cancelled,
            Kind.ADDED: self._added,
            Kind.MOVED: self._moved,
            Kind.TAKEN_OFF: self._taken_off,
            Kind.MESSAGE: self._message,
            Kind.HIGHLIGHTS: self._highlights,
            Kind.CHANNEL_HIGHLIGHTS: self._channel_highlights,
            Kind.OPEN_CHAT: self._open_chat,
            Kind.FAN_OUT: self._fan_out,
            Kind.EVENT: self._meeting,
            Kind.ATTENDEES: self._meeting,
        }

    async def _nudge(self, delivery: Delivery) -> str:
        about = await self._ahead(delivery, BookingState.BOOKED)
        asked = bool(delivery.notice.payload.get("asked"))
        if not (about.person.wants_nudges or asked):
            raise NoLongerNeeded("nudges are off")
        starts = about.session.starts_at
        if starts is None or starts.isoformat() != delivery.notice.payload.get("starts"):
            raise NoLongerNeeded("the session has moved")
        later = self._rules.times(starts, about.zone, delivery.notice.due_at)
        if later and later[0] <= about.now:
            raise NoLongerNeeded("a later nudge is due")
        card = cards.nudge_card(
            about.session, zone=about.zone, now=about.now, page=self._page(about.session)
        )
        return await self._telling.tell(delivery, about.person, card)

    async def _place_given(self, delivery: Delivery) -> str:
        about = await self._ahead(delivery, BookingState.BOOKED)
        card = cards.place_given_card(
            about.session, zone=about.zone, page=self._page(about.session)
        )
        return await self._telling.tell(delivery, about.person, card)

    async def _place_offered(self, delivery: Delivery) -> str:
        about = await self._ahead(delivery, BookingState.OFFERED)
        if about.booking is None:
            raise NoLongerNeeded("no longer offered")
        card = cards.place_offered_card(
            about.session, about.booking, zone=about.zone, page=self._page(about.session)
        )
        return await self._telling.tell(delivery, about.person, card)

    async def _offer_lapsed(self, delivery: Delivery) -> str:
        about = await self._ahead(delivery)
        card = cards.offer_lapsed_card(about.session, zone=about.zone, now=about.now)
        return await self._telling.tell(delivery, about.person, card)

    async def _session_changed(self, delivery: Delivery) -> str:
        about = await self._ahead(delivery)
        if about.booking is None:
            raise NoLongerNeeded("no longer booked")
        was = delivery.notice.payload.get("was")
        card = cards.session_changed_card(
            about.session,
            zone=about.zone,
            now=about.now,
            was=datetime.fromisoformat(was) if was else None,
            own=about.booking,
            page=self._page(about.session),
        )
        return await self._telling.tell(delivery, about.person, card)

    async def _session_cancelled(self, delivery: Delivery) -> str:
        about = await self._concern(delivery)
        instead = await self._catalogue.instead(about.session)
        card = cards.session_cancelled_card(about.session, zone=about.zone, instead=instead)
        return await self._telling.tell(delivery, about.person, card)

    async def _added(self, delivery: Delivery) -> str:
        """Somebody who never had the app has it added, as they have a booking now."""
        about = await self._ahead(delivery)
        if about.booking is None:
            raise NoLongerNeeded("no longer booked")
        person, near = about.person, delivery.notice.payload
        if person.address is None and near:
            address = await self._first_contact.bring_about(
                person, Address(conversation_id="", **near)
            )
            person = replace(person, address=address, unreachable="")
        return await self._telling.tell(
            delivery, person, desk.added_card(about.session, about.booking, zone=about.zone)
        )

    async def _moved(self, delivery: Delivery) -> str:
        about = await self._ahead(delivery)
        if about.booking is None:
            raise NoLongerNeeded("no longer booked")
        left = await self._catalogue.among([SessionId(delivery.notice.payload["left"])])
        card = desk.moved_card(
            left[0] if left else None, about.session, about.booking, zone=about.zone
        )
        return await self._telling.tell(delivery, about.person, card)

    async def _taken_off(self, delivery: Delivery) -> str:
        about = await self._ahead(delivery)
        if about.booking is not None:
            raise NoLongerNeeded("booked again")
        card = desk.taken_off_card(about.session, zone=about.zone, now=about.now)
        return await self._telling.tell(delivery, about.person, card)

    async def _message(self, delivery: Delivery) -> str:
        """Before the session and after it too: there may be something to thank or to add."""
        about = await self._concern(delivery)
        if about.booking is None:
            raise NoLongerNeeded("no longer booked")
        card = desk.message_card(about.session, delivery.notice.payload["text"], zone=about.zone)
        return await self._telling.tell(delivery, about.person, card)

    async def _highlights(self, delivery: Delivery) -> str:
        person = await self._telling.whom(delivery)
        if not person.wants_highlights:
            raise NoLongerNeeded("highlights are off")
        card = await self._highlights_card(delivery, person.zone(self._zone))
        return await self._telling.tell(delivery, person, card)

    async def _highlights_card(self, delivery: Delivery, zone: ZoneInfo) -> Card:
        """The same for everybody in a zone, so it is drawn once in a while and not for each."""
        drawn_for, now = (delivery.notice.payload["day"], zone), self._clock.now()
        drawn = self._drawn.get(drawn_for)
        if drawn is None or not timedelta() <= now - drawn[0] < FRESH:
            card = cards.highlights_card(await self._today(delivery, zone))
            fresh = {key: each for key, each in self._drawn.items() if now - each[0] < FRESH}
            self._drawn = fresh | {drawn_for: (now, card)}
            return card
        return drawn[1]

    async def _channel_highlights(self, delivery: Delivery) -> str:
        channel = await self._channels.find(delivery.notice.channel_id or "")
        if channel is None:
            raise NoLongerNeeded("the channel no longer wants them")
        if channel.paused:
            raise NoLongerNeeded(channel.paused)
        today = await self._today(delivery, self._zone)
        viewers = await self._outreach.viewers([s.id for s in today.sessions])
        card = cards.channel_highlights_card(today, viewers)
        check(delivery)
        try:
            return await self._messenger.send(channel.address, card)
        except Unreachable:
            await self._channels.unsubscribe(channel.id)
            raise

    async def _open_chat(self, delivery: Delivery) -> str:
        """Say in their own chat what they booked elsewhere, having the app added for them first."""
        person = await self._telling.whom(delivery)
        standings = await self._bookings.mine(person.id)
        if not standings:
            raise NoLongerNeeded("nothing is booked")
        if not person.is_reachable:
            near = Address(conversation_id="", **delivery.notice.payload)
            address = await self._first_contact.bring_about(person, near)
            person = replace(person, address=address, unreachable="")
        card = my_bookings_card(
            [(s.session, s.booking, s.position) for s in standings if s.booking is not None],
            zone=person.zone(self._zone),
            now=self._clock.now(),
        )
        return await self._telling.tell(delivery, person, card)

    async def _fan_out(self, delivery: Delivery) -> str:
        await self._outreach.write_page(FanOut.of(delivery.notice))
        return ""

    async def _meeting(self, delivery: Delivery) -> str:
        session_id = delivery.notice.session_id
        if self._meetings is None or session_id is None:
            raise NoLongerNeeded("the calendar is off")
        if not await self._meetings.bring_up_to_date(session_id):
            raise NoLongerNeeded("already up to date")
        return ""

    async def _today(self, delivery: Delivery, zone: ZoneInfo) -> cards.Today:
        day = date.fromisoformat(delivery.notice.payload["day"])
        found = await self._outreach.highlights(day, zone)
        if not found.sessions:
            raise NoLongerNeeded("nothing more is on that day")
        return cards.Today(
            day=day,
            sessions=found.sessions,
            more=found.more,
            zone=zone,
            now=self._clock.now(),
            resources=found.resources,
        )

    async def _ahead(self, delivery: Delivery, state: BookingState | None = None) -> Concern:
        """The concern, if the session is still to come and the booking in this state."""
        about = await self._concern(delivery)
        if about.session.is_cancelled:
            raise NoLongerNeeded("the session is cancelled")
        if about.session.has_started(about.now):
            raise NoLongerNeeded("the session has started")
        if state is not None and (about.booking is None or about.booking.state is not state):
            raise NoLongerNeeded(f"no longer {state}")
        return about

    async def _concern(self, delivery: Delivery) -> Concern:
        person = await self._telling.whom(delivery)
        session_id = delivery.notice.session_id
        if session_id is None:
            raise Rejected("the notice names no session")
        try:
            standing = await self._bookings.standing(person.id, session_id)
        except NotFound as error:
            raise NoLongerNeeded(str(error)) from error
        return Concern(
            person=person,
            session=standing.session,
            booking=standing.booking,
            zone=person.zone(self._zone),
            now=self._clock.now(),
        )
