"""People, and the channels that asked for highlights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import Channel, Person, PersonId
from store import rows
from store.tables import channels, people


def insert(db: AsyncConnection, table: sa.Table) -> Any:
    """An insert that knows ON CONFLICT, in the words of the database in use."""
    return (sqlite if db.dialect.name == "sqlite" else postgresql).insert(table)


async def upsert(db: AsyncConnection, table: sa.Table, values: dict[str, Any]) -> None:
    """Insert or overwrite the row with this `id`."""
    others = {name: value for name, value in values.items() if name != "id"}
    statement = insert(db, table).values(values)
    await db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others))


class SqlPeople:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(self, person_id: PersonId, *, lock: bool = False) -> Person | None:
        statement = sa.select(people).where(people.c.id == person_id)
        if lock:
            statement = statement.with_for_update()
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else rows.person(row)

    async def among(self, ids: Iterable[PersonId]) -> dict[PersonId, Person]:
        found: list[Person] = []
        for portion in rows.portions(ids):
            statement = sa.select(people).where(people.c.id.in_(portion))
            found += [rows.person(row) for row in await self._db.execute(statement)]
        return {person.id: person for person in found}

    async def save(self, person: Person) -> None:
        await upsert(self._db, people, rows.person_columns(person))

    async def remove(self, person_id: PersonId) -> None:
        await self._db.execute(sa.delete(people).where(people.c.id == person_id))

    async def zones_of_highlights(self) -> list[str | None]:
        statement = sa.select(people.c.timezone).where(people.c.wants_highlights).distinct()
        return list((await self._db.execute(statement)).scalars())

    async def wanting_highlights(
        self, zone: str | None, *, after: PersonId, limit: int
    ) -> list[PersonId]:
        in_zone = people.c.timezone.is_(None) if zone is None else people.c.timezone == zone
        statement = (
            sa.select(people.c.id)
            .where(people.c.wants_highlights, in_zone, people.c.id > after)
            .order_by(people.c.id)
            .limit(limit)
        )
        return [PersonId(i) for i in (await self._db.execute(statement)).scalars()]


class SqlChannels:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(self, channel_id: str) -> Channel | None:
        statement = sa.select(channels).where(channels.c.id == channel_id)
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else rows.channel(row)

    async def all(self) -> list[Channel]:
        statement = sa.select(channels).order_by(channels.c.id)
        return [rows.channel(row) for row in await self._db.execute(statement)]

    async def save(self, channel: Channel) -> None:
        await upsert(self._db, channels, rows.channel_columns(channel))

    async def remove(self, channel_id: str) -> bool:
        gone = await self._db.execute(sa.delete(channels).where(channels.c.id == channel_id))
        return bool(gone.rowcount)

    async def remove_team(self, team_id: str) -> None:
        await self._db.execute(sa.delete(channels).where(channels.c.team_id == team_id))
