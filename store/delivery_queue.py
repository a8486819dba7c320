"""The outbox as its sender sees it: rows are leased, renewed and settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.notices import MESSAGES, Kind
from services.ports.clocks import Steady
from services.ports.deliveries import Delivery, Lease, Outcome, Settlement
from store import rows
from store.engine import Database
from store.pace import NOW
from store.tables import OPEN, outbox

LEASE = 30.0
"""Seconds after which what a replica held, and did not renew, is taken over: by the database's
clock, as those of replicas may differ."""

PRIORITIES = (40, 30, 20, 10)
SILENT = (40, 10)
"""Those of them that hold no message to anybody."""

CLAIMS = 5
COLLISIONS = frozenset({"23505", "40P01"})
"""What PostgreSQL says when two replicas want one lane: unique_violation, deadlock_detected."""


class SqlDeliveryQueue:
    """Rows are leased to `owner`; only the attempt that holds the lease renews and settles.

    Replicas of the version before judged a lease by `next_at` alone, so that is moved on as well.
    """

    def __init__(self, database: Database, steady: Steady) -> None:
        self._database = database
        self._steady = steady
        self._owner = uuid4().hex
        # Made once, as making such a statement costs more than running it.
        now = sa.literal_column(NOW[database.writing.dialect.name], sa.Float())
        self._leases = {priority: _lease(priority, now) for priority in PRIORITIES}
        self._next_due = _next_due(now)
        self._take_over = _take_over(now)
        self._renew = _renew(now)

    async def next_due(self) -> datetime | None:
        """When there is next something to claim, whatever waits for its lane left aside.

        What a replica held until its lease ran out has been due all the time.
        """
        async with self._database.glance() as db:
            due = (await db.execute(self._next_due)).one()
        return min((at for at in due if at is not None), default=None)

    async def exchange(
        self, settled: Sequence[Settlement], now: datetime, limit: int, messages: int
    ) -> list[Delivery]:
        """Settle these, then lease up to `limit` due rows, the most urgent and longest due first.

        Where another replica took a row of the same lane in the same moment, look again.
        """
        for _ in range(CLAIMS):
            try:
                async with self._database.turn(), self._database.writing.begin() as db:
                    if settled:
                        await db.execute(_SETTLE, [self._settled(each) for each in settled])
                    return await self._claim(db, now, limit, messages) if limit else []
            except exc.DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") not in COLLISIONS:
                    raise
        return []

    async def renew(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Lengthen the leases of those that are still ours."""
        held, ends = {d.id: d for d in deliveries}, self._steady() + LEASE
        values = {"ids": list(held), "until": now + timedelta(seconds=LEASE), "mine": self._owner}
        async with self._database.turn(), self._database.writing.begin() as db:
            still_ours = (await db.execute(self._renew, values)).all()
        for row in still_ours:
            if row.attempts == held[row.id].attempts:
                held[row.id].lease.extend(ends)

    async def _claim(
        self, db: AsyncConnection, now: datetime, limit: int, messages: int
    ) -> list[Delivery]:
        ends, until = self._steady() + LEASE, now + timedelta(seconds=LEASE)
        await db.execute(self._take_over, {"now": now})
        claimed: list[Delivery] = []
        for priority in PRIORITIES:
            most = limit - len(claimed)
            if priority not in SILENT:
                most = min(most, messages - sum(d.notice.kind in MESSAGES for d in claimed))
            if most <= 0:
                continue
            values = {"now": now, "until": until, "mine": self._owner, "most": most}
            leased = [
                Delivery(
                    id=row.id,
                    notice=rows.notice(row),
                    attempts=row.attempts,
                    lease=Lease(self._steady, ends),
                )
                for row in await db.execute(self._leases[priority], values)
            ]
            claimed += sorted(leased, key=lambda d: (d.notice.due_at, d.id))
        return claimed

    def _settled(self, settlement: Settlement) -> dict[str, Any]:
        is_open = settlement.outcome in (Outcome.HELD_BACK, Outcome.QUEUED)
        return {
            "row": settlement.delivery.id,
            "mine": self._owner,
            "attempt": settlement.delivery.attempts,
            "new_state": settlement.outcome,
            "new_last_error": _storable(settlement.reason)[:300],
            "new_activity_id": _storable(settlement.activity_id),
            "new_next_at": settlement.at,
            "new_settled_at": None if is_open else settlement.at,
        }


def _storable(text: str) -> str:
    """Without what a database refuses: one such answer would keep all others from being noted."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _lease(priority: int, clock: sa.ColumnElement[float]) -> Any:
    """Leases what is due; `clock` is the database's own, in seconds."""
    now = sa.bindparam("now", type_=outbox.c.next_at.type)

    def goes_first(other: sa.FromClause) -> sa.ColumnElement[bool]:
        older = sa.and_(other.c.next_at <= now, other.c.id < outbox.c.id)
        return sa.or_(_is_leased(other), older)

    # A CTE is run once; as a mere subquery some plans run it again, and lease too many.
    due = (
        sa.select(outbox.c.id)
        .where(
            _open("outbox"),
            ~_is_leased(outbox),
            _is_known(outbox),
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
            owner=sa.bindparam("mine"),
            next_at=sa.bindparam("until"),
            leased_until=clock + LEASE,
            attempts=outbox.c.attempts + 1,
        )
        .returning(*outbox.c)
    )


def _renew(clock: sa.ColumnElement[float]) -> Any:
    return (
        sa.update(outbox)
        .where(
            outbox.c.id.in_(sa.bindparam("ids", expanding=True)),
            _is_leased(outbox),
            outbox.c.owner == sa.bindparam("mine"),
        )
        .values(next_at=sa.bindparam("until"), leased_until=clock + LEASE)
        .returning(outbox.c.id, outbox.c.attempts)
    )


def _take_over(clock: sa.ColumnElement[float]) -> Any:
    """Queues again what was leased by a replica that did not renew: it died, or sleeps."""
    now = sa.bindparam("now", type_=outbox.c.next_at.type)
    by_an_older_version = sa.and_(outbox.c.leased_until.is_(None), outbox.c.next_at <= now)
    lapsed = (
        sa.select(outbox.c.id)
        .where(_is_leased(outbox), sa.or_(outbox.c.leased_until < clock, by_an_older_version))
        .with_for_update(skip_locked=True)
        .cte("lapsed")
    )
    return (
        sa.update(outbox)
        .where(outbox.c.id.in_(sa.select(lapsed.c.id)))
        .values(state="queued", next_at=outbox.c.due_at, leased_until=None)
    )


def _next_due(clock: sa.ColumnElement[float]) -> Any:
    waiting = [
        sa.select(outbox.c.next_at)
        .where(
            _open("outbox"),
            ~_is_leased(outbox),
            _is_known(outbox),
            outbox.c.priority == priority,
            ~_lane_has(_is_leased),
        )
        .order_by(outbox.c.next_at)
        .limit(1)
        for priority in PRIORITIES
    ]
    lapsed = (
        sa.select(outbox.c.due_at)
        .where(_is_leased(outbox), outbox.c.leased_until < clock)
        .order_by(outbox.c.leased_until)
        .limit(1)
    )
    older = (
        sa.select(outbox.c.next_at)
        .where(_is_leased(outbox), outbox.c.leased_until.is_(None))
        .order_by(outbox.c.next_at)
        .limit(1)
    )
    return sa.select(*(each.scalar_subquery() for each in (*waiting, lapsed, older)))


def _open(name: str) -> sa.TextClause:
    """In the very words of the partial indexes: otherwise they would not be used."""
    return sa.text(f"{name}.{OPEN}")


def _is_leased(row: sa.FromClause) -> sa.ColumnElement[bool]:
    return row.c.state == "leased"


def _is_known(row: sa.FromClause) -> sa.ColumnElement[bool]:
    """A newer version beside this one may write kinds of its own, and sends them itself."""
    return row.c.kind.in_(list(Kind))


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


SETTLED = ("state", "last_error", "activity_id", "next_at", "settled_at")
_NEW: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in SETTLED}

_SETTLE = (
    sa.update(outbox)
    .where(
        outbox.c.id == sa.bindparam("row"),
        outbox.c.state == "leased",
        outbox.c.owner == sa.bindparam("mine"),
        outbox.c.attempts == sa.bindparam("attempt"),
    )
    .values(_NEW | {"leased_until": None})
)
