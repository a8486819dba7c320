"""Booking a place, giving it back, waiting for one, and taking up an offer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from learning import bookings, errors, notices, sources
from learning.bookings import Booking, BookingState
from learning.people import PersonId
from learning.sessions import Session, SessionId
from learning.sources import Source
from services.course_places import check_on_course, other_date
from services.own_links import seen_by
from services.places import Places, lapsed_news
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

SHORTLY = timedelta(minutes=10)
"""Before the start, for who wants to be reminded when it will have begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one person stands with one session, which is for their eyes as its link may be theirs.

    `position` counts from 1 and is 0 unless waiting.
    """

    session: Session
    booking: Booking | None
    position: int = 0


class BookingService:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, places: Places) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._places = places

    async def book(
        self,
        person_id: PersonId,
        session_id: SessionId,
        *,
        despite_clash: bool = False,
        source: str = "chat",
        beside: str = Source.CARD,
        may_wait: bool = True,
    ) -> Standing:
        """Give this person a place, or a place on the waiting list if they may wait.

        `beside` is the source where a champion's tag is none of this session's.

        The session row stays locked until commit, so two people asking for the last place at once are
        served one after the other. Raises Refused, with the reason: of a course, OtherDate for who has
        another date of it, which `change_date` puts this one in the place of.
        """
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            await check_on_course(uow, session, person_id, lock=True)
            own = await uow.bookings.live(session_id, person_id)
            source = await _genuine(uow, session_id, source, beside)
            other = await other_date(uow, session, person_id, now)
            may_wait = may_wait and other is None
            placed = bookings.place(session, own, person_id, now, source=source, may_wait=may_wait)
            if not despite_clash:
                await check_clash(uow, session, person_id)
            if other is not None:
                raise errors.OtherDate(session.id, other.id)
            session, booking = await self._places.change(uow, session, None, placed, now)
            position = await uow.bookings.position(booking)
            session = await _seen_by(uow, person_id, session)
            await uow.commit()
        log.info("booking placed", session=session_id, state=booking.state)
        return _standing(session, booking, position)

    async def change_date(
        self, person_id: PersonId, session_id: SessionId, other_id: SessionId, *, source: str
    ) -> Standing:
        """Book this date of a course instead of the other one: both or neither. Raises Refused.

        Where this one is full the other is kept: nobody gives a place up to wait.
        """
        now = self._clock.now()
        async with self._new_uow() as uow:
            # By id, as everybody does who holds more than one: then nobody waits for each other.
            held = {i: await uow.sessions.get(i, lock=True) for i in sorted((session_id, other_id))}
            session, other = held[session_id], held[other_id]
            await check_on_course(uow, session, person_id, lock=True)
            if session.course_id is None or session.course_id != other.course_id:
                raise errors.NoSuchBooking(other.id)
            own = await uow.bookings.live(session_id, person_id)
            placed = bookings.place(session, own, person_id, now, source=source, may_wait=False)
            left = await uow.bookings.live(other_id, person_id)
            given = bookings.give_back(other, left, now)
            await self._places.change(uow, other, left, given, now)
            session, booking = await self._places.change(uow, session, None, placed, now)
            session = await _seen_by(uow, person_id, session)
            await uow.commit()
        log.info("date changed", session=session_id, left=other_id)
        return _standing(session, booking, 0)

    async def snooze(
        self, person_id: PersonId, due: datetime, preferred: Collection[SessionId] = ()
    ) -> tuple[Session, datetime] | None:
        """Remind somebody then of what they have next, or of the one of these that they have.

        Where it starts before then they are reminded a little before it. None: nothing lies ahead.
        """
        now = self._clock.now()
        mine = [
            s.session for s in await self.mine(person_id) if s.booking and s.booking.holds_a_place
        ]
        ahead = sorted(
            (s for s in mine if s.starts_at is not None and not s.has_started(now)),
            key=lambda s: (s.id not in preferred, s.starts_at or now),
        )
        if not ahead:
            return None
        session, starts = ahead[0], ahead[0].starts_at or now
        due = min(due, max(now, starts - SHORTLY))
        async with self._new_uow() as uow:
            await uow.outbox.add([notices.snoozed(session, person_id, due)])
            await uow.commit()
        return session, due

    async def cancel(self, person_id: PersonId, session_id: SessionId) -> Standing:
        """Give a place, an offer or a place in the queue back. Raises Refused."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            own = await uow.bookings.live(session_id, person_id)
            given = bookings.give_back(session, own, now)
            session, booking = await self._places.change(uow, session, own, given, now)
            await uow.commit()
        log.info("booking given back", session=session_id)
        return _standing(session, booking, 0)

    async def accept(self, person_id: PersonId, session_id: SessionId) -> Standing:
        """Take up the place that is held for this person. Raises Refused."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            await check_on_course(uow, session, person_id)
            own = await uow.bookings.live(session_id, person_id)
            accepted = bookings.accept(session, own, now)
            if accepted != own:
                session, accepted = await self._places.change(uow, session, own, accepted, now)
            session = await _seen_by(uow, person_id, session)
            await uow.commit()
        return _standing(session, accepted, 0)

    async def lapse_offers(self) -> int:
        """Take back offers that nobody took up in time, and offer those places on."""
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            offers = await uow.bookings.lapsed(now)
        for offer in offers:
            async with self._new_uow() as uow:
                session = await uow.sessions.get(offer.session_id, lock=True)
                own = await uow.bookings.live(offer.session_id, offer.person_id)
                for lapsed in bookings.lapse([own] if own else [], now):
                    session, booking = await self._places.change(uow, session, own, lapsed, now)
                    await uow.outbox.add([lapsed_news(session, booking, now)])
                await uow.commit()
        return len(offers)

    async def standing(self, person_id: PersonId, session_id: SessionId) -> Standing:
        """Where the person stands with this session. Raises NotFound."""
        async with self._new_uow(read_only=True) as uow:
            session = await uow.sessions.get(session_id)
            booking = await uow.bookings.live(session_id, person_id)
            position = await uow.bookings.position(booking) if booking else 0
            session = await _seen_by(uow, person_id, session)
        return _standing(session, booking, position)

    async def mine(self, person_id: PersonId) -> list[Standing]:
        """The person's live bookings that are not over, in order of time."""
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            live = await uow.bookings.of_person(person_id)
            among = await uow.sessions.among(b.session_id for b in live)
            sessions = await seen_by(uow, person_id, among.values())
            standings = [
                _standing(sessions[b.session_id], b, await uow.bookings.position(b))
                for b in live
                if not sessions[b.session_id].is_over(now)
            ]
        return sorted(standings, key=lambda s: (s.session.starts_at or now, s.session.title))

    async def past(self, person_id: PersonId, limit: int = 50) -> list[Session]:
        """What the person had a place on and is over, the latest first."""
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            had = [
                b.session_id
                for b in await uow.bookings.of_person(person_id)
                if b.state is BookingState.BOOKED
            ]
            over = [s for s in (await uow.sessions.among(had)).values() if s.is_over(now)]
        over.sort(key=lambda s: (s.ends_at or now, s.title), reverse=True)
        return [s for s in over if not s.is_cancelled][:limit]

    async def gave_back(self, person_id: PersonId, session_id: SessionId) -> bool:
        """Whether they once had a place, an offer or a place in the queue of this one, and no longer."""
        async with self._new_uow(read_only=True) as uow:
            asked = [b for b in await uow.bookings.history(person_id) if b.session_id == session_id]
        return bool(asked) and not any(b.is_live for b in asked)

    async def clashing(self, person_id: PersonId, session_id: SessionId) -> list[Session]:
        """What else the person has a place on while this session lasts. Raises NotFound."""
        async with self._new_uow(read_only=True) as uow:
            session = await uow.sessions.get(session_id)
            others = await uow.bookings.overlapping(person_id, session)
            return list((await uow.sessions.among(others)).values())

    async def other_date(self, person_id: PersonId, session_id: SessionId) -> Session | None:
        """Another date of the same course that they have. Raises NotFound."""
        async with self._new_uow(read_only=True) as uow:
            session = await uow.sessions.get(session_id)
            return await other_date(uow, session, person_id, self._clock.now())


async def check_clash(uow: UnitOfWork, session: Session, person_id: PersonId) -> None:
    """Raises Clash where the person has a place on something else while this lasts.

    Another date of the same course does not count: nobody has both.
    """
    others = await uow.bookings.overlapping(person_id, session)
    if others and session.course_id is not None:
        known = await uow.sessions.among(others)
        others = [i for i in others if known[i].course_id != session.course_id]
    if others:
        raise errors.Clash(session.id, tuple(others))


async def _genuine(uow: UnitOfWork, session_id: SessionId, source: str, beside: str) -> str:
    """What the booking came of: a tag is that of a champion's post of this very session, or nothing."""
    tag = sources.tag_of(source)
    if not tag:
        return source
    share = await uow.champions.share(tag)
    return source if share is not None and share.session_id == session_id else beside


async def _seen_by(uow: UnitOfWork, person_id: PersonId, session: Session) -> Session:
    return (await seen_by(uow, person_id, [session]))[session.id]


def _standing(session: Session, booking: Booking | None, position: int) -> Standing:
    waits = booking is not None and booking.state is BookingState.WAITING
    return Standing(session=session, booking=booking, position=position if waits else 0)
