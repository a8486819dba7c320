"""All that is kept about somebody as one file, for themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from learning.people import PersonId
from services.missed import MissedWords
from services.ports.clocks import Clock
from services.ports.personal import Part
from services.ports.storage import NewUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    name: str
    data: bytes


class Writing(Protocol):
    """Makes the file; called outside the event loop."""

    def __call__(
        self, person_id: PersonId, parts: Sequence[Part], *, made_at: datetime, zone: ZoneInfo
    ) -> bytes: ...


class PersonalFiles:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        missed: MissedWords,
        write: Writing,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._missed = missed
        self._write = write
        self._zone = zone

    async def of(self, person_id: PersonId) -> OwnFile:
        """As it stands now; whoever is not known gets a file that says so."""
        async with self._new_uow(survey=True) as uow:
            person = await uow.people.find(person_id)
            parts = await uow.personal.of_person(person_id)
            parts += await uow.personal.words(self._missed.marks(person_id))
        zone = person.zone(self._zone) if person else self._zone
        now = self._clock.now()
        data = await asyncio.to_thread(self._write, person_id, parts, made_at=now, zone=zone)
        name = f"learnweek-my-data-{now.astimezone(zone).date().isoformat()}.zip"
        return OwnFile(name=name, data=data)
