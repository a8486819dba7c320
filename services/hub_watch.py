"""Being told by SharePoint when the hub list changes, and renewing that before it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from services.ports.clocks import Clock
from services.ports.hub import SharePointList
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Rejected, Unavailable

log = structlog.get_logger()

LONGEST = timedelta(minutes=42_000)
"""SharePoint takes 42,300 minutes at most; clocks differ a little."""

BEFORE_THE_END = timedelta(days=4)
AGAIN = timedelta(hours=1)
"""When to try again after SharePoint could not reach us: until then the list is looked at anyway."""


class HubWatch:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        sharepoint: SharePointList,
        *,
        list_key: str,
        url: str,
        secret: str,
    ) -> None:
        """`url` is where SharePoint may reach us; '' if nowhere."""
        self._new_uow = new_uow
        self._clock = clock
        self._list = sharepoint
        self._key = list_key
        self._url = url
        self._secret = secret

    async def keep(self) -> None:
        """See to it that SharePoint tells us. That it does not is noted, and stops nothing."""
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            state = await uow.hub.state(self._key)
        is_ours = state.watch_url == self._url
        if not self._url or (is_ours and state.watch_again_at and now < state.watch_again_at):
            return
        try:
            known = state.watch_id if is_ours else ""
            watch = await self._list.watch(self._url, self._secret, now + LONGEST, known)
        except (Unavailable, Rejected) as error:
            log.warning("not told of changes to the hub list", reason=str(error))
            await self._save(unwatched=str(error), watch_url=self._url, watch_again_at=now + AGAIN)
            return
        await self._save(
            unwatched="",
            watch_id=watch.id,
            watch_url=watch.url,
            watch_until=watch.until,
            watch_again_at=max(watch.until - BEFORE_THE_END, now + AGAIN),
        )

    async def _save(self, **values: Any) -> None:
        async with self._new_uow() as uow:
            state = await uow.hub.state(self._key, lock=True)
            await uow.hub.save(replace(state, **values))
            await uow.commit()
