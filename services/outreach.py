"""Daily highlights: writing them down when they are due, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from learning import notices
from learning.bookings import Booking
from learning.notices import FanOut, Kind
from learning.people import Channel, PersonId
from learning.sessions import Format, Session, SessionId
from services.catalogue import Catalogue
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

PAGE = 500
AHEAD = 5.0
"""Seconds before a page of a fan-out is sent, at the rate, in which the next is written."""

MOST, RESOURCES = 6, 2
"""Sessions on a card, and resources after them."""

VIEWERS = 60
"""Teams refreshes a card by itself for so many people; others press its button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlights:
    """A day's sessions worth pointing at, how many more there are, and what to take at any time."""

    day: date
    zone: ZoneInfo
    sessions: tuple[Session, ...]
    more: int
    resources: tuple[Session, ...] = ()


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
        rate: float,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._catalogue = catalogue
        self._zone = zone
        self._at = at
        self._rate = rate

    async def queue(self) -> None:
        """Write down the highlights that are due by now; running it again changes nothing."""
        now = self._clock.now()
        await self._queue_channels(now)
        async with self._new_uow(read_only=True) as uow:
            zones = await uow.people.zones_of_highlights()
        begun = [
            FanOut(day=day, zone=name, began=now)
            for name in zones
            if (day := await self._due(now, ZoneInfo(name) if name else self._zone))
        ]
        if begun:
            async with self._new_uow() as uow:
                await uow.outbox.add([each.notice(now) for each in begun])
                await uow.commit()

    async def queue_now(self) -> int:
        """Send today's highlights once more, whatever the hour. Returns to how many they go."""
        now = self._clock.now()
        day = now.astimezone(self._zone).date()
        async with self._new_uow() as uow:
            zones = await uow.people.zones_of_highlights()
            people = [
                await uow.people.count_wanting_highlights(name, after=notices.FIRST)
                for name in zones
            ]
            to_channels = [
                notices.channel_highlights(c.id, day, now) for c in await _open_channels(uow)
            ]
            begun = [FanOut(day=day, zone=name, began=now, again=True) for name in zones]
            await uow.outbox.add([notices.once_more(n, now) for n in to_channels])
            await uow.outbox.add([each.notice(now) for each in begun])
            await uow.commit()
        return len(to_channels) + sum(people)

    async def write_page(self, page: FanOut) -> None:
        """Write down a page of highlights and when the next is to be written, both or neither.

        Running it again changes nothing. The next is due when this one is nearly sent, by a
        timetable that nobody's delays move: what waits stays short, and the rate is held.
        """
        now = self._clock.now()
        async with self._new_uow() as uow:
            people = await uow.people.wanting_highlights(page.zone, after=page.after, limit=PAGE)
            await uow.outbox.add(page.highlights(people, now))
            if len(people) == PAGE:
                following = replace(page, after=people[-1], number=page.number + 1)
                seconds = following.number * PAGE / self._rate - AHEAD
                due = max(now, page.began + timedelta(seconds=seconds))
                await uow.outbox.add([following.notice(due)])
            await uow.commit()

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
        paced = [
            s
            for s in programme.sessions
            if s.details.format is Format.SELF_PACED and not s.is_cancelled
        ]
        return Highlights(
            day=day,
            zone=zone,
            sessions=tuple(chosen),
            more=len(fresh) - len(chosen),
            resources=tuple(notices.in_turn(paced, fresh, day, RESOURCES)),
        )

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

    async def _due(self, now: datetime, zone: ZoneInfo) -> date | None:
        programme = await self._catalogue.programme()
        return notices.highlights_due(now, zone, self._at, programme.days(zone))


async def _open_channels(uow: UnitOfWork) -> list[Channel]:
    """Those that asked and are there just now."""
    return [channel for channel in await uow.channels.all() if not channel.paused]
