"""The speed limit that all replicas share: one row, moved on by whoever sends (GCRA)."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from store.engine import Database

NAME = "messages"
NEAR = 0.5
"""Seconds ahead for which turns are given out: what is more urgent comes after no more than that."""

NOW = {
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
    "postgresql": "extract(epoch from clock_timestamp())",
}


class SqlPace:
    """Turns are judged by the database's clock, the one clock that all replicas see.

    `beside` says how many were sent meanwhile without asking for a turn: they count.
    """

    def __init__(
        self, database: Database, *, rate: float, beside: Callable[[], int] = lambda: 0
    ) -> None:
        self._database = database
        self._beside = beside
        self._gap = 1.0 / rate
        now = NOW[database.writing.dialect.name]
        later = f"CASE WHEN pace.next_slot > {now} THEN pace.next_slot ELSE {now} END"
        self._reserve = sa.text(
            f"INSERT INTO pace (name, next_slot) VALUES (:name, {now} + :span)"
            f" ON CONFLICT (name) DO UPDATE SET next_slot = {later} + :span"
            f" RETURNING next_slot - :span - {now}"
        )
        self._ahead = sa.text(f"SELECT next_slot - {now} FROM pace WHERE name = :name")
        longest = (
            f"CASE WHEN pace.next_slot > {now} + :span THEN pace.next_slot ELSE {now} + :span END"
        )
        self._hold = sa.text(
            f"INSERT INTO pace (name, next_slot) VALUES (:name, {now} + :span)"
            f" ON CONFLICT (name) DO UPDATE SET next_slot = {longest}"
        )

    async def slots(self, count: int) -> list[float]:
        async with self._database.turn(), self._database.writing.begin() as db:
            taken = self._beside()
            values = {"name": NAME, "span": self._gap * (taken + count)}
            first = float((await db.execute(self._reserve, values)).scalar_one())
        return [max(0.0, first + self._gap * (taken + i)) for i in range(count)]

    async def room(self) -> int:
        async with self._database.glance() as db:
            ahead = (await db.execute(self._ahead, {"name": NAME})).scalar_one_or_none()
        near = NEAR - max(0.0, float(ahead or 0.0))
        return max(1, int(near / self._gap)) if near > 0 else 0

    async def hold(self, seconds: float) -> None:
        async with self._database.turn(), self._database.writing.begin() as db:
            await db.execute(self._hold, {"name": NAME, "span": seconds})
