"""Courses as organisers see them: who is on them, and how far they are; never what anybody wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.courses.enrolments import Running
from learning.people import Person, PersonId
from learning.sessions import Session, by_time
from services.course_paths import CoursePaths, Path
from services.ports.storage import NewUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """One course with its live sessions, those that were called off included."""

    running: Running
    sessions: tuple[Session, ...]
    paths: Sequence[Path]
    people: Mapping[PersonId, Person]
    left: Mapping[PersonId, Person]
    """Those who were on it."""


class CourseDesk:
    def __init__(self, new_uow: NewUnitOfWork, paths: CoursePaths) -> None:
        self._new_uow = new_uow
        self._paths = paths

    async def all(self) -> list[tuple[Running, int]]:
        """Each with how many are on it, by title."""
        async with self._new_uow(read_only=True) as uow:
            return [
                (each, sum(e.is_on for e in await uow.enrolments.of_course(each.id)))
                for each in await uow.courses.all()
            ]

    async def find(self, code: str) -> Running | None:
        async with self._new_uow(read_only=True) as uow:
            return await uow.courses.coded(code)

    async def picture(self, digest: str) -> bytes | None:
        """The content of the picture of this SHA-256."""
        async with self._new_uow(glance=True) as uow:
            found = await uow.courses.picture(digest)
        return None if found is None else found.content

    async def view(self, code: str) -> CourseView | None:
        """None where there is no course of that code."""
        running = await self.find(code)
        if running is None:
            return None
        paths = await self._paths.of_course(running.id)
        async with self._new_uow(read_only=True) as uow:
            sessions = await uow.sessions.of_edition(running.edition_id)
            everybody = await uow.enrolments.of_course(running.id)
            people = await uow.people.among(e.person_id for e in everybody)
        mine = by_time(s for s in sessions if s.course_id == running.id)
        on = {p.enrolment.person_id for p in paths}
        return CourseView(
            running=running,
            sessions=tuple(mine),
            paths=paths,
            people={i: p for i, p in people.items() if i in on},
            left={i: p for i, p in people.items() if i not in on},
        )
