"""What a session says of itself: places, times, days, and what it gets in the way of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from learning.sessions import (
    Session,
    SessionState,
    by_time,
)
from tests.support.values import ELEVEN, NINE, TEN, a_session

MINUTE = timedelta(minutes=1)
CANCELLED = SessionState.CANCELLED


@pytest.mark.parametrize(
    ("session", "places"),
    [
        (a_session(capacity=5, taken=0), 5),
        (a_session(capacity=5, taken=4), 1),
        (a_session(capacity=5, taken=5), 0),
        (a_session(capacity=5, taken=7, kept=7), 0),
        (a_session(capacity=5, taken=4, waiting=1), 0),
        (a_session(capacity=None, taken=400), None),
    ],
)
def test_places_left_are_those_that_somebody_new_could_have(session: Session, places: int | None):
    assert session.places_left == places


@pytest.mark.parametrize(
    ("now", "has_started", "is_over", "is_open"),
    [
        (NINE, False, False, True),
        (TEN - MINUTE, False, False, True),
        (TEN, True, False, False),
        (ELEVEN - MINUTE, True, False, False),
        (ELEVEN, True, True, False),
    ],
)
def test_a_session_is_open_until_it_starts_and_over_when_it_ends(
    now: datetime, has_started: bool, is_over: bool, is_open: bool
):
    session = a_session(starts_at=TEN)

    assert session.has_started(now) == has_started
    assert session.is_over(now) == is_over
    assert session.is_open(now) == is_open


def test_a_cancelled_session_is_not_open():
    assert not a_session(state=CANCELLED).is_open(NINE)


def test_something_without_times_never_starts_ends_or_needs_booking():
    self_paced = a_session(starts_at=None)

    assert not self_paced.has_started(NINE)
    assert not self_paced.is_over(NINE)
    assert not self_paced.is_open(NINE)
    assert self_paced.local_day() is None


def test_the_link_to_join_is_the_meeting_made_for_the_session_else_the_files_own():
    by_file = a_session(link="https://zoom.example.org/1")
    made = replace(by_file, join_url="https://teams.example.org/2")

    assert [a_session().link, by_file.link, made.link] == [
        "",
        "https://zoom.example.org/1",
        "https://teams.example.org/2",
    ]


@pytest.mark.parametrize(
    ("timezone", "day"),
    [
        ("Europe/London", date(2026, 5, 20)),
        ("UTC", date(2026, 5, 19)),
        ("America/New_York", date(2026, 5, 19)),
        ("Asia/Kolkata", date(2026, 5, 20)),
    ],
)
def test_the_day_of_a_session_is_that_of_its_own_zone(timezone: str, day: date):
    just_after_midnight = datetime(2026, 5, 19, 23, 15, tzinfo=UTC)

    assert a_session(starts_at=just_after_midnight, timezone=timezone).local_day() == day


def test_sessions_are_listed_as_people_would_attend_them_and_self_paced_ones_last():
    late = a_session(title="A", starts_at=TEN)
    early_b = a_session(title="B", starts_at=NINE)
    early_a = a_session(title="A", code="Y", starts_at=NINE)
    early_a_twin = a_session(title="A", code="X", starts_at=NINE)
    any_time = a_session(title="A", starts_at=None)

    listed = by_time([any_time, late, early_b, early_a, early_a_twin])

    assert listed == [early_a_twin, early_a, early_b, late, any_time]
