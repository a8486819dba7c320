"""`import` of a folder: a programme over months, with its steps and its live sessions."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from learning.courses.reading import CourseReading
from learning.errors import LearningError
from services.course_imports import CourseImports
from services.ports.journal import CONSOLE

ReadFolder = Callable[[Path], tuple[CourseReading, Mapping[str, bytes]]]

NO_EDITION = "A folder has a title of its own in programme.md: leave --edition out."


async def import_folder(
    imports: CourseImports, read: ReadFolder, folder: Path, edition: str, *, dry_run: bool
) -> int:
    """Print what the import did, or every fault. The exit code is 1 if nothing was imported."""
    if edition:
        return _failed(f"{folder}: {NO_EDITION}")
    try:
        reading, pictures = await asyncio.to_thread(read, folder)
        outcome = await imports.import_course(reading, pictures, dry_run=dry_run, by=CONSOLE)
    except LearningError as error:
        return _failed(f"{folder}: {error}")
    if outcome.is_faulty:
        return _failed(f"{folder}:\n{outcome}")
    print(outcome)
    if dry_run:
        print("Dry run: nothing was stored.")
    return 0


def _failed(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
