"""What was settled long ago is kept as a count, a bite at a time, so that chat is not held up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from learning.notices import Kind
from learning.retention import USUAL, Data
from services.ports.clocks import Clock
from store.engine import Database
from store.people import insert
from store.tables import mailing_totals, outbox

log = structlog.get_logger()

KEPT = USUAL[Data.DELIVERIES]
"""How long a row is kept at least after it was settled and due. Its key keeps the same from being written
twice, so it may go only when nobody would write that key again:

- nudges are written only while they are due ahead; one that was hurried stays until it was due;
- a day's highlights, their pages and what a channel gets are written on that day only. A page gives
  up after a day; one that slept with everything else for a month finds nothing more on that day;
- places given, offered and lapsed, sessions changed and cancelled carry the instant of writing; so does
  what organisers did to somebody's place, and a message of theirs the mark of the page it was written on;
- an event's and its attendees' keys count upwards with every change;
- reads and items of the hub list carry the moment of writing; what was told of it is kept there;
- a day's post in Viva Engage is written on that day only; messages there that were answered are older than
  those that are looked at; that sign-in is needed carries since when;
- a chat is opened once in a calendar week;
- people's details are read once in a weekend, and once of somebody new;
- a champion's card is written on a morning of its week only; that somebody was named carries the instant;
- a programme's reminder is written on its day only, and whoever leads its live session is told of the
  answers within three weeks of their release;
- who was at a session is asked within a week of its end, and so are people how it was; who ran it is
  told of that within three weeks.
"""

BITE = 500
PAUSE = 0.1
"""Seconds between two bites, in which turns write: SQLite has one writer."""


_TAKE: Any = (
    sa.delete(outbox)
    .where(
        # A CTE is run once; as a mere subquery some plans run it again, and take too many.
        outbox.c.id.in_(
            sa.select(
                sa.select(outbox.c.id)
                .where(
                    outbox.c.settled_at < sa.bindparam("old", type_=outbox.c.settled_at.type),
                    outbox.c.due_at < sa.bindparam("old", type_=outbox.c.due_at.type),
                )
                .order_by(outbox.c.settled_at)
                .limit(sa.bindparam("most", type_=sa.Integer()))
                .with_for_update(skip_locked=True)
                .cte("bite")
                .c.id
            )
        )
    )
    .returning(
        outbox.c.mailing,
        outbox.c.state,
        outbox.c.last_error,
        outbox.c.kind,
        outbox.c.session_id,
        outbox.c.due_at,
    )
)


class SqlRetention:
    """Safe in several replicas at once and however it ends: a row is counted or it is still there."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        kept: timedelta = KEPT,
        pause: float = PAUSE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._kept = kept
        self._pause = pause
        self._add = _add(database.writing.dialect.name)

    async def count_old(self) -> int:
        """Count what was settled so long ago and remove it; returns how many rows that were."""
        old = self._clock.now() - self._kept
        counted = 0
        while bite := await self._whole_bite(old):
            counted += bite
            await asyncio.sleep(self._pause)
        if counted:
            log.info("old deliveries counted", rows=counted)
        return counted

    async def _whole_bite(self, old: datetime) -> int:
        """One bite, brought to its end even when we are cancelled.

        A statement of SQLite that is broken off holds the database until its cursor is collected as
        garbage: the turns that still end while we stop would wait for it.
        """
        bite = asyncio.create_task(self._bite(old))
        try:
            return await asyncio.shield(bite)
        except asyncio.CancelledError:
            await asyncio.wait([bite])
            raise

    async def _bite(self, old: datetime) -> int:
        async with self._database.turn(), self._database.writing.begin() as db:
            gone = (await db.execute(_TAKE, {"old": old, "most": BITE})).all()
            if gone:
                await db.execute(self._add, _totals(gone))
        return len(gone)


def _totals(gone: Iterable[Any]) -> list[dict[str, Any]]:
    """One for each primary key, in their order: two replicas then never wait for each other."""
    totals: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in gone:
        # Pages of a fan-out are no people, and rows of an older version name no mailing.
        mailing = row.kind if row.kind == Kind.FAN_OUT or not row.mailing else row.mailing
        key = (mailing, row.state, row.last_error)
        total = totals.setdefault(
            key,
            {
                "mailing": mailing,
                "state": row.state,
                "reason": row.last_error,
                "kind": row.kind,
                "session_id": row.session_id,
                "due_at": row.due_at,
                "count": 0,
            },
        )
        total["count"] += 1
        total["due_at"] = max(total["due_at"], row.due_at)
    return [totals[key] for key in sorted(totals)]


def _add(dialect: str) -> Any:
    new = insert(dialect, mailing_totals)
    later = sa.case(
        (mailing_totals.c.due_at < new.excluded.due_at, new.excluded.due_at),
        else_=mailing_totals.c.due_at,
    )
    return new.on_conflict_do_update(
        index_elements=["mailing", "state", "reason"],
        set_={"count": mailing_totals.c.count + new.excluded.count, "due_at": later},
    )
