"""Sessions as the pages say them. Who reads is not known, so times are the organisation's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

from cards import sayings
from learning.sessions import Format, Session, by_time


class Standing(StrEnum):
    """What can be done about a session, as far as that is the same for everybody."""

    ANY_TIME = "any-time"
    OPEN = "open"
    FULL = "full"
    ON_NOW = "on-now"
    FINISHED = "finished"
    CANCELLED = "cancelled"


WORDS = {Standing.ON_NOW: "On now", Standing.FINISHED: "Finished"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One session in a list; `standing` is for its colour, `state` says it in words.

    `id` is by what its places are kept up to date, 0 where they are not.
    """

    id: int
    title: str
    path: str
    starts: str
    day: str
    times: str
    where: str
    strand: str
    standing: Standing
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """`key` is its date as addresses have it, `short` its name where there is little room."""

    key: str
    name: str
    short: str
    is_today: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something to learn from at any time; `link` leads out, `path` to its own page.

    `platform` is whose it is, '' where the title says so.
    """

    title: str
    platform: str
    path: str
    link: str
    summary: str


def standing(session: Session, now: datetime) -> Standing:
    if session.is_cancelled:
        return Standing.CANCELLED
    if session.details.format is Format.SELF_PACED or session.starts_at is None:
        return Standing.ANY_TIME
    if session.is_over(now):
        return Standing.FINISHED
    if session.has_started(now):
        return Standing.ON_NOW
    return Standing.FULL if session.places_left == 0 else Standing.OPEN


def is_dated(session: Session) -> bool:
    return session.starts_at is not None and session.details.format is not Format.SELF_PACED


def is_current(session: Session, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is still to come, under way, or was earlier today."""
    if session.starts_at is None or not is_dated(session):
        return False
    today = now.astimezone(zone).date()
    return not session.is_over(now) or session.starts_at.astimezone(zone).date() == today


def days(sessions: Iterable[Session], now: datetime, zone: ZoneInfo) -> list[Day]:
    """The dated ones by local day, in order of time."""
    begun = [(s, s.starts_at.astimezone(zone).date()) for s in by_time(sessions) if s.starts_at]
    today = now.astimezone(zone).date()
    return [
        day_of(day, today, tuple(line(s, now, zone) for s, _ in group))
        for day, group in groupby(begun, key=lambda pair: pair[1])
    ]


def day_of(day: date, today: date, lines: tuple[Line, ...]) -> Day:
    return Day(
        key=day.isoformat(),
        name=_day_name(day, today),
        short=f"{day:%a} {day.day} {day:%b}",
        is_today=day == today,
        lines=lines,
    )


def line(session: Session, now: datetime, zone: ZoneInfo) -> Line:
    stands, said = state(session, now)
    starts = session.starts_at.astimezone(zone) if session.starts_at else None
    return Line(
        id=session.id if starts and stands is not Standing.ANY_TIME else 0,
        title=session.title,
        path=path(session),
        starts=starts.isoformat() if starts else "",
        day=dated(starts.date(), now.astimezone(zone).date()) if starts else "",
        times=times(session, zone),
        where=sayings.where(session),
        strand=session.details.strand,
        standing=stands,
        state=said,
    )


def state(session: Session, now: datetime) -> tuple[Standing, str]:
    """A session's label: its standing, and that in words."""
    stands = standing(session, now)
    return stands, WORDS.get(stands) or sayings.places(session)


def resources(sessions: Iterable[Session]) -> list[Resource]:
    """What people can take at any time, in order."""
    paced = (s for s in sessions if s.details.format is Format.SELF_PACED and not s.is_cancelled)
    return [resource(s) for s in by_time(paced)]


def resource(session: Session) -> Resource:
    return Resource(
        title=session.title,
        platform=sayings.platform(session),
        path=path(session),
        link=safe_link(session.details.link),
        summary=session.details.summary,
    )


def facts(session: Session, now: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """What is known of a session, without what is empty."""
    details = session.details
    said = line(session, now, zone)
    any_time = session.starts_at is None
    bookable = said.standing in {Standing.OPEN, Standing.FULL}
    known = (
        ("When", said.where if any_time else f"{said.day}, {said.times}"),
        ("Where", "" if any_time else said.where),
        ("Places", said.state if bookable else ""),
        ("With", ", ".join(details.facilitators)),
        ("For", details.audience),
        ("Strand", details.strand),
        ("Topics", ", ".join(details.topics)),
        ("Code", session.code),
    )
    return [(name, words) for name, words in known if words]


def shared(session: Session, now: datetime, zone: ZoneInfo) -> str:
    """One or two lines of it, for where its address is shown to others."""
    said = line(session, now, zone)
    when = f"{said.day}, {said.times}" if said.day else ""
    about = sayings.shortened(session.details.summary, 200)
    cancelled = "Cancelled" if session.is_cancelled else ""
    return " · ".join(part for part in (cancelled, when, said.where, about) if part)


def times(session: Session, zone: ZoneInfo) -> str:
    """'10:00 to 11:30', with the session's own clock where that is another."""
    if session.starts_at is None or session.ends_at is None:
        return "Any time"
    span = _span(session.starts_at, session.ends_at, zone)
    here, there = (session.starts_at.astimezone(z).utcoffset() for z in (zone, session.zone))
    if here == there:
        return span
    own = _span(session.starts_at, session.ends_at, session.zone)
    return f"{span} ({own} in {place(session.zone)})"


def moment(now: datetime, zone: ZoneInfo) -> str:
    """'10:00 on Tuesday 19 May 2026': what was printed may hang for long."""
    local = now.astimezone(zone)
    return f"{local:%H:%M} on {sayings.day(local.date())} {local.year}"


def place(zone: ZoneInfo) -> str:
    """'London' of Europe/London."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def path(session: Session) -> str:
    return f"/hub/sessions/{quote(session.code, safe='')}"


def safe_link(link: str) -> str:
    """The link if it leads to a web page, else ''."""
    return link if link.lower().startswith(("https://", "http://")) else ""


def _span(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    span = f"{sayings.clock(starts_at, zone)} to {sayings.clock(ends_at, zone)}"
    if ends_at - starts_at < timedelta(days=1):
        return span
    return f"{span} on {sayings.day(ends_at.astimezone(zone).date())}"


def _day_name(day: date, today: date) -> str:
    near = sayings.day_from(day, today)
    name = dated(day, today)
    return f"{near.capitalize()}, {name}" if near in {"today", "tomorrow"} else name


def dated(day: date, today: date) -> str:
    """With its year only where that is another than this one."""
    return sayings.day(day) if day.year == today.year else f"{sayings.day(day)} {day.year}"
