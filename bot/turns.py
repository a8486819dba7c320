"""The turns in hand, so that a process that stops can finish them and begin no other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator
from typing import Any


class Turns:
    def __init__(self) -> None:
        self.are_over = False
        self._in_hand: set[asyncio.Task[Any]] = set()

    @contextlib.contextmanager
    def one(self) -> Generator[None]:
        """The present task is a turn for as long as this is open."""
        task = asyncio.current_task()
        assert task is not None, "a turn runs in the loop"
        self._in_hand.add(task)
        try:
            yield
        finally:
            self._in_hand.discard(task)

    async def finish(self) -> None:
        """Begin no other turn and wait for those in hand; cancelled, it ends them."""
        self.are_over = True
        try:
            while self._in_hand:
                await asyncio.wait(self._in_hand)
        finally:
            for task in self._in_hand:
                task.cancel()
