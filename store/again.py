"""Who asked to hear when something runs again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.again import Want
from learning.people import PersonId
from learning.sessions import SessionId
from store import rows
from store.people import insert
from store.tables import sessions
from store.week_tables import wants_again

_UNTOLD = wants_again.c.told_at.is_(None)


class SqlWants:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def save(self, want: Want) -> None:
        values = asdict(want)
        statement = insert(self._db.dialect.name, wants_again).values(values)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["person_id", "session_id"], set_=values)
        )

    async def find(self, person_id: PersonId, session_id: SessionId) -> Want | None:
        found = await self._read(sa.select(wants_again).where(_of(person_id, session_id)))
        return found[0] if found else None

    async def of_person(self, person_id: PersonId) -> list[Want]:
        theirs = sa.select(wants_again).where(wants_again.c.person_id == person_id)
        return await self._read(
            theirs.order_by(wants_again.c.asked_at.desc(), wants_again.c.session_id)
        )

    async def newest(self) -> SessionId:
        found = await self._db.execute(sa.select(sa.func.max(sessions.c.id)))
        return SessionId(found.scalar_one() or 0)

    async def waiting(self) -> dict[SessionId, SessionId]:
        statement = (
            sa.select(wants_again.c.session_id, sa.func.min(wants_again.c.known_upto))
            .where(_UNTOLD)
            .group_by(wants_again.c.session_id)
            .order_by(wants_again.c.session_id)
        )
        found = await self._db.execute(statement)
        return {SessionId(session_id): SessionId(known) for session_id, known in found}

    async def untold(
        self, session_id: SessionId, known_before: SessionId, limit: int
    ) -> list[Want]:
        statement = (
            sa.select(wants_again)
            .where(
                wants_again.c.session_id == session_id,
                wants_again.c.known_upto < known_before,
                _UNTOLD,
            )
            .order_by(wants_again.c.person_id)
            .limit(limit)
        )
        return await self._read(statement.with_for_update())

    async def told(self, wants: Sequence[Want], now: datetime) -> None:
        by_session: dict[SessionId, list[PersonId]] = {}
        for want in wants:
            by_session.setdefault(want.session_id, []).append(want.person_id)
        for session_id, people in by_session.items():
            for portion in rows.portions(people):
                those = sa.and_(
                    wants_again.c.session_id == session_id, wants_again.c.person_id.in_(portion)
                )
                await self._db.execute(sa.update(wants_again).where(those).values(told_at=now))

    async def not_told(self, person_id: PersonId, session_id: SessionId) -> None:
        statement = sa.update(wants_again).where(_of(person_id, session_id))
        await self._db.execute(statement.values(told_at=None))

    async def remove(self, person_id: PersonId, session_id: SessionId) -> bool:
        statement = sa.delete(wants_again).where(_of(person_id, session_id))
        return bool((await self._db.execute(statement)).rowcount)

    async def forget(self, person_id: PersonId) -> None:
        statement = sa.delete(wants_again).where(wants_again.c.person_id == person_id)
        await self._db.execute(statement)

    async def _read(self, statement: sa.Select[Any]) -> list[Want]:
        return [_want(row) for row in await self._db.execute(statement)]


def _of(person_id: PersonId, session_id: SessionId) -> sa.ColumnElement[bool]:
    return sa.and_(wants_again.c.person_id == person_id, wants_again.c.session_id == session_id)


def _want(row: sa.Row[Any]) -> Want:
    return Want(
        person_id=PersonId(row.person_id),
        session_id=SessionId(row.session_id),
        asked_at=row.asked_at,
        known_upto=SessionId(row.known_upto),
        told_at=row.told_at,
    )
