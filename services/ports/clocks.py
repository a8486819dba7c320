"""The time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


Steady = Callable[[], float]
"""Seconds that only go forwards, whatever the clock is set to; they count while asleep too."""
