"""Work that takes longer than a page may, and where it is written down for every replica to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from learning.people import PersonId


class ErrandKind(StrEnum):
    """Stored, so they stay as they are; each is removed a day after it began."""

    PREVIEW = "preview"
    IMPORT = "import"
    EXPORT = "export"
    SEND_AGAIN = "send again"
    JOB = "job"
    SETS = "sets"


class ErrandState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    BROKEN_OFF = "broken off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One piece of long work. `total` is 0 while nobody knows it; `result` is a sentence for people.

    `seen_at` is when whoever does it last said so. `file_name` is '' where there is nothing to fetch.
    """

    id: str
    kind: ErrandKind
    title: str
    by_id: PersonId
    began_at: datetime
    seen_at: datetime
    state: ErrandState = ErrandState.RUNNING
    done: int = 0
    total: int = 0
    result: str = ""
    file_name: str = ""

    @property
    def is_running(self) -> bool:
        return self.state is ErrandState.RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of an errand: words for people, and perhaps a file to fetch."""

    words: str
    file_name: str = ""
    file: bytes | None = None


Progress = Callable[[int, int], None]
"""Told how much is done, and of how much; as often as one likes, from any thread."""


class ErrandTable(Protocol):
    async def add(self, errand: Errand) -> None: ...
    async def save(self, errand: Errand, file: bytes | None = None) -> None: ...
    async def find(self, errand_id: str) -> Errand | None: ...
    async def file(self, errand_id: str) -> bytes | None: ...
    async def latest(self, limit: int) -> list[Errand]:
        """The newest first."""
        ...

    async def remove(self, began_before: datetime) -> int:
        """Forget what began before, and its file. Returns how many."""
        ...

    async def forget(self, person_id: PersonId, successor: PersonId) -> None:
        """Take a person out: the name of who began it, and every file, as they may stand in one."""
        ...
