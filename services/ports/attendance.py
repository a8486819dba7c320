"""Who was there: the systems that tell, and where our own copy is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from learning.attendance import Change, Outcome, Record, Seen, Who
from learning.people import PersonId
from learning.sessions import EditionId, Session, SessionId


class AttendanceReports(Protocol):
    async def of(self, session: Session) -> Sequence[Seen]:
        """All that the system tells of who was in the session's meeting; nothing is fine.

        Reports come only some time after the end. Raises Unavailable or Rejected.
        """
        ...


class Attendances(Protocol):
    async def records(self, session_id: SessionId) -> list[Record]: ...
    async def keep(self, records: Sequence[Record], now: datetime) -> None:
        """Keep what is new; of what is known only the times may have changed, never who it was."""
        ...

    async def outcomes(self, session_id: SessionId) -> list[Outcome]: ...
    async def outcome(self, session_id: SessionId, who: Who) -> Outcome | None: ...
    async def of_edition(self, edition_id: EditionId) -> list[Outcome]: ...
    async def of_person(self, person_id: PersonId) -> list[Outcome]: ...
    async def save(self, outcomes: Sequence[Outcome]) -> None: ...
    async def remove(self, session_id: SessionId, people: Sequence[Who]) -> None: ...
    async def add_change(self, change: Change) -> None: ...
    async def changes(self, session_id: SessionId) -> list[Change]:
        """What was changed by hand, in order."""
        ...

    async def helpers(self, session_id: SessionId) -> list[PersonId]:
        """Who may check people in, besides organisers."""
        ...

    async def let(
        self, session_id: SessionId, person_id: PersonId, by: PersonId, now: datetime
    ) -> None: ...
    async def let_no_more(self, session_id: SessionId, person_id: PersonId) -> None: ...
    async def hand_over(self, person_id: PersonId, successor: PersonId) -> bool:
        """Take a person out of all of it and leave what counts; whether there was anything."""
        ...

    async def forget_guests(self, ended_before: datetime, marked_before: datetime) -> int:
        """Take the names of guests of sessions that ended before, and marks that have done their work.

        Returns how many names.
        """
        ...
