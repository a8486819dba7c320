"""Whose turn it is to lead a set's meeting: at first its facilitator's, later each member's in turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from learning.courses.action_sets import NOBODY, ActionSet, Member, SetMeeting
from learning.courses.definition import SetPlan
from learning.people import PersonId

SATURDAY = 5


def in_line(members: Sequence[Member], before: Sequence[SetMeeting]) -> list[PersonId]:
    """Who leads the next meeting, and who would if they could not: those who waited longest first.

    Somebody waits since they last led, or since they joined. Who leads last comes last. Nobody
    leads the first meeting after they joined while there is anybody else, even if that one then
    leads twice in a row. `before` are the meetings that have been; members who left are passed over.
    """
    last = max(before, key=lambda meeting: meeting.number, default=None)

    def since(member: Member) -> datetime:
        led = [m.starts_at for m in before if m.facilitator_id == member.person_id]
        return max([member.joined_at, *led])

    def holds_back(member: Member) -> int:
        if last is None:
            return 0
        if member.joined_at > last.starts_at:
            return 2
        return 1 if last.facilitator_id == member.person_id else 0

    ranked = sorted(
        (member for member in members if member.is_in),
        key=lambda m: (holds_back(m), since(m), m.joined_at, m.person_id),
    )
    return [member.person_id for member in ranked]


def next_after(line: Sequence[PersonId], person_id: PersonId) -> PersonId:
    """To whom somebody passes their turn on; NOBODY where there is nobody else."""
    others = [each for each in line if each != person_id]
    if not others:
        return NOBODY
    if person_id not in line:
        return others[0]
    return line[(line.index(person_id) + 1) % len(line)]


def leader(
    meeting: SetMeeting, action_set: ActionSet, members: Sequence[Member], plan: SetPlan
) -> PersonId:
    """Who leads a meeting as things stand; NOBODY where somebody is still to be found.

    Who was named for it and is no longer in the set leads no longer.
    """
    present = {m.person_id for m in members if m.is_in} | {action_set.facilitator_id}
    if meeting.facilitator_id in present:
        return meeting.facilitator_id
    return NOBODY if is_in_turn(meeting, plan) else action_set.facilitator_id


def is_in_turn(meeting: SetMeeting, plan: SetPlan) -> bool:
    """Whether members lead this one themselves."""
    return meeting.number >= plan.self_facilitating_from


def working_days_before(day: date, count: int) -> date:
    """So many days from Monday to Friday earlier; holidays are not known."""
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day
