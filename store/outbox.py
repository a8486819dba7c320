"""The outbox: notices written with the change that caused them, claimed, sent and settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.notices import Kind, Notice
from learning.people import PersonId
from learning.sessions import SessionId
from services.ports import Delivery, LedgerEntry, Outcome, Settlement
from store import rows
from store.engine import Database
from store.people import insert
from store.tables import OPEN, outbox

LEASE = timedelta(seconds=30)
"""A row whose replica died is taken over after this; a send must be over well before."""

PRIORITIES = (30, 20, 10)
CHUNK = 500


class SqlOutbox:
    """The outbox inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db
        self.wrote = False

    async def add(self, notices: Sequence[Notice]) -> None:
        for start in range(0, len(notices), CHUNK):
            values = [rows.notice_columns(n) for n in notices[start : start + CHUNK]]
            statement = insert(self._db, outbox).values(values)
            await self._db.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
            self.wrote = True

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
                .values(person_id=successor, key=f"{successor}:{row_id}", activity_id="")
            )

    async def hurry(self, kind: Kind, now: datetime) -> int:
        first = (
            sa.select(sa.func.min(outbox.c.due_at))
            .where(outbox.c.kind == kind, outbox.c.state == "queued", outbox.c.due_at > now)
            .group_by(outbox.c.session_id, outbox.c.person_id)
        )
        queued = sa.update(outbox).where(
            outbox.c.kind == kind, outbox.c.state == "queued", outbox.c.due_at.in_(first)
        )
        hurried = (await self._db.execute(queued.values(next_at=now))).rowcount
        self.wrote = self.wrote or bool(hurried)
        return hurried

    async def recent(self, limit: int) -> list[LedgerEntry]:
        found = await self._db.execute(sa.select(outbox).order_by(outbox.c.id.desc()).limit(limit))
        return [
            LedgerEntry(
                id=row.id,
                notice=rows.notice(row),
                state=row.state,
                attempts=row.attempts,
                last_error=row.last_error,
                activity_id=row.activity_id,
                settled_at=row.settled_at,
            )
            for row in found
        ]

    async def counts(self) -> Mapping[tuple[str, str], int]:
        statement = sa.select(outbox.c.kind, outbox.c.state, sa.func.count()).group_by(
            outbox.c.kind, outbox.c.state
        )
        return {(kind, state): n for kind, state, n in await self._db.execute(statement)}

    async def _withdraw(self, *where: sa.ColumnElement[bool]) -> None:
        unsent = outbox.c.state.in_(("queued", "held_back"))
        await self._db.execute(sa.delete(outbox).where(unsent, *where))


class SqlDeliveryQueue:
    """The outbox as its sender sees it. Rows are leased to `owner`, and only the owner settles."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owner = uuid4().hex

    async def claim(self, now: datetime, limit: int) -> list[Delivery]:
        """Lease up to `limit` due rows, the most urgent first."""
        claimed: list[Delivery] = []
        async with self._database.turn(), self._database.writing.begin() as db:
            for priority in PRIORITIES:
                if len(claimed) < limit:
                    found = await db.execute(self._lease(priority, now, limit - len(claimed)))
                    claimed += [_delivery(row) for row in found]
        return claimed

    async def next_due(self) -> datetime | None:
        statement = sa.select(sa.func.min(outbox.c.next_at)).where(sa.text(OPEN))
        async with self._database.reading.connect() as db:
            return (await db.execute(statement)).scalar_one()

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        async with self._database.turn(), self._database.writing.begin() as db:
            for settlement in settlements:
                await db.execute(
                    sa.update(outbox)
                    .where(
                        outbox.c.id == settlement.delivery.id,
                        outbox.c.owner == self._owner,
                        outbox.c.state == "leased",
                    )
                    .values(_settled(settlement))
                )

    def _lease(self, priority: int, now: datetime, limit: int) -> Any:
        other = outbox.alias("other")
        lane_is_busy = sa.exists().where(
            other.c.lane == outbox.c.lane,
            other.c.id != outbox.c.id,
            sa.or_(
                other.c.state == "leased",
                sa.and_(
                    other.c.state.in_(("queued", "held_back")),
                    other.c.next_at <= now,
                    other.c.id < outbox.c.id,
                ),
            ),
        )
        due = (
            sa.select(outbox.c.id)
            .where(
                sa.text(f"outbox.{OPEN}"),
                outbox.c.priority == priority,
                outbox.c.next_at <= now,
                ~lane_is_busy,
            )
            .order_by(outbox.c.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return (
            sa.update(outbox)
            .where(outbox.c.id.in_(due))
            .values(
                state="leased",
                owner=self._owner,
                next_at=now + LEASE,
                attempts=outbox.c.attempts + 1,
            )
            .returning(*outbox.c)
        )


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(id=row.id, notice=rows.notice(row), attempts=row.attempts, until=row.next_at)


def _settled(settlement: Settlement) -> dict[str, Any]:
    values: dict[str, Any] = {
        "state": settlement.outcome,
        "last_error": settlement.reason[:300],
        "activity_id": settlement.activity_id,
    }
    if settlement.outcome is Outcome.HELD_BACK:
        return values | {"next_at": settlement.at}
    return values | {"settled_at": settlement.at}
