"""A set's meeting as cards show it to one person."""

from __future__ import annotations

from datetime import datetime

from cards import guide as cards
from learning.courses import guide
from learning.courses.action_sets import NOBODY, MeetingState, SetMeeting
from learning.people import PersonId
from services.dilemmas import Brought
from services.set_rooms import Room


def shown(room: Room, meeting: SetMeeting, me: PersonId, now: datetime) -> cards.Meeting:
    leader = room.leader(meeting)
    is_over = meeting.state is MeetingState.OVER
    is_near = now >= meeting.starts_at - guide.EARLY
    return cards.Meeting(
        id=meeting.id,
        set_id=meeting.set_id,
        set_name=room.action_set.name,
        course_id=room.running.id,
        number=meeting.number,
        of=room.meetings[-1].number,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        leader="" if leader == NOBODY else room.name(leader),
        leads=leader == me,
        may_step_in=leader != me and not is_over and (is_near or leader == NOBODY),
        is_member=room.has(me),
        others=tuple(
            (m.person_id, room.name(m.person_id)) for m in room.members if m.person_id != me
        ),
        join_url=room.action_set.join_url,
    )


def dilemma(brought: Brought) -> cards.Dilemma:
    return cards.Dilemma(id=brought.id, name=brought.name, text=brought.text)
