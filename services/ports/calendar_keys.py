"""The keys of people's own calendars, as they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from learning.people import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarKey:
    """What a key is made of besides our secret, and the digest by which it is found; never the key."""

    person_id: PersonId
    salt: str
    digest: str
    made_at: datetime


class CalendarKeys(Protocol):
    """At most one for a person."""

    async def find(self, person_id: PersonId) -> CalendarKey | None: ...
    async def with_digest(self, digest: str) -> CalendarKey | None: ...
    async def save(self, key: CalendarKey) -> None:
        """Store it over the one that there may be, which opens nothing from then on."""
        ...

    async def remove(self, person_id: PersonId) -> None: ...
