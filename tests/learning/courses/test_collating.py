"""What those who lead see of answers, and when."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from learning.courses.collating import (
    Answers,
    choices_of,
    closed_on,
    collated,
    in_no_order,
    may_be_shown,
    words_of,
)
from learning.courses.definition import Option, Question, QuestionKind, Screen, Step, StepKind
from learning.people import PersonId

STEP = Step(
    id="40-before",
    kind=StepKind.QUESTIONNAIRE,
    title="Before we meet",
    order=40,
    closes=-2,
    screens=(
        Screen(
            blocks=(
                Question(id="sure", kind=QuestionKind.SCALE, ask="Sure?", low="no", high="yes"),
                Question(
                    id="who",
                    kind=QuestionKind.CHOICE,
                    ask="Who?",
                    options=(Option(text="A"), Option(text="B")),
                ),
                Question(
                    id="order",
                    kind=QuestionKind.RANKING,
                    ask="Order?",
                    options=(Option(text="X"), Option(text="Y"), Option(text="Z")),
                ),
                Question(id="hope", kind=QuestionKind.TEXT, ask="Hope?", is_required=False),
                Question(id="own", kind=QuestionKind.REFLECTION, ask="Alone?"),
            )
        ),
    ),
)
EVERYBODY: list[Answers] = [
    {"sure": 5, "who": 0, "order": (2, 0, 1), "hope": "Time", "own": "never seen"},
    {"sure": 4, "who": 1, "order": (2, 1, 0)},
    {"sure": 4, "who": 1, "order": (0, 2, 1), "hope": "Tea"},
]


def test_choices_are_counted_and_words_stand_without_their_writers():
    sure, who, order, hope = collated(STEP, EVERYBODY)

    assert [line.count for line in sure.lines] == [0, 0, 0, 2, 1]
    assert sure.mean == Fraction(13, 3)
    assert [(line.text, line.count) for line in who.lines] == [("A", 1), ("B", 2)]
    assert [(line.text, line.count, line.place) for line in order.lines] == [
        ("Z", 2, Fraction(4, 3)),
        ("X", 1, Fraction(2)),
        ("Y", 0, Fraction(8, 3)),
    ]
    assert (hope.count, set(hope.texts)) == (2, {"Time", "Tea"})


def test_a_reflection_is_in_no_part_of_it():
    assert "never seen" not in str(collated(STEP, EVERYBODY))
    assert "never seen" not in str([words_of(STEP, a) for a in EVERYBODY])
    assert "never seen" not in str([choices_of(STEP, a) for a in EVERYBODY])


def test_words_stand_in_an_order_that_is_the_same_whoever_wrote_first():
    texts = [f"text {n}" for n in range(12)]

    shuffled = in_no_order("hope", texts)

    assert shuffled == in_no_order("hope", reversed(texts))
    assert shuffled != tuple(texts)
    assert shuffled != in_no_order("dilemma", texts)


def test_it_is_copied_from_five_up_and_again_when_five_are_new_or_changed():
    def by(count: int) -> dict[PersonId, Answers]:
        return {PersonId(f"p{n}"): {"sure": 3} for n in range(count)}

    assert not may_be_shown(by(4), {})
    assert may_be_shown(by(5), {})
    assert not may_be_shown(by(9), by(5))
    assert may_be_shown(by(10), by(5))
    assert may_be_shown({p: {"sure": 4} for p in by(5)}, by(5))


def test_a_questionnaire_is_closed_from_the_day_after_its_last():
    live = date(2027, 3, 10)

    assert closed_on(STEP, live) == live - timedelta(days=1)
    assert closed_on(replace(STEP, closes=None), live) == live
