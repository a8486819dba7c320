"""What happens by itself around sets: reminders, turns, ends that nobody pressed, sets too small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from learning.courses import meeting_notices, merging, rota
from learning.courses.action_sets import ActionSet, MeetingState, SetMeeting, SetState
from learning.courses.guide import LATE
from learning.courses.meeting_notices import About
from learning.notices import Notice, QuietHours
from learning.people import PersonId
from learning.sessions import CourseId
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.set_life import SetLife
from services.set_meetings import close
from services.set_rooms import Room, room_of
from services.set_turns import SetTurns

log = structlog.get_logger()

AHEAD = timedelta(days=7)
"""For which meetings it is seen to that somebody leads, and that they know."""

BACK = timedelta(days=30)
"""How old a meeting may be that is found not to have been finished: we may have stood still."""

Organisers = Callable[[], Awaitable[Sequence[PersonId]]]


@dataclass(slots=True)
class _Found:
    """`gone` are members who are no longer on the course; `small` are sets with their members counted."""

    near: list[SetMeeting] = field(default_factory=list[SetMeeting])
    gone: list[tuple[CourseId, PersonId]] = field(default_factory=list[tuple[CourseId, PersonId]])
    small: list[tuple[ActionSet, int]] = field(default_factory=list[tuple[ActionSet, int]])


class SetClock:
    """Only writes rows whose keys are unique: run twice, late or by two at once it changes nothing."""

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        turns: SetTurns,
        life: SetLife,
        organisers: Organisers,
        *,
        quiet: QuietHours,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._turns = turns
        self._life = life
        self._organisers = organisers
        self._quiet = quiet
        self._zone = zone

    async def queue(self) -> None:
        now = self._clock.now()
        found = await self._look(now)
        for course_id, person_id in found.gone:
            async with self._new_uow() as uow:
                await self._life.leave_all(uow, person_id, course_id, now)
                await uow.commit()
        for meeting in found.near:
            if meeting.ends_at + LATE < now:
                await self._close(meeting, now)
            elif meeting.state is MeetingState.PLANNED and meeting.starts_at > now:
                await self._remind(meeting, now)
        if found.small:
            await self._propose_merging(found.small, now)

    async def _look(self, now: datetime) -> _Found:
        found = _Found()
        async with self._new_uow(survey=True) as uow:
            found.near += await uow.sets.meetings_between(now - BACK, now + AHEAD)
            for running in await uow.courses.all():
                sets = [
                    s for s in await uow.sets.of_course(running.id) if s.state is SetState.CONFIRMED
                ]
                if not sets:
                    continue
                on = {e.person_id for e in await uow.enrolments.of_course(running.id) if e.is_on}
                inside = [m for m in await uow.sets.members([s.id for s in sets]) if m.is_in]
                found.gone += [(running.id, m.person_id) for m in inside if m.person_id not in on]
                count = Counter(m.set_id for m in inside if m.person_id in on)
                found.small += [
                    (each, count[each.id])
                    for each in sets
                    if merging.is_too_small(count[each.id]) and await self._goes_on(uow, each)
                ]
        return found

    async def _goes_on(self, uow: UnitOfWork, action_set: ActionSet) -> bool:
        meetings = await uow.sets.meetings(action_set.id)
        return any(m.state is not MeetingState.OVER for m in meetings)

    async def _close(self, meeting: SetMeeting, now: datetime) -> None:
        async with self._new_uow() as uow:
            room = await room_of(uow, meeting.set_id, lock=True)
            held = await uow.sets.meeting(meeting.id, lock=True)
            if room is None or held is None or held.state is MeetingState.OVER:
                return
            await close(uow, self._turns, room, held, now)
            await uow.commit()
        log.info("set meeting over without being finished", meeting=meeting.id)

    async def _remind(self, meeting: SetMeeting, now: datetime) -> None:
        async with self._new_uow() as uow:
            room = await room_of(uow, meeting.set_id, lock=True)
            if room is None:
                return
            meeting = room.meeting(meeting.id)
            before = (m for m in room.meetings if m.number < meeting.number)
            is_next = all(m.state is MeetingState.OVER or m.ends_at < now for m in before)
            if is_next:
                named = await self._turns.name_next(uow, room, meeting, now)
                meeting = named or meeting
            await uow.outbox.add(self._due(room, meeting, now))
            await uow.commit()

    def _due(self, room: Room, meeting: SetMeeting, now: datetime) -> list[Notice]:
        """What is due by now about a meeting: its reminders, and that it is soon for who leads it."""
        leader = room.leader(meeting)
        found: list[Notice] = []
        for person_id in dict.fromkeys([*(m.person_id for m in room.members), leader]):
            person = room.people.get(person_id)
            if person is None:
                continue
            zone = person.zone(self._zone)
            due = meeting_notices.reminded_at(meeting, self._quiet, zone)
            if due <= now:
                found.append(meeting_notices.reminder(meeting, person_id, due))
            due = meeting_notices.told_at(meeting, self._quiet, zone)
            if person_id == leader and due <= now and rota.is_in_turn(meeting, room.plan):
                starts = meeting.starts_at.isoformat()
                found.append(meeting_notices.turn(meeting, leader, About.SOON, due, mark=starts))
        return found

    async def _propose_merging(self, small: Sequence[tuple[ActionSet, int]], now: datetime) -> None:
        organisers = await self._organisers()
        async with self._new_uow() as uow:
            people = await uow.people.among(organisers)
            await uow.outbox.add(
                [
                    meeting_notices.merge_proposed(
                        each, members, person.id, self._quiet.shift(now, person.zone(self._zone))
                    )
                    for each, members in small
                    for person in people.values()
                ]
            )
            await uow.commit()
