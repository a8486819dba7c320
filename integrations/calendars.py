"""Our sessions as an iCalendar file (RFC 5545) that people's calendars subscribe to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from learning.sessions import Session, by_time

CODE_PROPERTY = "X-LEARNWEEK-CODE"
"""A session's code, in its own case; the UID has it in lower case."""


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
    calendar = Calendar()
    calendar.add("prodid", "-//Learnweek//Learning at Work Week//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for session in dated:
        calendar.add_component(_event(session, now, link(session)))
    years = [s.starts_at.year for s in dated if s.starts_at is not None]
    if years:
        calendar.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1))
    return calendar.to_ical()


def _event(session: Session, now: datetime, link: str) -> Event:
    event = Event()
    event.add("uid", f"{session.code.lower()}@edition-{session.edition_id}.learnweek")
    event.add("dtstamp", now)
    for name, at in (("dtstart", session.starts_at), ("dtend", session.ends_at)):
        if at is not None:
            event.add(name, _stamped(at, session.zone))
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
