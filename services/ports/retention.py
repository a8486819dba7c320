"""Taking away what was kept long enough, a bite at a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from learning.people import PersonId
from learning.retention import Data


class Purge(Protocol):
    async def bite(self, data: Data, before: datetime) -> int:
        """Take some of what is from before then; returns of how much, 0 when there is no more."""
        ...

    async def note_seen(self, now: datetime) -> None:
        """Keep when people last talked, before the talk itself is forgotten."""
        ...

    async def unseen(
        self, before: datetime, *, besides: Collection[PersonId], limit: int
    ) -> list[PersonId]:
        """Some who were not seen since then, of whom nothing else is kept and who have no part in the week.

        Who wants highlights and gets them is not among them, and nobody of `besides`.
        """
        ...
