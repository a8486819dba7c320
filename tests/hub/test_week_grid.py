"""A week as a calendar: days beside each other, and what begins in each hour."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub import week_grid
from tests.hub.programmes import TUESDAY, a_session

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 5, 18)


def test_each_session_is_in_the_hour_and_on_the_day_on_which_it_begins_here():
    sessions = [
        a_session(1, "Late", datetime(2026, 5, 18, 23, 30, tzinfo=UTC)),  # Tuesday in London
        a_session(2, "Ten", TUESDAY),
        a_session(3, "Ten and a half", TUESDAY + timedelta(minutes=30)),
        a_session(4, "Wednesday", TUESDAY + timedelta(days=1, hours=4)),
    ]
    days = week_grid.days_of(MONDAY, [])

    grid = week_grid.grid(sessions, days, TUESDAY, LONDON)

    assert [(c.number, c.day.name) for c in grid.columns] == [
        (1, "Monday 18 May"),
        (2, "Today, Tuesday 19 May"),
        (3, "Tomorrow, Wednesday 20 May"),
        (4, "Thursday 21 May"),
        (5, "Friday 22 May"),
    ]
    assert [[(h.label, [x.title for x in h.lines]) for h in c.hours] for c in grid.columns] == [
        [],
        [("00:00", ["Late"]), ("10:00", ["Ten", "Ten and a half"])],
        [("14:00", ["Wednesday"])],
        [],
        [],
    ]
    assert [(h.number, h.label) for h in grid.hours] == [(0, "00:00"), (10, "10:00"), (14, "14:00")]


def test_a_weekend_is_there_where_something_is_on():
    assert len(week_grid.days_of(MONDAY, [date(2026, 5, 20)])) == 5
    assert week_grid.days_of(MONDAY, [date(2026, 5, 24)])[-1] == date(2026, 5, 24)
    assert len(week_grid.days_of(MONDAY, [date(2026, 5, 24)])) == 6


@pytest.mark.parametrize(
    ("monday", "name"),
    [
        (date(2026, 5, 18), "This week, 18 to 22 May"),
        (date(2026, 5, 25), "Next week, 25 to 29 May"),
        (date(2026, 6, 29), "29 June to 3 July"),
        (date(2026, 12, 28), "28 December to 1 January 2027"),
    ],
)
def test_a_week_is_called_by_its_days(monday: date, name: str):
    assert week_grid.week_name(monday, TUESDAY.date()) == name
