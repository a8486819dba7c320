"""Where it is kept what people say of sessions, and what of it may be shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from learning.feedback import Answer, Release
from learning.notices import Notice
from learning.people import PersonId
from learning.sessions import SessionId


class FeedbackTable(Protocol):
    async def find(self, session_id: SessionId, person_id: PersonId) -> Answer | None: ...
    async def of_session(self, session_id: SessionId) -> list[Answer]: ...
    async def of_person(self, person_id: PersonId) -> list[Answer]: ...
    async def save(self, answer: Answer) -> None: ...
    async def releases_of(self, ids: Iterable[SessionId]) -> dict[SessionId, Release]:
        """What may be shown of each of these, where anything may."""
        ...

    async def ripe(self, fewest: int) -> list[SessionId]:
        """The sessions of which so many answers differ from what is shown of them."""
        ...

    async def save_release(self, release: Release) -> None:
        """Have this shown, made of all its session's answers as they stand."""
        ...

    async def reminded_with(
        self, person_id: PersonId, among: Iterable[SessionId], due_at: datetime
    ) -> list[Notice]:
        """The reminders about these to somebody on one day, the one around this moment, by session."""
        ...

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        """Take a person and their words out of it, of what is shown too; the counts stay."""
        ...
