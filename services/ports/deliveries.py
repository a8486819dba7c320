"""The outbox as its sender sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from learning.notices import Notice
from services.ports.clocks import Steady


class Lease:
    """How long a delivery is ours to bring about."""

    __slots__ = ("_ends", "_steady")

    def __init__(self, steady: Steady, ends: float) -> None:
        self._steady = steady
        self._ends = ends

    def left(self) -> float:
        """Seconds, counted from before the database was asked: rather too few than too many."""
        return self._ends - self._steady()

    def extend(self, ends: float) -> None:
        self._ends = ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed row of the outbox. Once its lease is over another replica may have it."""

    id: int
    notice: Notice
    attempts: int
    lease: Lease = field(compare=False)


class Outcome(StrEnum):
    """What became of a delivery."""

    SENT = "sent"
    QUEUED = "queued"
    DROPPED = "dropped"
    HELD_BACK = "held_back"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a delivery ended, at `at`; for one held back or queued again, when to try again."""

    delivery: Delivery
    outcome: Outcome
    at: datetime
    reason: str = ""
    activity_id: str = ""


class DeliveryQueue(Protocol):
    """The outbox as its sender sees it: claim, renew, settle."""

    async def next_due(self) -> datetime | None:
        """When there is next something to claim."""
        ...

    async def exchange(
        self, settled: Sequence[Settlement], now: datetime, limit: int, messages: int
    ) -> list[Delivery]:
        """Settle these and claim up to so many others, so many messages among them, in one go."""
        ...

    async def renew(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Lengthen the leases of those that are still ours."""
        ...


class Pace(Protocol):
    """The shared speed limit of messages, all replicas together."""

    async def slots(self, count: int) -> list[float]:
        """Reserve turns to send; how many seconds from now each one is."""
        ...

    async def room(self) -> int:
        """How many turns there are before long; none while everybody is held up."""
        ...

    async def hold(self, seconds: float) -> None:
        """Nobody sends for a while: Teams said so."""
        ...


Wake = Callable[[datetime], None]
"""Told when the earliest of what was just written into the outbox is due."""
