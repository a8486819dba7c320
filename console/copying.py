"""`copy-edition`: an edition once more, on later dates."""

from __future__ import annotations

import sys
from datetime import date
from zoneinfo import ZoneInfo

from cards import sayings
from learning.errors import LearningError
from services.copying import EditionCopies
from services.ports.journal import CONSOLE


async def copy_edition(
    copies: EditionCopies, edition: str, to: str, starts: date, *, dry_run: bool
) -> int:
    """Print each session with its new date, or every fault. The exit code is 1 if nothing was copied."""
    try:
        done = await copies.copy(edition, to, starts, by=CONSOLE, dry_run=dry_run)
    except LearningError as error:
        print(f"Nothing was copied.\n{error}", file=sys.stderr)
        return 1
    count = len(done.changes.added)
    print(f"{done.edition}: {count} session{'' if count == 1 else 's'}")
    for details in done.changes.added:
        if details.starts_at is not None:
            local = details.starts_at.astimezone(ZoneInfo(details.timezone))
            when = f"{sayings.day(local.date())} {local:%Y, %H:%M}"
            print(f"- {details.code} {details.title}: {when}")
    for note in done.reading.notes:
        print(f"note: {note}")
    if dry_run:
        print("Dry run: nothing was stored.")
    return 0
