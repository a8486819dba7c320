"""What the product knows, as rows for a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from learning.attendance import Outcome
from learning.bookings import Booking, BookingState
from learning.feedback import Release
from learning.people import Person
from learning.programme_cells import moment_text
from learning.programme_table import COLUMNS
from learning.programme_text import written
from learning.sessions import Session, SessionId, by_time

Cell = str | int
Sheet = tuple[tuple[str, ...], list[tuple[Cell, ...]]]
"""A header and the rows below it."""

BOOKING_COLUMNS = (
    "code",
    "title",
    "starts",
    "person",
    "email",
    "state",
    "position",
    "asked_at",
    "source",
)


ATTENDANCE_COLUMNS = (
    "code",
    "title",
    "starts",
    "person",
    "email",
    "state",
    "minutes",
    "source",
    "booked",
    "changed_by",
    "why",
)


FEEDBACK_COLUMNS = (
    "code",
    "title",
    "starts",
    "answers",
    "score",
    "stars_1",
    "stars_2",
    "stars_3",
    "stars_4",
    "stars_5",
    "supported_goals",
    "did_not_support",
    "comment",
)


def session_rows(sessions: Iterable[Session]) -> Sheet:
    """The sessions in the columns of a programme file, so that importing them changes nothing.

    Columns that a programme file does not have follow; an import ignores them.
    """
    rows: list[tuple[Cell, ...]] = [
        (*_programme_cells(session), session.state.value, session.taken, session.waiting)
        for session in by_time(sessions)
    ]
    return (*COLUMNS, "state", "booked", "waiting"), rows


def booking_rows(bookings: Iterable[tuple[Session, Booking, Person]]) -> Sheet:
    """Every booking with its person; `position` is the place in the queue of those who wait.

    Times are local to the session.
    """
    entries = list(bookings)
    positions = _positions(booking for _, booking, _ in entries)
    rows: list[tuple[Cell, ...]] = [
        (
            session.code,
            session.title,
            _local(session.starts_at, session),
            person.name,
            person.email,
            booking.state.value,
            positions.get((booking.session_id, booking.queue_no), ""),
            _local(booking.asked_at, session),
            booking.source,
        )
        for session, booking, person in entries
    ]
    return BOOKING_COLUMNS, rows


def attendance_rows(
    attendance: Iterable[tuple[Session, Outcome, Person | None, bool]], names: Mapping[str, str]
) -> Sheet:
    """What is known of who was there; a guest has no person, and a name for a while at most."""
    rows: list[tuple[Cell, ...]] = [
        (
            session.code,
            session.title,
            _local(session.starts_at, session),
            person.name if person else outcome.name,
            person.email if person else "",
            outcome.state.value,
            outcome.minutes,
            outcome.source.value,
            "yes" if is_booked else "no",
            names.get(outcome.changed_by, outcome.changed_by),
            outcome.why,
        )
        for session, outcome, person, is_booked in attendance
    ]
    return ATTENDANCE_COLUMNS, rows


def feedback_rows(shown: Iterable[tuple[Session, Release]]) -> Sheet:
    """What may be shown of what people said: a session's numbers, then a row for each comment.

    So nothing says which stars came with which words.
    """
    rows: list[tuple[Cell, ...]] = []
    for session, release in shown:
        named = (session.code, session.title, _local(session.starts_at, session))
        score = f"{release.average:.2f}"
        goals = (release.helped, release.not_helped)
        rows.append((*named, release.answers, score, *release.stars, *goals, ""))
        empty = ("",) * (len(FEEDBACK_COLUMNS) - len(named) - 1)
        rows += [(*named, *empty, comment) for comment in release.comments]
    return FEEDBACK_COLUMNS, rows


def _positions(bookings: Iterable[Booking]) -> dict[tuple[SessionId, int], int]:
    """The places in their queues of those who wait, by session and number; counted from 1."""
    ahead: Counter[SessionId] = Counter()
    positions: dict[tuple[SessionId, int], int] = {}
    waiting = [b for b in bookings if b.state is BookingState.WAITING]
    for booking in sorted(waiting, key=lambda b: b.queue_no):
        ahead[booking.session_id] += 1
        positions[booking.session_id, booking.queue_no] = ahead[booking.session_id]
    return positions


def _programme_cells(session: Session) -> tuple[Cell, ...]:
    capacity = session.details.capacity
    cells = written(session.details) | ({} if capacity is None else {"capacity": capacity})
    return tuple(cells[column] for column in COLUMNS)


def _local(at: datetime | None, session: Session) -> str:
    return "" if at is None else moment_text(at, session.zone)
