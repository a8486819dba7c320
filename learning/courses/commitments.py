"""Commitments ("I will … by …"), and the check-ins on them 30, 60 and 90 days after they were made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from learning.errors import LearningError
from learning.people import PersonId
from learning.sessions import CourseId

DAYS = (30, 60, 90)
LAST = DAYS[-1] + 30
"""Days after which nobody asks about a commitment any more, and no answer is taken."""

LONGEST, FURTHEST = 500, timedelta(days=730)
MOST = 20
"""Commitments of one person on one course."""


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Said(StrEnum):
    """What somebody says of a commitment at a check-in."""

    DONE = "done"
    ON_THE_WAY = "on the way"
    CHANGED = "changed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """`sealed` is what they will do, for nobody to read without us; '' once they are forgotten."""

    id: int = 0
    course_id: CourseId
    person_id: PersonId
    sealed: str
    is_shared: bool = False
    due_on: date
    made_at: datetime
    state: State = State.OPEN

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """What was said at the check-in of this day. `sealed` is the lesson of what was dropped, or how the
    commitment read before it was changed; '' for neither."""

    commitment_id: int
    day: int
    person_id: PersonId
    state: Said
    sealed: str = ""
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCheck:
    """A check-in that waits for somebody's word since a day of theirs."""

    commitment: Commitment
    day: int
    since: date


_I_WILL = re.compile(r"^i(?: will|['\u2019]ll) ", re.IGNORECASE)


class NoCommitment(LearningError):
    """What was typed cannot be kept as a commitment; says what to do."""


def checked(text: str) -> str:
    """The words on one line, without the "I will" before them. Raises NoCommitment."""
    words = _I_WILL.sub("", " ".join(text.split()))
    if not words:
        raise NoCommitment("Write what you will do.")
    if len(words) > LONGEST:
        raise NoCommitment(f"That has {len(words)} characters where {LONGEST} fit. Shorten it.")
    return words


def checked_day(due_on: date | None, today: date) -> date:
    """Raises NoCommitment for no day, one that is over, or one too far away to mean anything."""
    if due_on is None:
        raise NoCommitment("Say by which day you will have done it.")
    if due_on < today:
        raise NoCommitment("That day is over. Choose one that is still to come.")
    if due_on > today + FURTHEST:
        raise NoCommitment("That is more than two years away. Choose an earlier day.")
    return due_on


def made_on(commitment: Commitment, zone: ZoneInfo) -> date:
    """The day from which the days of its check-ins are counted."""
    return commitment.made_at.astimezone(zone).date()


def day_for(commitment: Commitment, today: date, zone: ZoneInfo) -> int | None:
    """The check-in that takes an answer today: one stays open until the next; None before and after."""
    age = (today - made_on(commitment, zone)).days
    if age >= LAST:
        return None
    return max((day for day in DAYS if day <= age), default=None)


def begins(commitment: Commitment, day: int, zone: ZoneInfo) -> date:
    return made_on(commitment, zone) + timedelta(days=day)


def due_checks(
    commitments: Iterable[Commitment], checks: Iterable[CheckIn], today: date, zone: ZoneInfo
) -> list[DueCheck]:
    """The check-ins that wait for an answer, those first that have waited longest."""
    answered = {(check.commitment_id, check.day) for check in checks}
    found = [
        DueCheck(commitment=each, day=day, since=begins(each, day, zone))
        for each in commitments
        if each.is_open
        and (day := day_for(each, today, zone)) is not None
        and (each.id, day) not in answered
    ]
    return sorted(found, key=lambda due: (due.since, due.commitment.id))


def after(commitment: Commitment, said: Said) -> Commitment:
    """The commitment once this was said of it; saying something else of it later takes that back."""
    states = {Said.DONE: State.DONE, Said.DROPPED: State.DROPPED}
    return replace(commitment, state=states.get(said, State.OPEN))
