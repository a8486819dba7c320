"""A roster in words: how people stand, what came of a form, and why something was not done."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

from cards import sayings
from hub.desk.programme import path
from learning import errors, sources
from learning.attendance import Outcome, Presence
from learning.bookings import BookingState
from learning.errors import LearningError
from learning.people import NO_CHAT, Person, PersonId
from learning.sessions import Session
from services.rosters import Attendant, Roster

SOURCES = {
    "card": "in chat",
    "chat": "in chat",
    "desk": "by an organiser",
    "engage": "in Viva Engage",
    "highlights": "from the highlights",
    "hub": "on the web page",
    "nudge": "from a message of the bot",
    "plan": "with “plan my week”",
    "share": "from a shared card",
}
ATTENDED = {
    Presence.ATTENDED: "Was there",
    Presence.BRIEFLY: "Was there briefly",
    Presence.ABSENT: "Was not there",
}
STANDS = {
    BookingState.BOOKED: "has a place",
    BookingState.OFFERED: "is offered a place",
    BookingState.WAITING: "is on the waiting list",
}
CAME = {
    "added": "{name} {stands} now{told}",
    "moved": "{name} has been moved here, {stands} now{told}",
    "was_added": "{name} {stands} already. Nothing was changed.",
    "was_moved": "{name} {stands} already. Nothing was changed.",
    "off": "{name} has been taken off{told} Whoever is next in line gets the place.",
    "was_off": "{name} is not on this session. Nothing was changed.",
}
TOLD = frozenset({"added", "moved", "off"})
CANNOT = ". They cannot be reached in Teams just now, so tell them yourself."
NEW = ". They have no chat with the app yet: see under Deliveries whether it reaches them."
SENT = "Your message is on its way to {count:,}. Under Deliveries you see how it gets there."
GONE = "This person is neither known to the bot nor in the directory. Search once more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person of a roster, in words."""

    name: str
    email: str
    works: str
    booked: str
    stands: str
    attended: str
    unreached: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who could be added, and how they stand already, '' for not at all."""

    id: PersonId
    name: str
    email: str
    stands: str


def line(session: Session, known: Attendant, zone: ZoneInfo) -> Line:
    person, booking = known.person, known.booking
    works = (known.profile.department, known.profile.office) if known.profile else ()
    asked = booking.asked_at.astimezone(zone)
    source = SOURCES.get(booking.source, booking.source)
    if sources.tag_of(booking.source):
        source = "from a champion’s post"
    return Line(
        name=person.name or person.email or person.id,
        email=person.email,
        works=", ".join(part for part in works if part),
        booked=f"{asked.day} {asked:%B, %H:%M}, {source}",
        stands=_stands(known, zone),
        attended=_attended(known.outcome),
        unreached="" if person.is_reachable else one(person.unreachable or NO_CHAT),
        path=f"{path(session)}/person?id={quote(person.id, safe='')}",
    )


def outcome(came: str, person: Person | None, known: Attendant | None, count: str) -> str:
    """What came of a form, by the word in the address that follows it; `known` is how they stand now."""
    if came == "sent_before":
        return "That message was sent already. It was not sent twice."
    if came == "sent" and count.isdecimal():
        return SENT.format(count=int(count[:9]))
    if came not in CAME or person is None or (known is None and "{stands}" in CAME[came]):
        return ""
    told = "."
    if came in TOLD:
        told = ", and is told." if person.is_reachable else CANNOT
        if came == "added" and person.address is None and person.welcomed_at is None:
            told = NEW
    stands = STANDS[known.booking.state] if known else ""
    return CAME[came].format(name=person.name or "This person", stands=stands, told=told)


def refusal(error: LearningError, name: str) -> str:
    """Why it was not done, to an organiser: the rules themselves speak to whoever books."""
    match error:
        case errors.SessionFull():
            return "Every place on that session is taken. Nothing was changed."
        case errors.Clash():
            return f"{name} is booked on something else at that time. Nothing was changed."
        case errors.AlreadyBooked():
            return f"{name} is on that session already. Nothing was changed: take them off here."
        case errors.BookingClosed():
            return "The session has started, so its places stay as they are."
        case errors.SessionWithdrawn():
            return "That session has been cancelled. Nothing was changed."
        case errors.NothingToBook():
            return "That session needs no booking: people start whenever it suits them."
        case errors.NoSuchBooking():
            return f"{name} is not on this session any more. Nothing was changed."
        case errors.OnlyOnCourse(title=title, cohort=cohort):
            which = f"in the cohort {cohort} of {title}" if cohort else f"on the programme {title}"
            return f"{name} is not {which}. Nothing was changed: enrol them first."
        case errors.OtherDate():
            return (
                f"{name} has another date of this programme. "
                "Nothing was changed: move them from there."
            )
        case _:
            return str(error)


def one(reason: str) -> str:
    """Why one person cannot be written to: the sayings are about several."""
    words = sayings.unreachable(reason)
    for many, single in SINGLE.items():
        if words.startswith(many):
            return f"{single}{words.removeprefix(many)}"
    return words


SINGLE = {"have ": "has ", "are ": "is ", "were ": "was ", "no longer have ": "no longer has "}


def candidate(person: Person, roster: Roster) -> Candidate:
    known = roster.find(person.id)
    return Candidate(
        id=person.id,
        name=person.name or person.email or person.id,
        email=person.email,
        stands=STANDS[known.booking.state] if known else "",
    )


def _stands(known: Attendant, zone: ZoneInfo) -> str:
    until = known.booking.offered_until
    if known.booking.state is BookingState.WAITING:
        return f"{sayings.ordinal(known.position)} in line"
    if until is not None:
        return f"Offered a place until {sayings.clock(until, zone)}"
    return "Has a place"


def _attended(outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    minutes = f", {outcome.minutes} minutes" if outcome.minutes else ""
    return f"{ATTENDED[outcome.state]}{minutes}"
