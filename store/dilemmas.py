"""Dilemmas as they are stored."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from services.ports.dilemmas import Dilemma
from store.course_tables import dilemmas


class SqlDilemmas:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def of_set(self, set_id: int) -> list[Dilemma]:
        own = dilemmas.c.set_id == set_id
        by = dilemmas.c.brought_at, dilemmas.c.id
        statement = sa.select(dilemmas).where(own).order_by(*by)
        return [_dilemma(row) for row in await self._db.execute(statement)]

    async def save(self, dilemma: Dilemma) -> Dilemma:
        values = asdict(dilemma)
        del values["id"]
        if dilemma.id:
            own = dilemmas.c.id == dilemma.id
            await self._db.execute(sa.update(dilemmas).where(own).values(values))
            return dilemma
        added = await self._db.execute(sa.insert(dilemmas).values(values))
        [number] = added.inserted_primary_key or (0,)
        return replace(dilemma, id=number)

    async def remove(self, dilemma_id: int) -> None:
        await self._db.execute(sa.delete(dilemmas).where(dilemmas.c.id == dilemma_id))


def _dilemma(row: sa.Row[Any]) -> Dilemma:
    return Dilemma(
        id=row.id,
        set_id=row.set_id,
        person_id=PersonId(row.person_id),
        sealed=row.sealed,
        brought_at=row.brought_at,
        presented=row.presented,
        turn=row.turn,
    )
