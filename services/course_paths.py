"""Where people are on their courses: what is open to them, what they did, which live session is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from learning.bookings import Booking
from learning.courses.definition import Step
from learning.courses.enrolments import Enrolment, Running
from learning.courses.progress import StepState
from learning.courses.schedule import Situation
from learning.people import PersonId
from learning.sessions import CourseId, Session, by_time
from services.ports.storage import NewUnitOfWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One person on one course. `sessions` are the dates of the live session that are open to their
    cohort, in order of time; `booking` is the one that they have on one of them, waiting included."""

    running: Running
    enrolment: Enrolment
    situation: Situation
    states: Mapping[str, StepState]
    sessions: tuple[Session, ...] = ()
    booking: Booking | None = None

    @property
    def session(self) -> Session | None:
        """The live session that they have a place on, or wait for."""
        if self.booking is None:
            return None
        return next((s for s in self.sessions if s.id == self.booking.session_id), None)

    def step(self, step_id: str) -> Step | None:
        return next((s for s in self.running.course.steps if s.id == step_id), None)


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class CoursePaths:
    def __init__(self, new_uow: NewUnitOfWork, *, zone: ZoneInfo) -> None:
        self._new_uow = new_uow
        self._zone = zone

    async def of_person(self, person_id: PersonId) -> list[Path]:
        """On every course that they are on, in the order of enrolling."""
        async with self._new_uow(read_only=True) as uow:
            return await paths_of(uow, person_id, self._zone)

    async def find(self, person_id: PersonId, course_id: CourseId) -> Path | None:
        """None where they are not on that course."""
        paths = await self.of_person(person_id)
        return next((p for p in paths if p.running.id == course_id), None)

    async def of_course(self, course_id: CourseId) -> list[Path]:
        """Of everybody on it, in the order of enrolling."""
        async with self._new_uow(survey=True) as uow:
            running = await uow.courses.find(course_id)
            if running is None:
                return []
            sessions = await _live_sessions(uow, running)
            booked: dict[PersonId, list[Booking]] = {}
            for bookings in (await uow.bookings.live_of(s.id for s in sessions)).values():
                for booking in bookings:
                    booked.setdefault(booking.person_id, []).append(booking)
            states: dict[PersonId, list[StepState]] = {}
            for state in await uow.step_states.of_course(course_id):
                states.setdefault(state.person_id, []).append(state)
            return [
                _path(
                    running,
                    each,
                    sessions,
                    booked.get(each.person_id, []),
                    states.get(each.person_id, []),
                    self._zone,
                )
                for each in await uow.enrolments.of_course(course_id)
                if each.is_on
            ]


async def paths_of(uow: UnitOfWork, person_id: PersonId, zone: ZoneInfo) -> list[Path]:
    """The same as `CoursePaths.of_person`, within a transaction."""
    enrolled = [e for e in await uow.enrolments.of_person(person_id) if e.is_on]
    if not enrolled:
        return []
    states = await uow.step_states.of_person(person_id)
    booked = await uow.bookings.of_person(person_id)
    found: list[Path] = []
    for each in enrolled:
        running = await uow.courses.find(each.course_id)
        assert running is not None, "nobody is enrolled on what is not there"
        sessions = await _live_sessions(uow, running)
        own = [s for s in states if s.course_id == each.course_id]
        found.append(_path(running, each, sessions, booked, own, zone))
    return found


async def _live_sessions(uow: UnitOfWork, running: Running) -> list[Session]:
    sessions = await uow.sessions.of_edition(running.edition_id)
    return by_time(s for s in sessions if s.course_id == running.id and not s.is_cancelled)


def _path(
    running: Running,
    enrolment: Enrolment,
    sessions: Sequence[Session],
    bookings: Sequence[Booking],
    states: Sequence[StepState],
    zone: ZoneInfo,
) -> Path:
    everywhere = {s.id: s for s in sessions}
    own = sorted(
        (b for b in bookings if b.session_id in everywhere),
        # Who missed one date may be on a later one: that counts.
        key=lambda b: (b.holds_a_place, everywhere[b.session_id].starts_at or _LONG_AGO),
        reverse=True,
    )
    booking = own[0] if own else None
    kept = {b.session_id for b in own}
    course, cohort = running.course, enrolment.cohort
    sessions = [s for s in sessions if s.id in kept or course.has_date_for(s.code, cohort)]
    live = everywhere[booking.session_id] if booking else next(iter(sessions), None)
    starts = live.starts_at if live else None
    done = {s.step_id for s in states if s.is_done}
    return Path(
        running=running,
        enrolment=enrolment,
        situation=Situation(
            live_day=starts.astimezone(zone).date() if starts else None,
            has_place=booking is not None and booking.holds_a_place,
            cohort=enrolment.cohort,
            done=frozenset(done),
        ),
        states={s.step_id: s for s in states},
        sessions=tuple(sessions),
        booking=booking,
    )
