"""What is asked of the directory and of calendars about people, and where the first is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from learning.people import PersonId
from learning.plans import Span
from learning.profiles import Profile
from services.ports.systems import Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProfiles:
    """Of whom the directory told, and why it did not of the others; to be asked again later.

    Somebody whom it does not know has a profile without anything in it.
    """

    profiles: tuple[Profile, ...]
    unanswered: Unavailable | None = None


class ProfileSource(Protocol):
    async def read(self, people: Sequence[PersonId], now: datetime) -> ReadProfiles:
        """Ask about these people. Raises Unavailable, or Rejected where nobody may be asked about."""
        ...


class Diary(Protocol):
    async def busy(self, address: str, start: datetime, end: datetime) -> list[Span]:
        """When the owner of this mail address is taken. Raises Unavailable or Rejected."""
        ...


class Profiles(Protocol):
    async def find(self, person_id: PersonId) -> Profile | None: ...
    async def among(self, ids: Iterable[PersonId]) -> dict[PersonId, Profile]: ...
    async def save(self, profiles: Iterable[Profile]) -> None:
        """Keep these of the people we know."""
        ...

    async def remove(self, person_id: PersonId) -> None:
        """Forget the profile, and that they are anybody's manager."""
        ...

    async def old(self, before: datetime, *, after: PersonId, limit: int) -> list[PersonId]:
        """Who was last asked about before that, or never, in the order of their ids."""
        ...

    async def never_read(self, limit: int) -> list[PersonId]: ...
