"""Sending the outbox: claim what is due, bring it about, settle. That is all."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import structlog

from learning.notices import MESSAGES, Kind
from services.ports.clocks import Clock
from services.ports.deliveries import Delivery, DeliveryQueue, Outcome, Pace, Settlement
from services.ports.systems import Rejected, Throttled, Unavailable

log = structlog.get_logger()

PLACES = 32
"""Deliveries under way at once in one replica, those that only wait for their turn included."""

POLL = 1.0
"""Seconds between looks at the outbox when nothing wakes us: the safety net."""

BREATH = 0.25
"""Seconds in which what was sent is noted, with what ends meanwhile, and until we look again when
what is due is in other hands: an event has one writer."""

RENEW = 15.0
MARGIN = 2.0
"""Seconds left of a lease at which it is renewed, and at which nothing is begun under it any more."""

FAR = datetime.max.replace(tzinfo=UTC)
GIVE_UP_AFTER = timedelta(days=1)
FEWEST_TRIES = 2
"""Before anything is given up: what was given up and is to be sent again is old when it begins."""

LONGEST_DELAY = 600.0


class NoLongerNeeded(Exception):
    """What was to be said no longer holds: the booking is gone, the session is over."""


class LeaseOver(Exception):
    """Another replica may have it: nothing more is done about it here, nor said of it."""


def check(delivery: Delivery) -> None:
    """Right before what cannot be taken back: we may have been asleep. Raises LeaseOver."""
    if delivery.lease.left() < MARGIN:
        raise LeaseOver


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
        self._running: dict[asyncio.Task[None], Delivery] = {}
        self._settled: list[Settlement] = []
        self._woken = asyncio.Event()
        self._next_look = FAR
        self._hungry = False
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
        """Note what ended, renew what takes long, claim as much as there are places for."""
        self._woken.clear()
        self._next_look = FAR
        now = self._clock.now()
        await self._renew(now)
        free = 0 if self._stopping.is_set() else PLACES - len(self._running)
        due = None
        if free:
            more = self._hungry or any(s.delivery.notice.lane for s in self._settled)
            due = now if more else await self._queue.next_due()
        is_due = due is not None and due <= now
        claimed = await self._exchange(now, free if is_due else 0)
        if free:
            self._hungry = len(claimed) == free
        for delivery, wait in zip(claimed, await self._waits(claimed), strict=True):
            task = asyncio.create_task(self._deliver(delivery, wait))
            self._running[task] = delivery
            task.add_done_callback(self._done)
        if self._running or not self._stopping.is_set():
            await self._pause(self._patience(due, now))

    def _patience(self, due: datetime | None, now: datetime) -> float:
        """Seconds until the next look, if nothing wakes us."""
        longest = BREATH if self._running or self._settled else POLL
        ahead = POLL if due is None else (due - now).total_seconds()
        return min(longest, ahead if ahead > 0 else BREATH)

    async def _exchange(self, now: datetime, limit: int) -> list[Delivery]:
        settled, self._settled = self._settled, []
        if not settled and not limit:
            return []
        try:
            room = await self._pace.room() if limit else 0
            return await self._queue.exchange(settled, now, limit, room)
        except Exception:
            self._settled = settled + self._settled
            raise

    async def _waits(self, claimed: Sequence[Delivery]) -> list[float]:
        """How many seconds from now each has its turn: only messages take turns."""
        messages = sum(d.notice.kind in MESSAGES for d in claimed)
        try:
            turns = iter(await self._pace.slots(messages) if messages else [])
        except Exception:
            self._settled += [self._unsent(d) for d in claimed]
            raise
        return [next(turns) if d.notice.kind in MESSAGES else 0.0 for d in claimed]

    async def _renew(self, now: datetime) -> None:
        if ending := [d for d in self._running.values() if d.lease.left() < RENEW]:
            await self._queue.renew(ending, now)

    async def _pause(self, seconds: float) -> None:
        """Until something wakes us, or for so long."""
        self._next_look = self._clock.now() + timedelta(seconds=seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    def _done(self, task: asyncio.Task[None]) -> None:
        """Many that end soon after each other are noted together, and followed by as many others.

        For one of a lane others may wait.
        """
        ended = self._running.pop(task)
        few = len(self._running) <= PLACES // 2
        if not self._running or (few and self._hungry) or ended.notice.lane is not None:
            self._woken.set()

    async def _deliver(self, delivery: Delivery, wait: float) -> None:
        """One delivery; whatever goes wrong with it is settled and never stops the others."""
        if await self._stops_within(wait):
            self._settled.append(self._unsent(delivery))
            return
        try:
            check(delivery)
            settlement = await self._attempt(delivery)
        except LeaseOver:
            log.warning("lease over", kind=delivery.notice.kind, delivery=delivery.id)
            return
        if settlement.outcome is not Outcome.SENT:
            log.info(
                "notice not sent",
                kind=delivery.notice.kind,
                delivery=delivery.id,
                outcome=settlement.outcome,
                reason=settlement.reason,
            )
        self._settled.append(settlement)

    def _unsent(self, delivery: Delivery) -> Settlement:
        """Due as before, whatever our clock says."""
        return Settlement(delivery=delivery, outcome=Outcome.QUEUED, at=delivery.notice.due_at)

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
        except LeaseOver:
            raise
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
        is_old = now - delivery.notice.due_at > GIVE_UP_AFTER
        if is_old and delivery.attempts >= FEWEST_TRIES:
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
