"""What happens by itself: each job of the clock, as the replica that is asked knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """`took` is in seconds, None while it runs; `trouble` is the kind of error that it ended with."""

    began_at: datetime
    took: float | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`last` is None where this replica has not run it yet, `next_at` where it never comes again."""

    name: str
    words: str
    cron: str
    next_at: datetime | None
    last: JobRun | None = None


class Jobs(Protocol):
    def jobs(self) -> Sequence[Job]: ...

    async def run_now(self, name: str) -> JobRun:
        """Run it and say how that ended. Raises NotFound."""
        ...
