"""Who changed what: kept for good beside what was changed, and written in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from learning.people import PersonId
from learning.sessions import SessionId

NOBODY = PersonId("")
CONSOLE = PersonId("console")
HUB_LIST = PersonId("hub list")
"""Who changed something where no person is known: somebody at a terminal, or in SharePoint."""


class What(StrEnum):
    """Stored, so they stay as they are."""

    PUBLISHED = "published"
    SESSION_ADDED = "session added"
    SESSION_CHANGED = "session changed"
    SESSION_CANCELLED = "session cancelled"
    PERSON_ADDED = "person added"
    PERSON_MOVED = "person moved"
    PERSON_REMOVED = "person removed"
    MESSAGE_SENT = "message sent"
    DELIVERY_SENT_AGAIN = "delivery sent again"
    JOB_RUN = "job run"
    EXPORTED = "exported"
    EARLIER_IMPORTED = "earlier edition imported"
    EARLIER_REMOVED = "earlier edition removed"
    CHAMPION_NAMED = "champion named"
    CHAMPION_ENDED = "champion ended"
    IDEAS_ASKED_FOR = "ideas asked for"
    IDEAS_CLOSED = "ideas closed"
    IDEA_PLANNED = "idea planned"
    IDEA_DECLINED = "idea declined"
    SETS_PROPOSED = "sets proposed"
    SETS_CONFIRMED = "sets confirmed"
    SET_CHANGED = "set changed"
    SETS_MERGED = "sets merged"
    COURSE_IMPORTED = "course imported"
    PERSON_ENROLLED = "person enrolled"
    PERSON_WITHDRAWN = "person withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change. `subject` names what was changed, such as a session's code and title, and no person.

    `person_id` is whom it was about, '' for nobody. `before` and `after` have only what differs, by the
    names that organisers know, as text; no message's text and no name of a person stands in them, but
    for a session's facilitators, as the programme itself has them.
    """

    at: datetime
    by_id: PersonId
    what: What
    subject: str
    session_id: SessionId | None = None
    person_id: PersonId = NOBODY
    before: Mapping[str, str] = field(default_factory=dict[str, str])
    after: Mapping[str, str] = field(default_factory=dict[str, str])


class Journal(Protocol):
    async def note(self, *entries: Entry) -> None: ...

    async def latest(
        self,
        limit: int,
        *,
        skip: int = 0,
        session_id: SessionId | None = None,
        what: Collection[What] = (),
    ) -> list[Entry]:
        """The newest first; only those of a session, or of certain kinds, where that is asked for."""
        ...

    async def forget(self, person_id: PersonId, successor: PersonId) -> None:
        """Whatever somebody did or had done to them stays, under a name that says nothing."""
        ...
