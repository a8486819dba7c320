"""Words about one's own calendar, and words that are about something else."""

from datetime import date

import pytest

from language.calendar import Calendar
from language.commands import Command, MyBookings, MyCalendar, ToCalendar
from language.phrases import phrase

TODAY = Calendar(today=date(2026, 5, 18))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("my calendar", MyCalendar()),
        ("My calendar, please", MyCalendar()),
        ("what’s my calendar link?", MyCalendar()),
        ("can you send me my calendar address", MyCalendar()),
        ("calendar feed", MyCalendar()),
        ("how do I put my bookings in my Outlook calendar?", MyCalendar()),
        ("new calendar address", MyCalendar(ToCalendar.RENEW)),
        ("I'd like a new calendar link", MyCalendar(ToCalendar.RENEW)),
        ("change my calendar address", MyCalendar(ToCalendar.RENEW)),
        ("remove my calendar address", MyCalendar(ToCalendar.REMOVE)),
        ("cancel my calendar link", MyCalendar(ToCalendar.REMOVE)),
        ("my bookings", MyBookings()),
        ("show me my week", MyBookings()),
    ],
)
def test_what_is_said_about_one_s_calendar(said: str, meant: Command):
    assert phrase(said, TODAY) == meant


@pytest.mark.parametrize(
    "said", ["how do i share my calendar with my team", "book calendar skills"]
)
def test_a_subject_is_no_wish_for_an_address(said: str):
    assert not isinstance(phrase(said, TODAY), MyCalendar)
