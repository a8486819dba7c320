"""What the hub says to one person of their place on a session, and what they can press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import bookings as words
from cards import sayings
from cards.course_dates import QUESTION
from hub import listing
from hub.visitors import visitor_of
from learning import champions, errors
from learning.bookings import Booking, BookingState
from learning.people import Person, PersonId
from learning.sessions import Session
from services.booking import BookingService, Standing
from services.catalogue import Catalogue
from services.people import PeopleService
from services.ports.clocks import Clock


class Outcome(StrEnum):
    """What came of a press: it stands in the address that the browser is sent to then."""

    BOOKED = "booked"
    WAITING = "waiting"
    ALREADY = "already"
    CLASH = "clash"
    OTHER_DATE = "other-date"
    FULL = "full"
    STARTED = "started"
    CALLED_OFF = "called-off"
    NO_NEED = "no-need"
    GIVEN_BACK = "given-back"
    NO_BOOKING = "no-booking"
    OFFER_GONE = "offer-gone"


REFUSALS: Mapping[type[errors.Refused], Outcome] = {
    errors.AlreadyBooked: Outcome.ALREADY,
    errors.Clash: Outcome.CLASH,
    errors.OtherDate: Outcome.OTHER_DATE,
    errors.SessionFull: Outcome.FULL,
    errors.BookingClosed: Outcome.STARTED,
    errors.SessionWithdrawn: Outcome.CALLED_OFF,
    errors.NothingToBook: Outcome.NO_NEED,
    errors.NoSuchBooking: Outcome.NO_BOOKING,
    errors.OfferGone: Outcome.OFFER_GONE,
}

SAID: Mapping[Outcome, str] = {
    Outcome.ALREADY: str(errors.AlreadyBooked(0)),
    Outcome.FULL: str(errors.SessionFull(0)),
    Outcome.STARTED: str(errors.BookingClosed(0, datetime.max.replace(tzinfo=UTC))),
    Outcome.CALLED_OFF: str(errors.SessionWithdrawn(0)),
    Outcome.NO_NEED: str(errors.NothingToBook(0)),
    Outcome.GIVEN_BACK: words.GONE_BACK,
    Outcome.NO_BOOKING: str(errors.NoSuchBooking(0)),
    Outcome.OFFER_GONE: str(errors.OfferGone(0)),
}
"""As the chat says it."""

TONES = {
    BookingState.BOOKED: "good",
    BookingState.OFFERED: "busy",
    BookingState.WAITING: "busy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A form that is one button; `about` says of which session, to who does not see what is around it."""

    title: str
    path: str
    about: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    is_main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """One person's place on one session. `is_news`: it just came of what they pressed.

    `says_hello`: we cannot write to them until they do. `leave` leads away from a question.
    """

    heading: str = ""
    tone: str = ""
    lines: tuple[str, ...] = ()
    join: str = ""
    buttons: tuple[Button, ...] = ()
    leave: str = ""
    has_booking: bool = False
    is_news: bool = False
    says_hello: bool = False


class OwnPlaces:
    """`zone` is that of the page: a session's page shows everybody the same times."""

    def __init__(
        self,
        bookings: BookingService,
        catalogue: Catalogue,
        people: PeopleService,
        clock: Clock,
        *,
        zone: ZoneInfo,
        chat_link: str,
    ) -> None:
        self._bookings = bookings
        self._catalogue = catalogue
        self._people = people
        self._clock = clock
        self._zone = zone
        self._chat_link = chat_link

    async def of(self, request: web.Request, session: Session) -> dict[str, Any]:
        """What own_place.html shows on the page of this session."""
        visitor, tag = visitor_of(request), tag_of(request)
        page = f"{listing.path(session)}?from={tag}" if tag else listing.path(session)
        sign_in = f"/hub/sign-in?to={quote(page, safe='')}"
        values: dict[str, Any] = {"own": None, "sign_in": sign_in, "hello": self._hello()}
        if visitor is None:
            return values
        standing = await self._bookings.standing(visitor.person_id, session.id)
        outcome = await told(request, self._bookings, visitor.person_id, session)
        if outcome is Outcome.CLASH and standing.booking is None:
            clashing = await self._bookings.clashing(visitor.person_id, session.id)
            if clashing:
                return values | {"own": clash(session, clashing, self._zone, tag)}
        if outcome is Outcome.OTHER_DATE and standing.booking is None:
            other = await self._bookings.other_date(visitor.person_id, session.id)
            if other is not None:
                return values | {"own": other_date(session, other, self._zone)}
        person = await self._people.find(visitor.person_id)
        place = own_place(standing, outcome, person, self._clock.now(), self._zone, tag)
        gone = await self._given_up(request, visitor.person_id)
        if place.is_news and gone is not None:
            lines = (f"Your place on {gone} has gone back.", *place.lines)
            return values | {"own": replace(place, lines=lines)}
        return values | {"own": place}

    async def _given_up(self, request: web.Request, person_id: PersonId) -> str | None:
        """What they gave up for this one in the same press, if they do not have it again."""
        session = await self._catalogue.coded(request.query.get("gone", ""), person_id)
        if session is None:
            return None
        standing = await self._bookings.standing(person_id, session.id)
        return None if standing.booking else session.title

    def _hello(self) -> str:
        return self._chat_link.replace("{text}", "hello")


def tag_of(request: web.Request) -> str:
    """The tag of the champion whose post led to this page, or ''."""
    return champions.tag_in(request.query.get("from", ""))


def outcome_of(request: web.Request) -> Outcome | None:
    value = request.query.get("outcome", "")
    return Outcome(value) if value in {str(o) for o in Outcome} else None


async def told(
    request: web.Request, bookings: BookingService, person_id: PersonId, session: Session
) -> Outcome | None:
    """What came of a press, as the address says: nothing is given back that they never had."""
    outcome = outcome_of(request)
    if outcome is Outcome.GIVEN_BACK and not await bookings.gave_back(person_id, session.id):
        return None
    return outcome


def own_place(
    standing: Standing,
    outcome: Outcome | None,
    person: Person | None,
    now: datetime,
    zone: ZoneInfo,
    tag: str = "",
) -> OwnPlace:
    """Where they stand now; an outcome that no longer agrees with it is not told again."""
    session, booking = standing.session, standing.booking
    if booking is not None:
        is_news = outcome in {Outcome.BOOKED, Outcome.WAITING, Outcome.ALREADY, Outcome.STARTED}
        note = SAID.get(outcome, "") if outcome and is_news else ""
        return OwnPlace(
            heading=_heading(session, booking, now),
            tone="bad" if session.is_cancelled else TONES[booking.state],
            lines=(*((note,) if note else ()), _meaning(standing, booking, now, zone)),
            join=join_link(session, booking, now),
            buttons=buttons(session, booking, now),
            has_booking=True,
            is_news=is_news,
            says_hello=not (person is not None and person.is_reachable) and session.is_open(now),
        )
    said = SAID.get(outcome, "") if outcome and outcome is not Outcome.ALREADY else ""
    return OwnPlace(
        heading=words.HEADINGS[BookingState.CANCELLED] if outcome is Outcome.GIVEN_BACK else said,
        lines=(said,) if outcome is Outcome.GIVEN_BACK else (),
        buttons=buttons(session, None, now, tag=tag),
        is_news=bool(said),
    )


def clash(session: Session, others: Sequence[Session], zone: ZoneInfo, tag: str = "") -> OwnPlace:
    """Two at one time: the person chooses."""
    path = f"{listing.path(session)}/book"
    anyway = Button(
        title="Book anyway",
        path=path,
        about=session.title,
        fields={"session": str(session.id), "anyway": "1", **_carried(tag)},
        is_main=True,
    )
    swaps = [
        Button(
            title=f"Swap: give up {s.title}",
            path=path,
            about="",
            fields={**anyway.fields, "instead_of": str(s.id)},
        )
        for s in others[:2]
    ]
    return OwnPlace(
        heading="These two clash",
        tone="busy",
        lines=(
            f"{session.title} is {sayings.moment(session, zone)}.",
            *(f"You already have {s.title}, {sayings.moment(s, zone)}." for s in others[:5]),
            "Shall I book it all the same?",
        ),
        buttons=(anyway, *swaps),
        leave=listing.path(session),
        is_news=True,
    )


def other_date(session: Session, other: Session, zone: ZoneInfo) -> OwnPlace:
    """Asks who has another date of a course whether this one is to take its place."""
    change = Button(
        title="Change to this date",
        path=f"{listing.path(session)}/book",
        about="",
        fields={"session": str(session.id), "instead_of": str(other.id)},
        is_main=True,
    )
    return OwnPlace(
        heading="You already have another date",
        tone="busy",
        lines=(
            f"You have {other.title}, {sayings.moment(other, zone)}.",
            f"This one is {sayings.moment(session, zone)}.",
            QUESTION,
        ),
        buttons=(change,),
        leave=listing.path(session),
        is_news=True,
    )


def buttons(
    session: Session, booking: Booking | None, now: datetime, *, back: str = "", tag: str = ""
) -> tuple[Button, ...]:
    """What can be done now; `back` is "mine" for what is pressed on one's own page.

    `tag` is that of the champion whose post led here: booking carries it along.
    """
    if not session.is_open(now):
        return ()

    def button(title: str, what: str, *, is_main: bool = False) -> Button:
        fields = {"session": str(session.id), **({"back": back} if back else {})}
        fields |= _carried(tag) if what == "book" else {}
        path = f"{listing.path(session)}/{what}"
        return Button(title=title, path=path, about=session.title, fields=fields, is_main=is_main)

    match booking.state if booking else None:
        case BookingState.BOOKED:
            return (button("Give the place back", "cancel"),)
        case BookingState.WAITING:
            return (button("Leave the waiting list", "cancel"),)
        case BookingState.OFFERED:
            return (
                button("Take the place", "accept", is_main=True),
                button("No, pass it on", "pass"),
            )
        case _ if session.places_left != 0:
            return (button("Book", "book", is_main=True),)
        case _ if session.details.waiting_list:
            return (button("Join the waiting list", "book", is_main=True),)
        case _:
            return ()


def _carried(tag: str) -> dict[str, str]:
    return {"from": tag} if tag else {}


def join_link(session: Session, booking: Booking, now: datetime) -> str:
    """For who has a place, until the session is over."""
    has = booking.state is BookingState.BOOKED and not session.is_cancelled
    return listing.safe_link(session.link) if has and not session.is_over(now) else ""


def _heading(session: Session, booking: Booking, now: datetime) -> str:
    if session.is_cancelled:
        return "This session has been cancelled"
    if booking.state is BookingState.BOOKED and session.is_over(now):
        return "You had a place"
    return words.HEADINGS[booking.state]


def _meaning(standing: Standing, booking: Booking, now: datetime, zone: ZoneInfo) -> str:
    session = standing.session
    if session.is_over(now):
        return "This session is over."
    if booking.state is BookingState.BOOKED and session.has_started(now):
        return "It is on now."
    return words.meaning(session, booking, standing.position, zone)
