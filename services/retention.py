"""What was kept long enough goes, each night: counts stay, people do not."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import structlog

from learning.people import PersonId
from learning.retention import Data, Periods
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.retention import Purge
from services.whole import whole

log = structlog.get_logger()

PAUSE = 0.1
"""Seconds between two bites, in which turns write: SQLite has one writer."""

A_FEW = 20

HERE = (
    Data.BOOKINGS,
    Data.FEEDBACK,
    Data.IDEAS,
    Data.WISHES,
    Data.COURSES,
    Data.WORDS,
    Data.JOURNAL,
)
"""People come after these, as somebody of whom anything is kept stays; talk and deliveries have jobs of
their own."""


class RetentionService:
    def __init__(
        self,
        purge: Purge,
        people: PeopleService,
        clock: Clock,
        *,
        periods: Periods,
        organisers: Collection[PersonId] = (),
        pause: float = PAUSE,
    ) -> None:
        self._purge = purge
        self._people = people
        self._clock = clock
        self._periods = periods
        self._organisers = organisers
        self._pause = pause

    async def purge(self) -> int:
        """Take away what is too old; a second time there is nothing more. Returns how much it was.

        Broken off, it goes on the next night.
        """
        now = self._clock.now()
        await self._purge.note_seen(now)
        taken = {data: await self._all_of(data) for data in HERE}
        taken[Data.PEOPLE] = await self._forget_unseen()
        if any(taken.values()):
            log.info("old data purged", **{str(data): count for data, count in taken.items()})
        return sum(taken.values())

    async def _all_of(self, data: Data) -> int:
        before, taken = self._clock.now() - self._periods[data], 0
        while some := await self._purge.bite(data, before):
            taken += some
            await asyncio.sleep(self._pause)
        return taken

    async def _forget_unseen(self) -> int:
        before, gone = self._clock.now() - self._periods[Data.PEOPLE], 0
        while some := await self._purge.unseen(before, besides=self._organisers, limit=A_FEW):
            for person_id in some:
                await whole(self._people.forget(person_id))
                await asyncio.sleep(self._pause)
            gone += len(some)
        return gone
