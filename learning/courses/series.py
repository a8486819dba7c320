"""When a set meets: the half-days of a week, the dates of a series, and the time that suits most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from learning import local_time
from learning.courses.sets import Slot
from learning.people import PersonId
from learning.plans import Span

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
HALVES = {"morning": (time(9), time(12)), "afternoon": (time(13), time(17))}
SLOTS: tuple[Slot, ...] = tuple(f"{day} {half}" for day in WEEKDAYS for half in HALVES)
"""The times that people choose from, in the order of the week."""

HALF_HOUR = timedelta(minutes=30)
WEEK = timedelta(days=7)
NOTICE = timedelta(days=7)
"""So long before the first meeting at least people are told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The one clock time of a whole series. `taken` has how many of the people are busy on each date,
    of as many dates as calendars were asked about."""

    days: tuple[date, ...]
    clock: time
    taken: tuple[int, ...] = ()

    def starts(self, zone: ZoneInfo) -> list[datetime]:
        """The same local time on every date, whatever the clocks do in between."""
        return [local_time.at(day, self.clock, zone) for day in self.days]


def in_order(slots: Iterable[Slot]) -> list[Slot]:
    """As they come in the week; what is no half-day of ours is left out."""
    chosen = set(slots)
    return [slot for slot in SLOTS if slot in chosen]


def weeks(every: int) -> int:
    """How many weeks lie between two meetings that are so many days apart."""
    return max(1, round(every / 7))


def first_day(live_days: Iterable[date], today: date) -> date:
    """The first day on which a set may meet: after its members' live session, and not at short notice."""
    return max([today + NOTICE, *(day + timedelta(days=1) for day in live_days)])


def days(slot: Slot, first: date, meetings: int, every: int) -> list[date]:
    """The dates of a series at a half-day of the week, from the first one on or after `first`."""
    weekday = WEEKDAYS.index(slot.split()[0])
    begins = first + timedelta(days=(weekday - first.weekday()) % 7)
    return [begins + number * weeks(every) * WEEK for number in range(meetings)]


def clocks(slot: Slot, minutes: int) -> list[time]:
    """The half hours at which a meeting may begin; its half-day's first where it is too long for it."""
    opens, closes = (datetime.combine(date.min, at) for at in HALVES[slot.split()[1]])
    last = closes - timedelta(minutes=minutes)
    found = [opens]
    while found[-1] + HALF_HOUR <= last:
        found.append(found[-1] + HALF_HOUR)
    return [each.time() for each in found]


def planned(
    slot: Slot,
    on: Sequence[date],
    minutes: int,
    busy: Mapping[PersonId, Sequence[Span]],
    zone: ZoneInfo,
    *,
    asked: int = 0,
) -> Plan:
    """The time at which the fewest are busy over all dates, the worst date decides between equals.

    `asked` is of how many of the dates, from the first, calendars were asked; nothing is known of others.
    """

    def taken(clock: time) -> tuple[int, ...]:
        return tuple(_busy(local_time.at(day, clock, zone), minutes, busy) for day in on[:asked])

    best = min(clocks(slot, minutes), key=lambda at: (sum(taken(at)), max(taken(at), default=0)))
    return Plan(days=tuple(on), clock=best, taken=taken(best))


def _busy(start: datetime, minutes: int, busy: Mapping[PersonId, Sequence[Span]]) -> int:
    end = start + timedelta(minutes=minutes)
    return sum(any(span.start < end and start < span.end for span in s) for s in busy.values())


def rhythm(starts: Sequence[datetime], every: int, zone: ZoneInfo) -> datetime:
    """The local start of the regular series from which the fewest of these differ, without its zone.

    Calendars keep a series as its rhythm and what differs from it.
    """
    step = weeks(every) * WEEK
    begins = Counter(
        at.astimezone(zone).replace(tzinfo=None) - number * step for number, at in enumerate(starts)
    )
    return max(begins, key=lambda begin: (begins[begin], -begin.toordinal()))


def may_be_moved(starts: Sequence[datetime], number: int, to: datetime, now: datetime) -> str:
    """Why the meeting of that number, counted from 1, cannot be at that time instead; '' where it can.

    Calendars keep the order of a series, and never put two of it on one day.
    """
    if to <= now:
        return "That time is over. Choose a later one."
    others = [*starts[: number - 1], to, *starts[number:]]
    if any(a.date() >= b.date() for a, b in pairwise(others)):
        return (
            "A meeting stays between the one before it and the one after it. Choose a day between."
        )
    return ""
