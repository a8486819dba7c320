"""Exports that organisers ask for on a page: small ones at once, big ones as work with a file to fetch."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol
from zoneinfo import ZoneInfo

from learning.errors import LearningError
from learning.exports import Cell
from learning.people import PersonId
from learning.sessions import Session
from services.errands import Errands
from services.ports.clocks import Clock
from services.ports.errands import Done, ErrandKind, Progress
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork
from services.reports import Layout, Reports

BIG = 1_000
"""Rows from which an export is done as an errand."""

WHATS = ("sessions", "bookings", "attendance", "feedback")
STEP = 200


class WriteSheet(Protocol):
    def __call__(self, header: Sequence[str], rows: Iterable[Sequence[Cell]], /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str
    data: bytes


class Exports:
    """`formats` are the writers by the ends of their files' names."""

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        reports: Reports,
        errands: Errands,
        formats: Mapping[str, WriteSheet],
        *,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._reports = reports
        self._errands = errands
        self._formats = formats
        self._zone = zone

    async def export(self, what: str, edition: str, kind: str, *, by: PersonId) -> File | str:
        """The file, or the id of the errand that makes it. Raises LearningError."""
        if what not in WHATS or kind not in self._formats:
            raise LearningError("Choose what to export, and as which kind of file.")
        sessions = await self._reports.sessions(edition)
        name = self._name(what, kind)
        if _expected(what, sessions) <= BIG:
            return File(name=name, data=await self._made(what, edition, kind, by))

        async def run(progress: Progress) -> Done:
            data = await self._made(what, edition, kind, by, progress)
            return Done(words=f"{name} is ready.", file_name=name, file=data)

        title = f"{what.title()} of {edition or 'the current edition'} as {kind.upper()}"
        return await self._errands.begin(ErrandKind.EXPORT, title, by, run, once=True)

    async def _made(
        self, what: str, edition: str, kind: str, by: PersonId, progress: Progress | None = None
    ) -> bytes:
        """Reading is the first half of it, and writing the second."""

        def read(done: int, total: int) -> None:
            if progress is not None:
                progress(done, 2 * total)

        layout = await self._reports.layout(what, edition, read)
        is_over = Event()
        try:
            data, rows = await asyncio.to_thread(self._written, layout, kind, progress, is_over)
        finally:
            is_over.set()  # broken off: a thread goes on by itself, and the process would wait for it
        await self._note(what, edition, kind, by, rows)
        return data

    def _written(
        self, layout: Layout, kind: str, progress: Progress | None, is_over: Event
    ) -> tuple[bytes, int]:
        header, rows = layout()
        return self._formats[kind](header, _counted(rows, progress, is_over)), len(rows)

    async def _note(self, what: str, edition: str, kind: str, by: PersonId, rows: int) -> None:
        async with self._new_uow() as uow:
            await uow.journal.note(
                Entry(
                    at=self._clock.now(),
                    by_id=by,
                    what=What.EXPORTED,
                    subject=f"{what} of {edition or 'the current edition'}",
                    after={"file": kind, "rows": str(rows)},
                )
            )
            await uow.commit()

    def _name(self, what: str, kind: str) -> str:
        today = self._clock.now().astimezone(self._zone).date()
        return f"learnweek-{what}-{today.isoformat()}.{kind}"


def _expected(what: str, sessions: Sequence[Session]) -> int:
    """How many rows there may be: numbers in a queue are given once, so they count who ever asked."""
    per_session = what in {"sessions", "feedback"}
    return len(sessions) if per_session else sum(s.next_no - 1 for s in sessions)


def _counted(
    rows: Sequence[Sequence[Cell]], progress: Progress | None, is_over: Event
) -> Iterator[Sequence[Cell]]:
    """The rows, while somebody wants them."""
    for number, row in enumerate(rows, 1):
        if is_over.is_set():
            raise InterruptedError
        if progress is not None and (number % STEP == 0 or number == len(rows)):
            progress(len(rows) + number, 2 * len(rows))
        yield row
