"""What importing a programme file would change."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from learning.bookings import free_places, resized
from learning.programme_file import Reading
from learning.programme_table import COLUMNS
from learning.sessions import Details, Format, Session, SessionId

TELLS_PEOPLE = frozenset({"starts", "ends", "location", "link", "format"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A session that the file has differently: `details` are the new ones, `fields` the columns."""

    session: Session
    details: Details
    fields: tuple[str, ...]

    @property
    def moved(self) -> bool:
        return not {"starts", "ends"}.isdisjoint(self.fields)

    @property
    def tells_people(self) -> bool:
        """Whether those who are booked need to know."""
        return not TELLS_PEOPLE.isdisjoint(self.fields)

    @property
    def keeps(self) -> int:
        """How many people stay booked beyond a capacity that shrank below them."""
        if self.details.capacity is None or "capacity" not in self.fields:
            return 0
        return max(0, self.session.taken - self.details.capacity)

    @property
    def after(self) -> Session:
        """The session as it will be, before anybody who waits is given a place."""
        return replace(
            self.session,
            details=self.details,
            sequence=self.session.sequence + 1,
            kept=resized(self.session, self.details.capacity),
        )

    def is_news(self, now: datetime) -> bool:
        """Whether those who are booked or wait are told."""
        return self.tells_people and not (self.after.is_cancelled or self.after.is_over(now))

    def told(self, now: datetime) -> int:
        """How many people are told of it, as things stand."""
        return self.session.taken + self.session.waiting if self.is_news(now) else 0

    def given(self, now: datetime) -> int:
        """How many of those who wait are given, or offered, a place because there are more."""
        after = self.after
        return free_places(after, after.waiting) if after.is_open(now) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """`withdrawn` are the sessions that the file has no longer; they stay as they are."""

    added: tuple[Details, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: tuple[SessionId, ...] = ()
    withdrawn: tuple[Session, ...] = ()

    @property
    def keepers(self) -> tuple[str, ...]:
        """Codes of the sessions whose capacity shrank below their bookings."""
        return tuple(change.session.code for change in self.changed if change.keeps)

    def mark(self, edition: str) -> str:
        """Stands for exactly these changes to exactly what they would change."""
        said = hashlib.sha256(repr((edition.casefold(), self.added)).encode())
        for change in self.changed:
            said.update(repr((change.session.id, change.session.sequence, change.details)).encode())
        return said.hexdigest()[:32]


def changes(
    existing: Sequence[Session],
    details: Sequence[Details],
    columns: Collection[str] = COLUMNS,
    known: Mapping[str, Details] | None = None,
) -> Changes:
    """Compare a file with the sessions of its edition, by code in any case.

    A column that the file does not have at all leaves that part of the sessions as it is: a
    calendar file says nothing of capacity, and must not make every session unlimited. `known` is what
    the same source said before, by code in small letters: a column in which it says the same again
    leaves what somebody else has made of it since.
    """
    said = known or {}
    by_code = {session.code.casefold(): session for session in existing}
    matched = [(by_code[d.code.casefold()], d) for d in details if d.code.casefold() in by_code]
    compared = [
        _change(session, new, columns, said.get(new.code.casefold())) for session, new in matched
    ]
    codes = {d.code.casefold() for d in details}
    return Changes(
        added=tuple(d for d in details if d.code.casefold() not in by_code),
        changed=tuple(change for change in compared if change.fields),
        unchanged=tuple(change.session.id for change in compared if not change.fields),
        withdrawn=tuple(s for s in existing if s.code.casefold() not in codes),
    )


def _change(
    session: Session, new: Details, columns: Collection[str], before: Details | None
) -> Change:
    old = session.details
    absent = {column for column in STAYING if column not in columns}
    if Format.SELF_PACED in (old.format, new.format):
        # Whether there are times at all goes with the format; it cannot stay on its own.
        absent.discard("format")
    if before is not None:
        same = {c for c in COLUMNS if getattr(before, _field(c)) == getattr(new, _field(c))}
        absent |= (same if same >= TOGETHER else same - TOGETHER) - {"code"}
    kept: dict[str, Any] = {_field(column): getattr(old, _field(column)) for column in absent}
    # A code in another case is the same code; the one that people know stays.
    merged = replace(new, code=old.code, **kept)
    differing = [c for c in COLUMNS if getattr(old, _field(c)) != getattr(merged, _field(c))]
    return Change(session=session, details=merged, fields=tuple(differing))


STAYING = frozenset(COLUMNS) - {"code", "title", "starts", "ends", "timezone"}
"""The columns that leave the sessions as they are when a file does not have them."""


TOGETHER = frozenset({"starts", "ends", "timezone", "format"})
"""One does not go without the others: half of an old time and half of a new one make no sense."""


def _field(column: str) -> str:
    """What a column is called in `Details`."""
    return f"{column}_at" if column in ("starts", "ends") else column


def report(found: Changes, reading: Reading, *, kept: Sequence[str] | None = None) -> str:
    """The outcome of an import, for the organiser: counts, what is not as it was, and notes.

    `kept` names the sessions whose capacity shrank below their bookings, where the caller knows
    better than the changes do. A file with faults gets nothing but its faults.
    """
    notes = [f"note: {note}" for note in reading.notes]
    if reading.faults:
        count = len(reading.faults)
        heading = (
            f"Nothing was imported: {count} {'fault' if count == 1 else 'faults'} in the file."
        )
        return "\n".join([heading, *map(str, reading.faults), *notes])
    counts = (
        f"added {len(found.added)}, changed {len(found.changed)}, "
        f"unchanged {len(found.unchanged)}, withdrawn {len(found.withdrawn)}"
    )
    return "\n".join(
        [
            counts,
            *(f"- {d.code} {d.title}: added" for d in found.added),
            *(_changed_line(change) for change in found.changed),
            *(_withdrawn_line(session) for session in found.withdrawn),
            *(_kept_line(name) for name in (found.keepers if kept is None else kept)),
            *notes,
        ]
    )


def _changed_line(change: Change) -> str:
    told = "; everybody booked is told" if change.tells_people else ""
    return (
        f"- {change.details.code} {change.details.title}: changed {', '.join(change.fields)}{told}"
    )


def _withdrawn_line(session: Session) -> str:
    what = "cancelled already" if session.is_cancelled else "still published: cancel it if need be"
    return f"- {session.code} {session.title}: withdrawn, no longer in the file, {what}"


def _kept_line(name: str) -> str:
    return f"- {name}: fewer places than people booked now; everybody keeps their place"
