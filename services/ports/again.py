"""Who asked to hear when something runs again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from learning.again import Want
from learning.people import PersonId
from learning.sessions import SessionId


class Wants(Protocol):
    async def save(self, want: Want) -> None:
        """Keep it, in place of what they asked about this session before."""
        ...

    async def find(self, person_id: PersonId, session_id: SessionId) -> Want | None: ...
    async def of_person(self, person_id: PersonId) -> list[Want]:
        """All of theirs, told or not, the latest first."""
        ...

    async def newest(self) -> SessionId:
        """The session that was published last."""
        ...

    async def waiting(self) -> Mapping[SessionId, SessionId]:
        """The sessions that anybody still waits to hear of, with the least `known_upto` of each."""
        ...

    async def untold(
        self, session_id: SessionId, known_before: SessionId, limit: int
    ) -> list[Want]:
        """Some of those who are still to be told of this session, and to whom this one is news.

        Held until commit, in the order of their ids.
        """
        ...

    async def told(self, wants: Sequence[Want], now: datetime) -> None: ...
    async def not_told(self, person_id: PersonId, session_id: SessionId) -> None:
        """What they were to be told came to nothing: they wait on."""
        ...

    async def remove(self, person_id: PersonId, session_id: SessionId) -> bool:
        """Whether they had asked."""
        ...

    async def forget(self, person_id: PersonId) -> None: ...
