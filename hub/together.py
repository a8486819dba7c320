"""One look at the database for all who ask at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Whoever asks gets what a look found that began after they asked, and never an older one.

    While one is under way the next is waited for, by everybody who comes meanwhile: so that a crowd
    takes one connection at a time, and not one each.
    """

    def __init__(self, look: Callable[[], Awaitable[T]]) -> None:
        self._look = look
        self._under_way: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def ask(self) -> T:
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._under_way))
        return await asyncio.shield(self._next)  # who gives up takes it from nobody else

    async def _after(self, other: asyncio.Task[T] | None) -> T:
        if other is not None and not other.done():
            await asyncio.wait([other])
        self._under_way, self._next = self._next, None
        return await self._look()
