"""What courses keep of people, when somebody is forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from store.course_tables import (
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

PROMISES = (commitments, commitment_checks)
"""How many were kept stays; what was promised does not."""

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
        for column in FACILITATORS:
            free = {column.name: ""}
            await self._db.execute(sa.update(column.table).where(column == person_id).values(free))
