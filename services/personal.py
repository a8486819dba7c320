"""All that is kept about somebody as one file, for themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from learning.people import PersonId
from services.missed import MissedWords
from services.ports.clocks import Clock
from services.ports.personal import Part
from services.ports.seals import Seals, of_person, of_set
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
        seals: Seals,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._missed = missed
        self._write = write
        self._seals = seals
        self._zone = zone

    async def of(self, person_id: PersonId) -> OwnFile:
        """As it stands now; whoever is not known gets a file that says so."""
        async with self._new_uow(survey=True) as uow:
            person = await uow.people.find(person_id)
            parts = await uow.personal.of_person(person_id)
            parts += await uow.personal.words(self._missed.marks(person_id))
        parts = [self._opened(person_id, part) for part in parts]
        zone = person.zone(self._zone) if person else self._zone
        now = self._clock.now()
        data = await asyncio.to_thread(self._write, person_id, parts, made_at=now, zone=zone)
        name = f"learnweek-my-data-{now.astimezone(zone).date().isoformat()}.zip"
        return OwnFile(name=name, data=data)

    def _opened(self, person_id: PersonId, part: Part) -> Part:
        """What is kept sealed is theirs to read."""
        rows: list[Mapping[str, Any]] = []
        for row in part.rows:
            sealed = row.get("sealed", "")
            text = self._seals.open(of_person(person_id), sealed) if sealed else None
            if sealed and text is None and "set_id" in row:
                text = self._seals.open(of_set(row["set_id"]), sealed)
            without = {name: value for name, value in row.items() if name != "sealed"}
            rows.append({**without, "text": text or ""} if "sealed" in row else row)
        return Part(table=part.table, rows=tuple(rows))
