"""Editions from before Learnweek: their figures taken in from a spreadsheet, listed and removed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from learning import past_file
from learning.errors import LearningError, NotFound
from learning.past_editions import PastEdition
from learning.people import PersonId
from learning.programme_table import Fault, Table
from services.ports.clocks import Clock
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork

MOST_KEPT = 500

ReadTable = Callable[[str, bytes], Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What came of a file: with a fault nothing was stored."""

    new: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def ignored(self) -> str:
        """A sentence about the columns that nothing was read from, '' where there are none."""
        if not self.unknown:
            return ""
        names = ", ".join(f"“{name[:40]}”" for name in self.unknown[:10])
        return f"Not read: {names}. Known columns are {', '.join(past_file.COLUMNS)}."


class EarlierEditions:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, read_table: ReadTable) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._read_table = read_table

    async def all(self) -> list[PastEdition]:
        """The newest first; those of which nobody said when they were come last."""
        async with self._new_uow(read_only=True) as uow:
            found = await uow.report.past_editions()
        dated = sorted(
            (e for e in found if e.held is not None), key=lambda e: str(e.held), reverse=True
        )
        return [*dated, *(e for e in found if e.held is None)]

    async def take_in(self, name: str, data: bytes, *, by: PersonId) -> TakenIn:
        """All of a file or nothing; what has been imported by the same name is replaced.

        Raises UnreadableFile, or LearningError where there is no room for more.
        """
        table = await asyncio.to_thread(self._read_table, name, data)
        reading = past_file.read(table)
        if reading.faults:
            return TakenIn(faults=reading.faults, unknown=reading.unknown)
        now = self._clock.now()
        async with self._new_uow() as uow:
            known = {e.name.casefold(): e.name for e in await uow.report.past_editions()}
            # Under the name that it has already, however that is written now.
            editions = [e for e in reading.editions if e.name.casefold() not in known]
            again = [e for e in reading.editions if e.name.casefold() in known]
            if len(known) + len(editions) > MOST_KEPT:
                raise LearningError(f"At most {MOST_KEPT} earlier editions are kept. Remove some.")
            for each in again:
                await uow.report.remove_past_edition(known[each.name.casefold()])
            await uow.report.save_past_editions([*again, *editions], by, now)
            await uow.journal.note(
                *(
                    Entry(at=now, by_id=by, what=What.EARLIER_IMPORTED, subject=each.name)
                    for each in reading.editions
                )
            )
            await uow.commit()
        return TakenIn(
            new=tuple(e.name for e in editions),
            replaced=tuple(e.name for e in again),
            unknown=reading.unknown,
        )

    async def remove(self, name: str, *, by: PersonId) -> None:
        """Raises NotFound."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            if not await uow.report.remove_past_edition(name):
                raise NotFound("earlier edition", name)
            await uow.journal.note(Entry(at=now, by_id=by, what=What.EARLIER_REMOVED, subject=name))
            await uow.commit()
