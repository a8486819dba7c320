"""Somebody at a screen of a step: what they see there, and why they may not be there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from learning.courses.definition import Screen, Step
from learning.courses.progress import StepState
from learning.courses.results import Answer, Result, results
from learning.courses.schedule import NEEDS_PLACE, Standing, concerns, day_of, standing
from learning.errors import LearningError
from services.course_paths import Path


class Way(StrEnum):
    ON = "on"
    BACK = "back"
    LATER = "later"


class Reason(StrEnum):
    NOT_THERE = "not there"
    ELSEWHERE = "elsewhere"
    """It has no screens to go through."""

    NOT_YET = "not yet"
    CLOSED = "closed"
    NO_PLACE = "no place"
    """It is for those with a place on the live session, or who had one."""

    NOT_THEIRS = "not theirs"
    """It is for another cohort."""


class NotOnCourse(LearningError):
    """Somebody else's course, or one that is no more: which of the two is not told."""

    def __init__(self) -> None:
        super().__init__("You are not on this programme.")


class Shut(LearningError):
    """A step of one's own course that cannot be opened; `day` is when it opens, or when it closed."""

    def __init__(self, reason: Reason, step: Step | None = None, day: date | None = None) -> None:
        super().__init__("This part is not open to you now.")
        self.reason = reason
        self.step = step
        self.day = day


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Somebody at a screen of a step, or past the last one (`is_over`).

    `answers` are those that are kept. `typed` is what was sent and could not be kept, and `fault` why:
    it is on its card only. Without `is_open` nothing is taken any more. `rests`: a place to pause.
    """

    path: Path
    step: Step
    number: int
    answers: Mapping[str, Answer] = field(default_factory=dict[str, Answer])
    typed: Mapping[str, object] = field(default_factory=dict[str, object])
    fault: str = ""
    state: StepState | None = None
    is_open: bool = True
    is_over: bool = False
    is_left: bool = False
    rests: bool = False
    pictures: Mapping[str, str] = field(default_factory=dict[str, str])
    """The digest of each picture by its file."""

    @property
    def screen(self) -> Screen:
        return self.step.screens[self.number]

    @property
    def results(self) -> tuple[Result, ...]:
        return results(self.step, self.answers)


def admitted(path: Path, step: Step, today: date, *, has_begun: bool) -> bool:
    """Whether answers are taken. Raises Shut where not even one's own may be read again."""
    situation = path.situation
    if not concerns(step, situation):
        placed = replace(situation, has_place=True)
        raise Shut(Reason.NO_PLACE if concerns(step, placed) else Reason.NOT_THEIRS, step)
    match standing(step, situation, today):
        case Standing.OPEN:
            return True
        case Standing.NOT_YET if not has_begun:
            raise Shut(Reason.NOT_YET, step, day_of(step.opens, situation))
        case Standing.CLOSED if not has_begun or step.kind in NEEDS_PLACE:
            raise Shut(Reason.CLOSED, step, day_of(step.closes, situation))
        case _:
            return False
