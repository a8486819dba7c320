"""Copying an edition to later dates: looked through first, then published like a file."""

from __future__ import annotations

import asyncio
from datetime import date

from learning import copying, programme_file
from learning.copying import Copy, NothingToCopy
from learning.errors import LearningError
from learning.people import PersonId
from learning.programme_cells import YEARS, one_line
from services.ports.journal import NOBODY
from services.programme import EditionTaken, Import, ProgrammeService

LONGEST_NAME = 100


class NotCopied(LearningError):
    """Why nothing was copied: `reasons` are sentences, one for each fault."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class EditionCopies:
    def __init__(self, programme: ProgrammeService, *, timezone: str) -> None:
        self._programme = programme
        self._timezone = timezone

    async def prepare(self, edition: str, to: str, starts: date) -> Copy:
        """The sessions of an edition as they would be from that day on; nothing is stored.

        Raises NotCopied or EditionTaken, and LearningError where there is no such edition.
        """
        name = check_name(to)
        if starts.year not in YEARS:
            raise NotCopied(f"The first day is in the year {starts.year}. Choose another.")
        if any(e.name.casefold() == name.casefold() for e in await self._programme.editions()):
            raise EditionTaken(name)
        whole = await self._programme.sessions_of(edition)
        sessions = [s for s in whole if s.course_id is None]
        try:
            copy = await asyncio.to_thread(copying.copied, sessions, starts)
        except NothingToCopy as error:
            raise NotCopied(f"“{edition}” has no session with a date that takes place.") from error
        reading = await asyncio.to_thread(programme_file.read, copy.table, self._timezone)
        if reading.faults:
            raise NotCopied(*copying.faults(copy, reading))
        return copy

    async def copy(
        self, edition: str, to: str, starts: date, *, by: PersonId = NOBODY, dry_run: bool = False
    ) -> Import:
        """Publish the copy as a new edition: all of it or, with any fault, nothing. Raises as above."""
        copy = await self.prepare(edition, to, starts)
        return await self._programme.import_table(
            copy.table, edition_name=check_name(to), dry_run=dry_run, by=by, anew=True
        )


def check_name(text: str) -> str:
    """The name on one line. Raises NotCopied."""
    name = one_line(text)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NotCopied(f"Give the new edition a name of at most {LONGEST_NAME} characters.")
    return name
