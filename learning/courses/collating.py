"""What those who lead may see of people's answers: together, without names, and when."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from learning.courses.definition import (
    POINTS,
    Course,
    Question,
    QuestionKind,
    Step,
    StepKind,
)
from learning.courses.results import Answer
from learning.people import PersonId
from learning.sessions import CourseId, Session
from learning.small_groups import FEWEST

COLLATED = frozenset({StepKind.QUESTIONNAIRE, StepKind.FOLLOW_UP})
"""What people answer in a module is for themselves."""

Answers = Mapping[str, Answer]
"""One person's, by question; without reflections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One of the answers to choose from: how many chose it; of a ranking how many put it first, and
    its place on average."""

    text: str
    count: int
    place: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collated:
    """All answers to one question. `mean` is that of a scale; `texts` stand in no order of people."""

    question: Question
    count: int
    lines: tuple[Line, ...] = ()
    mean: Fraction | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collation:
    """What of a step's answers may be shown; nothing yet where `figures` are empty.

    `session` is the live session whose people were asked, None where the whole course is one. Of
    `asked` people `handed_in` have finished. `closes_on` is the first day on which nothing more comes
    in, None where that differs from person to person.
    """

    course: Course
    course_id: CourseId
    step: Step
    session: Session | None
    asked: int
    handed_in: int
    answers: int = 0
    figures: tuple[Collated, ...] = ()
    closes_on: date | None = None
    is_closed: bool = False
    released_at: datetime | None = None


def collated(step: Step, everybody: Collection[Answers]) -> tuple[Collated, ...]:
    """In the order of the page; a question that nobody may read about is not among them."""
    return tuple(
        _of(question, [answers[question.id] for answers in everybody if question.id in answers])
        for question in step.questions
        if question.kind is not QuestionKind.REFLECTION
    )


def may_be_shown(now: Mapping[PersonId, Answers], shown: Mapping[PersonId, Answers]) -> bool:
    """Whether these answers may be copied for others to see.

    Only when as many people's answers are new or changed as make a group: who lays the copy before
    beside this one learns of no fewer people.
    """
    return sum(shown.get(person_id) != answers for person_id, answers in now.items()) >= FEWEST


def closed_on(step: Step, live_day: date) -> date:
    """The first day on which nothing more is handed in before this live session, and all is copied.

    A questionnaire is copied once, when it has closed, so that there is nothing to lay it beside.
    Without a closing day it is the day of the live session.
    """
    last = -1 if step.closes is None else step.closes
    return live_day + timedelta(days=last + 1)


def words_of(step: Step, answers: Answers) -> dict[str, str]:
    """What somebody wrote in their own words, by question."""
    kinds = {q.id: q.kind for q in step.questions}
    return {
        id_: str(answer)
        for id_, answer in answers.items()
        if kinds.get(id_) is QuestionKind.TEXT and answer != ""
    }


def choices_of(step: Step, answers: Answers) -> dict[str, Answer]:
    """What somebody chose, by question."""
    chosen = {QuestionKind.SCALE, QuestionKind.CHOICE, QuestionKind.RANKING}
    kinds = {q.id: q.kind for q in step.questions}
    return {id_: answer for id_, answer in answers.items() if kinds.get(id_) in chosen}


def _of(question: Question, answers: Sequence[Answer]) -> Collated:
    match question.kind:
        case QuestionKind.SCALE:
            points = [a for a in answers if isinstance(a, int)]
            ends = {1: question.low, POINTS: question.high}
            lines = tuple(
                Line(text=f"{n} · {ends[n]}" if n in ends else str(n), count=points.count(n))
                for n in range(1, POINTS + 1)
            )
            mean = Fraction(sum(points), len(points)) if points else None
            return Collated(question=question, count=len(points), lines=lines, mean=mean)
        case QuestionKind.CHOICE:
            chosen = [a for a in answers if isinstance(a, int)]
            lines = tuple(
                Line(text=option.text, count=chosen.count(n))
                for n, option in enumerate(question.options)
            )
            return Collated(question=question, count=len(chosen), lines=lines)
        case QuestionKind.RANKING:
            orders = [a for a in answers if isinstance(a, tuple)]
            return Collated(question=question, count=len(orders), lines=_ranked(question, orders))
        case QuestionKind.TEXT | QuestionKind.REFLECTION:
            texts = [str(a) for a in answers if a != ""]
            return Collated(
                question=question, count=len(texts), texts=in_no_order(question.id, texts)
            )


def _ranked(question: Question, orders: Sequence[tuple[int, ...]]) -> tuple[Line, ...]:
    """The highest on average first."""
    lines: list[Line] = []
    for number, option in enumerate(question.options):
        places = [order.index(number) + 1 for order in orders if number in order]
        lines.append(
            Line(
                text=option.text,
                count=places.count(1),
                place=Fraction(sum(places), len(places)) if places else None,
            )
        )
    return tuple(sorted(lines, key=lambda line: line.place or len(lines) + 1))


def in_no_order(key: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Shuffled by what they say and the question: the same each time, another for each question, and
    nothing of who wrote when."""

    def mark(text: str) -> bytes:
        return hashlib.blake2b(text.encode(errors="replace"), key=_short(key)).digest()

    return tuple(sorted(texts, key=mark))


def _short(key: str) -> bytes:
    return hashlib.blake2b(key.encode(errors="replace"), digest_size=32).digest()
