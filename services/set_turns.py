"""Who leads which meeting of a set: naming the next in turn, passing it on, stepping in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from learning.courses import meeting_notices, rota
from learning.courses.action_sets import NOBODY, MeetingState, SetMeeting
from learning.courses.guide import EARLY
from learning.courses.meeting_notices import About
from learning.errors import LearningError, NotAllowed, NotFound
from learning.notices import Notice, QuietHours
from learning.people import PersonId
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.set_rooms import NOT_IN_IT, Room, enter

log = structlog.get_logger()


class NotLeading(NotAllowed):
    """Somebody else leads this meeting."""


class TooEarly(LearningError):
    """That is possible on the day only."""


class NobodyElse(LearningError):
    """There is nobody to pass a turn on to."""


class SetTurns:
    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, *, quiet: QuietHours, zone: ZoneInfo
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._quiet = quiet
        self._zone = zone

    async def step_in(self, person_id: PersonId, meeting_id: int) -> None:
        """Lead a meeting instead of somebody who is missing. Raises NotAllowed or TooEarly."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            room, meeting = await entered(uow, meeting_id, person_id, lock=True)
            leader = room.leader(meeting)
            if meeting.state is MeetingState.OVER:
                raise NotLeading("This meeting is over.")
            if leader == person_id:
                return
            if leader != NOBODY and now < meeting.starts_at - EARLY:
                raise TooEarly(
                    f"{room.name(leader)} leads this meeting. If they are missing on the day, you "
                    "can step in from half an hour before it begins."
                )
            taken = replace(meeting, facilitator_id=person_id)
            await uow.sets.save_meeting(taken)
            if taken.round_ends_at is not None:
                await uow.outbox.add([meeting_notices.round_over(taken, person_id)])
            await uow.commit()
        log.info("set meeting taken over", meeting=meeting_id)

    async def pass_on(self, person_id: PersonId, meeting_id: int) -> PersonId:
        """Have the next in line lead instead; returns who it is. Raises NotAllowed or NobodyElse."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            room, meeting = await self._mine(uow, meeting_id, person_id)
            to = rota.next_after(room.line(meeting), person_id)
            if to == NOBODY:
                raise NobodyElse("There is nobody else in your set to pass it on to.")
            await uow.sets.save_meeting(replace(meeting, facilitator_id=to))
            await uow.outbox.add([self._named(room, meeting, to, now)])
            await uow.commit()
        log.info("turn passed on", meeting=meeting_id)
        return to

    async def ask(self, person_id: PersonId, meeting_id: int, other: PersonId) -> None:
        """Ask another member to lead instead; until they agree nothing changes. Raises NotAllowed."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            room, meeting = await self._mine(uow, meeting_id, person_id)
            if other == person_id or not room.has(other):
                raise NotAllowed("Choose another member of your set.")
            due = self._quiet.shift(now, room.people[other].zone(self._zone))
            notice = meeting_notices.asked(meeting, person_id, other, now)
            await uow.outbox.add([replace(notice, due_at=due)])
            await uow.commit()

    async def agree(self, person_id: PersonId, meeting_id: int) -> None:
        """Lead instead of whoever asked. Raises NotAllowed where nobody who leads it did."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            room, meeting = await entered(uow, meeting_id, person_id, lock=True)
            leader = room.leader(meeting)
            if leader == person_id:
                return
            asked = meeting_notices.asked(meeting, leader, person_id, now)
            if meeting.state is not MeetingState.PLANNED or not (
                await uow.outbox.is_written(asked.key)
            ):
                raise NotLeading("Somebody else leads this meeting by now.")
            await uow.sets.save_meeting(replace(meeting, facilitator_id=person_id))
            if leader != NOBODY:
                due = self._quiet.shift(now, room.people[leader].zone(self._zone))
                told = meeting_notices.turn(
                    meeting, leader, About.RELIEVED, due, mark=now.isoformat()
                )
                await uow.outbox.add([told])
            await uow.commit()
        log.info("turn taken over as asked", meeting=meeting_id)

    async def name_next(
        self, uow: UnitOfWork, room: Room, meeting: SetMeeting | None, now: datetime
    ) -> SetMeeting | None:
        """Have somebody named who leads this one, if it is the members' turn and nobody is."""
        if meeting is None or not rota.is_in_turn(meeting, room.plan):
            return meeting
        line = room.line(meeting)
        if room.leader(meeting) != NOBODY or not line:
            return meeting
        named = replace(meeting, facilitator_id=line[0])
        await uow.sets.save_meeting(named)
        await uow.outbox.add([self._named(room, named, line[0], now)])
        return named

    def _named(self, room: Room, meeting: SetMeeting, who: PersonId, now: datetime) -> Notice:
        due = self._quiet.shift(now, room.people[who].zone(self._zone))
        return meeting_notices.turn(meeting, who, About.NAMED, due, mark=now.isoformat())

    async def _mine(
        self, uow: UnitOfWork, meeting_id: int, person_id: PersonId
    ) -> tuple[Room, SetMeeting]:
        """A meeting still to come that they lead."""
        room, meeting = await entered(uow, meeting_id, person_id, lock=True)
        leader = room.leader(meeting)
        if meeting.state is not MeetingState.PLANNED:
            raise NotLeading("This meeting has begun.")
        if leader != person_id:
            who = room.name(leader) if leader != NOBODY else "Nobody yet"
            raise NotLeading(f"It is not your turn. {who} leads this meeting.")
        return room, meeting


async def entered(
    uow: UnitOfWork, meeting_id: int, person_id: PersonId, *, lock: bool = False
) -> tuple[Room, SetMeeting]:
    """The meeting and its set, for somebody who is in it; held until commit if `lock`.

    The set's row is held: all that happens in a set's meetings happens one after the other. Raises
    NotAllowed, whether the meeting is another set's or none at all.
    """
    meeting = await uow.sets.meeting(meeting_id)
    if meeting is None:
        raise NotAllowed(NOT_IN_IT)
    room = await enter(uow, meeting.set_id, person_id, lock=lock)
    try:
        return room, room.meeting(meeting_id)
    except StopIteration as gone:
        raise NotFound("meeting", meeting_id) from gone
