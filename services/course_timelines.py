"""One's own way through one's courses, put together of all that is kept of it; for nobody else's eyes."""

from __future__ import annotations

from datetime import datetime

from learning.attendance import Presence
from learning.courses.action_sets import MeetingState, SetState
from learning.courses.definition import StepKind
from learning.courses.enrolments import Enrolment, Running
from learning.courses.timeline import Event, Happened, in_order
from learning.people import PersonId
from learning.sessions import by_time
from services.commitments import CommitmentService
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

TOLD_OTHERWISE = frozenset({StepKind.LIVE, StepKind.QUOTE})
"""Steps that stand in a timeline by what happened, and not by having been done."""


class CourseTimelines:
    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, commitments: CommitmentService
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._commitments = commitments

    async def of_person(self, person_id: PersonId) -> list[Event]:
        """In the order of time, of courses that they have left too; empty for who was on none."""
        now = self._clock.now()
        events: list[Event] = []
        async with self._new_uow(read_only=True) as uow:
            for enrolment in await uow.enrolments.of_person(person_id):
                running = await uow.courses.find(enrolment.course_id)
                if running is None:
                    continue
                events += _enrolled(running, enrolment)
                events += await _steps(uow, running, person_id)
                events += await _live(uow, running, person_id, now)
                events += await _sets(uow, running, person_id)
            events += [
                Event(
                    at=each.quote.agreed_at,
                    kind=Happened.QUOTED,
                    course=each.title,
                    text=each.quote.text,
                )
                for each in await uow.quotes.of_person(person_id)
            ]
        return in_order([*events, *await self._committed(person_id)])

    async def _committed(self, person_id: PersonId) -> list[Event]:
        events: list[Event] = []
        for own in await self._commitments.mine(person_id):
            made = own.commitment.made_at
            events.append(Event(at=made, kind=Happened.COMMITTED, course=own.course, text=own.text))
            for check, words in own.said:
                what = f"{check.day}/{check.state}"
                events.append(
                    Event(
                        at=check.said_at,
                        kind=Happened.CHECKED,
                        course=own.course,
                        what=what,
                        text=words,
                    )
                )
        return events


def _enrolled(running: Running, enrolment: Enrolment) -> list[Event]:
    title = running.course.title
    events = [Event(at=enrolment.enrolled_at, kind=Happened.JOINED, course=title)]
    if enrolment.left_at is not None:
        events.append(Event(at=enrolment.left_at, kind=Happened.LEFT, course=title))
    return events


async def _steps(uow: UnitOfWork, running: Running, person_id: PersonId) -> list[Event]:
    steps = {s.id: s for s in running.course.steps if s.kind not in TOLD_OTHERWISE}
    return [
        Event(
            at=state.done_at,
            kind=Happened.STEP_DONE,
            course=running.course.title,
            what=steps[state.step_id].title,
        )
        for state in await uow.step_states.of_person(person_id)
        if state.course_id == running.id and state.done_at and state.step_id in steps
    ]


async def _live(
    uow: UnitOfWork, running: Running, person_id: PersonId, now: datetime
) -> list[Event]:
    """What is over, as far as it is known who was there."""
    sessions = await uow.sessions.of_edition(running.edition_id)
    own = by_time(s for s in sessions if s.course_id == running.id and s.is_over(now))
    outcomes = {o.session_id: o for o in await uow.attendance.of_person(person_id)}
    booked = {b.session_id for b in await uow.bookings.of_person(person_id) if b.holds_a_place}
    events: list[Event] = []
    for session in own:
        outcome = outcomes.get(session.id)
        if session.starts_at is None or (outcome and outcome.state is Presence.ABSENT):
            continue
        if outcome or session.id in booked:
            kind = Happened.WAS_THERE if outcome else Happened.BOOKED
            title = running.course.title
            events.append(Event(at=session.starts_at, kind=kind, course=title, what=session.title))
    return events


async def _sets(uow: UnitOfWork, running: Running, person_id: PersonId) -> list[Event]:
    found = {
        s.id: s for s in await uow.sets.of_course(running.id) if s.state is not SetState.PROPOSED
    }
    events: list[Event] = []
    for member in await uow.sets.members(list(found)):
        if member.person_id != person_id:
            continue
        its_own, title = found[member.set_id], running.course.title
        since = max(member.joined_at, its_own.confirmed_at or member.joined_at)
        events.append(Event(at=since, kind=Happened.IN_A_SET, course=title, what=its_own.name))
        events += [
            Event(at=meeting.starts_at, kind=Happened.SET_MET, course=title, what=its_own.name)
            for meeting in await uow.sets.meetings(member.set_id)
            if meeting.state is MeetingState.OVER
            and meeting.starts_at >= since
            and (member.left_at is None or meeting.starts_at < member.left_at)
        ]
    return events
