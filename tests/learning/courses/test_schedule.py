"""When steps are open to somebody, and what they are reminded of."""

from datetime import date, timedelta
from typing import Any

import pytest

from learning.courses.definition import Step, StepKind
from learning.courses.schedule import Situation, Standing, concerns, standing, to_do, to_remind

LIVE_DAY = date(2027, 3, 10)
BOOKED = Situation(live_day=LIVE_DAY, has_place=True, cohort="Spring")
NO_PLACE = Situation(live_day=LIVE_DAY, cohort="Spring")


def a_step(kind: StepKind = StepKind.MODULE, **more: Any) -> Step:
    values: dict[str, Any] = {"id": "step", "kind": kind, "title": "A step", "order": 1}
    return Step(**(values | more))


def on(offset: int) -> date:
    return LIVE_DAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(-43, Standing.NOT_YET), (-42, Standing.OPEN), (-2, Standing.OPEN), (-1, Standing.CLOSED)],
)
def test_a_step_is_open_from_its_first_day_to_the_end_of_its_last(day: int, expected: Standing):
    assert standing(a_step(opens=-42, closes=-2), BOOKED, on(day)) is expected


def test_without_a_live_session_everything_is_open():
    assert standing(a_step(opens=-42), Situation(live_day=None), on(-100)) is Standing.OPEN


@pytest.mark.parametrize(
    ("kind", "for_others"),
    [
        (StepKind.MODULE, True),
        (StepKind.LIVE, True),
        (StepKind.QUESTIONNAIRE, False),
        (StepKind.SETS, False),
        (StepKind.FOLLOW_UP, False),
    ],
)
def test_some_steps_are_only_for_those_with_a_place(kind: StepKind, for_others: bool):
    assert concerns(a_step(kind), BOOKED)
    assert concerns(a_step(kind), NO_PLACE) is for_others


def test_a_step_of_another_cohort_is_not_for_them():
    assert concerns(a_step(cohorts=("spring",)), BOOKED)
    assert not concerns(a_step(cohorts=("Autumn",)), BOOKED)


def test_what_is_to_do_begins_with_the_most_overdue():
    late = a_step(id="late", order=3, due=-20)
    soon = a_step(id="soon", order=1, due=-5)
    any_time = a_step(id="any", order=2)
    done = a_step(id="done", due=-30)
    shut = a_step(id="shut", closes=-15)
    later = a_step(id="later", opens=-1)
    situation = Situation(live_day=LIVE_DAY, done=frozenset({"done"}))

    found = to_do([any_time, soon, late, done, shut, later], situation, on(-10))

    assert [step.id for step in found] == ["late", "soon", "any"]


@pytest.mark.parametrize(
    ("day", "reminded"),
    [(-21, "form"), (-20, None), (-10, "form"), (-5, "module"), (-4, None), (-2, "form")],
)
def test_one_step_a_day_is_reminded_of_and_only_on_its_days(day: int, reminded: str | None):
    form = a_step(
        StepKind.QUESTIONNAIRE, id="form", opens=-21, closes=-2, remind=(-10, -5, -2), order=2
    )
    module = a_step(id="module", due=-4, order=1)

    found = to_remind([form, module], BOOKED, on(day))

    assert (found.id if found else None) == reminded


def test_nobody_is_reminded_of_what_they_have_done():
    form = a_step(StepKind.QUESTIONNAIRE, id="form", opens=-21, remind=(-10,))
    situation = Situation(live_day=LIVE_DAY, has_place=True, done=frozenset({"form"}))

    assert to_remind([form], situation, on(-10)) is None
