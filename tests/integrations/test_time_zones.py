"""Zones defined in a calendar file agree with what the clocks of those places show."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from integrations.time_zones import definition

OFTEN = [timedelta(hours=hours) for hours in range(0, 2 * 366 * 24, 5)]


def lines(key: str) -> list[str]:
    return definition(key, 2026, 2026).to_ical().decode().split("\r\n")


def test_london_changes_its_clocks_on_the_last_sundays_of_march_and_october():
    assert lines("Europe/London") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/London",
        "BEGIN:DAYLIGHT",
        "DTSTART:20250330T010000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:BST",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20251026T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:GMT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


def test_a_place_that_never_changes_its_clocks_has_one_offset():
    assert lines("Asia/Kolkata")[2:8] == [
        "BEGIN:STANDARD",
        "DTSTART:20250101T000000",
        "TZNAME:IST",
        "TZOFFSETFROM:+0530",
        "TZOFFSETTO:+0530",
        "END:STANDARD",
    ]


def test_changes_that_follow_no_rule_are_listed():
    """Morocco's follow the moon."""
    assert "RDATE:20260215T030000,20270207T030000" in lines("Africa/Casablanca")


@pytest.mark.parametrize(
    "key",
    "Europe/London Europe/Dublin America/New_York Australia/Lord_Howe Africa/Casablanca Pacific/Chatham "
    "Asia/Kathmandu UTC".split(),
)
def test_a_program_that_reads_the_definition_has_the_same_clocks(key: str):
    read = Timezone.from_ical(definition(key, 2026, 2026).to_ical())
    assert isinstance(read, Timezone)
    theirs, real = read.to_tz(), ZoneInfo(key)

    for span in OFTEN:
        local = (datetime(2026, 1, 1, tzinfo=UTC) + span).astimezone(real)
        if local.utcoffset() == local.replace(fold=1).utcoffset():
            assert local.replace(tzinfo=theirs).utcoffset() == local.utcoffset(), local
