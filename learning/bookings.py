"""Who gets a place: booking, the waiting list, offers, and giving a place back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from learning import errors
from learning.people import PersonId
from learning.sessions import Session, SessionId

BOOKED_AT_ONCE = timedelta(hours=24)
"""Further from the start than this, the first in line is booked; nearer, the place is offered."""

SHORTEST_HOLD = timedelta(minutes=10)
LONGEST_HOLD = timedelta(hours=4)


class BookingState(StrEnum):
    BOOKED = "booked"
    OFFERED = "offered"
    WAITING = "waiting"
    CANCELLED = "cancelled"


HOLDS_A_PLACE = frozenset({BookingState.BOOKED, BookingState.OFFERED})
LIVE = HOLDS_A_PLACE | {BookingState.WAITING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One person's place, or place in the queue; `queue_no` is the order in which they asked.

    `id` is 0 until stored. `offered_until` is set while a place is held for them.
    """

    id: int = 0
    session_id: SessionId
    person_id: PersonId
    state: BookingState
    queue_no: int
    asked_at: datetime
    changed_at: datetime
    offered_until: datetime | None = None
    source: str = "chat"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def holds_a_place(self) -> bool:
        return self.state in HOLDS_A_PLACE


def check_open(session: Session, now: datetime) -> None:
    """Raise the reason why nobody can book this session now, if there is one."""
    if session.is_cancelled:
        raise errors.SessionWithdrawn(session.id)
    if session.starts_at is None:
        raise errors.NothingToBook(session.id)
    if session.has_started(now):
        raise errors.BookingClosed(session.id, session.starts_at)


def place(
    session: Session,
    own: Booking | None,
    person_id: PersonId,
    now: datetime,
    *,
    source: str = "chat",
    may_wait: bool = True,
) -> Booking:
    """Decide what booking this person gets; `own` is the live one they have on this session, if any.

    Places are never overbooked, and nobody overtakes the waiting list: a place that has come free
    belongs to whoever is already waiting. Who would rather not wait than wait gets SessionFull.
    """
    check_open(session, now)
    if own is not None:
        raise errors.AlreadyBooked(session.id)
    has_place = session.places_left is None or session.places_left > 0
    if not has_place and not (session.details.waiting_list and may_wait):
        raise errors.SessionFull(session.id)
    return Booking(
        session_id=session.id,
        person_id=person_id,
        state=BookingState.BOOKED if has_place else BookingState.WAITING,
        queue_no=session.next_no,
        asked_at=now,
        changed_at=now,
        source=source,
    )


def give_back(session: Session, own: Booking | None, now: datetime) -> Booking:
    """Cancel a live booking, whether a place, an offer or a place in the queue."""
    if own is None or not own.is_live:
        raise errors.NoSuchBooking(session.id)
    if session.has_started(now) and not session.is_cancelled:
        raise errors.BookingClosed(session.id, session.starts_at or now)
    return _cancelled(own, now)


def accept(session: Session, own: Booking | None, now: datetime) -> Booking:
    """Take up an offered place. Accepting a place that is already booked changes nothing."""
    if own is None or not own.is_live:
        raise errors.OfferGone(session.id)
    if own.state is BookingState.BOOKED:
        return own
    check_open(session, now)
    if own.offered_until is None or own.offered_until <= now:
        raise errors.OfferGone(session.id)
    return replace(own, state=BookingState.BOOKED, changed_at=now, offered_until=None)


def lapse(offers: Sequence[Booking], now: datetime) -> list[Booking]:
    """The offers among these that nobody took up in time, as cancelled bookings."""
    return [
        _cancelled(b, now)
        for b in offers
        if b.state is BookingState.OFFERED
        and b.offered_until is not None
        and b.offered_until <= now
    ]


def promote(session: Session, waiting: Sequence[Booking], now: datetime) -> list[Booking]:
    """Give free places to those who wait, in their order; returns the bookings that changed.

    Far from the start they are booked at once; nearer, the place is offered and held for a while;
    after the start nothing is given.
    """
    if not session.is_open(now) or session.starts_at is None:
        return []
    ahead = session.starts_at - now
    lucky = waiting[: free_places(session, len(waiting))]
    if ahead > BOOKED_AT_ONCE:
        return [replace(b, state=BookingState.BOOKED, changed_at=now) for b in lucky]
    until = now + hold(ahead)
    return [
        replace(b, state=BookingState.OFFERED, changed_at=now, offered_until=until) for b in lucky
    ]


def free_places(session: Session, wanted: int) -> int:
    """How many of the wanted places there are, whoever they are for."""
    if session.details.capacity is None:
        return wanted
    return min(wanted, max(0, session.details.capacity - session.taken))


def hold(ahead: timedelta) -> timedelta:
    """How long an offered place is held when the session starts `ahead` from now.

    A quarter of what is left, so that several people can be asked in turn; never past the start.
    """
    return min(ahead, max(SHORTEST_HOLD, min(LONGEST_HOLD, ahead / 4)))


def counted(session: Session, before: BookingState | None, after: BookingState) -> Session:
    """The session with its counters moved by one booking going from one state to another."""
    taken = session.taken + (after in HOLDS_A_PLACE) - (before in HOLDS_A_PLACE)
    return replace(
        session,
        taken=taken,
        waiting=session.waiting
        + (after is BookingState.WAITING)
        - (before is BookingState.WAITING),
        kept=min(session.kept, taken),
        next_no=session.next_no + (before is None),
        roster_version=session.roster_version
        + ((before is BookingState.BOOKED) != (after is BookingState.BOOKED)),
    )


def resized(session: Session, capacity: int | None) -> int:
    """The new `kept` when the capacity changes: whoever has a place keeps it."""
    return session.taken if capacity is not None and session.taken > capacity else 0


def _cancelled(booking: Booking, now: datetime) -> Booking:
    return replace(booking, state=BookingState.CANCELLED, changed_at=now, offered_until=None)
