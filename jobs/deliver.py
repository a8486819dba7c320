"""Sending the outbox: claim what is due, bring it about, settle. That is all."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog

from learning.notices import MESSAGES, Kind
from services.ports import (
    Clock,
    Delivery,
    DeliveryQueue,
    Outcome,
    Pace,
    Rejected,
    Settlement,
    Throttled,
    Unavailable,
)

log = structlog.get_logger()

PLACES = 20
"""Deliveries under way at once in one replica."""

POLL = 1.0
"""Seconds between looks at the outbox when nothing wakes us: the safety net."""

FAR = datetime.max.replace(tzinfo=UTC)

NAP = 0.25
"""Seconds until we look again when what is due is in other hands: an event has one writer."""

GIVE_UP_AFTER = timedelta(days=1)
LONGEST_DELAY = 600.0
MARGIN = timedelta(seconds=2)


class NoLongerNeeded(Exception):
    """What was to be said no longer holds: the booking is gone, the session is over."""


Effect = Callable[[Delivery], Awaitable[str]]
"""Brings a delivery about and returns the activity's id, or ''."""


class Deliverer:
    def __init__(
        self, queue: DeliveryQueue, effects: Mapping[Kind, Effect], pace: Pace, clock: Clock
    ) -> None:
        self._queue = queue
        self._effects = effects
        self._pace = pace
        self._clock = clock
        self._running: set[asyncio.Task[None]] = set()
        self._settled: list[Settlement] = []
        self._woken = asyncio.Event()
        self._next_look = FAR
        self._stopping = asyncio.Event()

    def wake(self, due: datetime | None = None) -> None:
        """Look at the outbox again, unless what is new there is due after the next look anyway."""
        if due is None or due <= self._next_look:
            self._woken.set()

    async def run(self) -> None:
        """Send until stopped and all is settled. A database that goes away is waited for.

        Cancelled, it breaks off what is under way: whether that arrived nobody knows, so it stays
        leased and is sent again when the lease has run out.
        """
        try:
            while not self._stopping.is_set() or self._running or self._settled:
                try:
                    await self._round()
                except Exception:
                    log.exception("delivery round failed")
                    await asyncio.sleep(POLL)
        finally:
            for task in self._running:
                task.cancel()

    def stop(self) -> None:
        """Claim nothing more; what is being sent is finished, what only waits is queued again."""
        self._stopping.set()
        self._woken.set()

    async def _round(self) -> None:
        self._woken.clear()
        self._next_look = FAR
        await self._settle()
        if self._stopping.is_set():
            if self._running:
                await self._pause(POLL)
            return
        free = PLACES - len(self._running)
        due = await self._queue.next_due()
        now = self._clock.now()
        claimed = await self._queue.claim(now, free) if free and due and due <= now else []
        messages = sum(d.notice.kind in MESSAGES for d in claimed)
        slots = iter(await self._pace.slots(messages) if messages else [])
        for delivery in claimed:
            wait = next(slots) if delivery.notice.kind in MESSAGES else 0.0
            task = asyncio.create_task(self._deliver(delivery, wait))
            self._running.add(task)
            task.add_done_callback(self._done)
        if len(claimed) < free or not free:
            ahead = POLL if due is None else (due - now).total_seconds()
            await self._pause(min(POLL, max(NAP, ahead)))

    async def _pause(self, seconds: float) -> None:
        """Until something wakes us, or for so long."""
        self._next_look = self._clock.now() + timedelta(seconds=seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()

    async def _settle(self) -> None:
        settled, self._settled = self._settled, []
        if not settled:
            return
        try:
            await self._queue.settle(settled)
        except Exception:
            self._settled = settled + self._settled
            raise

    async def _deliver(self, delivery: Delivery, wait: float) -> None:
        """One delivery; whatever goes wrong with it is settled and never stops the others."""
        if await self._stops_within(wait):
            now = self._clock.now()
            self._settled.append(Settlement(delivery=delivery, outcome=Outcome.QUEUED, at=now))
            return
        if self._clock.now() > delivery.until - MARGIN:
            return  # our lease is running out: another replica may have it already
        settlement = await self._attempt(delivery)
        if settlement.outcome is not Outcome.SENT:
            log.info(
                "notice not sent",
                kind=delivery.notice.kind,
                delivery=delivery.id,
                outcome=settlement.outcome,
                reason=settlement.reason,
            )
        self._settled.append(settlement)

    async def _stops_within(self, seconds: float) -> bool:
        """Wait for so long; whether we are to stop."""
        if seconds:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()
        return self._stopping.is_set()

    async def _attempt(self, delivery: Delivery) -> Settlement:
        now = self._clock.now()
        try:
            activity_id = await self._effects[delivery.notice.kind](delivery)
        except NoLongerNeeded as reason:
            return Settlement(
                delivery=delivery, outcome=Outcome.DROPPED, at=now, reason=str(reason)
            )
        except Rejected as error:
            return Settlement(
                delivery=delivery, outcome=Outcome.GIVEN_UP, at=now, reason=str(error)
            )
        except Unavailable as error:
            if isinstance(error, Throttled):
                await self._pace.hold(min(error.retry_after or 1.0, LONGEST_DELAY))
            return self._later(delivery, str(error), error.retry_after)
        except Exception as error:
            log.exception("delivery failed", kind=delivery.notice.kind, delivery=delivery.id)
            return self._later(delivery, type(error).__name__, None)
        return Settlement(
            delivery=delivery,
            outcome=Outcome.SENT,
            at=self._clock.now(),
            activity_id=activity_id,
        )

    def _later(self, delivery: Delivery, reason: str, retry_after: float | None) -> Settlement:
        """Held back for longer each time, and given up after a day."""
        now = self._clock.now()
        if now - delivery.notice.due_at > GIVE_UP_AFTER:
            return Settlement(delivery=delivery, outcome=Outcome.GIVEN_UP, at=now, reason=reason)
        growing = min(LONGEST_DELAY, 2.0 ** min(delivery.attempts, 10))
        asked = (
            min(retry_after, GIVE_UP_AFTER.total_seconds()) if retry_after is not None else growing
        )
        delay = asked * random.uniform(1, 1.2)  # noqa: S311 -- spreads out retries
        return Settlement(
            delivery=delivery,
            outcome=Outcome.HELD_BACK,
            at=now + timedelta(seconds=delay),
            reason=reason,
        )
