"""Whose turn it is to write to SQLite, which takes one writer at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator


class Writer:
    """In the order of asking; who writes a moment's note goes before those who wait already.

    A note takes microseconds. Behind a rush of bookings, each of which waits for the disk, a turn of
    talk would wait for all of them.
    """

    def __init__(self) -> None:
        self._is_writing = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    @contextlib.asynccontextmanager
    async def turn(self, *, first: bool = False) -> AsyncGenerator[None]:
        await self._begin(first=first)
        try:
            yield
        finally:
            self._end()

    async def _begin(self, *, first: bool) -> None:
        if not self._is_writing:
            self._is_writing = True
            return
        mine = asyncio.get_running_loop().create_future()
        if first:
            self._waiting.appendleft(mine)
        else:
            self._waiting.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # it was given to us in the same moment
                self._end()
            raise

    def _end(self) -> None:
        """Hand on to the next who still waits: nobody comes in between."""
        while self._waiting:
            following = self._waiting.popleft()
            if not following.cancelled():
                following.set_result(None)
                return
        self._is_writing = False
