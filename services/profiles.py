"""What the directory tells of people: read when somebody first writes, and again each weekend."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from learning import profiles
from learning.people import PersonId
from learning.profiles import ProfilePage
from services.ports.clocks import Clock
from services.ports.profiles import ProfileSource
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Rejected

log = structlog.get_logger()

AT_ONCE = 20
"""People asked about in one request."""

PAGE = 5 * AT_ONCE

LOOK_AGAIN = timedelta(hours=1)
"""How long we believe that nobody may be asked about."""


class ProfileService:
    """Asked for by the outbox. Without a `source`, or without its permission, nobody has a profile."""

    def __init__(
        self, new_uow: NewUnitOfWork, source: ProfileSource | None, clock: Clock, *, zone: ZoneInfo
    ) -> None:
        self._new_uow = new_uow
        self._source = source
        self._clock = clock
        self._zone = zone
        self._off_until: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def queue(self) -> None:
        """Write down the weekend's refresh; running it again changes nothing."""
        now = self._clock.now()
        day = profiles.saturday(now, self._zone)
        if day is None or self._source is None:
            return
        async with self._new_uow() as uow:
            await uow.outbox.add([ProfilePage(saturday=day).notice(now)])
            await uow.commit()

    async def refresh(self, page: ProfilePage) -> bool:
        """Ask about a page of those who were not asked about this weekend, and have the next written.

        False where nobody is left. Raises Unavailable or Rejected; whoever was told of stays told of.
        """
        if self._is_off():
            return False
        async with self._new_uow(read_only=True) as uow:
            before = page.began(self._zone)
            people = await uow.profiles.old(before, after=page.after, limit=PAGE)
        await self._read(people)
        if len(people) == PAGE:
            async with self._new_uow() as uow:
                following = replace(page, after=people[-1])
                await uow.outbox.add([following.notice(self._clock.now())])
                await uow.commit()
        return bool(people)

    async def read_newcomer(self, person_id: PersonId) -> bool:
        """Ask about somebody new, and in the same request about others who are. False if it was done.

        One after the other: of many who come at once, most find that they were asked about.
        """
        async with self._one_at_a_time:
            if self._is_off():
                return False
            async with self._new_uow(read_only=True) as uow:
                if await uow.profiles.find(person_id) or not await uow.people.find(person_id):
                    return False
                others = await uow.profiles.never_read(AT_ONCE)
            await self._read([person_id, *(p for p in others if p != person_id)][:AT_ONCE])
            return True

    def _is_off(self) -> bool:
        is_refused = self._off_until is not None and self._clock.now() < self._off_until
        return self._source is None or is_refused

    async def _read(self, people: Sequence[PersonId]) -> None:
        assert self._source is not None, "asked before"
        now = self._clock.now()
        for start in range(0, len(people), AT_ONCE):
            try:
                found = await self._source.read(people[start : start + AT_ONCE], now)
            except Rejected:
                self._off_until = now + LOOK_AGAIN
                raise
            async with self._new_uow() as uow:
                await uow.profiles.save(found.profiles)
                await uow.commit()
            log.info("profiles read", people=len(found.profiles))
            if found.unanswered is not None:
                raise found.unanswered
