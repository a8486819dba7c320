"""What courses keep of people, when somebody is forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from services.ports.course_steps import Sealed
from store.course_steps import sealed_of
from store.course_tables import (
    collated_answers,
    commitment_checks,
    commitments,
    course_answers,
    dilemmas,
    enrolments,
    quotes,
    reflections,
    set_meetings,
    set_members,
    set_wishes,
    sets,
    step_states,
)

WORDS = (course_answers, reflections, set_wishes, dilemmas, quotes)
"""Theirs alone: it goes."""

PROMISES = (commitments, commitment_checks, collated_answers)
"""How many were kept, and what was chosen, stays; what was promised or written does not."""

COUNTS = (
    enrolments.c.person_id,
    enrolments.c.enrolled_by,
    step_states.c.person_id,
    set_members.c.person_id,
)
"""How many came how far stays, and no longer who."""

FACILITATORS = (sets.c.facilitator_id, set_meetings.c.facilitator_id)


class SqlCoursePeople:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def forget(self, person_id: PersonId, successor: PersonId) -> None:
        for table in WORDS:
            await self._db.execute(sa.delete(table).where(table.c.person_id == person_id))
        for table in PROMISES:
            parted = {"person_id": successor, "sealed": ""}
            await self._db.execute(
                sa.update(table).where(table.c.person_id == person_id).values(parted)
            )
        for column in COUNTS:
            handed = {column.name: successor}
            await self._db.execute(
                sa.update(column.table).where(column == person_id).values(handed)
            )
        led = set_meetings.c.facilitator_id == person_id  # what they handed over is their words
        await self._db.execute(sa.update(set_meetings).where(led).values(sealed=""))
        for column in FACILITATORS:
            free = {column.name: ""}
            await self._db.execute(sa.update(column.table).where(column == person_id).values(free))

    async def latest_words(self) -> Sealed | None:
        by = course_answers.c.changed_at.desc(), course_answers.c.person_id
        found = await self._db.execute(sa.select(course_answers).order_by(*by).limit(1))
        row = found.one_or_none()
        return None if row is None else sealed_of(row)
