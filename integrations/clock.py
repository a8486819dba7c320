"""The real clocks."""

from __future__ import annotations

import time
from datetime import UTC, datetime

BOOT = getattr(time, "CLOCK_BOOTTIME", None)
"""Linux's clock that goes on while the machine is suspended; elsewhere the monotonic one does."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 -- the one real clock


def steady() -> float:
    """Seconds since some moment, whatever the clock is set to."""
    return time.monotonic() if BOOT is None else time.clock_gettime(BOOT)
