"""How far the people of a course are, by step and by week: what is done, and nothing of what is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from learning.courses.definition import Step, StepKind
from learning.courses.schedule import Situation, Standing, concerns, day_of, standing

MOST_WEEKS = 26


class HowFar(StrEnum):
    """As organisers read it."""

    NOT_THEIRS = "not for them"
    NOT_YET = "not open yet"
    OPEN = "open"
    STARTED = "started"
    OVERDUE = "overdue"
    CLOSED = "closed, not done"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """One person on the course: what they began, and the day on which they finished what they did."""

    situation: Situation
    begun: frozenset[str] = frozenset()
    done_on: Mapping[str, date]
    booked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """`people` are those for whom the step is, `begun` those of them who began or finished it."""

    step: Step
    people: int
    begun: int
    done: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How many had finished each step by the end of a week, in the order of the steps."""

    monday: date
    done: tuple[int, ...]


def how_far(step: Step, traveller: Traveller, today: date) -> HowFar:
    situation = traveller.situation
    if step.kind is StepKind.LIVE:
        return _place(step, traveller)
    if step.id in traveller.done_on:
        return HowFar.DONE
    if not concerns(step, situation):
        return HowFar.NOT_THEIRS
    where = standing(step, situation, today)
    if where is Standing.NOT_YET:
        return HowFar.NOT_YET
    if where is Standing.CLOSED:
        return HowFar.CLOSED
    due = day_of(step.due, situation)
    if due is not None and due < today:
        return HowFar.OVERDUE
    return HowFar.STARTED if step.id in traveller.begun else HowFar.OPEN


def figures(
    steps: Iterable[Step], people: Sequence[Traveller], today: date
) -> tuple[StepFigures, ...]:
    """Of a cohort, or of everybody. Of the live session: who has a booking, and who a place."""
    found: list[StepFigures] = []
    for step in steps:
        standings = [(how_far(step, each, today), each) for each in people]
        theirs = [(how, each) for how, each in standings if how is not HowFar.NOT_THEIRS]
        found.append(
            StepFigures(
                step=step,
                people=len(theirs),
                begun=sum(_has_begun(step, how, each) for how, each in theirs),
                done=sum(how is HowFar.DONE for how, _ in theirs),
                overdue=sum(how in {HowFar.OVERDUE, HowFar.CLOSED} for how, _ in theirs),
            )
        )
    return tuple(found)


def weeks(steps: Sequence[Step], people: Sequence[Traveller], today: date) -> tuple[Week, ...]:
    """From the first thing that anybody finished until now, the latest half year of it; without weeks in
    which nobody finished anything, but for this one."""
    days = [day for each in people for day in each.done_on.values()]
    if not days:
        return ()
    first = max(_monday(min(days)), _monday(today) - timedelta(weeks=MOST_WEEKS - 1))
    count = (_monday(today) - first).days // 7 + 1
    found = [
        Week(monday=monday, done=tuple(_done_by(step, people, monday) for step in steps))
        for monday in (first + timedelta(weeks=n) for n in range(max(0, count)))
    ]
    return tuple(
        week
        for before, week in zip([None, *found], found, strict=False)
        if before is None or week.done != before.done or week is found[-1]
    )


def _place(step: Step, traveller: Traveller) -> HowFar:
    if not concerns(step, traveller.situation):
        return HowFar.NOT_THEIRS
    if traveller.situation.has_place:
        return HowFar.DONE
    return HowFar.STARTED if traveller.booked else HowFar.OPEN


def _has_begun(step: Step, how: HowFar, traveller: Traveller) -> bool:
    return how in {HowFar.DONE, HowFar.STARTED} or step.id in traveller.begun


def _done_by(step: Step, people: Iterable[Traveller], monday: date) -> int:
    end = monday + timedelta(days=6)
    return sum(each.done_on.get(step.id, date.max) <= end for each in people)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
