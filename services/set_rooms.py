"""An action learning set with all that its meetings need, for those who are in it and for nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from learning.courses import rota
from learning.courses.action_sets import (
    NOBODY,
    ActionSet,
    MeetingState,
    Member,
    SetMeeting,
    SetState,
)
from learning.courses.definition import SetPlan, StepKind
from learning.courses.enrolments import Running
from learning.courses.guide import LATE
from learning.errors import NotAllowed
from learning.people import Person, PersonId
from services.ports.storage import UnitOfWork

NOT_IN_IT = "That is for the members of a set and its facilitator only."

SOMEBODY = "Somebody who left"

NO_PLAN = SetPlan(fewest=5, most=8, meetings=6, every=28, self_facilitating_from=4, rounds=())
"""Of a course from whose files the sets were taken after they had begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`members` are in it now, in the order of joining; `people` knows those and who leads."""

    action_set: ActionSet
    running: Running
    plan: SetPlan
    members: tuple[Member, ...]
    meetings: tuple[SetMeeting, ...]
    people: Mapping[PersonId, Person]

    def has(self, person_id: PersonId) -> bool:
        return any(m.person_id == person_id for m in self.members)

    def may_enter(self, person_id: PersonId) -> bool:
        return self.has(person_id) or bool(
            person_id and person_id == self.action_set.facilitator_id
        )

    def leader(self, meeting: SetMeeting) -> PersonId:
        return rota.leader(meeting, self.action_set, self.members, self.plan)

    def line(self, meeting: SetMeeting) -> list[PersonId]:
        """Whose turn it would be to lead this one, in order."""
        before = [m for m in self.meetings if m.number < meeting.number]
        return rota.in_line(self.members, before)

    def meeting(self, meeting_id: int) -> SetMeeting:
        return next(m for m in self.meetings if m.id == meeting_id)

    def following(self, meeting: SetMeeting) -> SetMeeting | None:
        """The next one that is still to come."""
        later = (m for m in self.meetings if m.number > meeting.number)
        return next((m for m in later if m.state is MeetingState.PLANNED), None)

    def current(self, now: datetime) -> SetMeeting | None:
        """The one under way, else the next; else the last that was."""
        under_way = [m for m in self.meetings if m.state is MeetingState.UNDER_WAY]
        ahead = [
            m for m in self.meetings if m.state is MeetingState.PLANNED and m.ends_at + LATE > now
        ]
        return next(iter([*under_way, *ahead, *reversed(self.meetings)]), None)

    def name(self, person_id: PersonId) -> str:
        person = self.people.get(person_id)
        return person.name if person and person.name else SOMEBODY


async def room_of(uow: UnitOfWork, set_id: int, *, lock: bool = False) -> Room | None:
    """None unless it is a confirmed set. Who was taken off the course is in it no longer."""
    action_set = await uow.sets.find(set_id, lock=lock)
    if action_set is None or action_set.state is not SetState.CONFIRMED:
        return None
    running = await uow.courses.find(action_set.course_id)
    assert running is not None, "a set belongs to a course"
    inside = [m for m in await uow.sets.members([set_id]) if m.is_in]
    found = await uow.enrolments.among(running.id, [m.person_id for m in inside])
    enrolled = {each.person_id for each in found if each.is_on}
    members = [m for m in inside if m.person_id in enrolled]
    meetings = await uow.sets.meetings(set_id)
    leaders = {m.facilitator_id for m in meetings} | {action_set.facilitator_id}
    people = await uow.people.among((leaders | {m.person_id for m in members}) - {NOBODY})
    plan = next((s.sets for s in running.course.steps if s.kind is StepKind.SETS), None)
    return Room(
        action_set=action_set,
        running=running,
        plan=plan or NO_PLAN,
        members=tuple(members),
        meetings=tuple(meetings),
        people=people,
    )


async def enter(uow: UnitOfWork, set_id: int, person_id: PersonId, *, lock: bool = False) -> Room:
    """The set, for somebody who is in it. Raises NotAllowed, and tells others not even that it is there."""
    room = await room_of(uow, set_id, lock=lock)
    if room is None or not room.may_enter(person_id):
        raise NotAllowed(NOT_IN_IT)
    return room


async def rooms_of(uow: UnitOfWork, person_id: PersonId) -> list[Room]:
    """Every set that somebody is in or facilitates."""
    found = [await room_of(uow, each.id) for each in await uow.sets.of_person(person_id)]
    return [room for room in found if room is not None and room.may_enter(person_id)]
