"""Days and times of day as British people write them, taken out of a text."""

from __future__ import annotations

from language.calendar import Calendar, When
from language.clock_times import read_clock, read_from_now
from language.day_names import DAY, Days, read_days, spelt


def read_when(text: str, calendar: Calendar) -> tuple[When | None, str]:
    """The days and times that a text names, and the text without them, with their spelling mended."""
    rest = spelt(text.casefold())
    from_now, rest = read_from_now(rest, calendar.now) if calendar.now else (None, rest)
    days, rest = read_days(rest, calendar)
    span, rest, is_daily = read_clock(rest, has_day=days is not None)
    span = from_now or span
    if days is None and span is None:
        return None, text.strip()
    if days is None and is_daily:
        days = _days_ahead(calendar)
    first, last, only = days or (calendar.today, calendar.today, ())
    start, end = span or (None, None)
    when = When(first=first, last=last, start=start, end=end, only=only)
    return when, " ".join(rest.split())


def _days_ahead(calendar: Calendar) -> Days:
    """What is left of this week, or all of what comes next: "in the mornings" names no day."""
    sunday = calendar.today + (6 - calendar.today.weekday()) * DAY
    ahead = [d for d in calendar.edition if d >= calendar.today]
    if not ahead or ahead[0] <= sunday:
        return calendar.today, sunday, ()
    return ahead[0], ahead[-1], ()
