"""Copying an edition: its sessions as a programme file, their dates moved by whole days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from learning.programme_file import Reading
from learning.programme_table import COLUMNS, Row, Table
from learning.programme_text import written
from learning.sessions import Format, Session, by_time

FIRST_ROW = 2
"""The header stands above, as in any file."""

OWN_MEETING = frozenset({Format.TEAMS, Format.ZOOM})
"""Whose link is that of a meeting, which is made anew."""

SATURDAY = 5


class NothingToCopy(ValueError):
    """The edition has no session with a date that is not called off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A programme of the sessions moved by so many days; `sessions` are those it was made from."""

    table: Table
    days: int
    sessions: tuple[Session, ...]


def copied(sessions: Sequence[Session], first_day: date) -> Copy:
    """The dated sessions with the first of them on this day, what is called off left out.

    Days are moved by the calendar of each session, so 10:00 stays 10:00 when the clocks change; a
    clock time that is skipped or comes twice on its new day is a fault of its row. Courses to take at
    any time stay where they are: people would find them twice. Raises NothingToCopy.
    """
    chosen = [s for s in by_time(sessions) if s.local_day() is not None and not s.is_cancelled]
    began = first_day_of(chosen)
    if began is None:
        raise NothingToCopy
    move = first_day - began
    rows = tuple(
        Row(line=line, cells=tuple(_moved(session, move)[column] for column in COLUMNS))
        for line, session in enumerate(chosen, FIRST_ROW)
    )
    table = Table(header=COLUMNS, rows=rows, notes=_notes(sessions, chosen, began, first_day))
    return Copy(table=table, days=move.days, sessions=tuple(chosen))


def first_day_of(sessions: Iterable[Session]) -> date | None:
    """The day on which the first of them begins, where it takes place; None where none has a date."""
    days = (s.local_day() for s in sessions if not s.is_cancelled)
    return min((day for day in days if day is not None), default=None)


def faults(copy: Copy, reading: Reading) -> list[str]:
    """What is wrong with the moved sessions, each by its name: nobody has seen a line of them."""
    named = dict(enumerate(copy.sessions, FIRST_ROW))
    return [
        f"{named[f.line].code} {named[f.line].title}, {f.column}: {f.message}"
        if f.line in named
        else str(f)
        for f in reading.faults
    ]


def _moved(session: Session, move: timedelta) -> dict[str, str]:
    cells = written(session.details)
    for column in ("starts", "ends"):
        cells[column] = _moved_text(cells[column], move)
    if session.details.format in OWN_MEETING:
        cells["link"] = ""
    return cells


def _moved_text(text: str, move: timedelta) -> str:
    """The same clock time on another day; which of two repeated hours it was is not carried along."""
    local = datetime.fromisoformat(text).replace(tzinfo=None)
    moved = local + move
    return moved.isoformat(timespec="seconds" if moved.second else "minutes")


def _notes(
    sessions: Sequence[Session], chosen: Sequence[Session], began: date, first_day: date
) -> tuple[str, ...]:
    off = sum(s.is_cancelled for s in sessions)
    paced = sum(s.local_day() is None and not s.is_cancelled for s in sessions)
    move = first_day - began
    days = [(s, day + move) for s in chosen if (day := s.local_day())]
    weekend = [s.code for s, day in days if day.weekday() >= SATURDAY > (day - move).weekday()]
    notes = (
        f"It began on a {began:%A} and will on a {first_day:%A}: every session moves by "
        f"{abs(move.days)} days, and so to another weekday."
        if first_day.weekday() != began.weekday()
        else "",
        f"On a Saturday or Sunday by that: {', '.join(weekend)}." if weekend else "",
        f"Called off and left out: {off}." if off else "",
        f"To take at any time, and not copied: {paced}." if paced else "",
    )
    return tuple(note for note in notes if note)
