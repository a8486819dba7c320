"""What dialogs remember of each person between turns."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from learning.retention import USUAL, Data
from services.ports.clocks import Clock
from store.engine import Database
from store.people import insert
from store.tables import conversation_state as states

log = structlog.get_logger()

KEPT = USUAL[Data.TALK]

_REPLACE = (
    sa.update(states)
    .where(states.c.key == sa.bindparam("row_key"), states.c.etag == sa.bindparam("row_etag"))
    .values({name: sa.bindparam(name) for name in ("data", "etag", "changed_at")})
)
_CREATE = {
    dialect: insert(dialect, states).on_conflict_do_nothing(index_elements=["key"])
    for dialect in ("sqlite", "postgresql")
}


class SqlConversations:
    """Inside a unit of work: only forgetting."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def forget(self, person_id: PersonId) -> None:
        await self._db.execute(sa.delete(states).where(states.c.key == person_id))


class SqlConversationStore:
    """One JSON row for each person. Of two turns at once the first to save wins."""

    def __init__(self, database: Database, clock: Clock, *, kept: timedelta = KEPT) -> None:
        self._database = database
        self._clock = clock
        self._kept = kept

    async def save(self, person_id: PersonId, data: dict[str, Any], etag: int) -> bool:
        """Store it over the version that was read; false if another turn was faster.

        False also where another process, such as an import, holds the database: "the second one" is
        then asked about, which is better than a turn that waits.
        """
        columns = {"data": data, "etag": etag + 1, "changed_at": self._clock.now()}
        try:
            async with self._database.note() as db:
                if etag:
                    row = {"row_key": person_id, "row_etag": etag}
                    return bool((await db.execute(_REPLACE, columns | row)).rowcount)
                create = _CREATE[db.dialect.name]
                return bool((await db.execute(create, columns | {"key": person_id})).rowcount)
        except (exc.OperationalError, sqlite3.OperationalError):
            log.warning("memory not stored: the database is held by another process")
            return False

    async def forget_old(self) -> int:
        """Remove what has not been touched for so long; returns how many."""
        old = states.c.changed_at < self._clock.now() - self._kept
        async with self._database.turn(), self._database.writing.begin() as db:
            return (await db.execute(sa.delete(states).where(old))).rowcount
