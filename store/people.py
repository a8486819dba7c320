"""People, and the channels that asked for highlights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.bookings import LIVE
from learning.people import FORGOTTEN, NO_CHAT, Address, Channel, Person, PersonId, Unreached
from learning.sessions import SessionId
from services.ports.storage import Beginning, Remembered
from store import rows
from store.tables import PROGRAMME, bookings, channels, people, versions
from store.tables import conversation_state as states


def insert(dialect: str, table: sa.Table) -> Any:
    """An insert that knows ON CONFLICT, in the words of the database in use."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


async def upsert(db: AsyncConnection, table: sa.Table, values: dict[str, Any]) -> None:
    """Insert or overwrite the row with this `id`."""
    others = {name: value for name, value in values.items() if name != "id"}
    statement = insert(db.dialect.name, table).values(values)
    await db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others))


_FIND = sa.select(people).where(people.c.id == sa.bindparam("person_id"))
_LOCKED = _FIND.with_for_update()

_HERE = sa.select(sa.bindparam("person_id", type_=people.c.id.type).label("who")).subquery()
_BEGIN = sa.select(
    people,
    states.c.data,
    states.c.etag,
    sa.select(versions.c.value)
    .where(versions.c.name == PROGRAMME)
    .scalar_subquery()
    .label("version"),
).select_from(
    _HERE.outerjoin(people, people.c.id == _HERE.c.who).outerjoin(
        states, states.c.key == _HERE.c.who
    )
)


class SqlPeople:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def begin(self, person_id: PersonId) -> Beginning:
        row = (await self._db.execute(_BEGIN, {"person_id": person_id})).one()
        return Beginning(
            person=None if row.id is None else rows.person(row),
            memory=Remembered() if row.etag is None else Remembered(data=row.data, etag=row.etag),
            version=row.version or 0,
        )

    async def find(self, person_id: PersonId, *, lock: bool = False) -> Person | None:
        found = await self._db.execute(_LOCKED if lock else _FIND, {"person_id": person_id})
        row = found.one_or_none()
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
        statement = sa.select(people.c.timezone).where(WANTS_HIGHLIGHTS).distinct()
        return list((await self._db.execute(statement)).scalars())

    async def wanting_highlights(
        self, zone: str | None, *, after: PersonId, limit: int
    ) -> list[PersonId]:
        statement = (
            sa.select(people.c.id)
            .where(WANTS_HIGHLIGHTS, in_zone(zone), people.c.id > after)
            .order_by(people.c.id)
            .limit(limit)
        )
        return [PersonId(i) for i in (await self._db.execute(statement)).scalars()]

    async def count_wanting_highlights(self, zone: str | None, *, after: PersonId) -> int:
        statement = sa.select(sa.func.count()).where(
            WANTS_HIGHLIGHTS, in_zone(zone), people.c.id > after
        )
        return (await self._db.execute(statement)).scalar_one()

    async def involved(self, sessions: Sequence[SessionId], limit: int) -> list[str]:
        statement = (
            sa.select(people.c.teams_id)
            .join(bookings, bookings.c.person_id == people.c.id)
            .where(
                bookings.c.session_id.in_(sessions),
                bookings.c.state.in_(sorted(LIVE)),
                people.c.teams_id != "",
            )
            .group_by(people.c.teams_id)
            .order_by(sa.func.max(bookings.c.asked_at).desc(), people.c.teams_id)
            .limit(limit)
        )
        return list((await self._db.execute(statement)).scalars())

    async def named(self, words: str, limit: int) -> list[Person]:
        has = people.c.name.icontains(words, autoescape=True)
        is_at = sa.func.lower(people.c.email) == words.casefold()
        statement = (
            sa.select(people)
            .where(sa.or_(has, is_at), people.c.id.not_like(f"{FORGOTTEN}%"))
            .order_by(people.c.name, people.c.id)
            .limit(limit)
        )
        return [rows.person(row) for row in await self._db.execute(statement)]

    async def with_emails(self, emails: Iterable[str]) -> list[Person]:
        found: list[Person] = []
        for portion in rows.portions({email.casefold() for email in emails if email}):
            statement = sa.select(people).where(sa.func.lower(people.c.email).in_(portion))
            found += [rows.person(row) for row in await self._db.execute(statement)]
        return found

    async def any_address(self) -> Address | None:
        statement = sa.select(people).where(people.c.conversation_id != "").limit(1)
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else rows.person(row).address

    async def unreached(self, most: int) -> list[Unreached]:
        has_booked = sa.exists().where(
            bookings.c.person_id == people.c.id, bookings.c.state.in_(sorted(LIVE))
        )
        never_wrote = sa.and_(people.c.conversation_id == "", has_booked)
        said = people.c.unreachable
        reason = sa.case((said != "", said), (never_wrote, NO_CHAT), else_="").label("unreachable")
        named = (
            sa.select(
                reason,
                people.c.name,
                sa.func.count().over(partition_by=reason).label("how_many"),
                sa.func.row_number()
                .over(partition_by=reason, order_by=(people.c.name, people.c.id))
                .label("number"),
            )
            .where(reason != "", people.c.id.not_like(f"{FORGOTTEN}%"))
            .subquery()
        )
        statement = (
            sa.select(named)
            .where(named.c.number <= most)
            .order_by(named.c.how_many.desc(), named.c.unreachable, named.c.number)
        )
        found = (await self._db.execute(statement)).all()
        return [
            Unreached(reason=why, count=count, names=tuple(row.name for row in those))
            for (why, count), those in groupby(
                found, key=lambda row: (row.unreachable, row.how_many)
            )
        ]


WANTS_HIGHLIGHTS = sa.and_(people.c.wants_highlights, people.c.unreachable == "")
"""Whoever cannot be reached is not written to each morning; they may come back."""


def in_zone(zone: str | None) -> sa.ColumnElement[bool]:
    return people.c.timezone.is_(None) if zone is None else people.c.timezone == zone


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

    async def of_team(self, team_id: str) -> list[Channel]:
        statement = sa.select(channels).where(channels.c.team_id == team_id)
        return [rows.channel(row) for row in await self._db.execute(statement)]

    async def save(self, channel: Channel) -> None:
        await upsert(self._db, channels, rows.channel_columns(channel))

    async def remove(self, channel_id: str) -> bool:
        gone = await self._db.execute(sa.delete(channels).where(channels.c.id == channel_id))
        return bool(gone.rowcount)

    async def remove_team(self, team_id: str) -> None:
        await self._db.execute(sa.delete(channels).where(channels.c.team_id == team_id))
