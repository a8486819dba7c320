"""How far the people of a course are: counts by step and by week."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from learning.courses.cohort_progress import (
    MOST_WEEKS,
    HowFar,
    StepFigures,
    Traveller,
    Week,
    figures,
    how_far,
    weeks,
)
from learning.courses.definition import Step, StepKind
from learning.courses.schedule import Situation

LIVE_DAY = date(2027, 3, 10)
TODAY = LIVE_DAY - timedelta(days=10)
MODULE = Step(id="10", kind=StepKind.MODULE, title="First", order=10, opens=-42, due=-14, closes=-5)
LIVE = Step(id="50", kind=StepKind.LIVE, title="Live", order=50)
LATER = Step(id="70", kind=StepKind.FOLLOW_UP, title="Later", order=70, opens=30)
STEPS = (MODULE, LIVE, LATER)


def somebody(
    *, has_place: bool = False, done: Mapping[str, date] | None = None, **more: Any
) -> Traveller:
    situation = Situation(
        live_day=LIVE_DAY, has_place=has_place, cohort="Spring", done=frozenset(done or {})
    )
    return Traveller(situation=situation, done_on=done or {}, **more)


@pytest.mark.parametrize(
    ("today", "begun", "expected"),
    [
        (LIVE_DAY - timedelta(days=43), False, HowFar.NOT_YET),
        (LIVE_DAY - timedelta(days=20), False, HowFar.OPEN),
        (LIVE_DAY - timedelta(days=20), True, HowFar.STARTED),
        (LIVE_DAY - timedelta(days=14), True, HowFar.STARTED),
        (LIVE_DAY - timedelta(days=13), True, HowFar.OVERDUE),
        (LIVE_DAY - timedelta(days=4), True, HowFar.CLOSED),
    ],
)
def test_a_step_goes_by_its_days(today: date, begun: bool, expected: HowFar):
    one = somebody(begun=frozenset({"10"} if begun else set[str]()))

    assert how_far(MODULE, one, today) is expected
    assert how_far(MODULE, somebody(done={"10": today}), today) is HowFar.DONE


def test_of_the_live_session_a_booking_is_a_beginning_and_a_place_is_all():
    assert how_far(LIVE, somebody(), TODAY) is HowFar.OPEN
    assert how_far(LIVE, somebody(booked=True), TODAY) is HowFar.STARTED
    assert how_far(LIVE, somebody(booked=True, has_place=True), TODAY) is HowFar.DONE


def test_people_are_counted_for_whom_a_step_is():
    people = [
        somebody(),
        somebody(begun=frozenset({"10"}), booked=True),
        somebody(has_place=True, done={"10": TODAY}),
    ]

    assert figures(STEPS, people, TODAY) == (
        StepFigures(step=MODULE, people=3, begun=2, done=1, overdue=2),
        StepFigures(step=LIVE, people=3, begun=2, done=1, overdue=0),
        StepFigures(step=LATER, people=1, begun=0, done=0, overdue=0),
    )


def test_weeks_add_up_what_was_done_by_their_end():
    sunday = date(2027, 2, 7)
    people = [
        somebody(done={"10": sunday}),
        somebody(done={"10": sunday + timedelta(days=1)}),
        somebody(),
    ]

    assert weeks((MODULE, LATER), people, date(2027, 2, 16)) == (
        Week(monday=date(2027, 2, 1), done=(1, 0)),
        Week(monday=date(2027, 2, 8), done=(2, 0)),
        Week(monday=date(2027, 2, 15), done=(2, 0)),
    )
    assert weeks((MODULE,), [somebody()], TODAY) == ()


def test_of_years_the_latest_half_is_shown_and_adds_up_all_before():
    long_ago = somebody(done={"10": LIVE_DAY - timedelta(days=700)})

    found = weeks((MODULE,), [long_ago], LIVE_DAY)

    this_week = LIVE_DAY - timedelta(days=LIVE_DAY.weekday())
    assert found == (
        Week(monday=this_week - timedelta(weeks=MOST_WEEKS - 1), done=(1,)),
        Week(monday=this_week, done=(1,)),
    )
