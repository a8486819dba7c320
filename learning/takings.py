"""Who had a place on what, waited for it or was there: what the figures of an edition are counted from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from learning.attendance import Outcome, Presence, is_guest
from learning.bookings import Booking, BookingState
from learning.sessions import Format, Session, SessionId, by_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What one person has to do with one session: a place, a place in the queue, or having been there.

    `who` may be a guest. `presence` is None while nothing is known.
    """

    session_id: SessionId
    who: str
    is_booked: bool = False
    is_waiting: bool = False
    presence: Presence | None = None
    source: str = ""

    @property
    def is_there(self) -> bool:
        return self.presence in (Presence.ATTENDED, Presence.BRIEFLY)

    @property
    def has_attended(self) -> bool:
        return self.presence is Presence.ATTENDED


def counted(sessions: Iterable[Session]) -> list[Session]:
    """The sessions that a report is about: dated ones that were not called off."""
    return by_time(
        s
        for s in sessions
        if not s.is_cancelled
        and s.starts_at is not None
        and s.details.format is not Format.SELF_PACED
    )


def days_of(sessions: Iterable[Session]) -> tuple[date, date] | None:
    """The first day and the last."""
    days = [day for s in sessions if (day := s.local_day()) is not None]
    return (min(days), max(days)) if days else None


def has_ended(sessions: Iterable[Session], now: datetime) -> bool:
    """Whether the last of these is over."""
    return all(s.is_over(now) for s in sessions)


def takings(
    sessions: Iterable[Session], bookings: Iterable[Booking], outcomes: Iterable[Outcome]
) -> list[Taking]:
    """One for each person and session; places that were given back leave no trace."""
    ids = {s.id for s in sessions}
    found: dict[tuple[SessionId, str], Taking] = {}
    for booking in bookings:
        if booking.session_id not in ids:
            continue
        if booking.state in (BookingState.BOOKED, BookingState.WAITING):
            found[booking.session_id, booking.person_id] = Taking(
                session_id=booking.session_id,
                who=booking.person_id,
                is_booked=booking.state is BookingState.BOOKED,
                is_waiting=booking.state is BookingState.WAITING,
                source=booking.source,
            )
    for outcome in outcomes:
        if outcome.session_id not in ids:
            continue
        key = (outcome.session_id, outcome.who)
        before = found.get(key) or Taking(session_id=outcome.session_id, who=outcome.who)
        if before.is_booked or outcome.state is not Presence.ABSENT:
            found[key] = replace(before, presence=outcome.state)
    return list(found.values())


def attended(takings: Iterable[Taking]) -> frozenset[str]:
    """The different people who attended; guests cannot be told apart from one session to the next."""
    return frozenset(t.who for t in takings if t.has_attended and not is_guest(t.who))
