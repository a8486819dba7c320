"""Where it is read whom courses remind, and of what they were reminded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from learning.notices import Notice
from learning.people import PersonId


class CourseNudges(Protocol):
    async def zones(self) -> list[str | None]:
        """The time zones of those who are on any course; None for unknown."""
        ...

    async def told(
        self, person_ids: Sequence[PersonId], since: datetime
    ) -> Mapping[PersonId, list[Notice]]:
        """The reminders of each that were due since then and were sent, or still will be."""
        ...
