"""Programmes over months, as `doctor` finds them: above all, that what people wrote can still be opened."""

from __future__ import annotations

from console.doctor import Off, Wrong
from core import Core
from services.ports.seals import of_person


async def finding(core: Core) -> str:
    """What works. Raises Off or Wrong, with what to do."""
    async with core.work(read_only=True) as uow:
        courses = await uow.courses.all()
        if not courses:
            raise Off("none is imported. docs/programmes.md says how to write one.")
        enrolled = [e for c in courses for e in await uow.enrolments.of_course(c.id) if e.is_on]
        latest = await uow.course_people.latest_words()
    if latest and core.seals.open(of_person(latest.person_id), latest.sealed) is None:
        raise Wrong(
            "what people wrote was sealed under another SECRET_KEY, and nothing else opens it."
            " Set that one again."
        )
    people = len({e.person_id for e in enrolled})
    return f"{len(courses)} imported; people enrolled: {people}"
