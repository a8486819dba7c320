"""A system that keeps failing is left alone for a while, instead of being asked ever again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from services.ports.clocks import Clock
from services.ports.systems import Conflict, Rejected, Unavailable

T = TypeVar("T")

FAILURES = 5
"""So many in a row open the circuit."""

REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=5)
"""How long it stays open at first; twice as long after each trial that fails, up to the second."""

LONGEST_WAIT = timedelta(minutes=10)
"""The longest that a system may ask us to wait: what it says beyond that is not believed."""


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    TRYING = "trying"


class Circuit:
    """Lets requests through while a system answers; refusals are answers too.

    When it has rested one request is let through as a trial, and decides.
    """

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.reason = ""
        self._clock = clock
        self._failures = 0
        self._rest = REST
        self._until: datetime | None = None
        self._trying = False

    @property
    def state(self) -> State:
        if self._until is None:
            return State.CLOSED
        return State.TRYING if self._trying or self._has_rested() else State.OPEN

    async def call(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What `ask` returns or raises; Unavailable at once while the system is left alone."""
        is_trial = self._admit()
        try:
            answer = await ask()
        except (Rejected, Conflict):
            self._worked()
            raise
        except Unavailable as error:
            self._failed(error, is_trial=is_trial)
            raise
        finally:
            if is_trial:
                self._trying = False
        self._worked()
        return answer

    def _admit(self) -> bool:
        """Whether this request is the trial after a rest. Raises Unavailable."""
        if self._until is None:
            return False
        if self._has_rested() and not self._trying:
            self._trying = True
            return True
        left = max((self._until - self._clock.now()).total_seconds(), 1.0)
        raise Unavailable(f"{self.name} is left alone: {self.reason}", retry_after=left)

    def _has_rested(self) -> bool:
        """Also when the clock was set back meanwhile, by more than the circuit ever rests."""
        assert self._until is not None
        return not timedelta() < self._until - self._clock.now() <= LONGEST_WAIT

    def _failed(self, error: Unavailable, *, is_trial: bool) -> None:
        self.reason = str(error)
        self._failures += 1
        if error.retry_after:
            self._open(min(timedelta(seconds=error.retry_after), LONGEST_WAIT))
        elif is_trial:
            self._rest = min(2 * self._rest, LONGEST_REST)
            self._open(self._rest)
        elif self._failures >= FAILURES:
            self._open(self._rest)

    def _open(self, rest: timedelta) -> None:
        until = self._clock.now() + rest
        self._until = until if self._until is None else max(self._until, until)

    def _worked(self) -> None:
        self._failures, self._rest, self._until, self.reason = 0, REST, None, ""


class Circuits:
    """One circuit for each system that was named."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._all: dict[str, Circuit] = {}

    def of(self, name: str) -> Circuit:
        return self._all.setdefault(name, Circuit(name, self._clock))

    def states(self) -> Mapping[str, State]:
        return {name: circuit.state for name, circuit in self._all.items()}
