"""What was drawn once and is good until something in it changes: its key says what it was drawn of."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    def __init__(self, most: int) -> None:
        self._most = most
        self._all: dict[Hashable, T] = {}

    def get(self, key: Hashable) -> T | None:
        return self._all.get(key)

    def put(self, key: Hashable, value: T) -> None:
        """In place of the oldest, where there are many."""
        if key not in self._all and len(self._all) >= self._most:
            del self._all[next(iter(self._all))]
        self._all[key] = value

    def clear(self) -> None:
        self._all.clear()
