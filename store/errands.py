"""Long work, as every replica sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from services.ports.errands import Errand, ErrandKind, ErrandState
from store.tables import errands

_SHOWN = sa.select(*(column for column in errands.c if column.name != "file"))
"""Files may be large, and are read only to be fetched."""


class SqlErrands:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def add(self, errand: Errand) -> None:
        await self._db.execute(sa.insert(errands).values(id=errand.id, **_columns(errand)))

    async def save(self, errand: Errand, file: bytes | None = None) -> None:
        values = _columns(errand) | ({} if file is None else {"file": file})
        await self._db.execute(sa.update(errands).where(errands.c.id == errand.id).values(values))

    async def find(self, errand_id: str) -> Errand | None:
        row = (await self._db.execute(_SHOWN.where(errands.c.id == errand_id))).one_or_none()
        return None if row is None else _errand(row)

    async def file(self, errand_id: str) -> bytes | None:
        statement = sa.select(errands.c.file).where(errands.c.id == errand_id)
        return (await self._db.execute(statement)).scalar_one_or_none()

    async def latest(self, limit: int) -> list[Errand]:
        newest = _SHOWN.order_by(errands.c.began_at.desc(), errands.c.id).limit(limit)
        return [_errand(row) for row in await self._db.execute(newest)]

    async def remove(self, began_before: datetime) -> int:
        old = sa.delete(errands).where(errands.c.began_at < began_before)
        return (await self._db.execute(old)).rowcount

    async def forget(self, person_id: PersonId, successor: PersonId) -> None:
        theirs = sa.update(errands).where(errands.c.by_id == person_id)
        await self._db.execute(theirs.values(by_id=successor))
        with_file = sa.update(errands).where(errands.c.file_name != "")
        await self._db.execute(with_file.values(file_name="", file=None))


def _columns(errand: Errand) -> dict[str, Any]:
    return {
        "kind": errand.kind,
        "title": errand.title,
        "by_id": errand.by_id,
        "state": errand.state,
        "done": errand.done,
        "total": errand.total,
        "result": errand.result,
        "began_at": errand.began_at,
        "seen_at": errand.seen_at,
        "file_name": errand.file_name[:200],
    }


def _errand(row: Any) -> Errand:
    return Errand(
        id=row.id,
        kind=ErrandKind(row.kind),
        title=row.title,
        by_id=PersonId(row.by_id),
        state=ErrandState(row.state),
        done=row.done,
        total=row.total,
        result=row.result,
        began_at=row.began_at,
        seen_at=row.seen_at,
        file_name=row.file_name,
    )
