"""The directory and people's diaries, held in memory; all of them can be made to fail."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from learning.people import Person, PersonId
from learning.plans import Span
from learning.profiles import Profile
from services.ports.profiles import ReadProfiles
from services.ports.systems import Missing, Unavailable


@dataclass(slots=True)
class FakeProfiles:
    """Everybody's department is `department`. Each call raises the next of `troubles` first.

    Of `shy` people nothing is told until they are taken out.
    """

    department: str = "Policy"
    asked: list[list[str]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    shy: set[str] = field(default_factory=set)

    async def read(self, people: Sequence[PersonId], now: datetime) -> ReadProfiles:
        self.asked.append(list(people))
        await asyncio.sleep(0)
        if self.troubles:
            raise self.troubles.pop(0)
        told = [p for p in people if p not in self.shy]
        return ReadProfiles(
            profiles=tuple(
                Profile(person_id=p, department=self.department, read_at=now) for p in told
            ),
            unanswered=Unavailable("later", retry_after=17) if len(told) < len(people) else None,
        )


@dataclass(slots=True)
class FakeColleagues:
    """Who works here, and in which groups. With `trouble` it raises that."""

    people: list[Person] = field(default_factory=list)
    groups: dict[str, list[Person]] = field(default_factory=dict)
    trouble: Exception | None = None

    async def called(self, words: str, limit: int) -> list[Person]:
        if self.trouble is not None:
            raise self.trouble
        said = words.casefold()
        return [p for p in self.people if p.name.casefold().startswith(said) or p.email == said]

    async def find(self, person_id: PersonId) -> Person | None:
        if self.trouble is not None:
            raise self.trouble
        return next((p for p in self.people if p.id == person_id), None)

    async def in_group(self, group: str) -> list[Person]:
        if self.trouble is not None:
            raise self.trouble
        if group not in self.groups:
            raise Missing("no such group")
        return self.groups[group]


@dataclass(slots=True)
class FakeDiary:
    """When people are taken, by mail address. With `trouble` it raises that; `is_slow` it never ends."""

    taken: dict[str, list[Span]] = field(default_factory=dict)
    asked: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    trouble: Exception | None = None
    is_slow: bool = False

    async def busy(self, address: str, start: datetime, end: datetime) -> list[Span]:
        self.asked.append((address, start, end))
        if self.is_slow:
            await asyncio.Event().wait()
        if self.trouble is not None:
            raise self.trouble
        return self.taken.get(address, [])
