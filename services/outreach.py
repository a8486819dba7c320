"""Daily highlights: writing them down when they are due, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import structlog

from learning import notices
from learning.bookings import Booking
from learning.notices import Kind
from learning.people import Channel, PersonId
from learning.sessions import Session, SessionId
from services.catalogue import Catalogue
from services.ports import Clock, NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

PAGE = 500
MOST = 6
VIEWERS = 60
"""Teams refreshes a card by itself for so many people; others press its button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlights:
    """A day's sessions worth pointing at, and how many more there are."""

    day: date
    zone: ZoneInfo
    sessions: tuple[Session, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPart:
    """Some sessions, and one person's live bookings on them."""

    sessions: tuple[Session, ...]
    bookings: Mapping[SessionId, Booking]


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
            channels = await _open_channels(uow)
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

    async def viewers(self, ids: Sequence[SessionId]) -> list[str]:
        """For whom a card about these sessions is to show their own part: those concerned first."""
        async with self._new_uow(read_only=True) as uow:
            return await uow.people.involved(ids, VIEWERS)

    async def own_part(self, person_id: PersonId, ids: Sequence[SessionId]) -> OwnPart:
        """These sessions as they are now and what this person has on them; one look, no traces."""
        async with self._new_uow(read_only=True) as uow:
            sessions = await uow.sessions.among(ids)
            live = await uow.bookings.of_person(person_id)
        return OwnPart(
            sessions=tuple(sessions[i] for i in ids if i in sessions),
            bookings={b.session_id: b for b in live if b.session_id in sessions},
        )

    async def _queue_channels(self, now: datetime) -> None:
        day = await self._due(now, self._zone)
        if day is None:
            return
        async with self._new_uow() as uow:
            channels = await _open_channels(uow)
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


async def _open_channels(uow: UnitOfWork) -> list[Channel]:
    """Those that asked and are there just now."""
    return [channel for channel in await uow.channels.all() if not channel.paused]
