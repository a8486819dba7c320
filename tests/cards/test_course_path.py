"""Somebody's programme as a card: what is done, what is open, and what leads on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cards.course_path import choice_card, none_card, path_card, shut_card, to_do_card
from integrations.course_folders import read_folder
from learning.courses.definition import Course, Step, StepKind
from learning.courses.own_course import OwnCourse
from learning.courses.progress import StepState
from learning.courses.reading import read_course
from learning.courses.schedule import Situation
from learning.people import PersonId
from learning.sessions import CourseId
from tests.support.card_parts import buttons, shown_text
from tests.support.contracts import card_faults

SAMPLE = Path(__file__).parents[2] / "sample" / "leaders"
LIVE = datetime(2027, 3, 10, 9, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def course() -> Course:
    found = read_course(read_folder(SAMPLE), "Europe/London").course
    assert found is not None
    return found


def own(course: Course, days: int, *, screen: int | None = None, **situation: object) -> OwnCourse:
    """So many days from the live session; `screen` is where they are in the second module."""
    now = LIVE + timedelta(days=days)
    states = {}
    if screen is not None:
        step = course.steps[1]
        states[step.id] = StepState(
            course_id=CourseId(1),
            person_id=PersonId("asha"),
            step_id=step.id,
            screen=screen,
            started_at=now,
        )
    given = {"live_day": LIVE.date(), "cohort": "Spring", **situation}
    return OwnCourse(
        id=CourseId(1),
        course=course,
        situation=Situation(**given),  # pyright: ignore[reportArgumentType] -- as a test names them
        today=now.date(),
        now=now,
        zone=LONDON,
        states=states,
    )


def first_button(of: OwnCourse) -> str:
    return buttons(path_card(of).content)[0]["title"]


def test_what_was_begun_comes_first_then_what_is_most_overdue(course: Course):
    assert first_button(own(course, -20)) == "Start: Whose service is it?"
    assert first_button(own(course, -20, screen=2)) == "Go on: Behind the numbers (screen 3 of 4)"
    done = frozenset({"10-whose-service", "20-behind-the-numbers"})
    assert first_button(own(course, -20, done=done)) == "Start: Promises"


def test_each_step_says_how_it_stands(course: Course):
    words = shown_text(
        path_card(own(course, -20, screen=1, done=frozenset({"10-whose-service"}))).content
    )

    assert "1 of 9 done" in words
    assert "Whose service is it?\nDone\nLook at it again" in words
    assert (
        "Behind the numbers\nBegun, at screen 2 of 4, about 6 minutes, by Wednesday 24 February"
        in words
    )
    assert "Before we meet\nFor those with a place on the live session" in words
    assert (
        "After the live session\nAction learning sets, One month on, Three months on, Pass it on"
        in words
    )
    placed = shown_text(path_card(own(course, 60, has_place=True)).content)
    assert "Before we meet\nClosed on Monday 8 March" in placed
    assert "was due on" in placed
    assert "Three months on\nOpens on" in placed


def test_there_is_no_button_for_what_cannot_be_opened(course: Course):
    card = path_card(own(course, -60, has_place=True))

    assert buttons(card.content) == []


def test_a_step_that_is_shut_says_why(course: Course):
    def said(of: OwnCourse, step: Step) -> str:
        return shut_card(of, step).summary

    modules = {step.id: step for step in course.steps}
    ask = modules["40-before-we-meet"]
    assert said(own(course, -20), ask).endswith("for those with a place on the live session.")
    assert said(own(course, -60, has_place=True), ask).endswith("opens on Wednesday 17 February.")
    assert said(own(course, 0, has_place=True), ask).endswith("closed on Monday 8 March.")


def test_every_card_is_sound(course: Course):
    some = [
        own(course, days, has_place=placed) for days in (-60, -20, 40) for placed in (True, False)
    ]
    kinds = {step.kind for step in course.steps}

    cards = [path_card(each) for each in some] + [to_do_card([each]) for each in some]
    for card in [*cards, choice_card(some), to_do_card(some[:1]), none_card()]:
        assert card_faults(card.content) == []
    assert kinds == set(StepKind)
    assert "Next on The customer at the heart: Whose service is it? opens on" in shown_text(
        to_do_card(some[:1]).content
    )
