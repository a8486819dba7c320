"""The outbox: notices written with the change that caused them, claimed, sent and settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.notices import Kind, Notice
from learning.people import PersonId
from learning.sessions import SessionId
from services.ports.storage import LedgerEntry
from store import rows
from store.people import insert
from store.tables import OPEN, outbox


@cache
def _add(dialect: str) -> Any:
    return insert(dialect, outbox).on_conflict_do_nothing(index_elements=["key"])


class SqlOutbox:
    """The outbox inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db
        self.earliest: datetime | None = None

    async def add(self, notices: Sequence[Notice]) -> None:
        if notices:
            statement = _add(self._db.dialect.name)
            added = await self._db.execute(statement, [rows.notice_columns(n) for n in notices])
            if added.rowcount != 0:  # PostgreSQL does not say of several how many were new: -1
                self._wrote(min(n.due_at for n in notices))

    async def withdraw(
        self, kind: Kind, session_id: SessionId, person_id: PersonId | None = None
    ) -> None:
        where = [outbox.c.kind == kind, outbox.c.session_id == session_id]
        if person_id is not None:
            where.append(outbox.c.person_id == person_id)
        await self._withdraw(*where)

    async def withdraw_person(self, person_id: PersonId) -> None:
        await self._withdraw(outbox.c.person_id == person_id)

    async def withdraw_channel(self, channel_id: str) -> None:
        await self._withdraw(outbox.c.channel_id == channel_id)

    async def forget(self, person_id: PersonId, successor: PersonId) -> None:
        """Keep the ledger's rows and take the person out of them."""
        mine = sa.select(outbox.c.id).where(outbox.c.person_id == person_id)
        for row_id in (await self._db.execute(mine)).scalars().all():
            await self._db.execute(
                sa.update(outbox)
                .where(outbox.c.id == row_id)
                .values(
                    person_id=successor,
                    key=f"{successor}:{row_id}",
                    activity_id="",
                    last_error="",
                )
            )

    async def hurry(self, kind: Kind, now: datetime) -> int:
        def is_ahead(row: sa.FromClause) -> sa.ColumnElement[bool]:
            return sa.and_(row.c.kind == kind, row.c.state == "queued", row.c.due_at > now)

        sooner = outbox.alias("sooner")
        is_next = ~sa.exists().where(
            is_ahead(sooner),
            sooner.c.session_id == outbox.c.session_id,
            sooner.c.person_id == outbox.c.person_id,
            sooner.c.due_at < outbox.c.due_at,
        )
        statement = sa.update(outbox).where(is_ahead(outbox), is_next).values(next_at=now)
        hurried = (await self._db.execute(statement)).rowcount
        if hurried:
            self._wrote(now)
        return hurried

    async def release(self, kinds: Collection[Kind], now: datetime) -> int:
        held = sa.and_(outbox.c.kind.in_(list(kinds)), outbox.c.state == "held_back")
        now_due = sa.update(outbox).where(held).values(next_at=now)
        released = (await self._db.execute(now_due)).rowcount
        if released:
            self._wrote(now)
        return released

    async def is_written(self, key: str) -> bool:
        same = sa.select(outbox.c.id).where(outbox.c.key == key)
        return (await self._db.execute(same)).first() is not None

    async def waiting(self, kind: Kind, now: datetime) -> int:
        due = sa.and_(outbox.c.kind == kind, sa.text(OPEN), outbox.c.due_at <= now)
        return (await self._db.execute(sa.select(sa.func.count()).where(due))).scalar_one()

    async def recent(self, limit: int) -> list[LedgerEntry]:
        found = await self._db.execute(sa.select(outbox).order_by(outbox.c.id.desc()).limit(limit))
        return [_entry(row) for row in found]

    async def is_told(self, mailing: str) -> bool:
        same = sa.select(outbox.c.id).where(outbox.c.mailing == mailing).limit(1)
        return (await self._db.execute(same)).first() is not None

    async def given_up(self, mailing: str, *, after: int, limit: int) -> list[LedgerEntry]:
        those = (
            sa.select(outbox)
            .where(
                outbox.c.mailing == mailing,
                outbox.c.state == "given_up",
                outbox.c.kind != Kind.FAN_OUT,
                outbox.c.id > after,
            )
            .order_by(outbox.c.id)
            .limit(limit)
        )
        return [_entry(row) for row in await self._db.execute(those)]

    async def try_again(self, ids: Sequence[int], now: datetime) -> None:
        for portion in rows.portions(ids):
            those = sa.and_(outbox.c.id.in_(portion), outbox.c.state == "given_up")
            await self._db.execute(
                sa.update(outbox)
                .where(those)
                .values(state="queued", next_at=now, attempts=0, last_error="", settled_at=None)
            )
            self._wrote(now)

    async def counts(self) -> Mapping[tuple[str, str], int]:
        statement = sa.select(outbox.c.kind, outbox.c.state, sa.func.count()).group_by(
            outbox.c.kind, outbox.c.state
        )
        return {(kind, state): n for kind, state, n in await self._db.execute(statement)}

    def _wrote(self, due_at: datetime) -> None:
        self.earliest = min(due_at, self.earliest or due_at)

    async def _withdraw(self, *where: sa.ColumnElement[bool]) -> None:
        unsent = outbox.c.state.in_(("queued", "held_back"))
        await self._db.execute(sa.delete(outbox).where(unsent, *where))


def _entry(row: Any) -> LedgerEntry:
    return LedgerEntry(
        id=row.id,
        notice=rows.notice(row),
        state=row.state,
        attempts=row.attempts,
        last_error=row.last_error,
        activity_id=row.activity_id,
        settled_at=row.settled_at,
    )
