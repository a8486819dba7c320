"""Editions and their sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.bookings import LIVE, Booking
from learning.errors import NotFound
from learning.people import PersonId
from learning.sessions import (
    CourseId,
    Details,
    Edition,
    EditionId,
    Session,
    SessionId,
    SessionState,
)
from store import rows
from store.people import insert
from store.tables import PROGRAMME, bookings, editions, sessions, versions

IMPORTS = "imports"

AT_ONCE = 50
"""Sessions that are read or written before others come to their turn."""

# Made once, as making a statement costs more than running it.
_GET = sa.select(sessions).where(sessions.c.id == sa.bindparam("session_id"))
_LOCKED = _GET.with_for_update()
_AMONG = sa.select(sessions).where(sessions.c.id.in_(sa.bindparam("ids", expanding=True)))
_SAVE_COUNTS = (
    sa.update(sessions)
    .where(sessions.c.id == sa.bindparam("session_id"))
    .values({name: sa.bindparam(name) for name in rows.COUNTS})
)
_COUNTS = sa.select(sessions.c.id, *(sessions.c[name] for name in rows.COUNTS)).where(
    sessions.c.id.in_(sa.bindparam("ids", expanding=True))
)
_SAVE = sa.update(sessions).where(sessions.c.id == sa.bindparam("its_id"))
_VERSION = sa.select(versions.c.value).where(versions.c.name == PROGRAMME)


@lru_cache(64)
def _standing(count: int) -> sa.Select[Any]:
    """For so many sessions, each a parameter: a list of any length would be put in every time."""
    return (
        sa.select(
            sessions.c.id.label("of"), *(sessions.c[name] for name in rows.COUNTS), *bookings.c
        )
        .outerjoin(
            bookings,
            sa.and_(
                bookings.c.session_id == sessions.c.id,
                bookings.c.person_id == sa.bindparam("person_id"),
                sa.or_(*(bookings.c.state == state for state in sorted(LIVE))),
            ),
        )
        .where(
            sessions.c.id.in_([sa.bindparam(f"id_{number}") for number in range(count)]),
            sessions.c.state == SessionState.PUBLISHED,
        )
    )


class SqlEditions:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def hold(self) -> None:
        await _count(self._db, IMPORTS)

    async def all(self) -> list[Edition]:
        found = await self._db.execute(sa.select(editions).order_by(editions.c.id))
        return [Edition(id=EditionId(row.id), name=row.name) for row in found]

    async def named(self, name: str) -> Edition | None:
        return next((e for e in await self.all() if e.name.casefold() == name.casefold()), None)

    async def add(self, name: str) -> Edition:
        statement = sa.insert(editions).values(name=name).returning(editions.c.id)
        return Edition(id=EditionId((await self._db.execute(statement)).scalar_one()), name=name)


class SqlSessions:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def get(self, session_id: SessionId, *, lock: bool = False) -> Session:
        found = await self._db.execute(_LOCKED if lock else _GET, {"session_id": session_id})
        row = found.one_or_none()
        if row is None:
            raise NotFound("session", session_id)
        return rows.session(row)

    async def all(self) -> list[Session]:
        return await self._read(sa.select(sessions))

    async def of_edition(self, edition_id: EditionId, *, lock: bool = False) -> list[Session]:
        statement = sa.select(sessions).where(sessions.c.edition_id == edition_id)
        return await self._read(_locked(statement.order_by(sessions.c.id), lock))

    async def among(self, ids: Iterable[SessionId]) -> dict[SessionId, Session]:
        found: list[Session] = []
        for portion in rows.portions(ids):
            found += [rows.session(r) for r in await self._db.execute(_AMONG, {"ids": portion})]
        return {s.id: s for s in found}

    async def standing(
        self, sessions: Sequence[Session], person_id: PersonId | None
    ) -> list[tuple[Session, Booking | None]]:
        found: dict[int, sa.Row[Any]] = {}
        for portion in rows.portions(s.id for s in sessions):
            ids = {f"id_{number}": i for number, i in enumerate(portion)}
            asked = {"person_id": person_id or "", **ids}
            read = await self._db.execute(_standing(len(portion)), asked)
            found |= {row.of: row for row in read}
        return [rows.standing(s, found[s.id]) for s in sessions if s.id in found]

    async def counted(self, sessions: Sequence[Session]) -> list[Session]:
        found: dict[int, sa.Row[Any]] = {}
        for portion in rows.portions(s.id for s in sessions):
            read = await self._db.execute(_COUNTS, {"ids": portion})
            found |= {row.id: row for row in read}
        return [rows.counted(s, found[s.id]) for s in sessions if s.id in found]

    async def add(
        self,
        edition_id: EditionId,
        details: Sequence[Details],
        course_id: CourseId | None = None,
    ) -> list[Session]:
        if not details:
            return []
        blank = Session(
            id=SessionId(0), edition_id=edition_id, details=details[0], course_id=course_id
        )
        columns = rows.session_columns(blank)
        for portion in rows.portions(details, AT_ONCE):
            values = [{**columns, **rows.details_columns(d)} for d in portion]
            await self._db.execute(sa.insert(sessions), values)
        await self._changed()
        codes = {d.code for d in details}
        return [s for s in await self.of_edition(edition_id) if s.code in codes]

    async def save(self, session: Session) -> None:
        await self.save_all([session])

    async def save_all(self, changed: Sequence[Session]) -> None:
        if changed:
            values = [{"its_id": s.id, **rows.session_columns(s)} for s in changed]
            await self._db.execute(_SAVE, values)
            await self._changed()

    async def save_counts(self, session: Session) -> None:
        values = {"session_id": session.id, **rows.count_columns(session)}
        await self._db.execute(_SAVE_COUNTS, values)

    async def version(self) -> int:
        return (await self._db.execute(_VERSION)).scalar_one_or_none() or 0

    async def _read(self, statement: sa.Select[Any]) -> list[Session]:
        """Of thousands, some at a time: others come to their turn in between."""
        result = await self._db.execute(statement)
        found = [rows.session(row) for row in result.fetchmany(AT_ONCE)]
        while portion := result.fetchmany(AT_ONCE):
            await asyncio.sleep(0)
            found += [rows.session(row) for row in portion]
        return found

    async def _changed(self) -> None:
        await _count(self._db, PROGRAMME)


async def _count(db: AsyncConnection, name: str) -> None:
    """One more; the row stays locked until commit."""
    first = insert(db.dialect.name, versions).values(name=name, value=1)
    one_more = {"value": versions.c.value + 1}
    await db.execute(first.on_conflict_do_update(index_elements=["name"], set_=one_more))


def _locked(statement: sa.Select[Any], lock: bool) -> sa.Select[Any]:
    return statement.with_for_update() if lock else statement
