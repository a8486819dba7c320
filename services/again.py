"""Telling people when something runs again that they liked, missed or could not get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from learning import again as rules
from learning.again import Want
from learning.errors import NotFound
from learning.notices import QuietHours
from learning.people import PersonId
from learning.sessions import Session, SessionId
from services.catalogue import Catalogue
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork

log = structlog.get_logger()

PAGE = 100
"""People who are told in one transaction."""

MOST = 3
"""Runs of one session that a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking: `ahead` are runs that can be had already, and then nothing is kept.

    Of what can be taken at any time there is nothing to wait for either.
    """

    session: Session
    ahead: tuple[Session, ...] = ()
    is_kept: bool = True


class AgainService:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        catalogue: Catalogue,
        *,
        quiet: QuietHours,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._catalogue = catalogue
        self._quiet = quiet
        self._zone = zone

    async def ask(self, person_id: PersonId, session_id: SessionId) -> Asked:
        """Have somebody told when this runs again, unless it does already. Raises NotFound."""
        session = await self._catalogue.get(session_id)
        if not rules.may_run_again(session):
            return Asked(session=session, is_kept=False)
        runs = [s for s in await self._same_again(session) if rules.can_be_had(s)]
        if runs:
            return Asked(session=session, ahead=tuple(runs[:MOST]), is_kept=False)
        async with self._new_uow() as uow:
            # Held, so that nobody is forgotten in between.
            if await uow.people.find(person_id, lock=True) is None:
                raise NotFound("person", person_id)
            await uow.again.save(
                Want(
                    person_id=person_id,
                    session_id=session_id,
                    asked_at=self._clock.now(),
                    known_upto=await uow.again.newest(),
                )
            )
            await uow.commit()
        log.info("asked to hear of it again", session=session_id)
        return Asked(session=session)

    async def take_back(self, person_id: PersonId, session_id: SessionId) -> bool:
        """Whether they had asked."""
        async with self._new_uow() as uow:
            was_there = await uow.again.remove(person_id, session_id)
            await uow.commit()
        return was_there

    async def wanted(self, person_id: PersonId, *, told: bool = False) -> list[Session]:
        """What they still wait to hear of, the latest wish first; with what they were `told` of too."""
        async with self._new_uow(read_only=True) as uow:
            wants = await uow.again.of_person(person_id)
            ids = [w.session_id for w in wants if told or w.told_at is None]
            sessions = await uow.sessions.among(ids)
        return [sessions[i] for i in ids if i in sessions]

    async def queue(self) -> int:
        """Write down whom to tell of what runs again by now. Running it again changes nothing.

        A page of people is told in a transaction of its own, however many ask. Returns how many.
        """
        async with self._new_uow(glance=True) as uow:
            waiting = await uow.again.waiting()
        if not waiting:
            return 0
        now, programme = self._clock.now(), await self._catalogue.programme()
        oldest = min(waiting.values())
        fresh = [s for s in programme.sessions if s.id > oldest and s.is_open(now)]
        known = {s.id: s for s in programme.sessions if s.id in waiting} if fresh else {}
        told = 0
        for session in known.values():
            runs = rules.same_again(session, fresh, now)
            while runs and (some := await self._tell_some(session, runs, now)):
                told += some
        if told:
            log.info("people told that something runs again", people=told)
        return told

    async def _tell_some(self, session: Session, runs: Sequence[Session], now: datetime) -> int:
        """A page of those to whom any of these runs is news; who booked one knows of it."""
        async with self._new_uow() as uow:
            wants = await uow.again.untold(session.id, max(s.id for s in runs), PAGE)
            if not wants:
                return 0
            people = await uow.people.among(w.person_id for w in wants)
            live = await uow.bookings.live_of(s.id for s in runs)
            booked = {b.person_id for bookings in live.values() for b in bookings}
            queued = [
                rules.news(
                    want,
                    next(s for s in runs if s.id > want.known_upto),
                    self._quiet.shift(now, people[want.person_id].zone(self._zone)),
                )
                for want in wants
                if want.person_id in people and want.person_id not in booked
            ]
            await uow.outbox.add(queued)
            await uow.again.told(wants, now)
            await uow.commit()
        return len(wants)

    async def news(self, person_id: PersonId, wanted: SessionId, first: SessionId) -> list[Session]:
        """What of a session runs again by now, for somebody who is just being told; `first` is why.

        Nothing where they have taken it back or booked one of them meanwhile, or where it has come to
        nothing: then they wait on.
        """
        async with self._new_uow(read_only=True) as uow:
            want = await uow.again.find(person_id, wanted)
            known = await uow.sessions.among([wanted])
            mine = {b.session_id for b in await uow.bookings.of_person(person_id)}
        if want is None or wanted not in known:
            return []
        runs = await self._same_again(known[wanted])
        fresh = [s for s in runs if s.id > want.known_upto or s.id == first]
        if not fresh:
            async with self._new_uow() as uow:
                await uow.again.not_told(person_id, wanted)
                await uow.commit()
        if not mine.isdisjoint(s.id for s in fresh):
            return []
        return fresh[:MOST]

    async def _same_again(self, session: Session) -> list[Session]:
        """With the counts of this moment."""
        now, programme = self._clock.now(), await self._catalogue.programme()
        runs = rules.same_again(session, programme.sessions, now)
        return [s for s in await self._catalogue.among(s.id for s in runs) if s.is_open(now)]
