"""Copies of answers that those who lead a course may see, as they are stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from learning.sessions import CourseId, SessionId
from services.ports.collations import Share
from store.course_tables import collated_answers
from store.people import insert


class SqlCollations:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def of_step(self, course_id: CourseId, step_id: str) -> list[Share]:
        columns = collated_answers.c
        statement = (
            sa.select(collated_answers)
            .where(columns.course_id == course_id, columns.step_id == step_id)
            .order_by(columns.person_id)
        )
        return [
            Share(
                course_id=CourseId(row.course_id),
                step_id=row.step_id,
                person_id=PersonId(row.person_id),
                session_id=None if row.session_id is None else SessionId(row.session_id),
                figures=row.figures,
                sealed=row.sealed,
                released_at=row.released_at,
            )
            for row in await self._db.execute(statement)
        ]

    async def save(self, some: Iterable[Share]) -> None:
        new = insert(self._db.dialect.name, collated_answers)
        changed = {c.name: new.excluded[c.name] for c in collated_answers.c if not c.primary_key}
        keys = list(collated_answers.primary_key.columns)
        statement = new.on_conflict_do_update(index_elements=keys, set_=changed)
        if values := [asdict(each) for each in some]:
            await self._db.execute(statement, values)
