"""Daily highlights: who and which channels want them, and writing them down when they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import structlog

from learning import notices
from learning.notices import Kind
from learning.people import Channel, PersonId
from learning.sessions import Session
from services.catalogue import Catalogue
from services.ports import Clock, NewUnitOfWork

log = structlog.get_logger()

PAGE = 500
MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlights:
    """A day's sessions worth pointing at, and how many more there are."""

    day: date
    zone: ZoneInfo
    sessions: tuple[Session, ...]
    more: int


class Outreach:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        catalogue: Catalogue,
        *,
        zone: ZoneInfo,
        at: time,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._catalogue = catalogue
        self._zone = zone
        self._at = at

    async def subscribe(self, channel: Channel) -> None:
        async with self._new_uow() as uow:
            await uow.channels.save(channel)
            await uow.commit()

    async def channel(self, channel_id: str) -> Channel | None:
        async with self._new_uow(read_only=True) as uow:
            return await uow.channels.find(channel_id)

    async def unsubscribe(self, channel_id: str) -> bool:
        """Stop posting to a channel; false if it never asked."""
        async with self._new_uow() as uow:
            was_on = await uow.channels.remove(channel_id)
            await uow.outbox.withdraw_channel(channel_id)
            await uow.commit()
        return was_on

    async def leave_team(self, team_id: str) -> None:
        """The bot was removed from a team: its channels are no longer posted to."""
        async with self._new_uow() as uow:
            await uow.channels.remove_team(team_id)
            await uow.commit()

    async def queue(self) -> None:
        """Write down the highlights that are due by now; running it again changes nothing."""
        now = self._clock.now()
        await self._queue_channels(now)
        async with self._new_uow(read_only=True) as uow:
            zones = await uow.people.zones_of_highlights()
        for name in zones:
            await self._queue_people(name, now)

    async def queue_now(self) -> int:
        """Send today's highlights once more, whatever the hour. Returns how many were written."""
        now = self._clock.now()
        day = now.astimezone(self._zone).date()
        async with self._new_uow() as uow:
            channels = await uow.channels.all()
            people = [
                p
                for zone in await uow.people.zones_of_highlights()
                for p in await uow.people.wanting_highlights(zone, after=PersonId(""), limit=PAGE)
            ]
            written = [notices.channel_highlights(c.id, day, now) for c in channels]
            written += [notices.person_highlights(p, day, now) for p in people]
            await uow.outbox.add([notices.once_more(n) for n in written])
            await uow.commit()
        return len(written)

    async def nudge_now(self) -> int:
        """Send everybody's next nudge at once. Returns how many there are."""
        async with self._new_uow() as uow:
            hurried = await uow.outbox.hurry(Kind.NUDGE, self._clock.now())
            await uow.commit()
        return hurried

    async def highlights(self, day: date, zone: ZoneInfo) -> Highlights:
        """What a day's highlights say as things stand."""
        now = self._clock.now()
        programme = await self._catalogue.programme()
        todays = [
            s
            for s in programme.sessions
            if s.is_open(now) and s.starts_at and s.starts_at.astimezone(zone).date() == day
        ]
        fresh = await self._catalogue.among(s.id for s in todays)
        chosen = notices.of_interest(fresh, MOST)
        return Highlights(day=day, zone=zone, sessions=tuple(chosen), more=len(fresh) - len(chosen))

    async def _queue_channels(self, now: datetime) -> None:
        day = await self._due(now, self._zone)
        if day is None:
            return
        async with self._new_uow() as uow:
            channels = await uow.channels.all()
            await uow.outbox.add([notices.channel_highlights(c.id, day, now) for c in channels])
            await uow.commit()

    async def _queue_people(self, zone_name: str | None, now: datetime) -> None:
        day = await self._due(now, ZoneInfo(zone_name) if zone_name else self._zone)
        last = PersonId("")
        while day is not None:
            async with self._new_uow() as uow:
                page = await uow.people.wanting_highlights(zone_name, after=last, limit=PAGE)
                await uow.outbox.add([notices.person_highlights(p, day, now) for p in page])
                await uow.commit()
            if len(page) < PAGE:
                return
            last = page[-1]

    async def _due(self, now: datetime, zone: ZoneInfo) -> date | None:
        programme = await self._catalogue.programme()
        return notices.highlights_due(now, zone, self._at, programme.days(zone))
