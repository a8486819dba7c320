"""Programmes that somebody is about to publish: read, looked through, and published as they were seen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from learning.errors import NotFound
from learning.people import PersonId
from learning.programme_table import Fault, Row, Table
from services.errands import Errands
from services.ports.errands import Done, Errand, ErrandKind, Progress
from services.programme import Import, ProgrammeService, WhichEdition

ReadTable = Callable[[str, bytes], Table]


class NoDraft(NotFound):
    """It was published or thrown away long ago, or the file could never be read."""

    def __init__(self, draft_id: str) -> None:
        super().__init__("file", draft_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A programme as its file has it. `edition` is the one asked for, '' for the one near its days.

    `anew`: that edition is to be a new one, as of a copy.
    """

    file_name: str
    edition: str
    table: Table
    anew: bool = False


class Drafts:
    """A draft is the file of the errand that read it, so every replica has it, for a day."""

    def __init__(
        self, errands: Errands, programme: ProgrammeService, read_table: ReadTable
    ) -> None:
        self._errands = errands
        self._programme = programme
        self._read_table = read_table

    async def begin(self, file_name: str, data: bytes, edition: str, by: PersonId) -> str:
        """Begin to read the file; the id by which it will be known."""

        async def read() -> Draft:
            table = await asyncio.to_thread(self._read_table, file_name, data)
            return Draft(file_name=file_name, edition=edition, table=table)

        return await self._begin(file_name, read, by)

    async def begin_copy(self, name: str, table: Table, edition: str, by: PersonId) -> str:
        """The same with what was made from another edition, and is to be a new one."""

        async def made() -> Draft:
            return Draft(file_name=name, edition=edition, table=table, anew=True)

        return await self._begin(name, made, by)

    async def _begin(self, name: str, make: Callable[[], Awaitable[Draft]], by: PersonId) -> str:
        async def read(progress: Progress) -> Done:
            draft = await make()
            table = draft.table
            progress(0, len(table.rows))
            try:
                words = _in_short(await self.preview(draft))
            except WhichEdition:
                words = "It could belong to more than one edition: say which."
            progress(len(table.rows), len(table.rows))
            return Done(words=words, file=await asyncio.to_thread(_packed, draft))

        title = f"Preview of {name}"
        return await self._errands.begin(ErrandKind.PREVIEW, title, by, read)

    async def work(self, draft_id: str, within: float) -> Errand:
        """How far reading it, or publishing it, is. Raises NotFound."""
        return await self._errands.within(draft_id, within)

    async def find(self, draft_id: str) -> Draft:
        """Raises NoDraft."""
        try:
            _, data = await self._errands.file(draft_id)
            return await asyncio.to_thread(_unpacked, data)
        except (NotFound, ValueError, LookupError, TypeError) as error:
            raise NoDraft(draft_id) from error

    async def preview(self, draft: Draft, edition: str = "") -> Import:
        """What publishing it would do now. Raises WhichEdition."""
        return await self._programme.import_table(
            draft.table, edition_name=edition or draft.edition, dry_run=True, anew=draft.anew
        )

    async def publish(self, draft: Draft, edition: str, mark: str, by: PersonId) -> str:
        """Begin to publish exactly what was seen; the id of that work, which does nothing twice."""

        async def write(progress: Progress) -> Done:
            done = await self._programme.import_table(
                draft.table,
                edition_name=edition,
                by=by,
                mark=mark,
                anew=draft.anew,
                progress=progress,
            )
            return Done(words=f"{done.edition}: {_counts(done)}.")

        title = f"Publish {draft.file_name} in {edition}"
        return await self._errands.begin(ErrandKind.IMPORT, title, by, write)


def _in_short(found: Import) -> str:
    if found.is_faulty:
        count = len(found.reading.faults)
        return f"{count} {'fault' if count == 1 else 'faults'} in the file. Nothing was stored."
    return f"{found.edition}: {_counts(found)}, if you publish it. Nothing is stored yet."


def _counts(found: Import) -> str:
    changes = found.changes
    added, changed = len(changes.added), len(changes.changed)
    return f"{added} added, {changed} changed, {len(changes.unchanged)} as they were"


def _packed(draft: Draft) -> bytes:
    return json.dumps(asdict(draft)).encode()


def _unpacked(data: bytes) -> Draft:
    found = json.loads(data)
    table = found["table"]
    return Draft(
        file_name=found["file_name"],
        edition=found["edition"],
        anew=bool(found.get("anew")),
        table=Table(
            header=tuple(table["header"]),
            rows=tuple(Row(line=r["line"], cells=tuple(r["cells"])) for r in table["rows"]),
            line=table["line"],
            faults=tuple(Fault(**fault) for fault in table["faults"]),
            notes=tuple(table["notes"]),
        ),
    )
