"""The occurrences of a series, as Exchange makes them of its pattern."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.events import Event, in_zone, moment
from tests.support.graph_calls import GraphRefused

TIMES = frozenset({"start", "end"})


def spans(event: Event) -> list[tuple[datetime, datetime]]:
    """When it takes place: once, or on every date of a series, by place."""
    if not event.data.get("recurrence"):
        return [(event.starts, event.ends)]
    regular = enumerate(_regular(event))
    return [
        (moment(event.moved[n]["start"]), moment(event.moved[n]["end"]))
        if n in event.moved
        else each
        for n, each in regular
    ]


def occurrences(event: Event, zone: str) -> list[dict[str, Any]]:
    """Each in an answer, its times in that zone."""
    told = event.told(zone)
    regular = _regular(event)
    return [
        {
            **told,
            "id": f"{event.id}.{number}",
            "type": "exception" if number in event.moved else "occurrence",
            "seriesMasterId": event.id,
            "recurrence": None,
            "originalStart": f"{regular[number][0]:%Y-%m-%dT%H:%M:%SZ}",
            "start": in_zone(start, zone),
            "end": in_zone(end, zone),
        }
        for number, (start, end) in enumerate(spans(event))
    ]


def move(event: Event, number: int, given: dict[str, Any], zone: str) -> dict[str, Any]:
    """Exchange refuses a date on or beyond that of a neighbour."""
    if set(given) != set(TIMES):
        raise GraphRefused(
            400, "ErrorInvalidPropertySet", f"Not for one date: {set(given) - TIMES}"
        )
    days = [start.date() for start, _ in spans(event)]
    there = moment(given["start"]).date()
    if any(there <= day for day in days[:number]) or any(
        there >= day for day in days[number + 1 :]
    ):
        raise GraphRefused(400, "ErrorOccurrenceCrossingBoundary", "It would cross another one.")
    event.moved[number] = given
    event.version += 1
    return occurrences(event, zone)[number]


def _regular(event: Event) -> list[tuple[datetime, datetime]]:
    """By the pattern: the same local time on each date."""
    recurrence = event.data["recurrence"]
    zone = ZoneInfo(event.data["start"]["timeZone"])
    first = event.starts.astimezone(zone).replace(tzinfo=None)
    lasts = event.ends - event.starts
    step = timedelta(weeks=recurrence["pattern"]["interval"])
    starts = [
        (first + number * step).replace(tzinfo=zone).astimezone(event.starts.tzinfo)
        for number in range(recurrence["range"]["numberOfOccurrences"])
    ]
    return [(start, start + lasts) for start in starts]
