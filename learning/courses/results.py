"""What answers to a module say of somebody: where they are strong, and where they are weak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from learning.courses.definition import POINTS, Dimension, Question, QuestionKind, Step
from learning.errors import LearningError

LONGEST_ANSWER = 2000

STRONG, WEAK = Fraction(2, 3), Fraction(1, 3)
"""From which share of the points on somebody is strong in a dimension, and up to which they are weak."""

Answer = int | str | tuple[int, ...]
"""A point of a scale from 1, the number of an option from 0, the options in order, or a text."""


class Level(StrEnum):
    STRONG = "strong"
    BETWEEN = "between"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How far somebody got in one dimension: `share` is from 0 to 1."""

    dimension: Dimension
    share: Fraction

    @property
    def level(self) -> Level:
        if self.share >= STRONG:
            return Level.STRONG
        return Level.WEAK if self.share <= WEAK else Level.BETWEEN

    @property
    def words(self) -> str:
        match self.level:
            case Level.STRONG:
                return self.dimension.strong
            case Level.BETWEEN:
                return self.dimension.between
            case Level.WEAK:
                return self.dimension.weak


class NoAnswer(LearningError):
    """What was sent is no answer to the question; says what is wanted."""


def read_answer(question: Question, given: object) -> Answer | None:
    """What a card sent, as an answer; a ranking comes as numbers with commas between.

    None where there is none and none is needed. Raises NoAnswer.
    """
    if given is None or given == "":
        if question.is_required:
            raise NoAnswer(f'"{question.ask}" has no answer yet.')
        return None
    match question.kind:
        case QuestionKind.SCALE:
            return _number(given, 1, POINTS)
        case QuestionKind.CHOICE:
            return _number(given, 0, len(question.options) - 1)
        case QuestionKind.RANKING:
            return _order(given, len(question.options))
        case QuestionKind.TEXT | QuestionKind.REFLECTION:
            return _text(given)


def said(question: Question, answer: Answer) -> str:
    """An answer as its giver would read it: "4 of 5", the words of an option, options in order."""
    match question.kind, answer:
        case QuestionKind.SCALE, int():
            return f"{answer} of {POINTS}"
        case QuestionKind.CHOICE, int():
            return question.options[answer].text
        case QuestionKind.RANKING, tuple():
            named = (question.options[number].text for number in answer)
            return "; ".join(f"{place}. {text}" for place, text in enumerate(named, 1))
        case _:
            return str(answer)


def results(step: Step, answers: Mapping[str, Answer]) -> tuple[Result, ...]:
    """One for each dimension of which something was answered, in the order of the page."""
    found: list[Result] = []
    for dimension in step.dimensions:
        gained, possible = Fraction(), Fraction()
        for question in step.questions:
            if question.id not in answers:
                continue
            most = _most(question, dimension.id)
            if most:
                gained += _points(question, dimension.id, answers[question.id])
                possible += most
        if possible:
            found.append(Result(dimension=dimension, share=gained / possible))
    return tuple(found)


def summary(found: Sequence[Result]) -> str:
    """In a sentence: "Strong at listening, weak at following through." '' where nothing stands out."""
    strong = [r.dimension.title for r in found if r.level is Level.STRONG]
    weak = [r.dimension.title for r in found if r.level is Level.WEAK]
    parts = [f"strong at {_listed(strong)}"] if strong else []
    parts += [f"weak at {_listed(weak)}"] if weak else []
    words = ", ".join(parts)
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _points(question: Question, dimension: str, answer: Answer) -> Fraction:
    match question.kind, answer:
        case QuestionKind.SCALE, int():
            return Fraction(answer - 1)
        case QuestionKind.CHOICE, int() if answer < len(question.options):
            return Fraction(question.options[answer].scores.get(dimension, 0))
        case QuestionKind.RANKING, tuple():
            last = len(question.options) - 1
            return sum(
                (
                    Fraction(
                        question.options[number].scores.get(dimension, 0) * (last - place), last
                    )
                    for place, number in enumerate(answer)
                    if number <= last
                ),
                Fraction(),
            )
        case _:
            return Fraction()


def _most(question: Question, dimension: str) -> int:
    """The points that an answer could bring at best; 0 where the question is not about it."""
    match question.kind:
        case QuestionKind.SCALE:
            return POINTS - 1 if question.dimension == dimension else 0
        case QuestionKind.CHOICE:
            return max(option.scores.get(dimension, 0) for option in question.options)
        case QuestionKind.RANKING:
            # Whatever scores most stands first; what scores less could not.
            return max(option.scores.get(dimension, 0) for option in question.options)
        case _:
            return 0


def _number(given: object, least: int, most: int) -> int:
    if isinstance(given, str) and given.isdecimal() and len(given) < 4:
        given = int(given)
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise NoAnswer("Choose one of the answers.")
    return given


def _order(given: object, count: int) -> tuple[int, ...]:
    if not isinstance(given, str):
        raise NoAnswer("Put the answers in order.")
    parts = given.split(",")
    if not all(part.isdecimal() and len(part) < 4 for part in parts):
        raise NoAnswer("Give each answer a place of its own.")
    order = tuple(map(int, parts))
    if sorted(order) != list(range(count)):
        raise NoAnswer("Give each answer a place of its own.")
    return order


def _text(given: object) -> str:
    text = str(given).strip()
    if len(text) > LONGEST_ANSWER:
        raise NoAnswer(f"That has {len(text)} characters where {LONGEST_ANSWER} fit. Shorten it.")
    return text


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
