"""Who is on a course: enrolling people into a cohort, withdrawing them, and leaving by oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from learning import bookings, notices, profiles
from learning.courses.enrolments import Enrolment, Running
from learning.errors import LearningError, NotFound
from learning.notices import Kind, Notice, QuietHours
from learning.people import Person, PersonId
from learning.sessions import CourseId
from services.course_imports import subject
from services.places import Places
from services.ports.clocks import Clock
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.set_life import SetLife

log = structlog.get_logger()

AT_ONCE = 50
"""People of one transaction: nobody waits long for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What came of enrolling some people; each is in one of these."""

    new: tuple[PersonId, ...] = ()
    back: tuple[PersonId, ...] = ()
    """They had left."""

    moved: tuple[PersonId, ...] = ()
    """They were in another cohort."""

    already: tuple[PersonId, ...] = ()

    def __add__(self, other: Enrolled) -> Enrolled:
        return Enrolled(
            new=self.new + other.new,
            back=self.back + other.back,
            moved=self.moved + other.moved,
            already=self.already + other.already,
        )


class Enrolments:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        places: Places,
        sets: SetLife,
        *,
        zone: ZoneInfo,
        quiet: QuietHours,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._places = places
        self._sets = sets
        self._zone = zone
        self._quiet = quiet

    async def enrol(
        self, course_id: CourseId, people: Sequence[Person], cohort: str, *, by: PersonId
    ) -> Enrolled:
        """Have these people on it, and those told to whom it is new. Raises LearningError."""
        done = Enrolled()
        some = list({p.id: p for p in people}.values())
        for start in range(0, len(some), AT_ONCE):
            async with self._new_uow() as uow:
                running = await _running(uow, course_id)
                known = _cohort(running, cohort)
                for person in some[start : start + AT_ONCE]:
                    done += await self._enrol(uow, running, person, known, by)
                await uow.commit()
        log.info("people enrolled", course=course_id, new=len(done.new), back=len(done.back))
        return done

    async def withdraw(self, course_id: CourseId, person_id: PersonId, *, by: PersonId) -> bool:
        """Take somebody off it, and out of their set; what they did still counts, and their live place
        goes to whoever is next.

        False where they are not on it. Who leaves by themselves is the one `by` whom it is done.
        """
        now = self._clock.now()
        async with self._new_uow() as uow:
            running = await _running(uow, course_id)
            # Sessions first, and by id, as everybody does: then nobody waits for each other.
            sessions = await uow.sessions.of_edition(running.edition_id, lock=True)
            enrolment = await uow.enrolments.find(course_id, person_id, lock=True)
            if enrolment is None or not enrolment.is_on:
                return False
            for session in sessions:
                own = await uow.bookings.live(session.id, person_id)
                if own is None or session.course_id != course_id or not session.is_open(now):
                    continue
                given = bookings.give_back(session, own, now)
                session, _ = await self._places.change(uow, session, own, given, now)
                if by != person_id:
                    told = notices.to_person(Kind.TAKEN_OFF, person_id, session, now)
                    await uow.outbox.add([told])
            await uow.enrolments.save([replace(enrolment, left_at=now)])
            await uow.sets.remove_wish(course_id, person_id)
            await self._sets.leave_all(uow, person_id, course_id, now)
            await uow.journal.note(
                _entry(What.PERSON_WITHDRAWN, running, person_id, by, now, before=enrolment.cohort)
            )
            await uow.commit()
        log.info("person withdrawn", course=course_id)
        return True

    async def of_person(self, person_id: PersonId) -> list[Running]:
        """The courses that somebody is on, in the order of enrolling."""
        async with self._new_uow(read_only=True) as uow:
            mine = [e for e in await uow.enrolments.of_person(person_id) if e.is_on]
            found = [await uow.courses.find(e.course_id) for e in mine]
        return [running for running in found if running is not None]

    async def _enrol(
        self, uow: UnitOfWork, running: Running, person: Person, cohort: str, by: PersonId
    ) -> Enrolled:
        now, one = self._clock.now(), (person.id,)
        known = await self._know(uow, person, now)
        before = await uow.enrolments.find(running.id, person.id, lock=True)
        if before is not None and before.is_on and before.cohort == cohort:
            return Enrolled(already=one)
        is_moved = before is not None and before.is_on
        after = Enrolment(
            course_id=running.id,
            person_id=person.id,
            cohort=cohort,
            enrolled_by=by,
            enrolled_at=before.enrolled_at if before is not None and is_moved else now,
        )
        await uow.enrolments.save([after])
        was = before.cohort if before is not None and is_moved else ""
        await uow.journal.note(
            _entry(What.PERSON_ENROLLED, running, person.id, by, now, before=was, after=cohort)
        )
        if is_moved:
            return Enrolled(moved=one)
        near = await uow.people.any_address() if known.welcomed_at is None else None
        due = self._quiet.shift(now, known.zone(self._zone))
        hello = {"service_url": near.service_url, "tenant_id": near.tenant_id} if near else {}
        await uow.outbox.add([_welcome(after, due, hello)])
        return Enrolled(back=one) if before is not None else Enrolled(new=one)

    async def _know(self, uow: UnitOfWork, person: Person, now: datetime) -> Person:
        """Somebody from the directory becomes known by it."""
        known = await uow.people.find(person.id)
        if known is not None:
            return known
        await uow.people.save(person)
        if profiles.is_in_directory(person.id):
            await uow.outbox.add([profiles.of_newcomer(person.id, now)])
        return person


async def _running(uow: UnitOfWork, course_id: CourseId) -> Running:
    running = await uow.courses.find(course_id)
    if running is None:
        raise NotFound("programme", course_id)
    return running


def _cohort(running: Running, given: str) -> str:
    """The cohort as programme.md writes it; '' where it names none."""
    named = running.course.cohorts
    if not named:
        return ""
    found = next((c for c in named if c.casefold() == given.casefold()), None)
    if found is None:
        raise LearningError(f"Choose one of the cohorts: {', '.join(named)}.")
    return found


def _welcome(enrolment: Enrolment, due: datetime, near: dict[str, str]) -> Notice:
    """One for each time that somebody comes; `near` is where to open a chat they never had."""
    of = f"{enrolment.course_id}:{enrolment.enrolled_at.isoformat()}"
    return Notice(
        kind=Kind.COURSE_WELCOME,
        key=f"{Kind.COURSE_WELCOME}:{enrolment.person_id}:{of}",
        mailing=f"{Kind.COURSE_WELCOME}:{enrolment.enrolled_at.date().isoformat()}",
        due_at=due,
        person_id=enrolment.person_id,
        payload={"course": enrolment.course_id, "near": near},
    )


def _entry(
    what: What,
    running: Running,
    person_id: PersonId,
    by: PersonId,
    now: datetime,
    *,
    before: str = "",
    after: str = "",
) -> Entry:
    return Entry(
        at=now,
        by_id=by,
        what=what,
        subject=subject(running.course),
        person_id=person_id,
        before={"cohort": before} if before else {},
        after={"cohort": after} if after else {},
    )
