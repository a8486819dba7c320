"""When a set meets: dates, the time that suits most, and what may be moved."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from learning import local_time
from learning.courses import series
from learning.people import PersonId
from learning.plans import Span

LONDON = ZoneInfo("Europe/London")
ASHA, BO, CY = (PersonId(name) for name in ("asha", "bo", "cy"))


def busy(day: date, start: time, end: time) -> Span:
    return Span(start=local_time.at(day, start, LONDON), end=local_time.at(day, end, LONDON))


@pytest.mark.parametrize(
    ("slot", "first", "begins"),
    [
        ("Tuesday morning", date(2026, 9, 1), date(2026, 9, 1)),
        ("Monday morning", date(2026, 9, 1), date(2026, 9, 7)),
        ("Friday afternoon", date(2026, 9, 1), date(2026, 9, 4)),
    ],
)
def test_a_series_begins_in_the_first_possible_week(slot: str, first: date, begins: date):
    assert series.days(slot, first, 3, 28) == [
        begins,
        begins + timedelta(weeks=4),
        begins + timedelta(weeks=8),
    ]


def test_nobody_meets_before_their_live_session_or_at_short_notice():
    today = date(2026, 9, 1)

    assert series.first_day([], today) == date(2026, 9, 8)
    assert series.first_day([date(2026, 8, 1), date(2026, 9, 20)], today) == date(2026, 9, 21)


@pytest.mark.parametrize(("every", "weeks"), [(28, 4), (7, 1), (10, 1), (11, 2), (3, 1), (30, 4)])
def test_meetings_come_in_whole_weeks_so_that_the_half_day_stays(every: int, weeks: int):
    assert series.weeks(every) == weeks


@pytest.mark.parametrize(
    ("slot", "minutes", "clocks"),
    [
        ("Monday morning", 120, [time(9), time(9, 30), time(10)]),
        ("Monday afternoon", 210, [time(13), time(13, 30)]),
        ("Monday morning", 240, [time(9)]),
    ],
)
def test_a_meeting_begins_on_a_half_hour_and_ends_within_its_half_day(
    slot: str, minutes: int, clocks: list[time]
):
    assert series.clocks(slot, minutes) == clocks


def test_the_whole_series_has_the_one_time_at_which_the_fewest_are_busy():
    days = series.days("Tuesday morning", date(2026, 9, 1), 3, 28)
    taken = {
        ASHA: [busy(days[0], time(9), time(9, 30)), busy(days[1], time(9), time(9, 15))],
        BO: [busy(days[0], time(11, 30), time(12))],
        CY: [busy(days[2], time(9), time(12))],  # later than calendars were asked about
    }

    plan = series.planned("Tuesday morning", days, 120, taken, LONDON, asked=2)

    assert plan == series.Plan(days=tuple(days), clock=time(9, 30), taken=(0, 0))


def test_of_equal_times_the_one_without_a_bad_date_is_taken():
    days = series.days("Tuesday morning", date(2026, 9, 1), 2, 28)
    taken = {
        ASHA: [busy(days[0], time(9), time(9, 30)), busy(days[0], time(11, 30), time(12))],
        BO: [busy(days[0], time(9), time(9, 30)), busy(days[1], time(11, 30), time(12))],
    }

    plan = series.planned("Tuesday morning", days, 150, taken, LONDON, asked=2)

    assert (plan.clock, plan.taken) == (time(9, 30), (1, 1))


def test_the_clock_says_the_same_before_and_after_it_is_put_back():
    days = series.days("Monday morning", date(2026, 10, 5), 2, 28)
    plan = series.planned("Monday morning", days, 120, {}, LONDON)

    starts = plan.starts(LONDON)

    assert [at.astimezone(LONDON).time() for at in starts] == [time(9), time(9)]
    assert [at.astimezone(UTC).hour for at in starts] == [8, 9]
    assert series.rhythm(starts, 28, LONDON) == datetime(2026, 10, 5, 9)  # noqa: DTZ001 -- local


def test_the_rhythm_is_that_of_most_dates_whichever_was_moved():
    plan = series.Plan(
        days=tuple(series.days("Monday morning", date(2026, 9, 7), 4, 7)), clock=time(9)
    )
    starts = plan.starts(LONDON)
    starts[0] += timedelta(days=2)

    assert series.rhythm(starts, 7, LONDON) == datetime(2026, 9, 7, 9)  # noqa: DTZ001 -- local


NOW = datetime(2026, 9, 8, tzinfo=UTC)
STARTS = [datetime(2026, 9, day, 9, tzinfo=UTC) for day in (7, 14, 21)]


@pytest.mark.parametrize(
    ("to", "fault"),
    [
        (datetime(2026, 9, 16, 9, tzinfo=UTC), ""),
        (datetime(2026, 9, 14, 15, tzinfo=UTC), ""),
        (datetime(2026, 9, 21, 15, tzinfo=UTC), "between"),
        (datetime(2026, 9, 30, 9, tzinfo=UTC), "between"),
        (datetime(2026, 9, 7, 15, tzinfo=UTC), "over"),
    ],
)
def test_a_meeting_stays_between_its_neighbours_and_ahead(to: datetime, fault: str):
    said = series.may_be_moved(STARTS, 2, to, NOW)

    assert bool(said) is bool(fault)
    assert fault in said
