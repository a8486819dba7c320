"""What we know of the hub list in SharePoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.hub_list import HubItem
from learning.people import PersonId
from learning.sessions import EditionId, SessionId
from services.ports.hub import HubState
from store.people import insert
from store.tables import hub_items, hub_list

SHORT = ("trouble", "unwritten", "unwatched")


class SqlHubTables:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def state(self, list_key: str, *, lock: bool = False) -> HubState:
        statement = sa.select(hub_list).where(hub_list.c.list_key == list_key)
        found = await self._db.execute(statement.with_for_update() if lock else statement)
        row = found.one_or_none()
        if row is None:
            return HubState(list_key=list_key)
        held: dict[str, Any] = {c.name: getattr(row, c.name) for c in hub_list.columns}
        held["faults"] = tuple(held["faults"])
        return HubState(**held)

    async def save(self, state: HubState) -> None:
        columns = {c.name: getattr(state, c.name) for c in hub_list.columns}
        columns |= {"faults": list(state.faults)}
        columns |= {name: columns[name][:300] for name in SHORT}
        statement = insert(self._db.dialect.name, hub_list).values(columns)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["list_key"], set_=columns)
        )

    async def choose_edition(self, list_key: str, edition_id: EditionId) -> None:
        state = await self.state(list_key, lock=True)
        await self.save(replace(state, edition_id=edition_id, digest=""))

    async def items(self, list_key: str) -> list[HubItem]:
        statement = (
            sa.select(hub_items).where(hub_items.c.list_key == list_key).order_by(hub_items.c.id)
        )
        return [_item(row) for row in await self._db.execute(statement)]

    async def save_items(self, list_key: str, items: Sequence[HubItem]) -> None:
        statement = insert(self._db.dialect.name, hub_items)
        names = [c.name for c in hub_items.columns if not c.primary_key]
        statement = statement.on_conflict_do_update(
            index_elements=["list_key", "id"],
            set_={name: getattr(statement.excluded, name) for name in names},
        )
        if items:
            await self._db.execute(statement, [_columns(list_key, item) for item in items])

    async def remove_items(self, list_key: str, ids: Sequence[int]) -> None:
        for item_id in ids:
            await self._db.execute(
                sa.delete(hub_items).where(
                    hub_items.c.list_key == list_key, hub_items.c.id == item_id
                )
            )

    async def item_of(self, list_key: str, session_id: SessionId) -> HubItem | None:
        statement = (
            sa.select(hub_items)
            .where(hub_items.c.list_key == list_key, hub_items.c.session_id == session_id)
            .order_by(hub_items.c.id)
            .limit(1)
        )
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else _item(row)

    async def forget(self, person_id: PersonId) -> None:
        await self._db.execute(
            sa.update(hub_items).where(hub_items.c.editor == person_id).values(editor=None)
        )


def _item(row: Any) -> HubItem:
    return HubItem(
        id=row.id,
        version=row.version,
        editor=None if row.editor is None else PersonId(row.editor),
        fields=row.fields,
        applied=row.applied,
        own=row.own,
        faults=tuple(row.faults),
        told=row.told,
        session_id=None if row.session_id is None else SessionId(row.session_id),
    )


def _columns(list_key: str, item: HubItem) -> dict[str, Any]:
    return {
        "list_key": list_key,
        "id": item.id,
        "version": item.version[:200],
        "editor": item.editor,
        "fields": dict(item.fields),
        "applied": None if item.applied is None else dict(item.applied),
        "own": dict(item.own),
        "faults": list(item.faults),
        "told": item.told[:200],
        "session_id": item.session_id,
    }
