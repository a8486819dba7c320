"""Where the copies of answers are kept that those who lead a course may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from learning.people import PersonId
from learning.sessions import CourseId, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one person adds to a copy of a step's answers.

    `session_id` is that of their live session, None where the whole course is one copy. `figures` are
    what they chose, sealed for the course; `sealed` are their words, sealed for themselves, '' once
    they are forgotten.
    """

    course_id: CourseId
    step_id: str
    person_id: PersonId
    session_id: SessionId | None = None
    figures: str
    sealed: str
    released_at: datetime


class Collations(Protocol):
    async def of_step(self, course_id: CourseId, step_id: str) -> list[Share]:
        """Of all live sessions."""
        ...

    async def save(self, some: Iterable[Share]) -> None: ...
