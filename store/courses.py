"""Courses and who is on them, as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.courses.definition import Course
from learning.courses.enrolments import Enrolment, Running
from learning.people import PersonId
from learning.sessions import CourseId, EditionId
from services.ports.courses import StoredPicture
from store.course_tables import course_pictures, courses, enrolments
from store.people import insert

_COURSE = TypeAdapter(Course)


class SqlCourses:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def all(self) -> list[Running]:
        statement = sa.select(courses).order_by(courses.c.title, courses.c.id)
        return [_running(row) for row in await self._db.execute(statement)]

    async def find(self, course_id: CourseId) -> Running | None:
        return await self._one(sa.select(courses).where(courses.c.id == course_id))

    async def coded(self, code: str, *, lock: bool = False) -> Running | None:
        statement = sa.select(courses).where(courses.c.code_key == code.casefold())
        return await self._one(statement.with_for_update() if lock else statement)

    async def add(self, running: Running) -> Running:
        added = await self._db.execute(sa.insert(courses).values(_columns(running)))
        [number] = added.inserted_primary_key or (0,)
        return replace(running, id=CourseId(number))

    async def save(self, running: Running) -> None:
        own = courses.c.id == running.id
        await self._db.execute(sa.update(courses).where(own).values(_columns(running)))

    async def save_pictures(self, course_id: CourseId, pictures: Iterable[StoredPicture]) -> None:
        own = course_pictures.c.course_id == course_id
        await self._db.execute(sa.delete(course_pictures).where(own))
        if some := [{"course_id": course_id, **asdict(each)} for each in pictures]:
            await self._db.execute(sa.insert(course_pictures), some)

    async def pictures(self, course_id: CourseId) -> Mapping[str, str]:
        statement = sa.select(course_pictures.c.file, course_pictures.c.digest).where(
            course_pictures.c.course_id == course_id
        )
        return {row.file: row.digest for row in await self._db.execute(statement)}

    async def picture(self, digest: str) -> StoredPicture | None:
        statement = sa.select(course_pictures).where(course_pictures.c.digest == digest).limit(1)
        row = (await self._db.execute(statement)).one_or_none()
        if row is None:
            return None
        return StoredPicture(file=row.file, digest=row.digest, content=row.content)

    async def _one(self, statement: sa.Select[Any]) -> Running | None:
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else _running(row)


class SqlEnrolments:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(
        self, course_id: CourseId, person_id: PersonId, *, lock: bool = False
    ) -> Enrolment | None:
        own = enrolments.c.person_id == person_id
        found = await self._where(enrolments.c.course_id == course_id, own, lock=lock)
        return found[0] if found else None

    async def of_course(self, course_id: CourseId) -> list[Enrolment]:
        return await self._where(enrolments.c.course_id == course_id)

    async def among(self, course_id: CourseId, people: Iterable[PersonId]) -> list[Enrolment]:
        theirs = enrolments.c.person_id.in_(list(people))
        return await self._where(enrolments.c.course_id == course_id, theirs)

    async def of_person(self, person_id: PersonId) -> list[Enrolment]:
        return await self._where(enrolments.c.person_id == person_id)

    async def save(self, some: Iterable[Enrolment]) -> None:
        new = insert(self._db.dialect.name, enrolments)
        changed = {c.name: new.excluded[c.name] for c in enrolments.c if not c.primary_key}
        keys = ["course_id", "person_id"]
        statement = new.on_conflict_do_update(index_elements=keys, set_=changed)
        if values := [asdict(each) for each in some]:
            await self._db.execute(statement, values)

    async def _where(self, *where: sa.ColumnElement[bool], lock: bool = False) -> list[Enrolment]:
        statement = (
            sa.select(enrolments)
            .where(*where)
            .order_by(enrolments.c.enrolled_at, enrolments.c.course_id, enrolments.c.person_id)
        )
        statement = statement.with_for_update() if lock else statement
        return [_enrolment(row) for row in await self._db.execute(statement)]


def _enrolment(row: sa.Row[Any]) -> Enrolment:
    return Enrolment(
        course_id=CourseId(row.course_id),
        person_id=PersonId(row.person_id),
        cohort=row.cohort,
        enrolled_by=row.enrolled_by,
        enrolled_at=row.enrolled_at,
        left_at=row.left_at,
    )


def _columns(running: Running) -> dict[str, Any]:
    course = running.course
    return {
        "code": course.code,
        "code_key": course.code.casefold(),
        "title": course.title,
        "edition_id": running.edition_id,
        "definition": _COURSE.dump_python(course, mode="json"),
        "version": running.version,
        "imported_at": running.imported_at,
    }


def _running(row: sa.Row[Any]) -> Running:
    return Running(
        id=CourseId(row.id),
        edition_id=EditionId(row.edition_id),
        course=_COURSE.validate_python(row.definition),
        version=row.version,
        imported_at=row.imported_at,
    )
