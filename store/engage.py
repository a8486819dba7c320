"""What we keep about Viva Engage: how far it was read, our posts, and answers on their way."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.ports.clocks import Clock
from services.ports.engage import Answer, Listening, Part, Post
from services.whole import whole
from store.engine import Database
from store.people import insert
from store.tables import call_times, engage, engage_answers, engage_posts

NAME = "engage"
BETWEEN = timedelta(seconds=61)
"""Viva Engage is looked at once in so long at most: who looks more often than once a minute is blocked,
and a second is for looks that travel faster than the one before."""

CALLS, SPAN = 10, timedelta(seconds=31)
"""So many calls in so long: what is documented, and a second for those that travel slowly."""


class SqlEngage:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def listening(self) -> Listening:
        row = (await self._db.execute(sa.select(engage).where(engage.c.name == NAME))).one_or_none()
        if row is None:
            return Listening()
        return Listening(
            answers=row.answers, received=row.received, private=row.private, told=row.told
        )

    async def save(self, listening: Listening) -> None:
        columns = asdict(listening)
        statement = insert(self._db.dialect.name, engage).values(name=NAME, **columns)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_=columns)
        )

    async def next_look(self, now: datetime, patience: float) -> float | None:
        """A look that was reserved further ahead than ever happens is one of a wrong clock."""
        empty = insert(self._db.dialect.name, engage).values(name=NAME, answers=True)
        await self._db.execute(empty.on_conflict_do_nothing(index_elements=["name"]))
        mine = sa.select(engage.c.next_look).where(engage.c.name == NAME).with_for_update()
        due: datetime | None = (await self._db.execute(mine)).scalar_one()
        if due is None or due < now or due - now > BETWEEN + timedelta(seconds=patience):
            due = now
        wait = (due - now).total_seconds()
        if wait > patience:
            return None
        await self._db.execute(
            sa.update(engage).where(engage.c.name == NAME).values(next_look=due + BETWEEN)
        )
        return wait

    async def add_post(self, post: Post) -> None:
        statement = insert(self._db.dialect.name, engage_posts).values(asdict(post))
        await self._db.execute(statement.on_conflict_do_nothing(index_elements=["message_id"]))

    async def posts(self, limit: int) -> list[Post]:
        latest = sa.select(engage_posts).order_by(
            engage_posts.c.posted_at.desc(), engage_posts.c.message_id.desc()
        )
        return [
            Post(
                message_id=row.message_id,
                day=row.day,
                posted_at=row.posted_at,
                deleted_at=row.deleted_at,
            )
            for row in await self._db.execute(latest.limit(limit))
        ]

    async def deleted(self, message_id: int, at: datetime) -> None:
        await self._db.execute(
            sa.update(engage_posts)
            .where(engage_posts.c.message_id == message_id)
            .values(deleted_at=at)
        )

    async def answer(self, message_id: int) -> Answer | None:
        statement = sa.select(engage_answers).where(engage_answers.c.message_id == message_id)
        row = (await self._db.execute(statement)).one_or_none()
        if row is None:
            return None
        return Answer(
            message_id=row.message_id,
            sender_id=row.sender_id,
            written_at=row.written_at,
            parts=tuple(Part(text=part["text"], to=part["to"]) for part in row.parts),
        )

    async def keep(self, answer: Answer) -> None:
        columns: dict[str, Any] = {**asdict(answer), "parts": [asdict(p) for p in answer.parts]}
        statement = insert(self._db.dialect.name, engage_answers).values(columns)
        await self._db.execute(
            statement.on_conflict_do_update(
                index_elements=["message_id"], set_={"parts": columns["parts"]}
            )
        )

    async def answered(self, sender_id: int, since: datetime) -> int:
        statement = sa.select(sa.func.count()).where(
            engage_answers.c.sender_id == sender_id, engage_answers.c.written_at >= since
        )
        return (await self._db.execute(statement)).scalar_one()

    async def forget_old(self, before: datetime) -> None:
        old = engage_answers.c.written_at < before
        await self._db.execute(sa.delete(engage_answers).where(old))


class SqlCallLimit:
    """The instants of the last calls, in one row that whoever calls moves on."""

    def __init__(self, database: Database, clock: Clock, name: str) -> None:
        self._database = database
        self._clock = clock
        self._name = name

    async def reserve(self, patience: float) -> float:
        return await whole(self._reserve(patience))

    async def _reserve(self, patience: float) -> float:
        async with self._database.turn(), self._database.writing.begin() as db:
            empty = insert(db.dialect.name, call_times).values(name=self._name, times=[])
            await db.execute(empty.on_conflict_do_nothing(index_elements=["name"]))
            mine = call_times.c.name == self._name
            held = sa.select(call_times.c.times).where(mine).with_for_update()
            times: list[float] = (await db.execute(held)).scalar_one()
            now, span = self._clock.now().timestamp(), SPAN.total_seconds()
            # Those further ahead than anybody waits are of a wrong clock.
            times = [t for t in times if now - span < t <= now + span]
            due = max(now, times[-CALLS] + span) if len(times) >= CALLS else now
            if due - now <= patience:
                kept = [*times, due][-CALLS:]
                await db.execute(sa.update(call_times).where(mine).values(times=kept))
            return due - now
