"""What is wrong with the hub list, for those who organise and those who edit it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learning.hub_list import Standing
from learning.sessions import Session, SessionId, by_time
from services.ports.storage import NewUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one message is about: faults that still stand, and sessions whose items are gone."""

    faults: tuple[str, ...]
    missing: tuple[Session, ...]


class HubReports:
    def __init__(self, new_uow: NewUnitOfWork, *, list_key: str) -> None:
        """`list_key` is '' where there is no list."""
        self._new_uow = new_uow
        self._key = list_key

    async def standing(self) -> Standing | None:
        """How it stands with the list; None where there is none."""
        if not self._key:
            return None
        async with self._new_uow(read_only=True) as uow:
            state = await uow.hub.state(self._key)
            items = await uow.hub.items(self._key)
            sessions: list[Session] = []
            if state.edition_id is not None:
                sessions = await uow.sessions.of_edition(state.edition_id)
        there = {item.session_id for item in items}
        return Standing(
            read_at=state.read_at,
            faults=(*state.faults, *(fault for item in items for fault in item.faults)),
            missing=tuple(by_time(s for s in sessions if s.id not in there and not s.is_cancelled)),
            report=state.report,
            trouble=state.trouble,
            unwritten=state.unwritten,
            unwatched=state.unwatched,
            is_watched=state.watch_until is not None and not state.unwatched,
        )

    async def still(self, payload: Mapping[str, Any]) -> Told:
        """What of a notice still stands: an item that was edited since has a notice of its own."""
        versions: Mapping[str, str] = payload["items"]
        async with self._new_uow(read_only=True) as uow:
            state = await uow.hub.state(self._key)
            items = {str(item.id): item for item in await uow.hub.items(self._key)}
            lost = [SessionId(s) for s in payload["gone"]]
            sessions = await uow.sessions.among(lost)
        back = {item.session_id for item in items.values()}
        faults = [
            fault
            for item_id, version in versions.items()
            if item_id in items and items[item_id].version == version
            for fault in items[item_id].faults
        ]
        whole = state.faults if payload["whole"] and payload["whole"] == state.told else ()
        return Told(
            faults=(*whole, *faults),
            missing=tuple(s for i, s in sessions.items() if i not in back and not s.is_cancelled),
        )
