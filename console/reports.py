"""`report` and `earlier`: what an edition did as a document, and the figures of earlier ones."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from learning.errors import LearningError
from learning.report import Report
from services.earlier import EarlierEditions, TakenIn
from services.evaluation import Evaluation
from services.ports.journal import CONSOLE

KINDS = ("html", "pdf", "xlsx")

Write = Callable[[Report, str], Awaitable[bytes]]
"""Draws a report as one of the kinds."""


async def report(evaluation: Evaluation, write: Write, edition: str, out: Path) -> int:
    """Write the report into a file of the kind that its name ends with; 1 if that cannot be done."""
    kind = out.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        return _failed(f"{out}: end the name of the file with .html, .pdf or .xlsx.")
    try:
        made = await evaluation.report(edition)
        data = await write(made, kind)
        await asyncio.to_thread(out.write_bytes, data)
    except OSError as error:
        return _failed(f"{out}: {error.strerror}.")
    except LearningError as error:
        return _failed(str(error))
    print(f"{out}: the report of {made.edition}.")
    for note in made.notes:
        print(f"- {note}")
    return 0


async def earlier(editions: EarlierEditions, file: Path) -> int:
    """Print which editions were taken in, or every fault; 1 if nothing was."""
    try:
        data = await asyncio.to_thread(file.read_bytes)
        taken = await editions.take_in(file.name, data, by=CONSOLE)
    except OSError as error:
        return _failed(f"{file}: {error.strerror}.")
    except LearningError as error:
        return _failed(f"{file}: {error}")
    if taken.ignored:
        print(taken.ignored, file=sys.stderr)
    if taken.faults:
        faults = "\n".join(map(str, taken.faults))
        return _failed(f"{file}:\n{faults}\nNothing was stored.")
    print("\n".join(_came(taken)))
    return 0


def _came(taken: TakenIn) -> list[str]:
    return [f"New: {name}." for name in taken.new] + [f"Replaced: {n}." for n in taken.replaced]


def _failed(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
