"""Zoom as the services need it: one meeting for a session, a registration for each who has a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from learning.people import Person, PersonId
from learning.sessions import Session, SessionId
from services.ports.systems import Missing, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One registration as Zoom holds it; `join_url` is its owner's alone."""

    registrant_id: str
    email: str
    join_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One time that somebody was in a meeting; who comes and goes is several.

    `registrant_id` and `email` are '' where Zoom does not say them.
    """

    registrant_id: str
    name: str
    email: str
    joined_at: datetime
    left_at: datetime


class MeetingVanished(Missing):
    """Somebody deleted the meeting in Zoom."""


class NotToday(Unavailable):
    """As much of this as Zoom allows in one day was asked for already; other things can be asked."""


class Zoom(Protocol):
    """The host's meetings. All raise Unavailable, NotToday or Rejected."""

    async def create(self, session: Session, mark: str) -> str:
        """Make the session's meeting and return its id. Asked twice it makes two: `find` first."""
        ...

    async def find(self, mark: str) -> str:
        """The id of the host's coming meeting that was made under this mark, or ''."""
        ...

    async def change(self, meeting_id: str, session: Session, mark: str) -> None:
        """Bring title, text and times up to the session. Raises MeetingVanished."""
        ...

    async def remove(self, meeting_id: str) -> None:
        """Delete the meeting; one that is gone already is fine."""
        ...

    async def register(self, meeting_id: str, person: Person) -> Registration:
        """Register somebody whose mail address is known; doing it again changes nothing.

        Raises MeetingVanished.
        """
        ...

    async def registrations(self, meeting_id: str) -> Sequence[Registration]:
        """Everybody who is registered. Raises MeetingVanished."""
        ...

    async def unregister(self, meeting_id: str, registration: Registration) -> None:
        """Cancel a registration; one that is gone already is fine. Raises MeetingVanished."""
        ...

    async def participants(self, meeting_id: str) -> Sequence[Participant]:
        """Who was there, by the meeting's id or UUID; heavy for Zoom, so ask once it is over.

        Raises Missing where there is no report, or not yet.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoomMeeting:
    """The Zoom meeting made for a session, and up to what it has been brought.

    `mark` is part of what we send, stored before the first try: by it a meeting is found whose
    answer never reached us.
    """

    session_id: SessionId
    meeting_id: str = ""
    mark: str = ""
    sequence: int = -1
    roster_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrant:
    """A person's registration for a session; without an id it was asked for and not yet answered."""

    session_id: SessionId
    person_id: PersonId
    registrant_id: str = ""
    join_url: str = ""


class ZoomRecords(Protocol):
    """What we keep of Zoom: the meeting of each session, and whose registration is whose."""

    async def find(self, session_id: SessionId) -> ZoomMeeting | None: ...
    async def save(self, meeting: ZoomMeeting) -> None: ...
    async def registrants(self, session_id: SessionId) -> list[Registrant]: ...
    async def save_registrants(self, registrants: Sequence[Registrant]) -> None: ...
    async def remove_registrants(
        self, session_id: SessionId, people: Iterable[PersonId] | None = None
    ) -> None:
        """Those of these people, or all."""
        ...

    async def links(
        self, person_id: PersonId, sessions: Iterable[SessionId]
    ) -> Mapping[SessionId, str]:
        """This person's own links to join, where there are any yet."""
        ...

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        """Keep registrations without whose they were; their links go."""
        ...

    async def forget_old(self, ended_before: datetime) -> int:
        """Take away whose registrations were whose for sessions that ended before; how many."""
        ...

    async def count_of(self, person_id: PersonId) -> int:
        """For how many sessions this person is registered."""
        ...

    async def count_call(self, day: date, number: int = 1) -> int:
        """Count a call of those that Zoom limits by the day; how many it makes that day."""
        ...

    async def behind(self, now: datetime) -> list[SessionId]:
        """Sessions whose meeting is not as they are, and about which nothing is queued."""
        ...
