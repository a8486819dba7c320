"""A week as a calendar: its days side by side, each with what begins in every hour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from hub import listing
from hub.listing import Day, Line
from learning.sessions import Session

WORKING_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What begins from `label` on, for an hour; `number` is its row."""

    number: int
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A day, one beside the other; `number` counts them from 1."""

    number: int
    day: Day
    hours: tuple[Hour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    columns: tuple[Column, ...]
    hours: tuple[Hour, ...]
    """The rows, without what is in them."""


def grid(sessions: Sequence[Session], days: Sequence[date], now: datetime, zone: ZoneInfo) -> Grid:
    """These days of a week, with what of these sessions begins on them."""
    today = now.astimezone(zone).date()
    by_day = {d.key: d for d in listing.days(sessions, now, zone)}
    columns = [
        _column(number, by_day.get(str(day)) or listing.day_of(day, today, ()))
        for number, day in enumerate(days, 1)
    ]
    rows = {h.number: h.label for column in columns for h in column.hours}
    return Grid(
        columns=tuple(columns),
        hours=tuple(Hour(number=n, label=label, lines=()) for n, label in sorted(rows.items())),
    )


def _column(number: int, day: Day) -> Column:
    by_hour = groupby(day.lines, key=lambda line: datetime.fromisoformat(line.starts).hour)
    hours = [
        Hour(number=hour, label=f"{hour:02}:00", lines=tuple(lines)) for hour, lines in by_hour
    ]
    return Column(number=number, day=day, hours=tuple(hours))


def days_of(monday: date, busy: Iterable[date]) -> list[date]:
    """Monday to Friday, and those of the weekend on which something is on."""
    week = [monday + timedelta(days=number) for number in range(7)]
    return week[:WORKING_DAYS] + [day for day in week[WORKING_DAYS:] if day in set(busy)]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_name(monday: date, today: date) -> str:
    """'18 to 22 May', 'This week, 18 to 22 May'; of Mondays to Fridays, as a learning week is."""
    friday = monday + timedelta(days=WORKING_DAYS - 1)
    first = f"{monday.day}" if monday.month == friday.month else f"{monday.day} {monday:%B}"
    year = "" if friday.year == today.year else f" {friday.year}"
    span = f"{first} to {friday.day} {friday:%B}{year}"
    near = {monday_of(today): "This week", monday_of(today) + timedelta(days=7): "Next week"}
    return f"{near[monday]}, {span}" if monday in near else span
