"""Clock times and instants, on the days when the clocks change above all."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import local_time
from learning.local_time import RepeatedTime, SkippedTime

LONDON = ZoneInfo("Europe/London")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
APIA = ZoneInfo("Pacific/Apia")
ZONES = st.sampled_from([LONDON, LORD_HOWE, APIA, ZoneInfo("America/New_York"), ZoneInfo("UTC")])

# In London clocks go forward at 01:00 on 29 March 2026, and back at 02:00 on 25 October.
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


LOCAL_TIMES = st.datetimes(naive("2000-01-01"), naive("2100-01-01"))


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        ("2026-01-19T08:30", LONDON, "2026-01-19T08:30"),
        ("2026-05-19T08:30", LONDON, "2026-05-19T07:30"),
        ("2026-03-29T00:59", LONDON, "2026-03-29T00:59"),
        ("2026-03-29T02:00", LONDON, "2026-03-29T01:00"),
        ("2026-10-25T00:59", LONDON, "2026-10-24T23:59"),
        ("2026-10-25T02:00", LONDON, "2026-10-25T02:00"),
        ("2026-05-19T00:30", LORD_HOWE, "2026-05-18T14:00"),
    ],
)
def test_a_local_time_is_an_instant(local: str, zone: ZoneInfo, instant: str):
    assert local_time.instant(naive(local), zone) == utc(instant)


@pytest.mark.parametrize(
    ("local", "zone"),
    [
        ("2026-03-29T01:00", LONDON),
        ("2026-03-29T01:59", LONDON),
        # There the clocks change by half an hour.
        ("2026-10-04T02:15", LORD_HOWE),
        # Samoa went over the date line and had no 30 December that year.
        ("2011-12-30T12:00", APIA),
    ],
)
def test_a_time_that_the_clocks_skip_is_refused(local: str, zone: ZoneInfo):
    with pytest.raises(SkippedTime):
        local_time.instant(naive(local), zone)


@pytest.mark.parametrize(
    ("local", "zone"),
    [
        ("2026-10-25T01:00", LONDON),
        ("2026-10-25T01:59", LONDON),
        ("2026-04-05T01:45", LORD_HOWE),
    ],
)
def test_a_time_that_the_clocks_repeat_is_refused(local: str, zone: ZoneInfo):
    with pytest.raises(RepeatedTime):
        local_time.instant(naive(local), zone)


@given(LOCAL_TIMES, ZONES)
def test_whatever_is_an_instant_is_read_back_from_it(local: datetime, zone: ZoneInfo):
    try:
        instant = local_time.instant(local, zone)
    except (SkippedTime, RepeatedTime):
        return

    assert instant.astimezone(zone).replace(tzinfo=None) == local


@pytest.mark.parametrize(
    ("day", "clock", "instant"),
    [
        (FORWARD, "08:30", "2026-03-29T07:30"),
        (BACK, "08:30", "2026-10-25T08:30"),
        # Skipped, so moved on to half past two by the new clock.
        (FORWARD, "01:30", "2026-03-29T01:30"),
        # Repeated, so the first of the two.
        (BACK, "01:30", "2026-10-25T00:30"),
    ],
)
def test_a_clock_time_on_a_day_is_always_some_instant(day: date, clock: str, instant: str):
    assert local_time.at(day, time.fromisoformat(clock), LONDON) == utc(instant)


@pytest.mark.parametrize(
    ("start", "span", "earlier"),
    [
        ("2026-03-29T07:30", timedelta(days=1), "2026-03-28T08:30"),
        ("2026-03-29T07:30", timedelta(days=1, hours=1), "2026-03-28T07:30"),
        ("2026-10-25T08:30", timedelta(days=1), "2026-10-24T07:30"),
        ("2026-10-25T08:30", timedelta(days=7), "2026-10-18T07:30"),
        ("2026-10-25T02:30", timedelta(hours=2), "2026-10-25T00:30"),
        ("2026-05-19T08:30", timedelta(minutes=10), "2026-05-19T08:20"),
        # A day before half past two there was no half past one: it is moved on.
        ("2026-03-30T00:30", timedelta(days=1), "2026-03-29T01:30"),
    ],
)
def test_days_before_are_counted_by_the_clock_and_hours_as_they_elapse(
    start: str, span: timedelta, earlier: str
):
    assert local_time.before(utc(start), span, LONDON) == utc(earlier)


@given(
    LOCAL_TIMES.map(lambda local: local.replace(tzinfo=UTC)),
    st.timedeltas(timedelta(0), timedelta(hours=23, minutes=59)),
    ZONES,
)
def test_less_than_a_day_before_is_exactly_that_long_before(
    start: datetime, span: timedelta, zone: ZoneInfo
):
    assert local_time.before(start, span, zone) == start - span
