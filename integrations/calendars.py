"""Our sessions, or one person's bookings, as an iCalendar file (RFC 5545) to subscribe to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration

from integrations.time_zones import definition
from learning.bookings import BookingState
from learning.own_calendar import Entry, OwnEvent
from learning.sessions import Session, by_time

CODE_PROPERTY = "X-LEARNWEEK-CODE"
"""A session's code, in its own case; the UID has it in lower case."""

FRESH = timedelta(hours=1)
"""How long a copy of one's own calendar is good enough."""


def own_link(session: Session) -> str:
    return session.details.link


def sessions_ics(
    sessions: Iterable[Session],
    *,
    now: datetime,
    name: str = "Learnweek",
    link: Callable[[Session], str] = own_link,
) -> bytes:
    """The sessions as a calendar, cancelled ones marked so; self-paced ones have no place in it.

    `link` gives each its address. By default that is the programme's own and not that of a meeting
    made for it, which is not for a public calendar: places are few.
    """
    dated = [s for s in by_time(sessions) if s.starts_at is not None and s.ends_at is not None]
    calendar = _calendar(name)
    for session in dated:
        calendar.add_component(_event(session, now, link(session)))
    return _with_zones(calendar, dated)


def own_ics(events: Sequence[OwnEvent], *, now: datetime) -> bytes:
    """One person's calendar, to be asked for anew each hour at most; without alarms, as nudges remind."""
    calendar = _calendar("My Learnweek")
    calendar.add("refresh-interval", FRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(FRESH))
    for event in events:
        calendar.add_component(_own_event(event, now))
    return _with_zones(calendar, [event.entry.session for event in events])


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Learnweek//Learning at Work Week//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    return calendar


def _with_zones(calendar: Calendar, sessions: Iterable[Session]) -> bytes:
    """The whole file, with each zone that it names defined before the events."""
    dated = [(s.details.timezone, s.starts_at.year) for s in sessions if s.starts_at is not None]
    years = [year for _, year in dated]
    named = {key for key, _ in dated} & calendar.get_used_tzids()
    zones = [definition(key, min(years), max(years)) for key in sorted(named)]
    calendar.subcomponents[:0] = zones
    return calendar.to_ical()


def _own_event(written: OwnEvent, now: datetime) -> Event:
    entry = written.entry
    event = _timed(entry.session, now)
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("last-modified", entry.changed_at)
    status, transparency, busy = _standing(entry)
    event.add("status", status)
    event.add("transp", transparency)
    event.add("x-microsoft-cdo-busystatus", busy)
    event.add("summary", written.title)
    event.add("description", written.text)
    event.add("location", written.where)
    event.add("url", written.url)
    return event


def _standing(entry: Entry) -> tuple[str, str, str]:
    """STATUS, TRANSP, and what Outlook calls that.

    What is given back or called off is cancelled, what is not sure yet tentative. A place in a queue
    shows when it would be, and leaves the time free for something else.
    """
    if entry.is_off:
        return "CANCELLED", "TRANSPARENT", "FREE"
    match entry.state:
        case BookingState.BOOKED:
            return "CONFIRMED", "OPAQUE", "BUSY"
        case BookingState.OFFERED:
            return "TENTATIVE", "OPAQUE", "TENTATIVE"
        case _:
            return "TENTATIVE", "TRANSPARENT", "FREE"


def _timed(session: Session, now: datetime) -> Event:
    event = Event()
    event.add("dtstamp", now)
    for name, at in (("dtstart", session.starts_at), ("dtend", session.ends_at)):
        if at is not None:
            event.add(name, _stamped(at, session.zone))
    return event


def _event(session: Session, now: datetime, link: str) -> Event:
    event = _timed(session, now)
    event.add("uid", f"{session.code.lower()}@edition-{session.edition_id}.learnweek")
    event.add("sequence", session.sequence)
    event.add("status", "CANCELLED" if session.is_cancelled else "CONFIRMED")
    event.add("summary", session.title)
    event.add(CODE_PROPERTY, session.code)
    texts = (
        ("description", session.details.summary),
        ("categories", list(session.details.topics)),
        ("location", session.details.location),
        ("url", link),
    )
    for name, value in texts:
        if value:
            event.add(name, value)
    return event


def _stamped(at: datetime, zone: ZoneInfo) -> datetime:
    """In the session's zone, so that calendars show its clock; an hour that repeats goes as UTC."""
    local = at.astimezone(zone)
    other = local.replace(fold=1 - local.fold)
    return local if local.utcoffset() == other.utcoffset() else at.astimezone(UTC)
