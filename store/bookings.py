"""Bookings: who has a place, who waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.bookings import HOLDS_A_PLACE, LIVE, Booking, BookingState
from learning.people import PersonId
from learning.sessions import EditionId, Session, SessionId, SessionState
from store import rows
from store.tables import bookings, sessions

# Made once, as making a statement costs more than running it.
_LIVE = bookings.c.state.in_(sorted(LIVE))
_OF_PERSON = (
    sa.select(bookings)
    .where(bookings.c.person_id == sa.bindparam("person_id"), _LIVE)
    .order_by(bookings.c.session_id, bookings.c.queue_no)
)
_OWN = sa.select(bookings).where(
    bookings.c.session_id == sa.bindparam("session_id"),
    bookings.c.person_id == sa.bindparam("person_id"),
    _LIVE,
)
_POSITION = sa.select(sa.func.count()).where(
    bookings.c.session_id == sa.bindparam("session_id"),
    bookings.c.state == BookingState.WAITING,
    bookings.c.queue_no <= sa.bindparam("queue_no"),
)
_OVERLAPPING = (
    sa.select(sessions.c.id)
    .join(bookings, bookings.c.session_id == sessions.c.id)
    .where(
        bookings.c.person_id == sa.bindparam("person_id"),
        bookings.c.state.in_(sorted(HOLDS_A_PLACE)),
        sessions.c.id != sa.bindparam("session_id"),
        sessions.c.state == SessionState.PUBLISHED,
        sessions.c.starts_at < sa.bindparam("ends_at"),
        sessions.c.ends_at > sa.bindparam("starts_at"),
    )
    .order_by(sessions.c.starts_at)
)
_INSERT = sa.insert(bookings).returning(*bookings.c)


class SqlBookings:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def live(self, session_id: SessionId, person_id: PersonId) -> Booking | None:
        subject = {"session_id": session_id, "person_id": person_id}
        row = (await self._db.execute(_OWN, subject)).one_or_none()
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
        queued = {"session_id": booking.session_id, "queue_no": booking.queue_no}
        return (await self._db.execute(_POSITION, queued)).scalar_one()

    async def of_session(self, session_id: SessionId) -> list[Booking]:
        return await self._read(self._all().where(bookings.c.session_id == session_id))

    async def live_of(self, ids: Iterable[SessionId]) -> dict[SessionId, list[Booking]]:
        found: dict[SessionId, list[Booking]] = {}
        for portion in rows.portions(ids):
            for booking in await self._read(
                self._all().where(bookings.c.session_id.in_(portion), _LIVE)
            ):
                found.setdefault(booking.session_id, []).append(booking)
        return found

    async def of_person(self, person_id: PersonId) -> list[Booking]:
        found = await self._db.execute(_OF_PERSON, {"person_id": person_id})
        return [rows.booking(row) for row in found]

    async def overlapping(self, person_id: PersonId, session: Session) -> list[SessionId]:
        during = {
            "person_id": person_id,
            "session_id": session.id,
            "starts_at": session.starts_at,
            "ends_at": session.ends_at,
        }
        return [SessionId(i) for i in (await self._db.execute(_OVERLAPPING, during)).scalars()]

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
        return rows.booking((await self._db.execute(_INSERT, columns)).one())

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        await self._db.execute(
            sa.update(bookings).where(bookings.c.person_id == person_id).values(person_id=successor)
        )

    def _all(self) -> sa.Select[Any]:
        return sa.select(bookings).order_by(bookings.c.session_id, bookings.c.queue_no)

    async def _read(self, statement: sa.Select[Any]) -> list[Booking]:
        return [rows.booking(row) for row in await self._db.execute(statement)]
