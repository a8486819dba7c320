"""Who is on a course, and in which cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from learning.courses.definition import Course
from learning.people import PersonId
from learning.sessions import CourseId, EditionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A course as it was last imported; `version` grows with each import that changes it.

    `edition_id` is that of its live sessions.
    """

    id: CourseId
    edition_id: EditionId
    course: Course
    version: int
    imported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Somebody on a course; who left stays as a row, so that what they did before still counts."""

    course_id: CourseId
    person_id: PersonId
    cohort: str = ""
    enrolled_by: str
    enrolled_at: datetime
    left_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        return self.left_at is None
