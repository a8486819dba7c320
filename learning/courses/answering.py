"""What a card sent for the questions of a screen: what answers them, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.courses.definition import Question, QuestionKind, Screen
from learning.courses.results import Answer, NoAnswer, read_answer

WRITTEN = frozenset({QuestionKind.TEXT, QuestionKind.REFLECTION})
SHORT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`emptied` are the questions whose answer was taken back; `typed` is what is no answer, as it was
    sent, and `fault` what is wrong with the first of it, or ''."""

    answers: Sequence[tuple[Question, Answer]]
    emptied: Sequence[Question] = ()
    typed: Mapping[str, object]
    fault: str = ""


def take(
    screen: Screen, sent: Mapping[str, object], *, goes_on: bool, is_as_shown: bool = True
) -> Taken:
    """Read what was sent, by the ids of the questions.

    Only who goes on must have answered; who turns back or leaves loses no more than half a choice, never
    words. Where the screen is not the one that the card showed, what is not there was not emptied.
    """
    answers: list[tuple[Question, Answer]] = []
    emptied: list[Question] = []
    typed: dict[str, object] = {}
    fault = ""
    for question in screen.questions:
        given = sent.get(question.id)
        is_empty = given is None or not str(given).strip()
        if is_empty and not is_as_shown:
            continue
        try:
            if is_empty and not (goes_on and question.is_required):
                emptied.append(question)
                continue
            answer = read_answer(question, None if is_empty else given)
        except NoAnswer as error:
            if goes_on or question.kind in WRITTEN:
                typed[question.id] = given
                fault = fault or _named(error, question, screen)
        else:
            assert answer is not None, "only what is empty is no answer without being wrong"
            answers.append((question, answer))
    return Taken(answers=answers, emptied=emptied, typed=typed, fault=fault)


def _named(error: NoAnswer, question: Question, screen: Screen) -> str:
    """Says which question is meant, where there are several."""
    words = str(error)
    if len(screen.questions) == 1 or question.ask in words:
        return words
    ask = question.ask if len(question.ask) <= SHORT else f"{question.ask[: SHORT - 1].rstrip()}…"
    return f"“{ask}”: {words}"
