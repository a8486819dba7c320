"""Pictures of results, without making anybody wait for them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from learning.courses.result_chart import chart
from learning.courses.results import Result
from learning.drawings import Chart
from learning.errors import LearningError
from services.ports.documents import Documents

PATIENCE = 1.0
"""Seconds that an answer waits for its picture."""

KEPT = 32
"""Pictures that are not drawn again; they hold bars and what these stand for, and nobody's name."""


class ResultPictures:
    def __init__(self, documents: Documents, *, patience: float = PATIENCE) -> None:
        self._documents = documents
        self._patience = patience
        self._drawings: OrderedDict[Chart, asyncio.Task[bytes]] = OrderedDict()

    async def of(self, found: Sequence[Result]) -> bytes | None:
        """A PNG; b"" where there is nothing to draw or nothing draws here, None while it is being drawn.

        Who asks again gets the one that has been drawn meanwhile.
        """
        if not found:
            return b""
        wanted = chart(found)
        drawing = self._drawings.get(wanted)
        if drawing is None or (drawing.done() and not drawing.result()):
            drawing = asyncio.create_task(self._drawn(wanted))
            self._drawings[wanted] = drawing
            while len(self._drawings) > KEPT:
                self._drawings.popitem(last=False)
        self._drawings.move_to_end(wanted)
        done, _ = await asyncio.wait([drawing], timeout=self._patience)
        return drawing.result() if done else None

    async def _drawn(self, wanted: Chart) -> bytes:
        try:
            return await self._documents.picture(wanted)
        except (LearningError, OSError):
            return b""
