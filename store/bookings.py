"""Bookings: who has a place, who waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.bookings import HOLDS_A_PLACE, LIVE, Booking, BookingState
from learning.people import PersonId
from learning.sessions import EditionId, Session, SessionId, SessionState
from store import rows
from store.tables import bookings, sessions

_LIVE = bookings.c.state.in_(sorted(LIVE))


class SqlBookings:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def live(self, session_id: SessionId, person_id: PersonId) -> Booking | None:
        statement = sa.select(bookings).where(
            bookings.c.session_id == session_id, bookings.c.person_id == person_id, _LIVE
        )
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else rows.booking(row)

    async def waiting(self, session_id: SessionId, limit: int) -> list[Booking]:
        statement = (
            sa.select(bookings)
            .where(bookings.c.session_id == session_id, bookings.c.state == BookingState.WAITING)
            .order_by(bookings.c.queue_no)
            .limit(limit)
        )
        return await self._read(statement)

    async def position(self, booking: Booking) -> int:
        statement = sa.select(sa.func.count()).where(
            bookings.c.session_id == booking.session_id,
            bookings.c.state == BookingState.WAITING,
            bookings.c.queue_no <= booking.queue_no,
        )
        return (await self._db.execute(statement)).scalar_one()

    async def of_session(self, session_id: SessionId) -> list[Booking]:
        return await self._read(self._all().where(bookings.c.session_id == session_id))

    async def of_person(self, person_id: PersonId) -> list[Booking]:
        return await self._read(self._all().where(bookings.c.person_id == person_id, _LIVE))

    async def overlapping(self, person_id: PersonId, session: Session) -> list[SessionId]:
        statement = (
            sa.select(sessions.c.id)
            .join(bookings, bookings.c.session_id == sessions.c.id)
            .where(
                bookings.c.person_id == person_id,
                bookings.c.state.in_(sorted(HOLDS_A_PLACE)),
                sessions.c.id != session.id,
                sessions.c.state == SessionState.PUBLISHED,
                sessions.c.starts_at < session.ends_at,
                sessions.c.ends_at > session.starts_at,
            )
            .order_by(sessions.c.starts_at)
        )
        return [SessionId(i) for i in (await self._db.execute(statement)).scalars()]

    async def history(self, person_id: PersonId) -> list[Booking]:
        return await self._read(self._all().where(bookings.c.person_id == person_id))

    async def of_edition(self, edition_id: EditionId) -> list[Booking]:
        statement = (
            self._all()
            .join(sessions, sessions.c.id == bookings.c.session_id)
            .where(sessions.c.edition_id == edition_id)
        )
        return await self._read(statement)

    async def lapsed(self, now: datetime) -> list[Booking]:
        statement = self._all().where(
            bookings.c.state == BookingState.OFFERED, bookings.c.offered_until <= now
        )
        return await self._read(statement)

    async def save(self, booking: Booking) -> Booking:
        columns = rows.booking_columns(booking)
        if booking.id:
            await self._db.execute(
                sa.update(bookings).where(bookings.c.id == booking.id).values(columns)
            )
            return booking
        statement = sa.insert(bookings).values(columns).returning(*bookings.c)
        return rows.booking((await self._db.execute(statement)).one())

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        await self._db.execute(
            sa.update(bookings).where(bookings.c.person_id == person_id).values(person_id=successor)
        )

    def _all(self) -> sa.Select[Any]:
        return sa.select(bookings).order_by(bookings.c.session_id, bookings.c.queue_no)

    async def _read(self, statement: sa.Select[Any]) -> list[Booking]:
        return [rows.booking(row) for row in await self._db.execute(statement)]
