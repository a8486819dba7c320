"""Reports for whoever waits at a page: each is worked out once for all who ask for it meanwhile."""

from __future__ import annotations

import asyncio

from learning.report import Report
from services.evaluation import Evaluation

KEPT = 60.0
"""Seconds that a report waits for somebody to come back for it."""


class ReportMaking:
    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._made: dict[str, asyncio.Task[Report]] = {}

    async def within(self, edition_name: str, seconds: float) -> Report | None:
        """None where it takes longer: it goes on, and is there for whoever asks again.

        Raises LearningError as `Evaluation.report` does.
        """
        task = self._made.get(edition_name)
        if task is None:
            task = asyncio.create_task(self._evaluation.report(edition_name))
            self._made[edition_name] = task
            task.add_done_callback(lambda done: self._keep(edition_name, done))
        await asyncio.wait([task], timeout=seconds)
        if not task.done():
            return None
        self._forget(edition_name, task)
        return task.result()

    def _keep(self, edition_name: str, task: asyncio.Task[Report]) -> None:
        if not task.cancelled():
            task.exception()  # looked at here too, for nobody may come back for it
        task.get_loop().call_later(KEPT, self._forget, edition_name, task)

    def _forget(self, edition_name: str, task: asyncio.Task[Report]) -> None:
        if self._made.get(edition_name) is task:
            del self._made[edition_name]
