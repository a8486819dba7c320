"""iCalendar files (RFC 5545) of other programs, as tables of text."""

from __future__ import annotations

import hashlib
import re
import warnings
from datetime import tzinfo
from typing import Any, cast

from icalendar import Calendar, Component, Timezone

from integrations.calendars import CODE_PROPERTY
from integrations.event_times import Zones
from learning.errors import UnreadableFile
from learning.programme_cells import find_zone
from learning.programme_table import Fault, Row, Table

HEADER = ("code", "title", "summary", "topics", "starts", "ends", "timezone", "link", "location")

LONGEST_CODE = 20
DAMAGED = "This calendar file is damaged. Export it again from the calendar that it came from."
BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,  # A zone called Europe is a folder to zoneinfo.
    RuntimeError,
    TypeError,
    ValueError,
)
"""What icalendar raises over a file that is not what it should be."""


def read(text: str, timezone: str) -> Table:
    """One row for each event, numbered by the line on which the event begins.

    `timezone` is for times in UTC or in a zone of the file's own making, where the calendar names
    no zone for itself. Cancelled events are left out; one that repeats is a fault. An event of
    whole days becomes dates without times, which the rules for programmes refuse.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # About guesses at zones, which are judged here.
            return _table(text, timezone)
    except BROKEN as error:
        raise UnreadableFile(DAMAGED) from error


def _table(text: str, timezone: str) -> Table:
    calendars = Calendar.from_ical(text, multiple=True)
    zoned = [
        (event, _zones(calendar, timezone))
        for calendar in calendars
        for event in calendar.walk("VEVENT")
    ]
    lines = _event_lines(text)
    if not calendars or len(lines) != len(zoned):  # It ends before its events do.
        raise UnreadableFile(DAMAGED)
    numbered = [(line, event, zones) for line, (event, zones) in zip(lines, zoned, strict=True)]
    live = [entry for entry in numbered if not _is_cancelled(entry[1])]
    return Table(
        header=HEADER,
        rows=tuple(Row(line=line, cells=_cells(event, zones)) for line, event, zones in live),
        faults=tuple(
            Fault(
                line=line, column="starts", message="repeats. Make each time an event of its own."
            )
            for line, event, _ in live
            if "RRULE" in event or "RDATE" in event
        ),
        notes=tuple(
            f"line {line}: the event is cancelled and was left out."
            for line, event, _ in numbered
            if _is_cancelled(event)
        ),
    )


def _zones(calendar: Component, default: str) -> Zones:
    defined = [part for part in calendar.walk("VTIMEZONE") if isinstance(part, Timezone)]
    return Zones(
        default=find_zone(_text(calendar, "X-WR-TIMEZONE")) or default,
        own={
            _text(part, "TZID"): cast("tzinfo", part.to_tz(lookup_tzid=False)) for part in defined
        },
    )


def _event_lines(text: str) -> list[int]:
    lines = enumerate(re.split(r"\r\n|\r|\n", text), start=1)
    return [number for number, line in lines if line.rstrip().upper() == "BEGIN:VEVENT"]


def _is_cancelled(event: Component) -> bool:
    return _text(event, "STATUS").upper() == "CANCELLED"


def _cells(event: Component, zones: Zones) -> tuple[str, ...]:
    start = zones.time(_first(event, "DTSTART"))
    end = zones.time(_first(event, "DTEND"))
    if end.value is None:
        end = start.after(_first(event, "DURATION"))
    zone = start.zone or (zones.default if start.is_instant else "")
    return (
        _text(event, CODE_PROPERTY) or code_of(_text(event, "UID")),
        _text(event, "SUMMARY"),
        _text(event, "DESCRIPTION"),
        "; ".join(_categories(event)),
        start.text(zone or zones.default),
        end.text(zone or zones.default),
        zone,
        _text(event, "URL"),
        _text(event, "LOCATION"),
    )


def _first(component: Component, name: str) -> Any:
    """A property, or the first of several where there should be one; None where there is none."""
    found = _all(component, name)
    return found[0] if found else None


def _all(component: Component, name: str) -> list[Any]:
    """Every value of a property; icalendar makes a list only where there are several."""
    found: Any = component.get(name, [])
    return cast("list[Any]", found) if isinstance(found, list) else [found]


def _text(component: Component, name: str) -> str:
    found = _first(component, name)
    return "" if found is None else str(found).strip()


def _categories(event: Component) -> list[str]:
    found = _all(event, "CATEGORIES")
    categories = [c for each in found for c in ([each] if isinstance(each, str) else each.cats)]
    return [str(category).replace(";", ",") for category in categories]


def code_of(uid: str) -> str:
    """A code from an event's identity: its first part if people could type that, else a digest.

    Outlook's identities are a hundred characters that begin alike, so cutting them would not do.
    """
    first = re.sub(r"[^A-Za-z0-9._-]+", "-", uid.partition("@")[0]).strip("-")
    if not uid or 0 < len(first) <= LONGEST_CODE:
        return first
    return "E" + hashlib.sha256(uid.encode()).hexdigest()[:10]
