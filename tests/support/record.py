"""What arrived in Teams from the bot, and waiting for it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.support.activities import Person, Place, next_message_id
from tests.support.outgoing import Created, Deleted, Sent, Updated

Kept = TypeVar("Kept", Sent, Updated)


@dataclass(slots=True)
class Record:
    """Messages in `sent`, typing in `signals`; what was wrong with any of it in `faults`."""

    sent: list[Sent] = field(default_factory=list)
    signals: list[Sent] = field(default_factory=list)
    updated: list[Updated] = field(default_factory=list)
    deleted: list[Deleted] = field(default_factory=list)
    created: list[Created] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def sent_to(self, where: Person | Place) -> list[Sent]:
        """What one person, a group chat, or a channel with all its threads has got."""
        if isinstance(where, Person):
            return [each for each in self.sent if each.conversation == where.chat]
        return [each for each in self.sent if each.conversation.split(";")[0] == where.id]

    def shown(self, sent: Sent) -> dict[str, Any] | None:
        """What stands there now, after updates; nothing once it is deleted."""
        if any(each.id == sent.id for each in self.deleted):
            return None
        newer = [each.activity for each in self.updated if each.id == sent.id]
        return newer[-1] if newer else sent.activity

    async def wait_for(
        self,
        predicate: Callable[[Sent], bool],
        timeout: float = 5.0,  # noqa: ASYNC109 -- reads best where it is used
    ) -> Sent:
        """The first message, sent already or still to come, that is the one."""
        return await self._wait(self.sent, predicate, timeout)

    async def wait_for_update(
        self,
        predicate: Callable[[Updated], bool],
        timeout: float = 5.0,  # noqa: ASYNC109 -- reads best where it is used
    ) -> Updated:
        return await self._wait(self.updated, predicate, timeout)

    def keep(
        self,
        activity: dict[str, Any],
        where: str,
        *,
        reply_to: str | None = None,
        id: str | None = None,
        targeted: bool = False,
    ) -> Sent:
        """A new message stands in that conversation."""
        kept = Sent(
            conversation=where,
            activity=activity,
            reply_to=reply_to,
            id=id or next_message_id(),
            at=time.monotonic(),
            targeted=targeted,
        )
        (self.sent if activity["type"] == "message" else self.signals).append(kept)
        self._news.set()
        return kept

    def change(self, where: str, id: str, activity: dict[str, Any]) -> None:
        now = time.monotonic()
        self.updated.append(Updated(conversation=where, id=id, activity=activity, at=now))
        self._news.set()

    def remove(self, where: str, id: str) -> None:
        self.deleted.append(Deleted(conversation=where, id=id, at=time.monotonic()))

    def stands(self, where: str, id: str) -> bool:
        """Whether the bot's message of that id is there to be changed."""
        return any(
            (each.conversation, each.id) == (where, id) and self.shown(each) is not None
            for each in self.sent
        )

    async def _wait(
        self, kept: list[Kept], predicate: Callable[[Kept], bool], within: float
    ) -> Kept:
        looked = 0
        try:
            async with asyncio.timeout(within):
                while True:
                    for each in kept[looked:]:
                        if predicate(each):
                            return each
                    looked = len(kept)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(
                f"not among the {len(kept)} after {within} s: {kept[-5:]}"
            ) from None
