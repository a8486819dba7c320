"""Places on the live session of a course: only those on it have one, and each on one date alone."""

from __future__ import annotations

from datetime import datetime

from learning.errors import OnlyOnCourse
from learning.people import PersonId
from learning.sessions import Session
from services.ports.storage import UnitOfWork


async def is_shown_to(uow: UnitOfWork, session: Session, person_id: PersonId) -> bool:
    """Whether this person may see it: everybody, where it is no course's."""
    try:
        await check_shown_to(uow, session, person_id)
    except OnlyOnCourse:
        return False
    return True


async def check_shown_to(uow: UnitOfWork, session: Session, person_id: PersonId) -> None:
    """Raises OnlyOnCourse for who is neither on the course nor helps to run the session."""
    if session.course_id is None or person_id in await uow.attendance.helpers(session.id):
        return
    await check_on_course(uow, session, person_id)


async def check_on_course(
    uow: UnitOfWork, session: Session, person_id: PersonId, *, lock: bool = False
) -> None:
    """Raises OnlyOnCourse. With `lock` nobody changes until commit whether they are on it.

    Who has a place from when they were in another cohort keeps it.
    """
    if session.course_id is None:
        return
    running = await uow.courses.find(session.course_id)
    enrolment = await uow.enrolments.find(session.course_id, person_id, lock=lock)
    title = running.course.title if running else ""
    if running is None or enrolment is None or not enrolment.is_on:
        raise OnlyOnCourse(session.id, title)
    if running.course.has_date_for(session.code, enrolment.cohort):
        return
    if await uow.bookings.live(session.id, person_id) is None:
        raise OnlyOnCourse(session.id, title, running.course.cohort_of(session.code))


async def other_date(
    uow: UnitOfWork, session: Session, person_id: PersonId, now: datetime
) -> Session | None:
    """Another date of the same course, still to come, that they have a place on or wait for."""
    if session.course_id is None:
        return None
    live = [b.session_id for b in await uow.bookings.of_person(person_id)]
    others = (await uow.sessions.among(i for i in live if i != session.id)).values()
    ahead = [s for s in others if s.course_id == session.course_id and s.is_open(now)]
    return next(iter(ahead), None)
