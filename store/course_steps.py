"""How far people got, and what they wrote, as it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.courses.progress import StepState
from learning.people import PersonId
from learning.sessions import CourseId
from services.ports.course_steps import Sealed
from store.course_tables import course_answers, reflections, step_states
from store.people import insert


class SqlStepStates:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(
        self, course_id: CourseId, person_id: PersonId, step_id: str
    ) -> StepState | None:
        found = await self._where(
            step_states.c.course_id == course_id,
            step_states.c.person_id == person_id,
            step_states.c.step_id == step_id,
        )
        return found[0] if found else None

    async def of_person(self, person_id: PersonId) -> list[StepState]:
        return await self._where(step_states.c.person_id == person_id)

    async def of_course(self, course_id: CourseId) -> list[StepState]:
        return await self._where(step_states.c.course_id == course_id)

    async def save(self, state: StepState) -> None:
        new = insert(self._db.dialect.name, step_states)
        changed = {c.name: new.excluded[c.name] for c in step_states.c if not c.primary_key}
        keys = list(step_states.primary_key.columns)
        statement = new.on_conflict_do_update(index_elements=keys, set_=changed)
        await self._db.execute(statement, [asdict(state)])

    async def _where(self, *where: sa.ColumnElement[bool]) -> list[StepState]:
        statement = sa.select(step_states).where(*where).order_by(*step_states.primary_key.columns)
        return [_state(row) for row in await self._db.execute(statement)]


class _Written:
    """What people wrote, by question."""

    def __init__(self, db: AsyncConnection, table: sa.Table) -> None:
        self._db = db
        self._table = table

    async def of_person(
        self, course_id: CourseId, person_id: PersonId, step_id: str
    ) -> Mapping[str, Sealed]:
        found = await self._where(course_id, step_id, self._table.c.person_id == person_id)
        return {each.question_id: each for each in found}

    async def save(self, some: Iterable[Sealed]) -> None:
        new = insert(self._db.dialect.name, self._table)
        changed = {name: new.excluded[name] for name in ("sealed", "changed_at")}
        keys = list(self._table.primary_key.columns)
        statement = new.on_conflict_do_update(index_elements=keys, set_=changed)
        if values := [asdict(each) for each in some]:
            await self._db.execute(statement, values)

    async def remove(
        self, course_id: CourseId, person_id: PersonId, step_id: str, questions: Iterable[str]
    ) -> None:
        columns = self._table.c
        await self._db.execute(
            sa.delete(self._table).where(
                columns.course_id == course_id,
                columns.person_id == person_id,
                columns.step_id == step_id,
                columns.question_id.in_(list(questions)),
            )
        )

    async def _where(
        self, course_id: CourseId, step_id: str, *where: sa.ColumnElement[bool]
    ) -> list[Sealed]:
        columns = self._table.c
        statement = (
            sa.select(self._table)
            .where(columns.course_id == course_id, columns.step_id == step_id, *where)
            .order_by(*self._table.primary_key.columns)
        )
        return [sealed_of(row) for row in await self._db.execute(statement)]


class SqlCourseAnswers(_Written):
    def __init__(self, db: AsyncConnection) -> None:
        super().__init__(db, course_answers)

    async def of_step(self, course_id: CourseId, step_id: str) -> list[Sealed]:
        return await self._where(course_id, step_id)


class SqlReflections(_Written):
    def __init__(self, db: AsyncConnection) -> None:
        super().__init__(db, reflections)


def _state(row: sa.Row[Any]) -> StepState:
    return StepState(
        course_id=CourseId(row.course_id),
        person_id=PersonId(row.person_id),
        step_id=row.step_id,
        screen=row.screen,
        started_at=row.started_at,
        done_at=row.done_at,
    )


def sealed_of(row: sa.Row[Any]) -> Sealed:
    return Sealed(
        course_id=CourseId(row.course_id),
        person_id=PersonId(row.person_id),
        step_id=row.step_id,
        question_id=row.question_id,
        sealed=row.sealed,
        changed_at=row.changed_at,
    )
