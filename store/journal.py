"""Who changed what, as it is stored."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from learning.sessions import SessionId
from services.ports.journal import Entry, What
from store.tables import changes


class SqlJournal:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def note(self, *entries: Entry) -> None:
        values = [
            {
                "at": entry.at,
                "by_id": entry.by_id,
                "what": entry.what,
                "session_id": entry.session_id,
                "person_id": entry.person_id,
                "subject": entry.subject,
                "before": dict(entry.before),
                "after": dict(entry.after),
            }
            for entry in entries
        ]
        if values:
            await self._db.execute(sa.insert(changes), values)

    async def latest(
        self,
        limit: int,
        *,
        skip: int = 0,
        session_id: SessionId | None = None,
        what: Collection[What] = (),
    ) -> list[Entry]:
        newest = sa.select(changes).order_by(changes.c.at.desc(), changes.c.id.desc())
        if session_id is not None:
            newest = newest.where(changes.c.session_id == session_id)
        if what:
            newest = newest.where(changes.c.what.in_(sorted(what)))
        return [
            Entry(
                at=row.at,
                by_id=PersonId(row.by_id),
                what=What(row.what),
                subject=row.subject,
                session_id=None if row.session_id is None else SessionId(row.session_id),
                person_id=PersonId(row.person_id),
                before=row.before,
                after=row.after,
            )
            for row in await self._db.execute(newest.limit(limit).offset(skip))
        ]

    async def forget(self, person_id: PersonId, successor: PersonId) -> None:
        for column in (changes.c.by_id, changes.c.person_id):
            await self._db.execute(
                sa.update(changes).where(column == person_id).values({column.name: successor})
            )
