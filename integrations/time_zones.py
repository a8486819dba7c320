"""Time zones as an iCalendar file defines them, so that every calendar program agrees on their clocks.

What the icalendar package makes itself has summer begin an hour late, and lists dates where a rule says it
for good.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """What the clocks of a place show from a change on, and showed before it."""

    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


@lru_cache(64)
def definition(key: str, first_year: int, last_year: int) -> Timezone:
    """The zone for whatever happens in these years and a little longer."""
    zone = ZoneInfo(key)
    start = datetime(first_year - 1, 1, 1, tzinfo=UTC)
    changes: dict[Clocks, list[datetime]] = {}
    for at in _changes(zone, start, datetime(last_year + 2, 1, 1, tzinfo=UTC)):
        clocks = _clocks(zone, at)
        # A change is told by the clocks before it.
        changes.setdefault(clocks, []).append((at + clocks.before).replace(tzinfo=None))
    if not any(at.year < first_year for those in changes.values() for at in those):
        always = _clocks(zone, start)
        changes[always] = [start.replace(tzinfo=None)]
    made = Timezone()
    made.add("tzid", key)
    for clocks, at in sorted(changes.items(), key=lambda pair: pair[1][0]):
        made.add_component(_observance(clocks, at))
    return made


def _observance(clocks: Clocks, at: Sequence[datetime]) -> TimezoneDaylight | TimezoneStandard:
    part = TimezoneDaylight() if clocks.is_summer else TimezoneStandard()
    part.add("dtstart", at[0])
    part.add("tzoffsetfrom", clocks.before)
    part.add("tzoffsetto", clocks.after)
    part.add("tzname", clocks.name)
    if len(at) > 1 and (rule := _yearly(at)) is not None:
        part.add("rrule", rule)
    elif len(at) > 1:
        part.add("rdate", list(at[1:]))
    return part


def _yearly(at: Sequence[datetime]) -> vRecur | None:
    """On the last Sunday of March, each year: the rule that all of these follow, if they do."""
    if len({(a.month, a.weekday(), a.time()) for a in at}) > 1:
        return None
    if [a.year for a in at] != list(range(at[0].year, at[0].year + len(at))):
        return None
    weeks = {(a.day - 1) // 7 + 1 for a in at}
    if all(a.day + 7 > monthrange(a.year, a.month)[1] for a in at):
        weeks = {-1}
    if len(weeks) > 1:
        return None
    day = f"{weeks.pop()}{DAYS[at[0].weekday()]}"
    return vRecur({"FREQ": "YEARLY", "BYMONTH": at[0].month, "BYDAY": day})


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants in UTC at which the clocks of a place change."""
    day = start
    while day < end:
        following = day + timedelta(days=1)
        if _shown(zone, day) != _shown(zone, following):
            low, high = day, following
            while high - low > SECOND:
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                is_before = _shown(zone, middle) == _shown(zone, day)
                low, high = (middle, high) if is_before else (low, middle)
            yield high
        day = following


def _shown(zone: ZoneInfo, at: datetime) -> tuple[timedelta | None, str | None]:
    local = at.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _clocks(zone: ZoneInfo, at: datetime) -> Clocks:
    local = at.astimezone(zone)
    return Clocks(
        before=(at - SECOND).astimezone(zone).utcoffset() or timedelta(),
        after=local.utcoffset() or timedelta(),
        name=local.tzname() or "",
        is_summer=bool(local.dst()),
    )
