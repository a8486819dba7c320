"""`import` and `export`: programmes from files, and what is known into them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from learning.errors import LearningError
from learning.programme_table import Table
from learning.sessions import Session
from services.ports.journal import CONSOLE
from services.programme import ProgrammeService
from services.reports import Reports

ReadTable = Callable[[str, bytes], Table]
WriteSheet = Callable[[Sequence[str], Iterable[Sequence[str | int]]], bytes]


NOTHING_YET = {
    "attendance": "No attendance has been recorded yet.",
    "feedback": "No session has feedback of enough people yet to be shown.",
}
"""What is said of an export without rows."""


class Formats(Protocol):
    """The files that can be written, by their names on the command line."""

    csv: WriteSheet
    xlsx: WriteSheet

    def ics(self, sessions: Sequence[Session]) -> bytes: ...


async def import_file(
    programme: ProgrammeService, read_table: ReadTable, file: Path, edition: str, *, dry_run: bool
) -> int:
    """Print what the import did, or every fault. The exit code is 1 if nothing was imported."""
    try:
        data = await asyncio.to_thread(file.read_bytes)
        table = read_table(file.name, data)
        outcome = await programme.import_table(
            table, edition_name=edition, dry_run=dry_run, by=CONSOLE
        )
    except OSError as error:
        return _failed(f"{file}: {error.strerror}.")
    except LearningError as error:
        return _failed(f"{file}: {error}")
    if outcome.is_faulty:
        return _failed(f"{file}:\n{outcome}")
    print(outcome)
    if dry_run:
        print("Dry run: nothing was stored.")
    return 0


async def export(reports: Reports, formats: Formats, what: str, edition: str, kind: str) -> int:
    """Write the rows to standard output."""
    try:
        data = await _exported(reports, formats, what, edition, kind)
    except LearningError as error:
        return _failed(str(error))
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    return 0


async def _exported(
    reports: Reports, formats: Formats, what: str, edition: str, kind: str
) -> bytes:
    if kind == "ics":
        if what != "sessions":
            raise LearningError("Only sessions can be exported as a calendar (ics).")
        return formats.ics(await reports.sessions(edition))
    header, rows = (await reports.layout(what, edition))()
    if not rows and what in NOTHING_YET:
        print(NOTHING_YET[what], file=sys.stderr)
    return (formats.xlsx if kind == "xlsx" else formats.csv)(header, rows)


def _failed(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
