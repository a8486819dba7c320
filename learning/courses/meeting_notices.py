"""What goes into the outbox about a set's meetings; nothing that anybody wrote ever stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from learning import local_time
from learning.courses.action_sets import ActionSet, SetMeeting
from learning.courses.rota import working_days_before
from learning.notices import Kind, Notice, QuietHours
from learning.people import PersonId

DAY = timedelta(days=1)
TOLD_BEFORE, TOLD_AT = 2, time(9, 0)
"""Who leads is told once more so many working days before, at this time."""


class About(StrEnum):
    """What a turn to lead is told for."""

    NAMED = "named"
    SOON = "soon"
    ASKED = "asked"
    RELIEVED = "relieved"
    """Somebody they asked has agreed to lead instead."""


class Change(StrEnum):
    """What happened to a set."""

    LEFT = "left"
    MERGED = "merged"


def reminded_at(meeting: SetMeeting, quiet: QuietHours, zone: ZoneInfo) -> datetime:
    """A day before by the clock, outside quiet hours."""
    return quiet.shift(local_time.before(meeting.starts_at, DAY, zone), zone)


def told_at(meeting: SetMeeting, quiet: QuietHours, zone: ZoneInfo) -> datetime:
    """When who leads is told that it is soon."""
    day = working_days_before(meeting.starts_at.astimezone(zone).date(), TOLD_BEFORE)
    return quiet.shift(local_time.at(day, TOLD_AT, zone), zone)


def reminder(meeting: SetMeeting, person_id: PersonId, due: datetime) -> Notice:
    """One that was moved is told of anew."""
    starts = meeting.starts_at.isoformat()
    return Notice(
        kind=Kind.SET_MEETING,
        key=f"{Kind.SET_MEETING}:{meeting.id}:{starts}:{person_id}",
        mailing=f"{Kind.SET_MEETING}:{meeting.id}:{starts}",
        due_at=due,
        person_id=person_id,
        payload={"meeting": meeting.id, "starts": starts},
    )


def turn(
    meeting: SetMeeting, person_id: PersonId, about: About, due: datetime, mark: str = ""
) -> Notice:
    """`mark` tells those apart that may be told more than once."""
    return Notice(
        kind=Kind.SET_TURN,
        key=f"{Kind.SET_TURN}:{meeting.id}:{about}:{person_id}:{mark}",
        mailing=f"{Kind.SET_TURN}:{meeting.id}",
        due_at=due,
        person_id=person_id,
        payload={"meeting": meeting.id, "about": about.value},
    )


def asked(meeting: SetMeeting, asker: PersonId, person_id: PersonId, now: datetime) -> Notice:
    """Somebody who is to lead asks another to do so instead."""
    return turn(meeting, person_id, About.ASKED, now, _mark(asker))


def round_over(meeting: SetMeeting, person_id: PersonId) -> Notice:
    """To be said when its time is up, if it is still that round by then."""
    assert meeting.round_ends_at is not None, "a round that is under way has an end"
    ends = meeting.round_ends_at.isoformat()
    return Notice(
        kind=Kind.ROUND_OVER,
        key=f"{Kind.ROUND_OVER}:{meeting.id}:{meeting.round}:{ends}:{person_id}",
        mailing=f"{Kind.ROUND_OVER}:{meeting.id}",
        due_at=meeting.round_ends_at,
        person_id=person_id,
        payload={"meeting": meeting.id, "round": meeting.round, "ends": ends},
    )


def people_changed(
    action_set: ActionSet, people: Iterable[PersonId], change: Change, now: datetime, due: datetime
) -> list[Notice]:
    """To those who are in it. Who it was that left is found by when they did."""
    at = now.isoformat()
    return [
        Notice(
            kind=Kind.SET_PEOPLE,
            key=f"{Kind.SET_PEOPLE}:{action_set.id}:{change}:{at}:{person_id}",
            mailing=f"{Kind.SET_PEOPLE}:{action_set.id}:{at}",
            due_at=due,
            person_id=person_id,
            payload={"set": action_set.id, "change": change.value, "at": at},
        )
        for person_id in people
    ]


def merge_proposed(
    action_set: ActionSet, members: int, organiser: PersonId, due: datetime
) -> Notice:
    """Once for each number of members below the fewest."""
    return Notice(
        kind=Kind.MERGE_PROPOSED,
        key=f"{Kind.MERGE_PROPOSED}:{action_set.id}:{members}:{organiser}",
        mailing=f"{Kind.MERGE_PROPOSED}:{action_set.id}",
        due_at=due,
        person_id=organiser,
        payload={"set": action_set.id},
    )


def _mark(person_id: PersonId) -> str:
    """Tells people apart without naming them."""
    return hashlib.sha256(person_id.encode()).hexdigest()[:16]
