"""One person's bookings as the events of their own calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from learning.bookings import Booking, BookingState
from learning.sessions import Session, SessionId

STEPS = {
    BookingState.WAITING: 1,
    BookingState.OFFERED: 2,
    BookingState.BOOKED: 3,
    BookingState.CANCELLED: 4,
}
"""How far a booking has come: it only ever goes on, and whoever books again begins a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where somebody stands, or last stood, with one session, which is for their eyes only.

    `uid` is the same for ever. `sequence` and `changed_at` rise with every change of the session and of
    their place (RFC 5545 SEQUENCE and LAST-MODIFIED). `held_until` is set while a place is held.
    """

    uid: str
    session: Session
    state: BookingState
    sequence: int
    changed_at: datetime
    held_until: datetime | None = None

    @property
    def is_off(self) -> bool:
        """Whether there is nothing to go to: given back, lapsed, or called off for everybody."""
        return self.session.is_cancelled or self.state is BookingState.CANCELLED

    @property
    def is_sure(self) -> bool:
        return self.state is BookingState.BOOKED and not self.is_off


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEvent:
    """An entry in words; `url` is where to join, or the session's page."""

    entry: Entry
    title: str
    text: str
    where: str
    url: str


def entries(
    bookings: Iterable[Booking],
    sessions: Mapping[SessionId, Session],
    uid: Callable[[SessionId], str],
) -> list[Entry]:
    """One for each dated session that they ever asked for, in the order of time.

    What was given back stays, for a calendar that had it must be told that it is off.
    """
    asked: dict[SessionId, list[Booking]] = {}
    for booking in sorted(bookings, key=lambda b: b.queue_no):
        asked.setdefault(booking.session_id, []).append(booking)
    found = [
        _entry(sessions[i], those, uid(i))
        for i, those in asked.items()
        if sessions[i].starts_at is not None and sessions[i].ends_at is not None
    ]
    return sorted(found, key=lambda e: (e.session.starts_at or e.changed_at, e.session.id))


def _entry(session: Session, those: list[Booking], uid: str) -> Entry:
    last = those[-1]
    changes = [b.changed_at for b in those]
    return Entry(
        uid=uid,
        session=session,
        state=last.state,
        sequence=session.sequence + sum(STEPS[b.state] for b in those),
        changed_at=max(changes if session.changed_at is None else [*changes, session.changed_at]),
        held_until=last.offered_until,
    )
