"""What is on: the programme kept in memory, and looked at afresh for what people are shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import structlog

from language.calendar import Calendar, When
from language.commands import Find, Than, Wanted, WhatsOn
from language.context import Context
from learning.bookings import Booking
from learning.people import PersonId
from learning.search import Match, Nearness, SearchIndex
from learning.sessions import Format, Session, SessionId, by_time
from services.course_places import check_shown_to, is_shown_to
from services.listing import ALL, Programme
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

if TYPE_CHECKING:
    from language.meaning import Floats, Meaning

log = structlog.get_logger()
T = TypeVar("T")

THREADS = 2
"""One reads the programme while the other answers: more would take the cores from everything else."""

AT_ONCE = 64
"""Texts that are read before the bot may stop, or read another programme."""


PATIENCE = 2.0
"""Seconds for which answers wait for another version of the programme to be taken up."""


class Catalogue:
    """Answers questions about the programme. The copy in memory follows the database's version."""

    def __init__(self, new_uow: NewUnitOfWork, clock: Clock) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._programme = Programme(version=-1, editions=(), index=SearchIndex(()))
        self._renewing: asyncio.Task[None] | None = None
        self._since = 0.0
        self._meaning: Meaning | None = None
        self._vectors: dict[str, Floats] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="understanding")
        self._reading: asyncio.Task[None] | None = None

    def learn(self, meaning: Meaning) -> None:
        """From now on sessions are found by what words mean, too, once the programme has been read."""
        self._meaning = meaning
        self._read_anew()

    async def settled(self) -> None:
        """Wait until what the words of the programme mean has been read."""
        while self._reading is not None and not self._reading.done():
            await asyncio.wait([self._reading])

    async def close(self) -> None:
        """Stop reading."""
        tasks = [task for task in (self._renewing, self._reading) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def programme(self) -> Programme:
        async with self._new_uow(read_only=True) as uow:
            return await self._current(uow)

    async def at(self, version: int) -> Programme:
        """The programme as of this version, which has just been read, or a later one."""
        return self._programme if version == self._programme.version else await self.programme()

    def calendar(self, programme: Programme, zone: ZoneInfo) -> Calendar:
        """What dates that somebody types are judged by."""
        local = self._clock.now().astimezone(zone)
        return Calendar(today=local.date(), days=programme.days(zone), now=_minute(local))

    def context(
        self,
        programme: Programme,
        zone: ZoneInfo,
        *,
        asked: WhatsOn | Find | None = None,
        shown: int = 0,
    ) -> Context:
        """What somebody's words are understood by."""
        now = self._clock.now()
        wishes = self._meaning.wishes if self._meaning and programme.meaning else None
        return Context(
            calendar=self.calendar(programme, zone),
            asked=asked,
            shown=shown,
            wishes=wishes,
            fit=lambda text: programme.fit(text, now),
            named=cache(partial(programme.named, now=now)),
        )

    async def on(
        self, when: When, zone: ZoneInfo, wanted: frozenset[Wanted] = ALL
    ) -> list[Session]:
        """What begins in these days, judged in this zone, in order of time."""
        found = (await self.programme()).on(when, zone, wanted)
        async with self._new_uow(read_only=True) as uow:
            return await _afresh(uow, found)

    async def standing(
        self, sessions: Sequence[Session], person_id: PersonId | None
    ) -> tuple[list[Session], dict[SessionId, Booking]]:
        """These sessions with the counts of this moment, and what of them the person has."""
        async with self._new_uow(glance=True) as uow:
            found = await uow.sessions.standing(sessions, person_id)
        return [s for s, _ in found], {b.session_id: b for _, b in found if b is not None}

    async def counted(self, sessions: Sequence[Session]) -> list[Session]:
        """These sessions with the counts of this moment: what a page of hundreds is shown with."""
        async with self._new_uow(glance=True) as uow:
            return await uow.sessions.counted(sessions)

    async def next_day(self, after: date, zone: ZoneInfo) -> date | None:
        """The first day from `after` on which something can still be attended."""
        return (await self.programme()).next_day(after, zone, self._clock.now())

    async def find(
        self,
        text: str,
        limit: int = 8,
        *,
        when: When | None = None,
        zone: ZoneInfo | None = None,
        wanted: frozenset[Wanted] = ALL,
    ) -> list[Match]:
        """What fits these words best, on these days: what can still be attended before what is over.

        Where it is not sure that anything fits, the matches say so and are what comes nearest.
        """
        programme = await self.programme()
        now = self._clock.now()
        near = await self._near(programme, text)
        found = programme.find(text, now, limit, near=near, when=when, zone=zone, wanted=wanted)
        return await self._matches_afresh(found)

    async def wished(
        self, what: str, zone: ZoneInfo, limit: int = 8
    ) -> tuple[list[Match], When | None]:
        """What "something about confidence on Tuesday" may mean, best first, and the days in it."""
        programme = await self.programme()
        meant = partial(programme.wished, what, self._clock.now(), zone)
        found, when = await self._thought(programme, meant)
        return await self._matches_afresh(found[:limit]), when

    async def one_of(self, what: str, some: Sequence[Session], zone: ZoneInfo) -> Session | None:
        """Which of these "the evening one" or "the bias one" is; None where that is not clear."""
        programme = await self.programme()
        known = {s.id: s for s in programme.sessions}
        meant = partial(
            programme.among, what, [known.get(s.id, s) for s in some], self._clock.now(), zone
        )
        found = await self._thought(programme, meant)
        return found[0] if found else None

    async def others(self, session: Session, than: Than, limit: int = 8) -> list[Session]:
        """Open ones like this at another time, or shorter, longer, earlier, later.

        Of a course's it is its other dates.
        """
        programme = await self.programme()
        if session.course_id is not None:
            async with self._new_uow(read_only=True) as uow:
                return (await _other_dates(uow, programme, session, self._clock.now()))[:limit]
        meant = partial(programme.others, session, self._clock.now(), than)
        found = await self._thought(programme, meant)
        async with self._new_uow(read_only=True) as uow:
            return (await _afresh(uow, found[: 3 * limit]))[:limit]

    async def coded(self, text: str, who: PersonId | None = None) -> Session | None:
        """The session with this code or exact title; of several editions, the one ahead.

        The live sessions of courses are found for `who` is on them, and for nobody else.
        """
        programme = await self.programme()
        found = programme.index.coded(text)
        if who is not None and (some := await self._dates(programme, text, who)):
            # Of several dates under one title none is meant.
            found = [*found, *(some if len(some) == 1 else [])]
        return self._first(found)

    async def coded_anywhere(self, text: str) -> Session | None:
        """The same among all sessions there are, for those who run some: what they may is not asked."""
        programme = await self.programme()
        return self._first([*programme.index.coded(text), *programme.course_index.coded(text)])

    async def dates(self, text: str, who: PersonId) -> list[Session]:
        """The dates ahead of a course's live session that these words fit, for somebody on it."""
        programme, now = await self.programme(), self._clock.now()
        some = await self._dates(programme, text, who)
        if not some:
            found = [m.session for m in programme.course_index.find(text) if m.is_sure]
            some = await self._shown(found, who)
        return by_time([s for s in some if s.is_open(now)])

    async def _dates(self, programme: Programme, text: str, who: PersonId) -> list[Session]:
        return await self._shown(programme.course_index.coded(text), who)

    async def _shown(self, some: Sequence[Session], who: PersonId) -> list[Session]:
        if not some:
            return []
        async with self._new_uow(read_only=True) as uow:
            return [s for s in await _afresh(uow, some) if await is_shown_to(uow, s, who)]

    async def check_shown_to(self, session: Session, who: PersonId) -> None:
        """Raises OnlyOnCourse where it is a course's, and not for this person."""
        if session.course_id is not None:
            async with self._new_uow(read_only=True) as uow:
                await check_shown_to(uow, session, who)

    def _first(self, found: Sequence[Session]) -> Session | None:
        now = self._clock.now()
        ahead = [s for s in found if not s.is_cancelled and not s.is_over(now)]
        latest = sorted(found, key=_begins, reverse=True)
        return next(iter(ahead or latest), None)

    async def instead(self, session: Session, limit: int = 2) -> list[Session]:
        """The next best to a session that cannot be had: like it, open, with places left.

        For a course's it is its other dates, which those who are not on it cannot book either.
        """
        async with self._new_uow(read_only=True) as uow:
            programme = await self._current(uow)
            now = self._clock.now()
            if session.course_id is not None:
                return (await _other_dates(uow, programme, session, now))[:limit]
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
        time = asyncio.get_running_loop().time
        while self._programme.version < version:
            if self._renewing is None or self._renewing.done():
                self._renewing, self._since = asyncio.create_task(self._renew()), time()
                self._renewing.add_done_callback(_told)
            renewing, left = self._renewing, max(0.0, self._since + PATIENCE - time())
            waits = left if self._programme.sessions else None
            if not (await asyncio.wait([renewing], timeout=waits))[0]:
                break  # of thousands of sessions: it goes on, and the last version serves meanwhile
            renewing.result()
        return self._programme

    async def _renew(self) -> None:
        """Take up the newest version of the programme; what its words mean is read meanwhile."""
        async with self._new_uow(survey=True) as uow:
            version = await uow.sessions.version()
            sessions = await uow.sessions.all()
            editions = tuple(await uow.editions.all())
        public = [s for s in sessions if s.course_id is None]
        index = await self.aside(partial(SearchIndex, public))
        of_courses = SearchIndex([s for s in sessions if s.course_id is not None])
        programme = Programme(
            version=version, editions=editions, index=index, course_index=of_courses
        )
        self._programme = await self._known_of(programme)
        self._read_anew()

    async def _known_of(self, programme: Programme) -> Programme:
        """With what is known of its words already; what is new in it is found by words meanwhile."""
        if self._meaning is None or not self._vectors:
            return programme
        from language.meaning import ProgrammeMeaning  # as in _read

        means = await self.aside(
            partial(ProgrammeMeaning, self._meaning, programme.sessions, self._vectors)
        )
        return replace(programme, meaning=means)

    def _read_anew(self) -> None:
        if self._meaning is None or not self._programme.sessions:
            return
        from language.meaning import texts_of_all  # as in _read

        if self._reading is not None:
            self._reading.cancel()
        texts = texts_of_all(self._programme.sessions)
        if all(text in self._vectors for some in texts for text in some):
            return
        self._reading = asyncio.create_task(self._read(self._meaning, self._programme))
        self._reading.add_done_callback(_told)

    async def _read(self, meaning: Meaning, programme: Programme) -> None:
        """Find out what the sessions mean, a few texts at a time; those known before are not read again."""
        from language.meaning import (
            ProgrammeMeaning,
            texts_of_all,
        )  # NumPy makes every start slower

        texts = [text for some in texts_of_all(programme.sessions) for text in some]
        known = self._vectors
        fresh = sorted(set(texts) - known.keys(), key=len)
        for start in range(0, len(fresh), AT_ONCE):
            some = fresh[start : start + AT_ONCE]
            rows = await self.aside(partial(meaning.embed, some))
            known |= zip(some, rows, strict=True)
        self._vectors = {text: known[text] for text in texts}
        means = await self.aside(
            partial(ProgrammeMeaning, meaning, programme.sessions, self._vectors)
        )
        if self._programme.version == programme.version:
            self._programme = replace(programme, meaning=means)
            log.info("programme read", version=programme.version, texts=len(fresh))

    async def think(self, programme: Programme, *some: str) -> None:
        """Ask the model of these words beside the event loop, so that what follows takes no time."""
        if not all(programme.is_quick(text) for text in some):
            await self.aside(partial(programme.think, *some))

    async def vectors(self, texts: Sequence[str]) -> list[Floats] | None:
        """What each of these texts means, the nearer the larger the product; None without a model."""
        if (meaning := self._meaning) is None:
            return None
        return list(await self.aside(partial(meaning.embed, texts)))

    async def meanwhile(self, programme: Programme, work: Callable[[], T]) -> T:
        """Do this, beside the event loop where the programme is so large that others would notice."""
        return await self.aside(work) if programme.is_large else work()

    async def _near(self, programme: Programme, text: str) -> Nearness | None:
        if programme.is_quick(text):
            return programme.nearness(text)
        return await self.aside(partial(programme.nearness, text))

    async def _thought(self, programme: Programme, work: Callable[[], T]) -> T:
        """In a thread where the sentence model is asked, so that nobody else waits for it."""
        return await self.aside(work) if programme.meaning is not None else work()

    async def aside(self, work: Callable[[], T]) -> T:
        """Do this beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _matches_afresh(self, matches: Sequence[Match]) -> list[Match]:
        async with self._new_uow(read_only=True) as uow:
            fresh = await uow.sessions.among(m.session.id for m in matches)
        return [replace(m, session=fresh[m.session.id]) for m in matches if m.session.id in fresh]


def _told(reading: asyncio.Task[None]) -> None:
    """Reading goes on by itself; what ends it early is worth a line."""
    if not reading.cancelled() and (error := reading.exception()) is not None:
        log.error("programme not read", exc_info=error)


def _minute(local: datetime) -> time:
    """The time of day without its seconds: within a minute the same words mean the same."""
    return time(local.hour, local.minute)


def _begins(session: Session) -> float:
    return session.starts_at.timestamp() if session.starts_at else 0.0


async def _other_dates(
    uow: UnitOfWork, programme: Programme, session: Session, now: datetime
) -> list[Session]:
    """Other dates of the same course, for the same cohort, with places left."""
    running = await uow.courses.find(session.course_id) if session.course_id else None
    if running is None:
        return []
    course, its_own = running.course, running.course.cohort_of(session.code)
    others = [
        s
        for s in by_time(programme.course_index.sessions)
        if s.course_id == session.course_id
        and s.id != session.id
        and s.is_open(now)
        and course.has_date_for(s.code, its_own)
    ]
    return [s for s in await _afresh(uow, others) if s.places_left != 0]


def _likeness(session: Session) -> str:
    """Words to find others by; with "like" before it, a mere title does not just find itself."""
    return f"like {session.title} {' '.join(session.details.topics)} {session.details.strand}"


async def _afresh(uow: UnitOfWork, sessions: Sequence[Session]) -> list[Session]:
    """The same sessions in the same order, with the counts of this moment."""
    fresh = await uow.sessions.among(s.id for s in sessions)
    return [fresh[s.id] for s in sessions if s.id in fresh and not fresh[s.id].is_cancelled]
