"""Making the group chat of each set, where the organisation permits it."""

from __future__ import annotations

from dataclasses import replace

import structlog

from learning.courses.action_sets import SetState
from learning.profiles import is_in_directory
from services.ports.set_systems import GroupChats
from services.ports.storage import NewUnitOfWork

log = structlog.get_logger()

FEWEST_IN_CHAT = 2


class SetChats:
    def __init__(self, new_uow: NewUnitOfWork, chats: GroupChats) -> None:
        self._new_uow = new_uow
        self._chats = chats

    async def make(self, set_id: int) -> bool:
        """Make the chat where there is none. False when there is nothing to do.

        Raises Unavailable, or Rejected where it is not permitted.
        """
        async with self._new_uow(read_only=True) as uow:
            found = await uow.sets.find(set_id)
            if found is None or found.chat_id or found.state is not SetState.CONFIRMED:
                return False
            inside = [m.person_id for m in await uow.sets.members([set_id]) if m.is_in]
        leads = [found.facilitator_id] if found.facilitator_id else []
        people = [i for i in [*inside, *leads] if is_in_directory(i)]
        if len(people) < FEWEST_IN_CHAT:
            return False
        chat_id = await self._chats.create(found.name, people)
        async with self._new_uow() as uow:
            now = await uow.sets.find(set_id, lock=True)
            if now is not None:
                await uow.sets.save(replace(now, chat_id=chat_id))
            await uow.commit()
        log.info("chat of a set made", set=set_id)
        return True
