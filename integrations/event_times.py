"""When an event of an iCalendar file starts and ends, whatever the file calls its time zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from learning.programme_cells import find_zone, moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTime:
    """When an event starts or ends: a datetime, a date, or text that is neither.

    `zone` is the name that the file gave to its zone, in our words for it where we have one.
    """

    value: datetime | date | str | None = None
    zone: str = ""

    @property
    def is_instant(self) -> bool:
        return isinstance(self.value, datetime) and self.value.tzinfo is not None and not self.zone

    def after(self, duration: Any) -> EventTime:
        """This time and a DURATION later; nothing if either is not to be had."""
        span = None if duration is None or isinstance(duration, str) else duration.dt
        if not isinstance(self.value, datetime) or not isinstance(span, timedelta):
            return EventTime()
        try:
            if self.value.tzinfo is None:
                return EventTime(value=self.value + span, zone=self.zone)
            later = self.value.astimezone(UTC) + span
            return EventTime(value=later.astimezone(self.value.tzinfo), zone=self.zone)
        except OverflowError:
            return EventTime()

    def text(self, zone: str) -> str:
        """As a programme file has it, in this zone."""
        match self.value:
            case None:
                return ""
            case datetime() as moment if moment.tzinfo is None or self.zone == zone:
                return moment.replace(tzinfo=None).isoformat()
            case datetime() as moment:
                return _instant_text(moment, find_zone(zone) or "UTC")
            case date() as day:
                return day.isoformat()
            case str() as odd:
                return odd


def _instant_text(moment: datetime, zone: str) -> str:
    try:
        return moment_text(moment, ZoneInfo(zone))
    except OverflowError:  # In the year 1 or 9999, which is refused for its own sake.
        return moment.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """What a calendar calls its zones: `own` are those that it defines itself."""

    default: str
    own: Mapping[str, tzinfo]

    def time(self, found: Any) -> EventTime:
        """The value of DTSTART or DTEND; text is what could not be understood."""
        if found is None or isinstance(found, str):
            return EventTime(value=found)
        if not isinstance(found.dt, datetime):
            return EventTime(value=found.dt if isinstance(found.dt, date) else str(found.dt))
        named = str(found.params.get("TZID", ""))
        if not named:
            return EventTime(value=found.dt)
        local = found.dt.replace(tzinfo=None)
        known = find_zone(named) or WINDOWS_TO_OLSON.get(named) or _guessed(found.dt)
        if known:
            return EventTime(value=local.replace(tzinfo=ZoneInfo(known)), zone=known)
        if named in self.own:
            return EventTime(value=local.replace(tzinfo=self.own[named]))
        return EventTime(value=local, zone=named)


def _guessed(at: datetime) -> str:
    """The zone that icalendar made out of a name such as /example.org/Europe/London."""
    return at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else ""
