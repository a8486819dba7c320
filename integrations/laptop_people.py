"""The directory and people's calendars, played on one machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from integrations.laptop import Asks
from learning import local_time
from learning.people import Person, PersonId
from learning.plans import Span
from learning.profiles import Profile
from services.ports.profiles import ReadProfiles
from services.ports.systems import Missing

DEPARTMENTS = ("Adult social care", "Housing", "Libraries", "Parks", "Revenues")
OFFICES = ("Town Hall", "Riverside House", "The Depot")

LUNCH = (time(12, 15), time(13, 0))


class LaptopProfiles:
    """Everybody works somewhere, the same place each time."""

    def __init__(self, asks: Asks) -> None:
        self._asks = asks

    async def read(self, people: Sequence[PersonId], now: datetime) -> ReadProfiles:
        count = len(people)
        whom = f"{count} {'person' if count == 1 else 'people'}"
        self._asks.note("People", f"read department, office, manager and language of {whom}")
        return ReadProfiles(profiles=tuple(_profile(p, now) for p in people))


class LaptopDiary:
    """Everybody is taken over lunch."""

    def __init__(self, asks: Asks, zone: ZoneInfo) -> None:
        self._asks = asks
        self._zone = zone

    async def busy(self, address: str, start: datetime, end: datetime) -> list[Span]:
        first, last = (t.astimezone(self._zone).date() for t in (start, end))
        self._asks.note("Calendar", f"ask when {address} is free or busy, {first} to {last}")
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [
            Span(
                start=local_time.at(day, LUNCH[0], self._zone),
                end=local_time.at(day, LUNCH[1], self._zone),
            )
            for day in days
        ]


class LaptopColleagues:
    """A few colleagues who have never written to the bot."""

    def __init__(self, asks: Asks) -> None:
        self._asks = asks

    async def called(self, words: str, limit: int) -> list[Person]:
        self._asks.note("Directory", "look for a colleague by name or address")
        said = words.casefold()
        found = [p for p in COLLEAGUES if p.name.casefold().startswith(said) or p.email == said]
        return found[:limit]

    async def find(self, person_id: PersonId) -> Person | None:
        return next((p for p in COLLEAGUES if p.id == person_id), None)

    async def in_group(self, group: str) -> list[Person]:
        self._asks.note("Directory", "read who is in a group")
        if group.casefold() != GROUP.casefold():
            raise Missing("no such group")
        return list(COLLEAGUES)


GROUP = "Heads of service"
"""The one group there is, of all colleagues."""

COLLEAGUES = tuple(
    Person(id=PersonId(f"colleague-{name}"), name=name.title(), email=f"{name}@example.org")
    for name in ("ade", "bea", "chidi", "dana", "esra")
)


def _profile(person_id: PersonId, now: datetime) -> Profile:
    number = crc32(person_id.encode())
    return Profile(
        person_id=person_id,
        department=DEPARTMENTS[number % len(DEPARTMENTS)],
        office=OFFICES[number % len(OFFICES)],
        language="en-GB",
        read_at=now,
    )
