"""What becomes of a set when somebody leaves it, and when it has become too small."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from learning.courses import meeting_notices, merging, set_notices
from learning.courses.action_sets import (
    NOBODY,
    ActionSet,
    MeetingState,
    Member,
    SetMeeting,
    SetState,
)
from learning.courses.meeting_notices import Change
from learning.courses.merging import Merge, Standing
from learning.courses.sets import Candidate
from learning.errors import LearningError, NotAllowed
from learning.notices import QuietHours
from learning.people import Person, PersonId
from services.ports.clocks import Clock
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.set_books import SetBook, read_book
from services.set_rooms import Room, enter, room_of
from services.set_turns import SetTurns

log = structlog.get_logger()

NOT_AS_SEEN = "Something has changed since you opened this page. Look at it as it stands now."
NOT_POSSIBLE = "These two sets cannot go on as one any more. Look at what is possible now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A set that has become too small, and the sets that it could go on in, the best first."""

    action_set: ActionSet
    merges: tuple[Merge, ...]


class SetLife:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        turns: SetTurns,
        *,
        quiet: QuietHours,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._turns = turns
        self._quiet = quiet
        self._zone = zone

    async def room(self, person_id: PersonId, set_id: int) -> Room:
        """Raises NotAllowed."""
        async with self._new_uow(read_only=True) as uow:
            return await enter(uow, set_id, person_id)

    async def leave(self, person_id: PersonId, set_id: int) -> str:
        """Leave a set; its name. Raises NotAllowed for who is no member of it."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            room = await enter(uow, set_id, person_id, lock=True)
            if not room.has(person_id):
                raise NotAllowed("You lead this set. Ask the learning team to name somebody else.")
            await self._take_out(uow, set_id, person_id, now)
            # Or they would stand among those who wait for a set.
            await uow.sets.remove_wish(room.action_set.course_id, person_id)
            await uow.commit()
        return room.action_set.name

    async def leave_all(
        self, uow: UnitOfWork, person_id: PersonId, course_id: int | None, now: datetime
    ) -> None:
        """Take somebody out of every set of a course, or of all, within a transaction.

        Out of all when they are forgotten: then the invitations to what they facilitate follow too.
        """
        for each in await uow.sets.of_person(person_id):
            if course_id is None and each.facilitator_id == person_id:
                await uow.outbox.add([set_notices.series(each.id, now)])
            if course_id is None or each.course_id == course_id:
                await uow.sets.find(each.id, lock=True)
                await self._take_out(uow, each.id, person_id, now)

    async def changed_at(self, set_id: int, at: datetime) -> tuple[Room, str] | None:
        """The set as it is, and the name of who left it at that instant, '' where it is not known."""
        async with self._new_uow(read_only=True) as uow:
            room = await room_of(uow, set_id)
            if room is None:
                return None
            left = [m.person_id for m in await uow.sets.members([set_id]) if m.left_at == at]
            people = await uow.people.among(left)
        names = [people[i].name for i in left if i in people]
        return room, names[0] if names else ""

    async def too_small(self, set_id: int) -> Room | None:
        """The set, if it is one to propose merging for."""
        async with self._new_uow(read_only=True) as uow:
            room = await room_of(uow, set_id)
        if room is None or not merging.is_too_small(len(room.members)):
            return None
        return room if _goes_on(room.meetings) else None

    # --- too small -------------------------------------------------------------------------------

    async def small_ones(self, code: str) -> tuple[SetBook, list[Small]]:
        """Raises NotFound, or LearningError for a course without sets."""
        async with self._new_uow(read_only=True) as uow:
            book = await read_book(uow, code)
        return book, small_ones(book)

    async def merge(
        self, code: str, moving: int, into: int, *, by: PersonId, seen: str
    ) -> tuple[ActionSet, ActionSet]:
        """Have all of one set go on in another, as it was seen. Raises LearningError."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            book = await read_book(uow, code, lock=True)
            if book.version != seen:
                raise LearningError(NOT_AS_SEEN)
            possible = [m for s in small_ones(book) for m in s.merges]
            if not any(m.moving == moving and m.into == into for m in possible):
                raise LearningError(NOT_POSSIBLE)
            held = [await uow.sets.find(each, lock=True) for each in sorted((moving, into))]
            old, new = sorted((s for s in held if s), key=lambda s: s.id != moving)
            move = book.members[moving]
            was = [m for m in await uow.sets.members([moving]) if m.person_id in move]
            await uow.sets.save_members(replace(m, left_at=now) for m in was)
            await uow.sets.save_members(
                Member(set_id=into, person_id=each, joined_at=now) for each in move
            )
            await uow.sets.save(replace(old, state=SetState.MERGED))
            told = {*move, *book.members[into], old.facilitator_id, new.facilitator_id} - {NOBODY}
            await self._tell(uow, new, sorted(told), Change.MERGED, now)
            await uow.outbox.add([set_notices.series(each.id, now) for each in (old, new)])
            await uow.journal.note(
                Entry(
                    at=now,
                    by_id=by,
                    what=What.SETS_MERGED,
                    subject=book.running.course.title,
                    before={"sets": f"{old.name}, {new.name}"},
                    after={"set": new.name, "members": str(len(move) + len(book.members[into]))},
                )
            )
            await uow.commit()
        log.info("sets merged", moving=moving, into=into)
        return old, new

    # --- parts -----------------------------------------------------------------------------------

    async def _take_out(
        self, uow: UnitOfWork, set_id: int, person_id: PersonId, now: datetime
    ) -> None:
        """What they brought and did not present goes with them; so does their turn to lead."""
        own = [m for m in await uow.sets.members([set_id]) if m.person_id == person_id and m.is_in]
        if not own:
            return
        await uow.sets.save_members(replace(m, left_at=now) for m in own)
        for each in await uow.dilemmas.of_set(set_id):
            if each.is_open and each.person_id == person_id:
                await uow.dilemmas.remove(each.id)
        room = await self.pass_turns_on(uow, set_id, person_id, now)
        if room is None:
            return
        stay = [m.person_id for m in room.members]
        leads = [room.action_set.facilitator_id] if room.action_set.facilitator_id else []
        await self._tell(uow, room.action_set, [*stay, *leads], Change.LEFT, now)
        await uow.outbox.add([set_notices.series(set_id, now)])
        log.info("left a set", set=set_id)

    async def pass_turns_on(
        self, uow: UnitOfWork, set_id: int, person_id: PersonId, now: datetime
    ) -> Room | None:
        """Have others lead the meetings ahead that somebody would have; the set as it was before."""
        room = await room_of(uow, set_id)
        if room is None:
            return None
        for each in room.meetings:
            is_theirs = each.facilitator_id == person_id != NOBODY
            if is_theirs and each.state is MeetingState.PLANNED:
                free = replace(each, facilitator_id=NOBODY)
                await uow.sets.save_meeting(free)
                await self._turns.name_next(uow, room, free, now)
        return room

    async def _tell(
        self,
        uow: UnitOfWork,
        action_set: ActionSet,
        people: Sequence[PersonId],
        change: Change,
        now: datetime,
    ) -> None:
        known: Mapping[PersonId, Person] = await uow.people.among(people)
        for each in people:
            if each in known:
                due = self._quiet.shift(now, known[each].zone(self._zone))
                await uow.outbox.add(
                    meeting_notices.people_changed(action_set, [each], change, now, due)
                )


def small_ones(book: SetBook) -> list[Small]:
    """The sets that have become too small and still have meetings ahead."""
    going_on = [s for s in book.confirmed if _goes_on(book.meetings[s.id])]
    standings = {s.id: standing(book, s) for s in going_on}
    return [
        Small(
            action_set=each,
            merges=tuple(merging.merges(standings[each.id], standings.values(), book.plan.most)),
        )
        for each in going_on
        if merging.is_too_small(len(book.members[each.id]))
    ]


def standing(book: SetBook, each: ActionSet) -> Standing:
    """Who can make no time that we know of, can make that of their own set."""
    members: list[Candidate] = []
    for person_id in book.members[each.id]:
        own = book.candidates[person_id]
        members.append(replace(own, can=own.can or frozenset({each.slot})))
    leads = book.profiles.get(each.facilitator_id)
    facilitator = Candidate(
        person_id=each.facilitator_id,
        can=frozenset(),
        manager_id=leads.manager_id if leads else "",
    )
    return Standing(
        set_id=each.id,
        slot=each.slot,
        members=tuple(members),
        facilitator=facilitator if each.facilitator_id else None,
    )


def _goes_on(meetings: Iterable[SetMeeting]) -> bool:
    return any(m.state is not MeetingState.OVER for m in meetings)
