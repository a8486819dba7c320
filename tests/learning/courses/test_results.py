"""What answers add up to, and what is no answer."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from integrations.course_folders import read_folder
from learning.courses.definition import Option, Question, QuestionKind, Step
from learning.courses.reading import read_course
from learning.courses.results import Answer, Level, NoAnswer, read_answer, results, summary

SAMPLE = Path(__file__).parents[3] / "sample" / "leaders"


@pytest.fixture(scope="module")
def module() -> Step:
    course = read_course(read_folder(SAMPLE), "Europe/London").course
    assert course is not None
    return course.steps[0]


BEST: dict[str, Answer] = {
    "heard-yourself": 5,
    "own-line": 0,
    "first-person": 5,
    "nobody-came": 0,
    "say-sorry": 5,
    "what-counts": (1, 3, 4, 0, 2),
}
WORST: dict[str, Answer] = {
    "heard-yourself": 1,
    "own-line": 3,
    "first-person": 1,
    "nobody-came": 3,
    "say-sorry": 1,
    "what-counts": (0, 2, 4, 3, 1),
}


def test_the_best_answers_are_strong_and_the_worst_are_weak_in_everything(module: Step):
    best, worst = results(module, BEST), results(module, WORST)

    assert [r.level for r in best] == [Level.STRONG] * 3
    assert [r.level for r in worst] == [Level.WEAK] * 3
    assert best[0].words == module.dimensions[0].strong
    assert worst[0].words == module.dimensions[0].weak


def test_points_are_added_up_by_dimension(module: Step):
    found = results(
        module, {**WORST, "heard-yourself": 5, "own-line": 2, "what-counts": (0, 1, 2, 3, 4)}
    )

    # listening: 4 of 4 by the scale, 0 of 1 by the choice, 3 of 3 points at second of five places.
    assert found[0].share == Fraction(4) / 8 + Fraction(3 * 3, 4) / 8
    assert found[0].level is Level.STRONG


def test_only_what_was_answered_counts(module: Step):
    [only] = results(module, {"heard-yourself": 3})

    assert only.dimension.id == "listening"
    assert (only.share, only.level) == (Fraction(1, 2), Level.BETWEEN)
    assert results(module, {}) == ()


def test_the_result_is_said_in_a_sentence(module: Step):
    mixed: dict[str, Answer] = {"heard-yourself": 5, "first-person": 1, "say-sorry": 1}

    assert (
        summary(results(module, mixed))
        == "Strong at listening, weak at being easy to reach and owning what goes wrong."
    )
    assert summary(results(module, {"heard-yourself": 3})) == ""


def a_question(kind: QuestionKind, *, required: bool = True) -> Question:
    options = tuple(Option(text=text) for text in ("a", "b", "c"))
    return Question(id="q", kind=kind, ask="Why?", options=options, is_required=required)


@pytest.mark.parametrize(
    ("kind", "given", "answer"),
    [
        (QuestionKind.SCALE, "3", 3),
        (QuestionKind.CHOICE, "0", 0),
        (QuestionKind.RANKING, "2,0,1", (2, 0, 1)),
        (QuestionKind.TEXT, "  Because.  ", "Because."),
    ],
)
def test_what_a_card_sends_is_read(kind: QuestionKind, given: object, answer: Answer):
    assert read_answer(a_question(kind), given) == answer


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        (QuestionKind.SCALE, "0", "Choose one of the answers."),
        (QuestionKind.SCALE, "6", "Choose one of the answers."),
        (QuestionKind.SCALE, True, "Choose one of the answers."),
        (QuestionKind.CHOICE, "3", "Choose one of the answers."),
        (QuestionKind.RANKING, "0,1", "Give each answer a place of its own."),
        (QuestionKind.RANKING, "0,1,1", "Give each answer a place of its own."),
        (QuestionKind.RANKING, 5, "Put the answers in order."),
        (QuestionKind.TEXT, "x" * 2001, "That has 2001 characters where 2000 fit."),
        (QuestionKind.TEXT, "", '"Why?" has no answer yet.'),
    ],
)
def test_what_is_no_answer_is_said(kind: QuestionKind, given: object, words: str):
    with pytest.raises(NoAnswer, match=re.escape(words)):
        read_answer(a_question(kind), given)


def test_what_need_not_be_answered_may_be_left_out():
    assert read_answer(a_question(QuestionKind.TEXT, required=False), "") is None
