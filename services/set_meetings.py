"""A set's meeting as its guide leads through it: rounds with an end, who presents, what is handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from learning.courses import guide, meeting_notices
from learning.courses.action_sets import NOBODY, MeetingState, SetMeeting
from learning.courses.definition import Round
from learning.errors import LearningError
from learning.people import PersonId
from services.dilemmas import Brought, open_ones, opened
from services.ports.clocks import Clock
from services.ports.seals import Seals, of_set
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.set_rooms import Room, enter, rooms_of
from services.set_turns import NotLeading, SetTurns, TooEarly, entered

log = structlog.get_logger()

LONGEST_NOTES = 2000


class NotKept(LearningError):
    """The notes cannot be kept as they are; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One meeting as somebody in the set sees it. `place` is None unless it is under way.

    `presenting` is whose dilemma it is about now, `choices` are those still to be presented, whoever
    should come first in front. `notes` were handed over by `notes_by` after an earlier meeting.
    """

    room: Room
    meeting: SetMeeting
    me: PersonId
    leader: PersonId
    rounds: tuple[Round, ...]
    place: guide.Place | None = None
    next_place: guide.Place | None = None
    presenting: Brought | None = None
    choices: tuple[Brought, ...] = ()
    notes: str = ""
    notes_by: str = ""
    own_notes: str = ""
    following: SetMeeting | None = None
    following_leader: PersonId = NOBODY
    at: datetime

    @property
    def leads(self) -> bool:
        return self.leader == self.me

    @property
    def may_start(self) -> bool:
        is_planned = self.meeting.state is MeetingState.PLANNED
        return self.leads and is_planned and self.at >= self.meeting.starts_at - guide.EARLY


class SetMeetings:
    """Every change names what it was seen from: pressed twice, or by two at once, it happens once."""

    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, seals: Seals, turns: SetTurns) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._seals = seals
        self._turns = turns

    async def of_set(self, person_id: PersonId, set_id: int) -> SetMeeting | None:
        """The meeting of a set that is under way, or the next, or the last. Raises NotAllowed."""
        async with self._new_uow(read_only=True) as uow:
            room = await enter(uow, set_id, person_id)
        return room.current(self._clock.now())

    async def current(self, person_id: PersonId) -> list[tuple[Room, SetMeeting]]:
        """Of each of their sets the meeting under way, or the next, or the last one."""
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            rooms = await rooms_of(uow, person_id)
        found = [(room, meeting) for room in rooms if (meeting := room.current(now)) is not None]
        return sorted(found, key=lambda each: _distance(each[1], now))

    async def view(self, person_id: PersonId, meeting_id: int) -> View:
        """Raises NotAllowed."""
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            room, meeting = await entered(uow, meeting_id, person_id)
            return await self._view(uow, room, meeting, person_id, now)

    async def start(self, person_id: PersonId, meeting_id: int) -> None:
        """Begin the first round. Raises NotLeading or TooEarly."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            room, meeting = await self._led(uow, meeting_id, person_id)
            if meeting.state is not MeetingState.PLANNED:
                return
            if now < meeting.starts_at - guide.EARLY:
                raise TooEarly("You can start from half an hour before the meeting.")
            begun = replace(meeting, state=MeetingState.UNDER_WAY, facilitator_id=person_id)
            await self._go(uow, room, begun, 0, now)
            await uow.commit()
        log.info("set meeting begun", meeting=meeting_id)

    async def go(
        self, person_id: PersonId, meeting_id: int, seen: int, step: int, dilemma: int | None = None
    ) -> None:
        """From the round that was seen to the next (1) or the one before (-1). Raises NotLeading.

        `dilemma` is the one to be presented, where the next round begins with one.
        """
        now = self._clock.now()
        async with self._new_uow() as uow:
            room, meeting = await self._led(uow, meeting_id, person_id)
            to = meeting.round + step
            if not _is_at(meeting, seen) or to < 0:
                return
            rounds = guide.rounds_of(room.plan)
            before, after = guide.place(rounds, meeting.round), guide.place(rounds, to)
            if step > 0 and after.begins_turn and dilemma is not None:
                await self._present(uow, room, meeting, dilemma, after.turn)
            if step < 0 and before.begins_turn:
                await self._take_back(uow, meeting, before.turn)
            await self._go(uow, room, meeting, to, now)
            await uow.commit()

    async def more_time(
        self, person_id: PersonId, meeting_id: int, seen: int, ends: datetime
    ) -> None:
        """Five more minutes for the round that was seen to end then. Raises NotLeading."""
        async with self._new_uow() as uow:
            _, meeting = await self._led(uow, meeting_id, person_id)
            if not _is_at(meeting, seen) or meeting.round_ends_at != ends:
                return
            later = guide.more_time(ends, self._clock.now())
            await self._save(uow, replace(meeting, round_ends_at=later))
            await uow.commit()

    async def finish(self, person_id: PersonId, meeting_id: int) -> None:
        """End the meeting, and have whoever leads the next one told. Raises NotLeading."""
        async with self._new_uow() as uow:
            room, meeting = await self._led(uow, meeting_id, person_id)
            if meeting.state is not MeetingState.UNDER_WAY:
                return
            await close(uow, self._turns, room, meeting, self._clock.now())
            await uow.commit()
        log.info("set meeting finished", meeting=meeting_id)

    async def hand_over(self, person_id: PersonId, meeting_id: int, text: str) -> None:
        """Keep notes for whoever leads next, in place of those before. Raises NotLeading or NotKept."""
        text = text.strip()
        if len(text) > LONGEST_NOTES:
            raise NotKept(f"That has {len(text)} characters where {LONGEST_NOTES} fit. Shorten it.")
        async with self._new_uow() as uow:
            room, meeting = await entered(uow, meeting_id, person_id, lock=True)
            if meeting.facilitator_id != person_id or meeting.state is not MeetingState.OVER:
                raise NotLeading("Whoever led a meeting writes its notes, once it is over.")
            owner = of_set(room.action_set.id)
            sealed = self._seals.seal(owner, text) if text else ""
            await uow.sets.save_meeting(replace(meeting, sealed=sealed))
            await uow.commit()

    # --- parts -----------------------------------------------------------------------------------

    async def _led(
        self, uow: UnitOfWork, meeting_id: int, person_id: PersonId
    ) -> tuple[Room, SetMeeting]:
        """The meeting, its set held, for whoever leads it."""
        room, meeting = await entered(uow, meeting_id, person_id, lock=True)
        leader = room.leader(meeting)
        if leader == person_id:
            return room, meeting
        if leader == NOBODY:
            raise NotLeading("Nobody is named yet to lead this meeting.")
        raise NotLeading(f"{room.name(leader)} leads this meeting.")

    async def _go(
        self, uow: UnitOfWork, room: Room, meeting: SetMeeting, number: int, now: datetime
    ) -> None:
        ends = guide.ends_at(guide.rounds_of(room.plan), number, now)
        await self._save(uow, replace(meeting, round=number, round_ends_at=ends))

    async def _save(self, uow: UnitOfWork, meeting: SetMeeting) -> None:
        """With what tells its leader that the round is over."""
        await uow.sets.save_meeting(meeting)
        await uow.outbox.add([meeting_notices.round_over(meeting, meeting.facilitator_id)])

    async def _present(
        self, uow: UnitOfWork, room: Room, meeting: SetMeeting, dilemma: int, turn: int | None
    ) -> None:
        for each in await uow.dilemmas.of_set(room.action_set.id):
            if each.id == dilemma and each.is_open and room.has(each.person_id):
                await uow.dilemmas.save(replace(each, presented=meeting.id, turn=turn))

    async def _take_back(self, uow: UnitOfWork, meeting: SetMeeting, turn: int | None) -> None:
        for each in await uow.dilemmas.of_set(meeting.set_id):
            if each.presented == meeting.id and each.turn == turn:
                await uow.dilemmas.save(replace(each, presented=None, turn=None))

    async def _view(
        self, uow: UnitOfWork, room: Room, meeting: SetMeeting, me: PersonId, now: datetime
    ) -> View:
        rounds = tuple(guide.rounds_of(room.plan))
        all_of_it = await uow.dilemmas.of_set(room.action_set.id)
        brought = {each.person_id: each for each in await open_ones(uow, self._seals, room)}
        order = guide.presenters(
            [(d.person_id, d.brought_at) for d in all_of_it if d.is_open and room.has(d.person_id)],
            [d.person_id for d in all_of_it if not d.is_open],
        )
        place = next_place = presenting = None
        if meeting.state is MeetingState.UNDER_WAY:
            place = guide.place(rounds, meeting.round)
            next_place = guide.place(rounds, meeting.round + 1)
            now_presented = [
                d
                for d in all_of_it
                if d.presented == meeting.id and d.turn == place.turn and room.has(d.person_id)
            ]
            presenting = next(iter(opened(room, self._seals, now_presented)), None)
        noted = [m for m in room.meetings if m.number < meeting.number and m.sealed]
        following = room.following(meeting)
        return View(
            room=room,
            meeting=meeting,
            me=me,
            leader=room.leader(meeting),
            rounds=rounds,
            place=place,
            next_place=next_place,
            presenting=presenting,
            choices=tuple(brought[person_id] for person_id in order),
            notes=self._notes(noted[-1]) if noted else "",
            notes_by=room.name(noted[-1].facilitator_id) if noted else "",
            own_notes=self._notes(meeting) if meeting.facilitator_id == me else "",
            following=following,
            following_leader=room.leader(following) if following else NOBODY,
            at=now,
        )

    def _notes(self, meeting: SetMeeting) -> str:
        return self._seals.open(of_set(meeting.set_id), meeting.sealed) or ""


async def close(
    uow: UnitOfWork, turns: SetTurns, room: Room, meeting: SetMeeting, now: datetime
) -> None:
    """The meeting is over, and somebody is named for the next."""
    leader = room.leader(meeting)
    over = replace(meeting, state=MeetingState.OVER, round_ends_at=None, facilitator_id=leader)
    await uow.sets.save_meeting(over)
    meetings = tuple(over if m.id == over.id else m for m in room.meetings)
    room = replace(room, meetings=meetings)
    await turns.name_next(uow, room, room.following(over), now)


def _is_at(meeting: SetMeeting, seen: int) -> bool:
    return meeting.state is MeetingState.UNDER_WAY and meeting.round == seen


def _distance(meeting: SetMeeting, now: datetime) -> tuple[int, float]:
    """What is under way comes first, then what is nearest."""
    is_under_way = meeting.state is MeetingState.UNDER_WAY
    return (0 if is_under_way else 1, abs((meeting.starts_at - now).total_seconds()))
