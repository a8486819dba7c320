"""What the desk says of sets: their members, what of the rules is bent for whom, and how good it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cards import sayings
from learning.courses import set_reasons
from learning.courses.action_sets import ActionSet, MeetingState, SetMeeting, SetState, Wish
from learning.courses.series import in_order
from learning.people import PersonId
from services.set_books import SetBook

STATES = {SetState.PROPOSED: "Proposed", SetState.CONFIRMED: "Confirmed"}
DONE = {
    "confirmed": "The sets are confirmed. Their members and facilitators are told, and invitations follow.",
    "renamed": "The set has its new name.",
    "facilitator": "The facilitator is named.",
    "date": "The meeting is moved.",
}
POINTS = (
    "100 points for each member beyond the first of a team, 20 for each pair that was in a set before, "
    "5 for each member at a time that is not a favourite."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What has to be agreed to before somebody is moved; `fields` go with the answer."""

    lines: Sequence[str]
    action: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A set in a list; `why` is what of the rules is bent in it."""

    path: str
    name: str
    slot: str
    count: int
    members: str
    facilitator: str
    first: str
    why: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    id: PersonId
    name: str
    works: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    number: int
    words: str
    value: str
    may_change: bool


def question(given: Mapping[str, str], lines: Sequence[str], action: str) -> Question:
    fields = {name: given[name] for name in ("person", "to", "seen", "back")}
    return Question(lines=lines, action=action, fields={**fields, "knowingly": "yes"})


def line(book: SetBook, each: ActionSet, zone: ZoneInfo, course: str) -> Line:
    meetings = book.meetings[each.id]
    members = book.members[each.id]
    return Line(
        path=f"{course}/sets/{each.id}",
        name=each.name,
        slot=each.slot,
        count=len(members),
        members=sayings.listed([book.name(i) for i in members]),
        facilitator=book.name(each.facilitator_id) if each.facilitator_id else "",
        first=_moment(meetings[0].starts_at, zone) if meetings else "",
        why=reasons(book, each),
    )


def reasons(book: SetBook, each: ActionSet) -> list[str]:
    """What is not as it should be, and for whom."""
    bent = book.bent(each)
    said = [f"{_names(book, pair)}: one is the other’s manager." for pair in bent.managed]
    if bent.cannot:
        said.append(f"Cannot make {each.slot}: {_names(book, bent.cannot)}.")
    said += [f"Of one team, {team}: {_names(book, ids)}." for team, ids in bent.same_team]
    said += [f"Were in a set before: {_names(book, pair)}." for pair in bent.met]
    if bent.second_choice:
        said.append(f"Would prefer another time: {_names(book, bent.second_choice)}.")
    return said


def proof(book: SetBook) -> str:
    return set_reasons.proof(book.cost, book.bound)


def member(book: SetBook, each: ActionSet, person_id: PersonId) -> Somebody:
    known = book.candidates[person_id]
    if not known.can:
        note = "has taken their name back, or has said no times"
    elif each.slot not in known.can:
        note = f"cannot make {each.slot}"
    elif each.slot in known.prefers:
        note = "likes this time best"
    else:
        note = "can make this time"
    return Somebody(
        id=person_id,
        name=book.name(person_id),
        works=known.team,
        note=note,
    )


def waiting(book: SetBook, person_id: PersonId) -> Somebody:
    """Somebody without a set; why, where there is a proposal that could have had them in it."""
    known = book.candidates[person_id]
    return Somebody(
        id=person_id,
        name=book.name(person_id),
        works=known.team,
        note=book.why_waiting(person_id) if book.proposed else "",
    )


def forward(book: SetBook, wish: Wish) -> tuple[str, str, str]:
    """Name, department, and when they can; what they prefer is marked in words."""
    times = [f"{s} (preferred)" if s in wish.prefers else s for s in in_order(wish.can)]
    known = book.candidates[wish.person_id]
    return book.name(wish.person_id), known.team, ", ".join(times)


def option(book: SetBook, each: ActionSet) -> str:
    """'Set 2, Tuesday morning, 6 members'."""
    count = len(book.members[each.id])
    return f"{each.name}, {each.slot}, {count} {'member' if count == 1 else 'members'}"


def date_line(meeting: SetMeeting, zone: ZoneInfo, now: datetime) -> DateLine:
    local = meeting.starts_at.astimezone(zone)
    return DateLine(
        number=meeting.number,
        words=f"{_moment(meeting.starts_at, zone)} to {sayings.clock(meeting.ends_at, zone)}",
        value=f"{local:%Y-%m-%dT%H:%M}",
        may_change=meeting.state is MeetingState.PLANNED and meeting.starts_at > now,
    )


def _names(book: SetBook, ids: Sequence[PersonId]) -> str:
    return sayings.listed([book.name(i) for i in ids])


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{sayings.day(local.date())} {local.year}, {sayings.clock(at, zone)}"
