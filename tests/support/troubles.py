"""What a stand-in does wrong on purpose, and to whom."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

FOREVER = 1_000_000_000
DROPPED = 0

Answer = TypeVar("Answer")


@dataclass(slots=True, kw_only=True)
class Trouble:
    """One thing that goes wrong.

    Without a status the answer is right but late; with DROPPED the connection is
    cut. `acted` means that the request was carried out all the same and only its
    answer was lost.
    """

    status: int | None = None
    body: Mapping[str, Any] | str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    acted: bool = False
    left: int = 1
    method: str | None = None
    where: str = ""

    def strikes(self, method: str, places: tuple[str, ...]) -> bool:
        return (
            self.left > 0
            and self.method in (None, method)
            and any(self.where in place for place in places)
        )


class Troubles:
    """The troubles ahead; each request meets the oldest one that fits it."""

    def __init__(self) -> None:
        self._ahead: list[Trouble] = []

    def plan(self, trouble: Trouble) -> None:
        self._ahead.append(trouble)

    def clear(self) -> None:
        self._ahead.clear()

    async def meet(
        self,
        method: str,
        *places: str,
        act: Callable[[], Awaitable[Answer]],
        fail: Callable[[Trouble], Answer],
    ) -> Answer:
        """Answer one request, well or as badly as planned."""
        trouble = next((each for each in self._ahead if each.strikes(method, places)), None)
        if trouble is None:
            return await act()
        trouble.left -= 1
        await asyncio.sleep(trouble.delay)
        if trouble.status is None:
            return await act()
        if trouble.acted:
            await act()
        return fail(trouble)
