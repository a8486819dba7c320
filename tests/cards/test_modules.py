"""The screens of a module as cards: what they ask, what they bring back, what the result says."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cards.kit import Card
from cards.modules import (
    PRIVATE,
    READ_ONLY,
    REST,
    finished_card,
    left_card,
    result_card,
    screen_card,
    sent_answers,
)
from integrations.course_folders import read_folder
from learning.courses.definition import Course, Picture, QuestionKind, Screen, Words
from learning.courses.reading import read_course
from learning.courses.results import Answer, Result, read_answer, results
from tests.support.card_parts import parts, shown_text
from tests.support.contracts import CARD_BYTES, card_faults

SAMPLE = Path(__file__).parents[2] / "sample" / "leaders"
ABOUT = {"course": 1, "step": "10-whose-service"}


@pytest.fixture(scope="module")
def course() -> Course:
    found = read_course(read_folder(SAMPLE), "Europe/London").course
    assert found is not None
    return found


def screen(
    course: Course, number: int, answers: dict[str, Answer] | None = None, **more: Any
) -> Card:
    return screen_card(
        course.steps[0],
        number,
        answers or {},
        about=ABOUT,
        picture=lambda f: f"https://x/{f}",
        **more,
    )


def inputs(card: Card) -> list[dict[str, Any]]:
    return [p for _, p in parts(card.content) if str(p.get("type", "")).startswith("Input.")]


def test_every_screen_of_the_sample_is_a_sound_card(course: Course):
    cards = [
        screen_card(step, number, {}, about=ABOUT, picture=lambda f: f"https://x/{f}")
        for step in course.steps
        for number in range(len(step.screens))
    ]

    assert len(cards) == 18
    for card in cards:
        assert card_faults(card.content) == []
        assert len(str(card.content).encode()) < CARD_BYTES
        assert all(each.get("label") for each in inputs(card))


def test_a_screen_says_how_far_one_is_and_what_is_asked(course: Course):
    card = screen(course, 1)

    assert card.summary == "The way in, 2 of 5"
    assert "Whose service is it? · 2 of 5" in shown_text(card.content)
    assert [each["label"] for each in inputs(card)] == [
        "When did you last ring your own service, as a customer would?",
        "Of ten people who get through to you, how many have their matter settled by the first person"
        " they speak to?",
    ]


def test_the_ends_of_a_scale_have_names(course: Course):
    [scale] = inputs(screen(course, 0))

    titles = [choice["title"] for choice in scale["choices"]]
    assert titles == ["1 · Not once", "2", "3", "4", "5 · Every week or more"]


def test_one_can_go_on_back_and_away_but_not_back_from_the_first(course: Course):
    def ways(number: int) -> list[str]:
        return [action["title"] for action in screen(course, number).content["actions"]]

    assert ways(0) == ["Save and go on", "Later"]
    assert ways(1) == ["Save and go on", "Back", "Later"]
    assert ways(4) == ["Finish", "Back", "Later"]


def test_what_was_answered_before_is_there_again_and_comes_back_the_same(course: Course):
    step = course.steps[0]
    answers: dict[str, Answer] = {
        "heard-yourself": 4,
        "own-line": 2,
        "first-person": 1,
        "nobody-came": 0,
        "say-sorry": 5,
        "what-counts": (4, 0, 3, 1, 2),
        "succeed": "One Tuesday.",
        "fail": "I wait for complaints.",
    }

    sent: dict[str, Answer | None] = {}
    for number, each in enumerate(step.screens):
        data = {i["id"]: i["value"] for i in inputs(screen(course, number, answers))}
        questions = {q.id: q for q in each.questions}
        sent |= {
            id_: read_answer(questions[id_], given)
            for id_, given in sent_answers(each, data).items()
        }

    assert sent == answers


def test_an_order_of_which_nothing_was_chosen_is_no_answer(course: Course):
    step = course.steps[0]
    ranking = next(q for q in step.questions if q.kind is QuestionKind.RANKING)
    asked = next(s for s in step.screens if ranking in s.questions)

    assert sent_answers(asked, {})[ranking.id] == ""


def test_a_reflection_says_who_reads_it(course: Course):
    private, open_ = screen(course, 4), screen(course, 0)

    assert shown_text(private.content).count(PRIVATE) == 2
    assert PRIVATE not in shown_text(open_.content)


def test_a_fault_stands_where_it_is_seen_first(course: Course):
    card = screen(course, 0, fault="Choose one of the answers.")

    assert "Choose one of the answers." in shown_text(card.content)


def test_the_result_is_said_in_words_beside_its_picture(course: Course):
    step = course.steps[0]
    found = results(step, {"heard-yourself": 5, "first-person": 1})

    card = result_card(step, found, about=ABOUT, image="https://x/result.png")

    assert card_faults(card.content) == []
    words = shown_text(card.content)
    assert "Strong at listening, weak at being easy to reach." in words
    assert step.dimensions[0].strong in words
    assert step.dimensions[1].weak in words
    [image] = [p for _, p in parts(card.content) if p.get("type") == "Image"]
    assert image["altText"] == "listening: 100 of 100; being easy to reach: 0 of 100"


def test_a_link_on_its_own_is_a_button_and_within_a_sentence_stays_one(course: Course):
    own, within = (
        "[Watch: a call (3 minutes)](https://example.org/v?a=1)",
        "See [this](https://x.org).",
    )
    step = replace(
        course.steps[0],
        screens=(
            Screen(blocks=(Words(text=own), Words(text=within), Words(text="[x](http://y)"))),
        ),
    )

    card = screen_card(step, 0, {}, about=ABOUT, picture=str)

    links = [p for _, p in parts(card.content) if p.get("type") == "Action.OpenUrl"]
    assert [(p["title"], p["url"]) for p in links] == [
        ("Watch: a call (3 minutes)", "https://example.org/v?a=1")
    ]
    assert within in shown_text(card.content)
    assert "[x](http://y)" in shown_text(card.content)
    assert card_faults(card.content) == []


def test_a_picture_that_is_not_there_is_told_in_words(course: Course):
    shown = replace(
        course.steps[0], screens=(Screen(blocks=(Picture(file="a.png", alt="A long queue"),)),)
    )

    with_it = screen_card(shown, 0, {}, about=ABOUT, picture=lambda f: f"https://x/{f}")
    without = screen_card(shown, 0, {}, about=ABOUT, picture=lambda _: "")

    assert [p["url"] for _, p in parts(with_it.content) if p["type"] == "Image"] == [
        "https://x/a.png"
    ]
    assert "A long queue" in shown_text(without.content)
    assert "Image" not in [p["type"] for _, p in parts(without.content)]


def test_what_has_closed_is_read_in_words_and_asks_for_nothing(course: Course):
    card = screen(course, 1, {"own-line": 3, "first-person": 5}, is_open=False, rests=True)
    order = screen(course, 3, {"what-counts": (4, 0, 3, 1, 2)}, is_open=False)
    last = screen(course, 4, {"succeed": "One day."}, is_open=False)

    assert inputs(card) == inputs(order) == inputs(last) == []
    words = shown_text(card.content)
    assert READ_ONLY in words
    assert REST not in words
    assert "Never" in words
    assert "5 · Nine or ten" in words
    assert "1: People get it right the first time; 2: Staying within the budget" in shown_text(
        order.content
    )
    assert "One day." in shown_text(last.content)
    assert "No answer." in shown_text(last.content)


def test_what_was_sent_and_is_no_answer_stands_on_the_card_as_it_was(course: Course):
    torn = inputs(screen(course, 3, {"what-counts": "2,2,,0,"}))  # pyright: ignore[reportArgumentType]

    assert [i.get("value") for i in torn] == ["2", "2", None, "0", None]


def test_leaving_and_finishing_say_where_one_is(course: Course):
    step = course.steps[0]

    left, done = left_card(step, 2, about=ABOUT), finished_card(step, about=ABOUT)

    assert "You are at screen 3 of 5 of “Whose service is it?”" in shown_text(left.content)
    assert "“Whose service is it?” is done." in shown_text(done.content)
    for card in (left, done):
        assert card_faults(card.content) == []


def test_a_picture_for_which_a_card_has_no_room_is_left_out_and_one_under_way_has_a_button(
    course: Course,
):
    found = [Result(dimension=d, share=Fraction(1, 2)) for d in course.steps[0].dimensions]
    image = "data:image/png;base64," + "A" * 26_000

    large = result_card(course.steps[0], found, about=ABOUT, image=image)
    later = result_card(course.steps[0], found, about=ABOUT, is_drawn_later=True)

    assert card_faults(large.content) == card_faults(later.content) == []
    assert "Image" not in [p["type"] for _, p in parts(large.content)]
    assert "Show it as a picture" in shown_text(later.content)
    assert "Show it as a picture" not in shown_text(large.content)
