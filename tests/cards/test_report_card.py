"""The card that tells organisers how the week went."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cards.report import number, report_card, rose
from learning.report import Change, Earlier, Line, Measure, Reach, Report, Score
from tests.support.card_parts import shown_text
from tests.support.clocks import MONDAY
from tests.support.contracts import card_faults

PAGE = "https://learn.example.org/desk/report"
REPORT = Report(
    edition="Week & more",
    first_day=date(2026, 5, 18),
    last_day=date(2026, 5, 22),
    made_at=MONDAY,
    is_over=True,
    totals=Line(
        name="All sessions",
        sessions=22,
        booked=331,
        attended=1240,
        no_shows=60,
        score=Score(histogram=(0, 0, 0, 50, 50), helped=74, goal_answers=99),
    ),
    reach=Reach(people=203, first_timers=120),
    earlier=(
        Earlier(
            name="Last *year*",
            held=None,
            changes=(
                Change(measure=Measure.ATTENDED, before=Decimal(551), now=Decimal(1240)),
                Change(measure=Measure.BOOKED, before=Decimal(662), now=Decimal(331)),
            ),
        ),
    ),
)


def test_it_says_the_main_figures_and_what_has_changed():
    card = report_card(REPORT, PAGE)
    text = shown_text(card.content)

    assert card.summary == "Week & more: what it did. 1,240 attendances by 203 people."
    for words in (
        "Monday 18 May to Friday 22 May 2026",
        "1,240 (95.4 %)",
        "4.50 of 5 (100 answers)",
        "74.7 % (of 99 answers)",
        "Attendance rose by 125 % (from 551 to 1,240).",
        "Bookings fell by 50 % (from 662 to 331).",
    ):
        assert words in text
    assert [a["url"] for a in card.content["actions"]] == [f"{PAGE}?edition=Week+%26+more"]


@pytest.mark.parametrize(
    "report",
    [
        REPORT,
        replace(REPORT, totals=None, reach=Reach(), earlier=()),
        replace(REPORT, is_over=False, first_day=None, last_day=None),
        replace(REPORT, totals=Line(name="All sessions", sessions=0)),
        replace(REPORT, edition="*" * 200),
    ],
)
def test_it_is_a_card_that_teams_takes(report: Report):
    assert card_faults(report_card(report, PAGE).content) == []


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (80, 180, "rose by 125 % (from 80 to 180)"),
        (180, 80, "fell by 55.6 % (from 180 to 80)"),
        (80, 80, "stayed the same (80)"),
        (0, 80, ""),
        (None, 80, ""),
    ],
)
def test_a_change_in_words(before: int | None, now: int, words: str):
    known = None if before is None else Decimal(before)

    assert rose(Change(measure=Measure.ATTENDED, before=known, now=Decimal(now))) == words


def test_a_number_has_no_zeros_that_say_nothing():
    assert [number(n) for n in (Decimal("125.0"), 1240, Decimal("12.50"), Decimal(100))] == [
        "125",
        "1,240",
        "12.5",
        "100",
    ]
