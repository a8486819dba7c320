"""Whom courses remind, and of what they were reminded, as the outbox has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.notices import Kind, Notice
from learning.people import PersonId
from store import rows
from store.course_tables import enrolments
from store.tables import outbox, people

SAID = ("queued", "leased", "held_back", "sent")
"""What was given up or dropped was not said."""


class SqlCourseNudges:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def zones(self) -> list[str | None]:
        statement = (
            sa.select(people.c.timezone)
            .join(enrolments, enrolments.c.person_id == people.c.id)
            .where(enrolments.c.left_at.is_(None))
            .distinct()
        )
        return list((await self._db.execute(statement)).scalars())

    async def told(
        self, person_ids: Sequence[PersonId], since: datetime
    ) -> Mapping[PersonId, list[Notice]]:
        found: dict[PersonId, list[Notice]] = {}
        for portion in rows.portions(person_ids):
            statement = sa.select(outbox).where(
                outbox.c.session_id.is_(None),
                outbox.c.person_id.in_(portion),
                outbox.c.kind == Kind.COURSE_NUDGE,
                outbox.c.due_at >= since,
                outbox.c.state.in_(SAID),
            )
            for row in await self._db.execute(statement):
                found.setdefault(PersonId(row.person_id), []).append(rows.notice(row))
        return found
