"""The outbox: notices written with the change that caused them, claimed, sent and settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import exc
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

CLAIMS = 5
COLLISIONS = frozenset({"23505", "40P01"})
"""What PostgreSQL says when two replicas want one lane: unique_violation, deadlock_detected."""


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

    def _wrote(self, due_at: datetime) -> None:
        self.earliest = min(due_at, self.earliest or due_at)

    async def _withdraw(self, *where: sa.ColumnElement[bool]) -> None:
        unsent = outbox.c.state.in_(("queued", "held_back"))
        await self._db.execute(sa.delete(outbox).where(unsent, *where))


class SqlDeliveryQueue:
    """The outbox as its sender sees it.

    Rows are leased to `owner`, and only the attempt that holds the lease settles.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owner = uuid4().hex
        # Made once, as making such a statement costs more than running it.
        self._leases = [self._lease(priority) for priority in PRIORITIES]

    async def claim(self, now: datetime, limit: int) -> list[Delivery]:
        """Lease up to `limit` due rows, the most urgent first and then what was due first.

        Where another replica took a row of the same lane in the same moment, look again.
        """
        for _ in range(CLAIMS):
            try:
                return await self._claim(now, limit)
            except exc.DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") not in COLLISIONS:
                    raise
        return []

    async def next_due(self) -> datetime | None:
        """When there is next something to claim, whatever waits for its lane left aside."""
        async with self._database.look() as db:
            due = (await db.execute(_NEXT_DUE)).one()
        return min((at for at in due if at is not None), default=None)

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        if not settlements:
            return
        async with self._database.turn(), self._database.writing.begin() as db:
            await db.execute(_SETTLE, [self._settled(each) for each in settlements])

    async def _claim(self, now: datetime, limit: int) -> list[Delivery]:
        claimed: list[Delivery] = []
        async with self._database.turn(), self._database.writing.begin() as db:
            for lease in self._leases:
                if len(claimed) < limit:
                    values = {"now": now, "until": now + LEASE, "most": limit - len(claimed)}
                    found = await db.execute(lease, values)
                    leased = [_delivery(row) for row in found]
                    claimed += sorted(leased, key=lambda d: (d.notice.due_at, d.id))
        return claimed

    def _lease(self, priority: int) -> Any:
        now = sa.bindparam("now", type_=outbox.c.next_at.type)

        def goes_first(other: sa.FromClause) -> sa.ColumnElement[bool]:
            older = sa.and_(other.c.next_at <= now, other.c.id < outbox.c.id)
            return sa.or_(_is_leased(other), older)

        # A CTE is run once; as a mere subquery some plans run it again, and lease too many.
        due = (
            sa.select(outbox.c.id)
            .where(
                _open("outbox"),
                outbox.c.priority == priority,
                outbox.c.next_at <= now,
                ~_lane_has(goes_first),
            )
            .order_by(outbox.c.next_at)
            .limit(sa.bindparam("most", type_=sa.Integer()))
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        return (
            sa.update(outbox)
            .where(outbox.c.id.in_(sa.select(due.c.id)))
            .values(
                state="leased",
                owner=self._owner,
                next_at=sa.bindparam("until"),
                attempts=outbox.c.attempts + 1,
            )
            .returning(*outbox.c)
        )

    def _settled(self, settlement: Settlement) -> dict[str, Any]:
        is_open = settlement.outcome in (Outcome.HELD_BACK, Outcome.QUEUED)
        return {
            "row": settlement.delivery.id,
            "leased_to": self._owner,
            "attempt": settlement.delivery.attempts,
            "new_state": settlement.outcome,
            "new_last_error": settlement.reason[:300],
            "new_activity_id": settlement.activity_id,
            "new_next_at": settlement.at,
            "new_settled_at": None if is_open else settlement.at,
        }


def _open(name: str) -> sa.TextClause:
    """In the very words of the partial indexes: otherwise they would not be used."""
    return sa.text(f"{name}.{OPEN}")


def _is_leased(row: sa.FromClause) -> sa.ColumnElement[bool]:
    return row.c.state == "leased"


def _lane_has(
    condition: Callable[[sa.FromClause], sa.ColumnElement[bool]],
) -> sa.ColumnElement[bool]:
    """Whether another open row of the lane, if there is a lane, is like this."""
    other = outbox.alias("other")
    found = sa.exists().where(
        other.c.lane == outbox.c.lane,
        _open("other"),
        other.c.id != outbox.c.id,
        condition(other),
    )
    return sa.and_(outbox.c.lane.is_not(None), found)


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(id=row.id, notice=rows.notice(row), attempts=row.attempts, until=row.next_at)


SETTLED = ("state", "last_error", "activity_id", "next_at", "settled_at")

_SETTLE = (
    sa.update(outbox)
    .where(
        outbox.c.id == sa.bindparam("row"),
        outbox.c.state == "leased",
        outbox.c.owner == sa.bindparam("leased_to"),
        outbox.c.attempts == sa.bindparam("attempt"),
    )
    .values({name: sa.bindparam(f"new_{name}") for name in SETTLED})
)
_NEXT_DUE = sa.select(
    *(
        sa.select(outbox.c.next_at)
        .where(_open("outbox"), outbox.c.priority == priority, ~_lane_has(_is_leased))
        .order_by(outbox.c.next_at)
        .limit(1)
        .scalar_subquery()
        for priority in PRIORITIES
    )
)
