"""Writing into the hub list what people look for there: places left, state, and how to book."""

from __future__ import annotations

from dataclasses import replace

import structlog

from learning import hub_list, hub_notices
from learning.sessions import SessionId
from services.hub_list import book
from services.ports.clocks import Clock
from services.ports.hub import SharePointList
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Missing, Rejected

log = structlog.get_logger()


class HubWriter:
    """Only ever writes the bot's own columns, and only those that are wrong.

    Never two at once for one session: the outbox gives each item one writer.
    """

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        sharepoint: SharePointList,
        *,
        list_key: str,
        link: str,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._list = sharepoint
        self._key = list_key
        self._link = link

    async def write(self, session_id: SessionId) -> bool:
        """Have the session's item say how it stands. False when it does already, or is gone.

        Looked at before it is written: an edit that we have not read yet would else be hidden behind
        our own, and nobody would know whose it was. Raises Unavailable or Rejected.
        """
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            item = await uow.hub.item_of(self._key, session_id)
            session = await uow.sessions.get(session_id)
        wanted = hub_list.shown(session, now, book(self._link, session))
        if item is None or not hub_list.differing(item.own, wanted):
            return False
        try:
            seen = await self._list.item(item.id)
            missing = hub_list.differing(seen.fields, wanted)
            if missing:
                await self._list.write(item.id, missing)
        except Missing:
            log.info("item is gone", session=session_id)
            return False
        except Rejected as error:
            await self._cannot(str(error))
            raise
        await self._keep(session_id, hub_list.taken_in(item, seen), wanted)
        return True

    async def _keep(
        self, session_id: SessionId, seen: hub_list.HubItem, wanted: dict[str, object]
    ) -> None:
        """What was written, and any edit that came to light, which is then read."""
        async with self._new_uow() as uow:
            state = await uow.hub.state(self._key, lock=True)
            item = await uow.hub.item_of(self._key, session_id)
            if item is None:
                return
            if item.fields != seen.fields:
                item = replace(item, fields=seen.fields, version=seen.version, editor=seen.editor)
                due = hub_notices.slot(self._clock.now(), hub_notices.SOON) + hub_notices.SOON
                await uow.outbox.add([hub_notices.read(due)])
            await uow.hub.save_items(self._key, [replace(item, own=wanted)])
            if state.unwritten:
                await uow.hub.save(replace(state, unwritten=""))
            await uow.commit()

    async def _cannot(self, why: str) -> None:
        async with self._new_uow() as uow:
            state = await uow.hub.state(self._key, lock=True)
            await uow.hub.save(replace(state, unwritten=why))
            await uow.commit()
