"""Where courses are kept, and who is on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from learning.courses.enrolments import Enrolment, Running
from learning.people import PersonId
from learning.sessions import CourseId
from services.ports.course_steps import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPicture:
    """A picture of a course by the name of its file; `digest` is the SHA-256 of its content in hex."""

    file: str
    digest: str
    content: bytes


class CourseTables(Protocol):
    async def all(self) -> list[Running]:
        """By title."""
        ...

    async def find(self, course_id: CourseId) -> Running | None: ...
    async def coded(self, code: str, *, lock: bool = False) -> Running | None:
        """The course of that code, however it is written; its row held until commit if `lock`."""
        ...

    async def add(self, running: Running) -> Running:
        """Keep a new one; its id is given."""
        ...

    async def save(self, running: Running) -> None: ...
    async def save_pictures(self, course_id: CourseId, pictures: Iterable[StoredPicture]) -> None:
        """Keep these, and only these."""
        ...

    async def pictures(self, course_id: CourseId) -> Mapping[str, str]:
        """The digest of each of its pictures, by the name of the file."""
        ...

    async def picture(self, digest: str) -> StoredPicture | None: ...


class Enrolments(Protocol):
    """Those who have left are among them; see `Enrolment.is_on`."""

    async def find(
        self, course_id: CourseId, person_id: PersonId, *, lock: bool = False
    ) -> Enrolment | None:
        """Whether somebody is on it, or was; the row held until commit if `lock`."""
        ...

    async def of_course(self, course_id: CourseId) -> list[Enrolment]:
        """In the order of enrolling."""
        ...

    async def among(self, course_id: CourseId, people: Iterable[PersonId]) -> list[Enrolment]:
        """Those of these people, in the order of enrolling."""
        ...

    async def of_person(self, person_id: PersonId) -> list[Enrolment]: ...
    async def save(self, some: Iterable[Enrolment]) -> None: ...


class CoursePeople(Protocol):
    async def forget(self, person_id: PersonId, successor: PersonId) -> None:
        """Take somebody out of every course: what they wrote goes, and what is counted stays."""
        ...

    async def latest_words(self) -> Sealed | None:
        """The newest answer of anybody, to see whether what is sealed can be opened."""
        ...
