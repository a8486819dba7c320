"""Where commitments and quotes of courses are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from learning.courses.commitment_figures import Figures
from learning.courses.commitments import CheckIn, Commitment
from learning.courses.quotes import Place, Quote
from learning.people import PersonId
from learning.sessions import CourseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Figures that may be shown, and what they were made from: a digest for each person."""

    course_id: CourseId
    figures: Figures
    patterns: tuple[str, ...]
    made_at: datetime


class Commitments(Protocol):
    async def find(self, commitment_id: int, *, lock: bool = False) -> Commitment | None:
        """Its row held until commit if `lock`."""
        ...

    async def of_person(self, person_id: PersonId) -> list[Commitment]:
        """In the order of their days."""
        ...

    async def of_course(self, course_id: CourseId) -> list[Commitment]: ...
    async def shared_by(
        self, course_id: CourseId, people: Collection[PersonId]
    ) -> list[Commitment]: ...
    async def open_of(self, people: Collection[PersonId]) -> list[Commitment]:
        """Those that are open, of those of these who are still on the course."""
        ...

    async def add(self, commitment: Commitment) -> Commitment:
        """Keep a new one; its id is given."""
        ...

    async def save(self, commitment: Commitment) -> None: ...
    async def remove(self, commitment_id: int) -> None:
        """With its check-ins."""
        ...

    async def checks(self, commitments: Collection[int]) -> list[CheckIn]:
        """In the order of their days."""
        ...

    async def save_check(self, check: CheckIn) -> None:
        """Keep what was said, instead of what was said at the same check-in before."""
        ...

    async def released(self, course_id: CourseId) -> Released | None: ...
    async def release(self, released: Released, *, instead_of: Released | None) -> bool:
        """Keep these figures; False where others have been kept meanwhile."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A quote, and of which course it speaks."""

    quote: Quote
    code: str
    title: str


class Quotes(Protocol):
    async def find(
        self, course_id: CourseId, person_id: PersonId, *, lock: bool = False
    ) -> Quote | None:
        """One that was taken back too; its row held until commit if `lock`."""
        ...

    async def of_person(self, person_id: PersonId) -> list[Spoken]:
        """Those that are given now."""
        ...

    async def given(
        self,
        place: Place | None = None,
        *,
        course_id: CourseId | None = None,
        edition: str | None = None,
    ) -> list[Spoken]:
        """Those given now, to this place or anywhere; the oldest first.

        Of this course, or of those whose live sessions are of the edition of that name, or of any.
        """
        ...

    async def save(self, quote: Quote) -> None: ...
