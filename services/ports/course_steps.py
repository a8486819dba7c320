"""Where it is kept how far people got, what they answered, and what only they may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from learning.courses.progress import StepState
from learning.people import PersonId
from learning.sessions import CourseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What somebody wrote in a step, as it is kept (see services/ports/seals.py)."""

    course_id: CourseId
    person_id: PersonId
    step_id: str
    question_id: str
    sealed: str
    changed_at: datetime


class StepStates(Protocol):
    async def find(
        self, course_id: CourseId, person_id: PersonId, step_id: str
    ) -> StepState | None: ...
    async def of_person(self, person_id: PersonId) -> list[StepState]: ...
    async def of_course(self, course_id: CourseId) -> list[StepState]: ...
    async def save(self, state: StepState) -> None: ...


class CourseAnswers(Protocol):
    async def of_person(
        self, course_id: CourseId, person_id: PersonId, step_id: str
    ) -> Mapping[str, Sealed]:
        """By question."""
        ...

    async def of_step(self, course_id: CourseId, step_id: str) -> list[Sealed]:
        """Everybody's, without reflections, which are not kept here."""
        ...

    async def save(self, some: Iterable[Sealed]) -> None: ...
    async def remove(
        self, course_id: CourseId, person_id: PersonId, step_id: str, questions: Iterable[str]
    ) -> None: ...


class Reflections(Protocol):
    """There is no way to those of more than one person."""

    async def of_person(
        self, course_id: CourseId, person_id: PersonId, step_id: str
    ) -> Mapping[str, Sealed]: ...
    async def save(self, some: Iterable[Sealed]) -> None: ...
    async def remove(
        self, course_id: CourseId, person_id: PersonId, step_id: str, questions: Iterable[str]
    ) -> None: ...
