"""A clock that goes only when it is told to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 5, 18, 8, 0, tzinfo=UTC)
"""09:00 in London on the first day of a learning week."""


@dataclass(slots=True)
class FixedClock:
    instant: datetime = MONDAY

    def now(self) -> datetime:
        return self.instant

    def set(self, instant: datetime) -> None:
        self.instant = instant

    def advance(self, span: timedelta) -> None:
        self.instant += span
