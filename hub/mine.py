"""My week: one person's places, offers and waiting, what they are told, and their own calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import calendar as calendar_words
from cards import sayings, talk
from cards.bookings import HEADINGS, meaning
from hub import calendar_feeds, listing, look
from hub.booking_forms import MINE, contact_of
from hub.own_place import SAID, TONES, Button, Outcome, buttons, join_link, outcome_of, told
from hub.record import OwnRecord
from hub.visitors import Visitor, visitor_of
from learning.bookings import Booking, BookingState
from learning.people import Person, PersonId
from learning.sessions import Session
from services.booking import BookingService, Standing
from services.calendar_keys import OwnCalendars
from services.catalogue import Catalogue
from services.people import PeopleService
from services.ports.clocks import Clock

PATH = "/hub/mine"

STATES = {
    BookingState.BOOKED: "Booked",
    BookingState.OFFERED: "Held for you",
    BookingState.WAITING: "Waiting",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One of one's own sessions in a list."""

    title: str
    path: str
    starts: str
    day: str
    times: str
    where: str
    state: str
    tone: str
    note: str = ""
    join: str = ""
    buttons: tuple[Button, ...] = ()
    is_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What came of a press, for the top of the page."""

    heading: str
    words: str = ""
    tone: str = "good"
    path: str = ""
    link: str = ""


class Mine:
    def __init__(
        self,
        bookings: BookingService,
        catalogue: Catalogue,
        people: PeopleService,
        calendars: OwnCalendars,
        record: OwnRecord,
        clock: Clock,
        *,
        zone: ZoneInfo,
        chat_link: str,
        public_url: str,
    ) -> None:
        self._record = record
        self._bookings = bookings
        self._catalogue = catalogue
        self._people = people
        self._calendars = calendars
        self._clock = clock
        self._zone = zone
        self._chat_link = chat_link
        self._public_url = public_url

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PATH, self.show),
            web.post(f"{PATH}/nudges", self.nudges),
            web.post(f"{PATH}/highlights", self.highlights),
            web.post(f"{PATH}/calendar", self.calendar),
        ]

    async def show(self, request: web.Request) -> web.Response:
        visitor, now = _visitor(request), self._clock.now()
        person = await self._people.find(visitor.person_id) or Person(id=visitor.person_id)
        zone = person.zone(self._zone)
        standings = await self._bookings.mine(person.id)
        own = await self._calendars.find(person.id)
        lines = [(s.booking.state, line(s, s.booking, now, zone)) for s in standings if s.booking]
        values: dict[str, Any] = {
            "news": await self._news(request, person, has_address=own is not None),
            "held": [each for state, each in lines if state is BookingState.OFFERED],
            "booked": [each for state, each in lines if state is BookingState.BOOKED],
            "waiting": [each for state, each in lines if state is BookingState.WAITING],
            "past": [past_line(s, now, zone) for s in await self._bookings.past(person.id)],
            "person": person,
            "place": listing.place(zone),
            "hello": self._chat_link.replace("{text}", "hello"),
            "address": calendar_feeds.address(self._public_url, own.key) if own else "",
            "made": sayings.day(own.made_at.astimezone(zone).date()) if own else "",
            "in_outlook": calendar_words.IN_OUTLOOK,
            "keep_it": calendar_words.KEEP_IT,
            **await self._record.shown(person.id, zone),
        }
        return look.page("mine.html", values, visitor=visitor)

    async def nudges(self, request: web.Request) -> web.Response:
        person_id, on = await self._known(request), await _is_on(request)
        await self._people.want_nudges(person_id, on)
        return look.moved(f"{PATH}?set=nudges#outcome")

    async def highlights(self, request: web.Request) -> web.Response:
        person_id, on = await self._known(request), await _is_on(request)
        await self._people.want_highlights(person_id, on)
        return look.moved(f"{PATH}?set=highlights#outcome")

    async def calendar(self, request: web.Request) -> web.Response:
        """Make an address, another in its place, or take it away."""
        do = (await request.post()).get("do")
        if do == "remove":
            await self._calendars.revoke(_visitor(request).person_id)
        else:
            await self._calendars.make(await self._known(request), anew=do == "renew")
        done = {"remove": "removed", "renew": "renewed"}.get(str(do), "made")
        return look.moved(f"{PATH}?calendar={done}#outcome")

    async def _known(self, request: web.Request) -> PersonId:
        """Who has only looked so far is stored with what their sign-in told."""
        return (await self._people.meet(contact_of(_visitor(request)))).person.id

    async def _news(
        self, request: web.Request, person: Person, *, has_address: bool
    ) -> News | None:
        """What the last press brought about, as far as it still is so."""
        if outcome_of(request) is not None:
            return await self._of_booking(request, person.id)
        match request.query.get("set"):
            case "nudges":
                return News(heading=talk.NUDGES[person.wants_nudges])
            case "highlights":
                return News(heading=HIGHLIGHTS[person.wants_highlights])
            case _:
                if told := await self._record.told(request, person.id):
                    return News(heading=told.heading, path=told.path, link=told.link)
                return CALENDAR.get((request.query.get("calendar", ""), has_address))

    async def _of_booking(self, request: web.Request, person_id: PersonId) -> News | None:
        session = await self._catalogue.coded(request.query.get("of", ""), person_id)
        if session is None:
            return None
        outcome = await told(request, self._bookings, person_id, session)
        standing = await self._bookings.standing(person_id, session.id)
        path, booking = listing.path(session), standing.booking
        if booking is not None and outcome in {Outcome.BOOKED, Outcome.WAITING}:
            tone = TONES[booking.state]
            return News(heading=f"{HEADINGS[booking.state]}: {session.title}", tone=tone)
        if booking is not None and outcome is not Outcome.STARTED:
            return None
        if outcome is None:
            return None
        if outcome is Outcome.GIVEN_BACK:
            heading = f"{HEADINGS[BookingState.CANCELLED]}: {session.title}"
            return News(heading=heading, words=SAID[outcome], path=path, link=session.title)
        if outcome in SAID:
            heading = f"{session.title}: {SAID[outcome]}"
            return News(heading=heading, tone="busy", path=path, link=session.title)
        return None


HIGHLIGHTS = {
    True: "I'll send you the highlights each morning there is something on.",
    False: "No more daily highlights.",
}
CALENDAR = {
    ("made", True): News(heading="Your calendar has an address now"),
    ("renewed", True): News(
        heading="Your calendar has a new address",
        words="The one before it no longer works: give the new one to your calendar.",
    ),
    ("removed", False): News(heading="Your calendar has no address any more"),
}


def line(standing: Standing, booking: Booking, now: datetime, zone: ZoneInfo) -> OwnLine:
    session = standing.session
    return OwnLine(
        **_of(session, now, zone),
        state=_state(standing, booking, now),
        tone="cancelled" if session.is_cancelled else TONES[booking.state],
        note=_note(standing, booking, now, zone),
        join=join_link(session, booking, now),
        buttons=buttons(session, booking, now, back=MINE),
        is_off=session.is_cancelled,
    )


def past_line(session: Session, now: datetime, zone: ZoneInfo) -> OwnLine:
    return OwnLine(**_of(session, now, zone), state="", tone="")


def _of(session: Session, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    said = listing.line(session, now, zone)
    return {
        "title": said.title,
        "path": said.path,
        "starts": said.starts,
        "day": said.day,
        "times": said.times,
        "where": said.where,
    }


def _state(standing: Standing, booking: Booking, now: datetime) -> str:
    session = standing.session
    if session.is_cancelled:
        return "Cancelled"
    if booking.state is BookingState.BOOKED and session.has_started(now):
        return "On now"
    if booking.state is BookingState.WAITING:
        return f"{sayings.ordinal(max(1, standing.position))} in line"
    return STATES[booking.state]


def _note(standing: Standing, booking: Booking, now: datetime, zone: ZoneInfo) -> str:
    session = standing.session
    if session.is_cancelled:
        return "Cancelled by its organisers. There is nothing you need to do."
    if booking.state is BookingState.OFFERED and booking.offered_until is not None:
        until = sayings.until(booking.offered_until, now, zone)
        return f"The offer ends {until}. {meaning(session, booking, 0, zone)}"
    if booking.state is BookingState.BOOKED and sayings.link_follows(session):
        return "Your own link to join follows here."
    return ""


def _visitor(request: web.Request) -> Visitor:
    visitor = visitor_of(request)
    assert visitor is not None, "its rule lets nobody else through"
    return visitor


async def _is_on(request: web.Request) -> bool:
    return (await request.post()).get("on") == "1"
