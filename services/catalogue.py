"""What is on: the programme kept in memory, and looked at afresh for what people are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from language.calendar import Calendar, When
from learning.bookings import Booking
from learning.people import PersonId
from learning.search import Match, SearchIndex
from learning.sessions import Edition, Format, Session, SessionId, by_time
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Every session there is as of one version; counts in it may be old, details are not."""

    version: int
    editions: tuple[Edition, ...]
    index: SearchIndex
    _days: dict[ZoneInfo, frozenset[date]] = field(
        default_factory=dict[ZoneInfo, frozenset[date]], init=False, repr=False, compare=False
    )

    @property
    def sessions(self) -> tuple[Session, ...]:
        return self.index.sessions

    def days(self, zone: ZoneInfo) -> frozenset[date]:
        """The local days on which something takes place."""
        if zone not in self._days:
            self._days[zone] = frozenset(
                s.starts_at.astimezone(zone).date()
                for s in self.sessions
                if s.starts_at is not None and not s.is_cancelled
            )
        return self._days[zone]

    def on(self, when: When, zone: ZoneInfo, about: str = "") -> list[Session]:
        """What begins in these days, judged in this zone, in order of time."""
        return by_time(
            s
            for s in _candidates(self, about)
            if s.starts_at is not None
            and not s.is_cancelled
            and when.covers(s.starts_at.astimezone(zone))
        )

    def next_day(self, after: date, zone: ZoneInfo, now: datetime) -> date | None:
        """The first day from `after` on which something can still be attended."""
        ahead = [s for s in self.sessions if s.is_open(now)]
        days = (s.starts_at.astimezone(zone).date() for s in ahead if s.starts_at is not None)
        return min((d for d in days if d >= after), default=None)


class Catalogue:
    """Answers questions about the programme. The copy in memory follows the database's version."""

    def __init__(self, new_uow: NewUnitOfWork, clock: Clock) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._programme = Programme(version=-1, editions=(), index=SearchIndex(()))

    async def programme(self) -> Programme:
        async with self._new_uow(read_only=True) as uow:
            return await self._current(uow)

    async def at(self, version: int) -> Programme:
        """The programme as of this version, which has just been read, or a later one."""
        return self._programme if version == self._programme.version else await self.programme()

    def calendar(self, programme: Programme, zone: ZoneInfo) -> Calendar:
        """What dates that somebody types are judged by."""
        local = self._clock.now().astimezone(zone)
        return Calendar(today=local.date(), days=programme.days(zone), now=local.time())

    async def on(self, when: When, zone: ZoneInfo, about: str = "") -> list[Session]:
        """What begins in these days, judged in this zone, in order of time."""
        found = (await self.programme()).on(when, zone, about)
        async with self._new_uow(read_only=True) as uow:
            return await _afresh(uow, found)

    async def standing(
        self, sessions: Sequence[Session], person_id: PersonId | None
    ) -> tuple[list[Session], dict[SessionId, Booking]]:
        """These sessions with the counts of this moment, and what of them the person has."""
        async with self._new_uow(glance=True) as uow:
            found = await uow.sessions.standing(sessions, person_id)
        return [s for s, _ in found], {b.session_id: b for _, b in found if b is not None}

    async def next_day(self, after: date, zone: ZoneInfo) -> date | None:
        """The first day from `after` on which something can still be attended."""
        return (await self.programme()).next_day(after, zone, self._clock.now())

    async def find(self, text: str, limit: int = 8) -> list[Match]:
        """What fits these words best: what can still be attended before what is over."""
        async with self._new_uow(read_only=True) as uow:
            programme = await self._current(uow)
            matches = self._still_ahead(programme.index.find(text, limit=50))[:limit]
            fresh = await uow.sessions.among(m.session.id for m in matches)
            return [
                Match(session=fresh[m.session.id], score=m.score)
                for m in matches
                if m.session.id in fresh
            ]

    async def coded(self, text: str) -> Session | None:
        """The session with this code or exact title; of several editions, the one ahead."""
        programme = await self.programme()
        matches = [Match(session=s, score=1.0) for s in programme.index.coded(text)]
        ranked = self._still_ahead(matches) or matches
        return ranked[0].session if ranked else None

    async def instead(self, session: Session, limit: int = 2) -> list[Session]:
        """The next best to a session that cannot be had: like it, open, with places left."""
        async with self._new_uow(read_only=True) as uow:
            programme = await self._current(uow)
            now = self._clock.now()
            like = [m.session for m in programme.index.find(_likeness(session), limit=50)]
            others = [s for s in by_time(programme.sessions) if s not in like]
            ahead = [s for s in like + others if s.id != session.id and s.is_open(now)]
            fresh = await _afresh(uow, ahead[:20])
            return [s for s in fresh if s.places_left != 0 and not s.is_cancelled][:limit]

    async def get(self, session_id: SessionId) -> Session:
        """The session as it is now. Raises NotFound."""
        async with self._new_uow(read_only=True) as uow:
            return await uow.sessions.get(session_id)

    async def among(self, ids: Iterable[SessionId]) -> list[Session]:
        """These sessions as they are now, in this order, without those that are gone."""
        wanted = list(ids)
        async with self._new_uow(read_only=True) as uow:
            found = await uow.sessions.among(wanted)
        return [found[i] for i in wanted if i in found]

    async def resources(self) -> list[Session]:
        """What people can take at any time."""
        programme = await self.programme()
        return [
            s
            for s in by_time(programme.sessions)
            if s.details.format is Format.SELF_PACED and not s.is_cancelled
        ]

    async def _current(self, uow: UnitOfWork) -> Programme:
        version = await uow.sessions.version()
        if version != self._programme.version:
            sessions = await uow.sessions.all()
            editions = tuple(await uow.editions.all())
            self._programme = Programme(
                version=version, editions=editions, index=SearchIndex(sessions)
            )
        return self._programme

    def _still_ahead(self, matches: Sequence[Match]) -> list[Match]:
        """Those that can be attended; only where there are none, those that are over or cancelled."""
        now = self._clock.now()
        ahead = [m for m in matches if not m.session.is_cancelled and not m.session.is_over(now)]
        return ahead or sorted(
            matches,
            key=lambda m: m.session.starts_at.timestamp() if m.session.starts_at else 0.0,
            reverse=True,
        )


def _candidates(programme: Programme, about: str) -> Sequence[Session]:
    if not about:
        return programme.sessions
    return [m.session for m in programme.index.find(about, limit=len(programme.sessions))]


def _likeness(session: Session) -> str:
    """Words to find others by; with "like" before it, a mere title does not just find itself."""
    return f"like {session.title} {' '.join(session.details.topics)} {session.details.strand}"


async def _afresh(uow: UnitOfWork, sessions: Sequence[Session]) -> list[Session]:
    """The same sessions in the same order, with the counts of this moment."""
    fresh = await uow.sessions.among(s.id for s in sessions)
    return [fresh[s.id] for s in sessions if s.id in fresh and not fresh[s.id].is_cancelled]
