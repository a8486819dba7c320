"""When the steps of a course are open to somebody, and which of them they are reminded of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from learning.courses.definition import Step, StepKind


class Standing(StrEnum):
    NOT_YET = "not yet"
    OPEN = "open"
    CLOSED = "closed"


NEEDS_PLACE = frozenset({StepKind.QUESTIONNAIRE})
"""Only those with a place on the live session have these."""

AFTER_LIVE = frozenset({StepKind.SETS, StepKind.FOLLOW_UP, StepKind.QUOTE})
"""Their days are counted from a live session that somebody was booked on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where somebody is: `live_day` is that of their own live session, or the cohort's first while
    they have no place; None where the course has none, and all its steps are open."""

    live_day: date | None
    has_place: bool = False
    cohort: str = ""
    done: frozenset[str] = frozenset()


def concerns(step: Step, situation: Situation) -> bool:
    """Whether the step is for somebody in this situation at all."""
    if step.cohorts and situation.cohort.casefold() not in map(str.casefold, step.cohorts):
        return False
    return situation.has_place or step.kind not in NEEDS_PLACE | AFTER_LIVE


def standing(step: Step, situation: Situation, today: date) -> Standing:
    """Days are whole: a step opens at the start of its day and closes at the end of it."""
    opens, closes = day_of(step.opens, situation), day_of(step.closes, situation)
    if opens is not None and today < opens:
        return Standing.NOT_YET
    if closes is not None and today > closes:
        return Standing.CLOSED
    return Standing.OPEN


def day_of(offset: int | None, situation: Situation) -> date | None:
    """The day so many days from the live session; None where nothing is said of it."""
    if offset is None or situation.live_day is None:
        return None
    return situation.live_day + timedelta(days=offset)


def plan(steps: Iterable[Step], situation: Situation) -> list[tuple[Step, date | None]]:
    """Every step for this cohort with the day on which it opens, or takes place; None for any time."""
    cohort = situation.cohort.casefold()
    return [
        (step, day_of(0 if step.kind is StepKind.LIVE else step.opens, situation))
        for step in steps
        if not step.cohorts or cohort in map(str.casefold, step.cohorts)
    ]


def to_do(steps: Iterable[Step], situation: Situation, today: date) -> list[Step]:
    """What is open and not done, the most overdue first, then what is due soonest, then by order."""
    open_now = [
        step
        for step in steps
        if step.id not in situation.done
        and step.kind is not StepKind.LIVE
        and concerns(step, situation)
        and standing(step, situation, today) is Standing.OPEN
    ]
    return sorted(open_now, key=lambda step: (_due(step, situation) or date.max, step.order))


def to_remind(steps: Iterable[Step], situation: Situation, today: date) -> Step | None:
    """The one step that somebody is reminded of today, if any: one a day, the most overdue one."""
    due_today = [step for step in to_do(steps, situation, today) if today in days(step, situation)]
    return due_today[0] if due_today else None


def days(step: Step, situation: Situation) -> Collection[date]:
    """When a step is spoken of: on its opening, its reminders, and the day before it is due."""
    offsets = {step.opens, *step.remind}
    if step.due is not None:
        offsets.add(step.due - 1)
    return {day for offset in offsets if (day := day_of(offset, situation)) is not None}


def _due(step: Step, situation: Situation) -> date | None:
    return day_of(step.due if step.due is not None else step.closes, situation)
