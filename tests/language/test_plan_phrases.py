"""Ways of asking for a plan, and what is none."""

from datetime import date

import pytest

from language.calendar import When
from language.commands import Command, MyBookings, PlanWeek
from language.context import Context
from language.understanding import at_once
from tests.language.test_phrases import CALENDAR, THIS_WEEK, THURSDAY, TODAY, meaning

FRIDAY = When(first=date(2026, 5, 22), last=date(2026, 5, 22))


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("plan my week", PlanWeek()),
        ("Plan my week!", PlanWeek()),
        ("please plan my week for me", PlanWeek()),
        ("can you help me plan my week", PlanWeek()),
        ("plan my learning week", PlanWeek()),
        ("plan this for me", None),
        ("plan my week around leadership and excel", PlanWeek("leadership and excel")),
        ("plan my week about mentoring please", PlanWeek("mentoring")),
        ("plan my week with time management in it", PlanWeek("time management in it")),
        ("plan my day", PlanWeek("", TODAY)),
        ("plan my Thursday around mentoring", PlanWeek("mentoring", THURSDAY)),
        ("fill my diary with leadership", PlanWeek("leadership")),
        ("put together a plan for me", PlanWeek()),
        ("what should I go to", PlanWeek()),
        ("what should I go to?", PlanWeek()),
        ("what should i go to this week", PlanWeek("", THIS_WEEK)),
        ("which sessions should I go to on Friday", PlanWeek("", FRIDAY)),
        ("what should I attend to learn about excel", PlanWeek("excel")),
        ("my week", MyBookings()),
        ("week plans", None),
        ("career plan", None),
    ],
)
def test_a_plan_is_asked_for_in_these_words(words: str, command: Command | None):
    found = meaning(words)

    if command is None:
        assert not isinstance(found, PlanWeek)
    else:
        assert found == command


def test_it_is_understood_at_once_and_as_one_thing():
    context = Context(calendar=CALENDAR)

    assert at_once("plan my week around leadership and excel", context) == PlanWeek(
        "leadership and excel"
    )
    assert at_once("what should i go to", context) == PlanWeek()
