"""Local clock times and the instants they stand for, summer time included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class SkippedTime(ValueError):
    """The clocks go forward over this time: it does not exist on that day."""


class RepeatedTime(ValueError):
    """The clocks go back over this time: it happens twice on that day."""


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local time, refusing times that do not name exactly one."""
    earlier = local.replace(tzinfo=zone, fold=0)
    later = local.replace(tzinfo=zone, fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return earlier.astimezone(UTC)
    if earlier.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local:
        raise RepeatedTime(local)
    raise SkippedTime(local)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a clock time on a day; a skipped time is moved on, a repeated one is the first."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def before(instant: datetime, span: timedelta, zone: ZoneInfo) -> datetime:
    """The instant so long before: whole days by the clock of the zone, what is left as it elapses."""
    days = timedelta(days=span.days)
    local = instant.astimezone(zone)
    return at((local - days).date(), local.time(), zone) - (span - days)
