"""An action learning set as it is: its members, its meetings, and who facilitates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from learning.courses.sets import Slot
from learning.people import PersonId
from learning.sessions import CourseId

NOBODY = PersonId("")
"""Instead of a facilitator who is not named yet."""


class SetState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    MERGED = "merged"
    """Its members went on in another set."""


class MeetingState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under way"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody who puts themselves forward, and when they can."""

    course_id: CourseId
    person_id: PersonId
    can: frozenset[Slot]
    prefers: frozenset[Slot] = frozenset()
    put_forward_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who left stays as a row: they are not put with the same people again."""

    set_id: int
    person_id: PersonId
    joined_at: datetime
    left_at: datetime | None = None

    @property
    def is_in(self) -> bool:
        return self.left_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSet:
    """`facilitator_id` leads it at first, and is no member.

    `attempt` names the attempt to make its calendar series, stored before the first try, so that
    however often it is tried one comes of it; `event_id`, `join_url` and `chat_id` are '' until there.
    """

    id: int
    course_id: CourseId
    name: str
    slot: Slot
    state: SetState
    facilitator_id: PersonId = NOBODY
    made_at: datetime
    confirmed_at: datetime | None = None
    event_id: str = ""
    join_url: str = ""
    attempt: str = ""
    chat_id: str = ""
    bound: int = 0
    """No division costs less than that of the proposal it came of (learning/courses/sets.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMeeting:
    """`number` is counted from 1, `round` from 0. `sealed` is what is handed over to who leads the next."""

    id: int = 0
    set_id: int
    number: int
    starts_at: datetime
    ends_at: datetime
    facilitator_id: PersonId = NOBODY
    state: MeetingState = MeetingState.PLANNED
    round: int = 0
    round_ends_at: datetime | None = None
    sealed: str = ""
