"""What turns send counts towards Teams' limit as much as what is delivered."""

from __future__ import annotations

from collections import deque

from services.ports.clocks import Steady

LIMIT = 48.0
"""Messages a second that Teams takes from one app (50 are documented), less what jitter costs."""

SECOND = 1.0


class Spoken:
    """The answers of the last second that are more than the rate of deliveries leaves room for."""

    def __init__(self, rate: float, steady: Steady) -> None:
        self._steady = steady
        self._spare = max(0.0, LIMIT - rate)
        self._answers: deque[float] = deque(maxlen=1000)
        self._told_at = steady() - SECOND

    def answered(self) -> None:
        self._answers.append(self._steady())

    def excess(self) -> int:
        """How many since this was last asked, for which deliveries are to make room."""
        now = self._steady()
        since = max(self._told_at, now - SECOND)
        recent = sum(at > since for at in self._answers)
        self._answers.clear()
        self._told_at = now
        return max(0, round(recent - self._spare * (now - since)))
