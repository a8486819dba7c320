"""Moving places about inside one unit of work, with every notice that this causes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from learning import bookings, hub_notices, notices
from learning.bookings import Booking, BookingState
from learning.notices import Kind, Notice, NudgeRules
from learning.sessions import Format, Session
from services.ports.storage import UnitOfWork

GATHER = timedelta(seconds=2)
"""An attendees update waits this long, so that bookings that come together go out together."""


class Places:
    """The one way in which bookings change: counters, queue, nudges and invitations follow.

    Whoever calls holds the session's row locked.
    """

    def __init__(self, rules: NudgeRules, zone: ZoneInfo, *, in_hub_list: bool = False) -> None:
        """`in_hub_list`: whether a SharePoint list shows how many places are left."""
        self._rules = rules
        self._zone = zone
        self._in_hub_list = in_hub_list

    async def change(
        self,
        uow: UnitOfWork,
        session: Session,
        before: Booking | None,
        after: Booking,
        now: datetime,
    ) -> tuple[Session, Booking]:
        """Store one booking's change and pass a freed place on. Returns both as they then are."""
        roster, left = session.roster_version, session.places_left
        session, booking = await self._store(uow, session, before, after, now)
        if before is not None and before.holds_a_place and not booking.holds_a_place:
            session = await self.fill(uow, session, now)
        if session.roster_version != roster:
            await self.invite(uow, session, now)
        if session.places_left != left:
            await self.show(uow, session, now)
        await uow.sessions.save_counts(session)
        return session, booking

    async def show(self, uow: UnitOfWork, session: Session, now: datetime) -> None:
        """Have the hub list say how the session stands."""
        if self._in_hub_list:
            await uow.outbox.add([hub_notices.item(session.id, now)])

    async def fill(self, uow: UnitOfWork, session: Session, now: datetime) -> Session:
        """Give what is free to those who wait. The caller saves the session's counts."""
        free = bookings.free_places(session, session.waiting)
        if not free:
            return session
        waiting = await uow.bookings.waiting(session.id, free)
        for before, after in zip(waiting, bookings.promote(session, waiting, now), strict=False):
            session, _ = await self._store(uow, session, before, after, now)
            await uow.outbox.add([_news(session, after, now)])
        return session

    async def nudge(
        self, uow: UnitOfWork, session: Session, booked: Sequence[Booking], now: datetime
    ) -> None:
        """Queue the nudges that lie ahead for these booked places."""
        people = await uow.people.among(b.person_id for b in booked)
        queued: list[Notice] = []
        for booking in booked:
            person = people.get(booking.person_id)
            zone = person.zone(self._zone) if person else self._zone
            queued += notices.nudges(session, booking.person_id, self._rules, zone, now)
        await uow.outbox.add(queued)

    async def _store(
        self,
        uow: UnitOfWork,
        session: Session,
        before: Booking | None,
        after: Booking,
        now: datetime,
    ) -> tuple[Session, Booking]:
        stored = await uow.bookings.save(after)
        was_booked = before is not None and before.state is BookingState.BOOKED
        if stored.state is BookingState.BOOKED and not was_booked:
            await self.nudge(uow, session, [stored], now)
        elif was_booked and stored.state is not BookingState.BOOKED:
            await uow.outbox.withdraw(Kind.NUDGE, session.id, stored.person_id)
        return bookings.counted(session, before.state if before else None, stored.state), stored

    async def invite(self, uow: UnitOfWork, session: Session, now: datetime) -> None:
        """Have the event's attendees, or Zoom's registrants, brought up to who has a place."""
        match session.details.format:
            case Format.TEAMS:
                await uow.outbox.add([notices.attendees(session, now + GATHER)])
            case Format.ZOOM:
                await uow.outbox.add([notices.zoom_registrants(session, now + GATHER)])
            case _:
                pass


def _news(session: Session, booking: Booking, now: datetime) -> Notice:
    kind = Kind.PLACE_GIVEN if booking.state is BookingState.BOOKED else Kind.PLACE_OFFERED
    return notices.to_person(kind, booking.person_id, session, now)


def lapsed_news(session: Session, booking: Booking, now: datetime) -> Notice:
    return notices.to_person(Kind.OFFER_LAPSED, booking.person_id, session, now)
