"""Sessions and the editions they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from zoneinfo import ZoneInfo

EditionId = NewType("EditionId", int)
SessionId = NewType("SessionId", int)
CourseId = NewType("CourseId", int)


class Format(StrEnum):
    """How a session takes place; the values are those of the programme file."""

    TEAMS = "teams"
    ZOOM = "zoom"
    IN_PERSON = "in_person"
    ONLINE = "online"
    SELF_PACED = "self_paced"


class SessionState(StrEnum):
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One run of a learning week: any length, any time of year."""

    id: EditionId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a programme file says of one session; times are UTC, `timezone` is where they are judged."""

    code: str
    title: str
    summary: str = ""
    strand: str = ""
    topics: tuple[str, ...] = ()
    facilitators: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    timezone: str = "Europe/London"
    capacity: int | None = None
    format: Format = Format.TEAMS
    link: str = ""
    location: str = ""
    audience: str = ""
    waiting_list: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A dated learning event, or a self-paced one without times.

    `taken` counts places booked or held for an offer, `waiting` the queue behind them, `next_no` is the
    number that the next to ask is given. `kept` is how many bookings were kept when the capacity shrank
    below them. `sequence` grows with every change that people are told of (RFC 5545 SEQUENCE),
    `changed_at` is when it last did, None while it is as first published; `roster_version` grows with
    every change in who has a place. `join_url` is the meeting made for it, once there is one.
    `course_id` is the course whose live session it is: only those on the course have places.
    """

    id: SessionId
    edition_id: EditionId
    details: Details
    state: SessionState = SessionState.PUBLISHED
    taken: int = 0
    waiting: int = 0
    next_no: int = 1
    kept: int = 0
    sequence: int = 0
    roster_version: int = 0
    join_url: str = ""
    changed_at: datetime | None = None
    course_id: CourseId | None = None

    @property
    def code(self) -> str:
        return self.details.code

    @property
    def title(self) -> str:
        return self.details.title

    @property
    def starts_at(self) -> datetime | None:
        return self.details.starts_at

    @property
    def ends_at(self) -> datetime | None:
        return self.details.ends_at

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.details.timezone)

    @property
    def places_left(self) -> int | None:
        """Places that can be booked now; None for no limit, 0 while anybody waits."""
        if self.details.capacity is None:
            return None
        return 0 if self.waiting else max(0, self.details.capacity - self.taken)

    @property
    def is_cancelled(self) -> bool:
        return self.state is SessionState.CANCELLED

    @property
    def link(self) -> str:
        """Where people join: the meeting made for the session, else the link its file gave."""
        return self.join_url or self.details.link

    def has_started(self, now: datetime) -> bool:
        return self.starts_at is not None and now >= self.starts_at

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and now >= self.ends_at

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be booked, places permitting."""
        return not self.is_cancelled and self.starts_at is not None and not self.has_started(now)

    def local_day(self) -> date | None:
        return None if self.starts_at is None else self.starts_at.astimezone(self.zone).date()


def by_time(sessions: Iterable[Session]) -> list[Session]:
    """In the order in which people would attend; self-paced ones last."""
    far = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
    return sorted(sessions, key=lambda s: (s.starts_at or far, s.title, s.code))
