"""Work that takes long: done outside the request, shown by every replica, and left to itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from learning.errors import LearningError, NotFound
from learning.people import PersonId
from services.ports.clocks import Clock
from services.ports.errands import Done, Errand, ErrandKind, ErrandState, Progress
from services.ports.storage import NewUnitOfWork

log = structlog.get_logger()

BEAT = 1.0
"""Seconds between two words about how far it is, for the other replicas."""

SILENT = timedelta(minutes=1)
"""After so long without a word whoever did it is taken for dead."""

KEPT = timedelta(days=1)

BROKEN_OFF = (
    "The server that did this stopped before it was finished. Begin it again: what was done already"
    " is not done twice."
)
FAULT = (
    "This ended with a fault of ours, which stands in the log. Try it again; if that does not help,"
    " tell whoever runs this app when it was."
)

Run = Callable[[Progress], Awaitable[Done]]
"""What is done. It may be broken off at any await and begun again, so its effect may not be doubled."""


class Stopping(LearningError):
    """Nothing more is begun here: this process is coming to its end."""

    def __init__(self) -> None:
        super().__init__("The server is just being restarted. Try again in a minute.")


class Errands:
    """Those begun here are done here; all of them can be seen."""

    def __init__(self, new_uow: NewUnitOfWork, clock: Clock) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._how_far: dict[str, tuple[int, int]] = {}
        self._is_over = False

    async def begin(
        self, kind: ErrandKind, title: str, by: PersonId, run: Run, *, once: bool = False
    ) -> str:
        """Do this by and by; returns its id at once.

        `once`: where one of this kind and title is under way already, it is that one. Raises Stopping.
        """
        if self._is_over:
            raise Stopping
        if once:
            for errand in await self.latest():
                if errand.is_running and (errand.kind, errand.title) == (kind, title):
                    return errand.id
        now = self._clock.now()
        errand = Errand(id=uuid4().hex, kind=kind, title=title, by_id=by, began_at=now, seen_at=now)
        async with self._new_uow() as uow:
            await uow.errands.add(errand)
            await uow.commit()
        log.info("errand begun", errand=errand.id, kind=kind)
        self._how_far[errand.id] = (0, 0)
        self._under_way[errand.id] = asyncio.create_task(self._do(errand, run))
        return errand.id

    async def find(self, errand_id: str) -> Errand:
        """As it stands now. Raises NotFound."""
        async with self._new_uow(glance=True) as uow:
            errand = await uow.errands.find(errand_id)
        if errand is None:
            raise NotFound("work", errand_id)
        return self._seen(errand, self._clock.now())

    async def latest(self, limit: int = 50) -> list[Errand]:
        """The newest first."""
        now = self._clock.now()
        async with self._new_uow(glance=True) as uow:
            return [self._seen(errand, now) for errand in await uow.errands.latest(limit)]

    async def within(self, errand_id: str, seconds: float) -> Errand:
        """As it stands once it is over, or after so long. Only what is done here is waited for."""
        if errand_id in self._under_way:
            await asyncio.wait([self._under_way[errand_id]], timeout=seconds)
        return await self.find(errand_id)

    async def file(self, errand_id: str) -> tuple[str, bytes]:
        """The name of what it made, and what is in it. Raises NotFound."""
        async with self._new_uow(survey=True) as uow:
            errand = await uow.errands.find(errand_id)
            data = await uow.errands.file(errand_id)
        if errand is None or data is None:
            raise NotFound("file of this work", errand_id)
        return errand.file_name, data

    async def forget_old(self) -> int:
        """Remove what began more than a day ago, and its file. Returns how many there were."""
        async with self._new_uow() as uow:
            gone = await uow.errands.remove(self._clock.now() - KEPT)
            await uow.commit()
        return gone

    def stop(self) -> None:
        """Begin nothing more."""
        self._is_over = True

    async def finish(self) -> None:
        """Wait for what is under way; cancelled, it is broken off and says so."""
        self.stop()
        try:
            while self._under_way:
                await asyncio.wait(self._under_way.values())
        except asyncio.CancelledError:
            for task in self._under_way.values():
                task.cancel()
            if self._under_way:
                await asyncio.wait(self._under_way.values())
            raise

    def _seen(self, errand: Errand, now: datetime) -> Errand:
        """With what is known here of how far it is; it is broken off where nobody says that he does it."""
        if not errand.is_running:
            return errand
        if errand.id in self._how_far:
            done, total = self._how_far[errand.id]
            return replace(errand, done=done, total=total, seen_at=now)
        if now - errand.seen_at > SILENT:
            return replace(errand, state=ErrandState.BROKEN_OFF, result=BROKEN_OFF)
        return errand

    async def _do(self, errand: Errand, run: Run) -> None:
        over = asyncio.Event()
        telling = asyncio.create_task(self._tell(errand, over))
        try:
            state, came = await self._ended(errand, run)
            over.set()
            await telling
            await self._settle(errand, state, came)
            log.info("errand over", errand=errand.id, kind=errand.kind, state=state)
        except Exception:
            log.exception("errand not settled", errand=errand.id, kind=errand.kind)
        finally:
            over.set()
            self._how_far.pop(errand.id, None)
            self._under_way.pop(errand.id, None)

    async def _ended(self, errand: Errand, run: Run) -> tuple[ErrandState, Done]:
        """How it ended, however it ended."""
        try:
            done = await run(lambda done, total: self._note(errand.id, done, total))
        except asyncio.CancelledError:
            return ErrandState.BROKEN_OFF, Done(words=BROKEN_OFF)
        except LearningError as error:
            return ErrandState.FAILED, Done(words=str(error))
        except Exception:
            log.exception("errand failed", errand=errand.id, kind=errand.kind)
            return ErrandState.FAILED, Done(words=FAULT)
        return ErrandState.DONE, done

    def _note(self, errand_id: str, done: int, total: int) -> None:
        self._how_far[errand_id] = (done, total)

    async def _tell(self, errand: Errand, over: asyncio.Event) -> None:
        """Until it is over, say how far it is; a database that is away for a while is waited for."""
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), BEAT)
                return
            try:
                await self._save(self._seen(errand, self._clock.now()))
            except Exception:
                log.exception("errand not noted", errand=errand.id)

    async def _settle(self, errand: Errand, state: ErrandState, came: Done) -> None:
        done, total = self._how_far[errand.id]
        settled = replace(
            errand,
            state=state,
            done=done,
            total=total,
            result=came.words,
            seen_at=self._clock.now(),
            file_name=came.file_name if came.file is not None else "",
        )
        await self._save(settled, came.file)

    async def _save(self, errand: Errand, file: bytes | None = None) -> None:
        async with self._new_uow() as uow:
            await uow.errands.save(errand, file)
            await uow.commit()
