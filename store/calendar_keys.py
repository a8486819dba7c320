"""The keys of people's own calendars."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from services.ports.calendar_keys import CalendarKey
from store.people import insert
from store.tables import calendar_keys

_OF_PERSON = sa.select(calendar_keys).where(
    calendar_keys.c.person_id == sa.bindparam("person_id", type_=sa.String)
)
_WITH_DIGEST = sa.select(calendar_keys).where(
    calendar_keys.c.digest == sa.bindparam("digest", type_=sa.String)
)


class SqlCalendarKeys:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(self, person_id: PersonId) -> CalendarKey | None:
        return await self._one(_OF_PERSON, {"person_id": person_id})

    async def with_digest(self, digest: str) -> CalendarKey | None:
        return await self._one(_WITH_DIGEST, {"digest": digest})

    async def save(self, key: CalendarKey) -> None:
        fresh = {"salt": key.salt, "digest": key.digest, "made_at": key.made_at}
        statement = insert(self._db.dialect.name, calendar_keys).values(
            person_id=key.person_id, **fresh
        )
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["person_id"], set_=fresh)
        )

    async def remove(self, person_id: PersonId) -> None:
        await self._db.execute(
            sa.delete(calendar_keys).where(calendar_keys.c.person_id == person_id)
        )

    async def _one(self, statement: sa.Select[Any], asked: dict[str, str]) -> CalendarKey | None:
        row = (await self._db.execute(statement, asked)).one_or_none()
        if row is None:
            return None
        return CalendarKey(
            person_id=PersonId(row.person_id),
            salt=row.salt,
            digest=row.digest,
            made_at=row.made_at,
        )
