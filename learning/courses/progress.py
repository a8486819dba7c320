"""How far somebody got in a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from learning.people import PersonId
from learning.sessions import CourseId


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """`screen` is the one to go on with, counted from 0. A step without screens is done at once."""

    course_id: CourseId
    person_id: PersonId
    step_id: str
    screen: int = 0
    started_at: datetime
    done_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None
