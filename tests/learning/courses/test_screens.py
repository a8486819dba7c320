"""How long a step's screens take, where to pause, and what tells one screen from another."""

from dataclasses import replace

import pytest

from learning.courses.definition import (
    Option,
    Question,
    QuestionKind,
    Screen,
    Step,
    StepKind,
    Words,
)
from learning.courses.screens import is_resting_place, mark, minutes_left, unanswered


def a_step(screens: int, minutes: int) -> Step:
    return Step(
        id="s",
        kind=StepKind.MODULE,
        title="S",
        order=1,
        minutes=minutes,
        screens=tuple(Screen(title=str(n)) for n in range(screens)),
    )


@pytest.mark.parametrize(
    ("screens", "minutes", "places"),
    [
        (5, 9, [2, 4]),
        (4, 7, [2]),  # after 3.5 minutes; the last screen is worth going on for
        (3, 6, [2]),
        (5, 3, []),
        (3, 30, [1, 2]),
        (5, 0, []),
        (1, 9, []),
        (0, 9, []),
    ],
)
def test_after_about_three_minutes_there_is_a_place_to_pause(
    screens: int, minutes: int, places: list[int]
):
    step = a_step(screens, minutes)

    assert [n for n in range(screens + 1) if is_resting_place(step, n)] == places


def test_minutes_are_spread_over_the_screens_and_rounded_up():
    assert [minutes_left(a_step(5, 9), n) for n in range(6)] == [9, 8, 6, 4, 2, 0]
    assert minutes_left(a_step(0, 5), 0) == 5


def test_a_screen_is_another_one_once_other_things_are_asked():
    asked = Question(
        id="q",
        kind=QuestionKind.CHOICE,
        ask="Which?",
        options=(Option(text="One"), Option(text="Two")),
    )
    screen = Screen(title="A", blocks=(Words(text="Read this."), asked))
    mended = Screen(title="B", blocks=(Words(text="Read that."), replace(asked, ask="Which one?")))
    turned = Screen(title="A", blocks=(replace(asked, options=asked.options[::-1]),))

    assert mark(screen) == mark(mended)
    assert mark(screen) != mark(turned)
    assert mark(screen) != mark(Screen(title="A"))


def test_the_first_screen_that_lacks_an_answer_is_found():
    needed = Question(id="a", kind=QuestionKind.TEXT, ask="A?")
    free = Question(id="b", kind=QuestionKind.TEXT, ask="B?", is_required=False)
    step = replace(
        a_step(0, 0),
        screens=(Screen(blocks=(free,)), Screen(blocks=(needed,)), Screen(blocks=(free,))),
    )

    assert unanswered(step, frozenset()) == 1
    assert unanswered(step, frozenset({"a"})) is None
