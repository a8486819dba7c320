"""A course: steps over months that a group of people follows, as its files define it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from learning.sessions import Format


class StepKind(StrEnum):
    MODULE = "module"
    QUESTIONNAIRE = "questionnaire"
    LIVE = "live"
    SETS = "sets"
    FOLLOW_UP = "follow-up"
    QUOTE = "quote"


class QuestionKind(StrEnum):
    SCALE = "scale"
    CHOICE = "choice"
    RANKING = "ranking"
    TEXT = "text"
    REFLECTION = "reflection"
    """Only its writer ever reads it."""


POINTS = 5
"""The points of a scale, from 1 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the answers to choose from; `scores` are added to these dimensions."""

    text: str
    scores: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`id` is its name within the step: answers are kept by it, so a file may be mended later.

    A scale is named at both ends and counts for its `dimension`, where it has one.
    """

    id: str
    kind: QuestionKind
    ask: str
    options: tuple[Option, ...] = ()
    low: str = ""
    high: str = ""
    dimension: str = ""
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A paragraph or list, in the Markdown that Teams shows; `is_heading` within a screen."""

    text: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file beside the page; `alt` is what it shows, in words."""

    file: str
    alt: str


Block = Words | Picture | Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is shown on one card."""

    title: str = ""
    blocks: tuple[Block, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Question))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What answers add up to, and what is said to whom it is strong, weak or in between in."""

    id: str
    title: str
    strong: str
    between: str
    weak: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """One of the dates of the live session; `starts_at` is an instant.

    Where it names a cohort, only that one sees and books it.
    """

    code: str
    starts_at: datetime
    cohort: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePlan:
    """What all dates of the live session have in common."""

    sessions: tuple[LiveSession, ...]
    capacity: int | None = None
    format: Format = Format.IN_PERSON
    location: str = ""
    link: str = ""
    facilitators: tuple[str, ...] = ()

    def cohort_of(self, code: str) -> str:
        """For which cohort the date of this code is; '' for all, and where it is not listed."""
        of = (s.cohort for s in self.sessions if s.code.casefold() == code.casefold())
        return next(of, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A part of a set's meeting, and what whoever facilitates says to begin it."""

    title: str
    minutes: int
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPlan:
    """How action learning sets are made up and meet; `every` is in days.

    From the meeting `self_facilitating_from` on, counted from 1, members facilitate in turn.
    """

    fewest: int
    most: int
    meetings: int
    every: int
    self_facilitating_from: int
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part of the course. `id` is the name of its file.

    `opens`, `due`, `closes` and `remind` are days from the live session, before it below zero; None
    where the file does not say.
    """

    id: str
    kind: StepKind
    title: str
    order: int
    screens: tuple[Screen, ...] = ()
    opens: int | None = None
    due: int | None = None
    closes: int | None = None
    remind: tuple[int, ...] = ()
    minutes: int = 0
    cohorts: tuple[str, ...] = ()
    """For which cohorts it is; for all where it is empty."""

    dimensions: tuple[Dimension, ...] = ()
    live: LivePlan | None = None
    sets: SetPlan | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for screen in self.screens for question in screen.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """`code` is its key across imports. Steps are in order."""

    code: str
    title: str
    summary: str = ""
    screens: tuple[Screen, ...] = ()
    cohorts: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def live(self) -> Step | None:
        return next((step for step in self.steps if step.kind is StepKind.LIVE), None)

    def cohort_of(self, code: str) -> str:
        """For which cohort the live session of this code is; '' for all."""
        plan = self.live.live if self.live else None
        return plan.cohort_of(code) if plan else ""

    def has_date_for(self, code: str, cohort: str) -> bool:
        """Whether somebody of that cohort may have a place on it."""
        named = self.cohort_of(code)
        return not named or named.casefold() == cohort.casefold()
