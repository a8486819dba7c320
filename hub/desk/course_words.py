"""A programme over months in words: its steps and their days, its dates, and how far people are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

from cards import sayings
from hub.desk.programme import taken
from learning.bookings import BookingState
from learning.courses.definition import Step, StepKind
from learning.courses.schedule import Situation, day_of
from learning.people import NO_CHAT, Person, PersonId
from learning.sessions import Session
from services.course_desk import CourseView
from services.course_paths import Path
from services.enrolments import Enrolled

KINDS = {
    StepKind.MODULE: "Module",
    StepKind.QUESTIONNAIRE: "Questionnaire",
    StepKind.LIVE: "Live session",
    StepKind.SETS: "Action learning sets",
    StepKind.FOLLOW_UP: "Follow-up",
    StepKind.QUOTE: "Quote",
}
STANDS = {
    BookingState.BOOKED: "has a place",
    BookingState.OFFERED: "is offered a place",
    BookingState.WAITING: "waits",
}
ANY_TIME = "at any time"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    """One date of the live session; `cohort` is for whom it is, '' for all."""

    when: str
    code: str
    cohort: str
    taken: str
    waiting: int
    note: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """`days` are those for each date of the live session, in their order."""

    title: str
    kind: str
    cohorts: str
    days: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """`done` are the titles of the steps that they have done; what they wrote stands nowhere."""

    id: PersonId
    name: str
    email: str
    cohort: str
    live: str
    count: str
    done: str
    note: str
    withdraw: str


def date_lines(view: CourseView, zone: ZoneInfo) -> list[DateLine]:
    course = view.running.course
    return [
        DateLine(
            when=when(session, zone),
            code=session.code,
            cohort=course.cohort_of(session.code),
            taken=taken(session),
            waiting=session.waiting,
            note="Cancelled" if session.is_cancelled else "",
            path=f"/desk/sessions/{session.id}",
        )
        for session in view.sessions
    ]


def step_lines(view: CourseView, zone: ZoneInfo) -> list[StepLine]:
    dates = [s for s in view.sessions if not s.is_cancelled]
    return [
        StepLine(
            title=step.title,
            kind=KINDS[step.kind],
            cohorts=", ".join(step.cohorts),
            days=tuple((short(s, zone), _days(step, s, zone)) for s in dates),
        )
        for step in view.running.course.steps
    ]


def person_lines(
    view: CourseView, paths: Sequence[Path], path: str, zone: ZoneInfo
) -> list[PersonLine]:
    return [_person(view, each, path, zone) for each in paths]


def when(session: Session, zone: ZoneInfo) -> str:
    """With its year: a programme may go on into the next."""
    if session.starts_at is None:
        return ""
    local = session.starts_at.astimezone(zone).date()
    return f"{sayings.day(local)} {local.year}, {sayings.times(session, zone)}"


def short(session: Session, zone: ZoneInfo) -> str:
    return _short(session.starts_at.astimezone(zone).date()) if session.starts_at else ""


def came(done: Enrolled) -> str:
    """What came of enrolling, in one line."""
    parts = [
        _people(len(done.new), "is enrolled and told", "are enrolled and told"),
        _people(len(done.back), "is back on it and told", "are back on it and told"),
        _people(len(done.moved), "is in another cohort now", "are in another cohort now"),
        _people(len(done.already), "was on it already", "were on it already"),
    ]
    return " ".join(f"{part}." for part in parts if part) or "Nobody was enrolled."


def _people(count: int, one: str, many: str) -> str:
    return (f"1 person {one}" if count == 1 else f"{count} people {many}") if count else ""


def _days(step: Step, session: Session, zone: ZoneInfo) -> str:
    """From when, until when it is due, until when it is open: '27 Jan 2027, due 24 Feb 2027'."""
    assert session.starts_at is not None, "a live session has its time"
    situation = Situation(live_day=session.starts_at.astimezone(zone).date())
    if step.kind is StepKind.LIVE:
        return "on this day"
    opens, due, closes = (day_of(n, situation) for n in (step.opens, step.due, step.closes))
    parts = [
        f"from {_short(opens)}" if opens else "",
        f"due {_short(due)}" if due else "",
        f"until {_short(closes)}" if closes else "",
    ]
    return ", ".join(part for part in parts if part) or ANY_TIME


def _short(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"


def _person(view: CourseView, each: Path, path: str, zone: ZoneInfo) -> PersonLine:
    person_id = each.enrolment.person_id
    person = view.people.get(person_id) or Person(id=person_id)
    steps = [s for s in view.running.course.steps if _is_for(s, each)]
    done = [s.title for s in steps if s.id in each.situation.done]
    session, live = each.session, ""
    if session is not None and each.booking is not None:
        live = f"{short(session, zone)}: {STANDS.get(each.booking.state, '')}"
    return PersonLine(
        id=person_id,
        name=name(person),
        email=person.email if person.name else "",
        cohort=each.enrolment.cohort,
        live=live,
        count=f"{len(done)} of {len(steps)}",
        done=", ".join(done),
        note="" if person.is_reachable else sayings.unreachable(person.unreachable or NO_CHAT),
        withdraw=f"{path}/withdraw?person={quote(person_id, safe='')}",
    )


def name(person: Person) -> str:
    return person.name or person.email or person.id


def _is_for(step: Step, each: Path) -> bool:
    """Of the steps of their cohort; that of the live session is done by being there, and not here."""
    cohorts = map(str.casefold, step.cohorts)
    return step.kind is not StepKind.LIVE and (
        not step.cohorts or each.enrolment.cohort.casefold() in cohorts
    )
