"""Running a job of the clock now, because an organiser asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from learning.errors import LearningError, NotFound
from learning.people import PersonId
from services.errands import Errands
from services.ports.clocks import Clock
from services.ports.errands import Done, ErrandKind, Progress
from services.ports.jobs import Job, Jobs
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork


class JobRuns:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, jobs: Jobs, errands: Errands) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._jobs = jobs
        self._errands = errands

    def jobs(self) -> Sequence[Job]:
        """As this replica knows them."""
        return self._jobs.jobs()

    async def run_now(self, name: str, *, by: PersonId) -> str:
        """Run it here; the errand's id. Raises NotFound."""
        if name not in {job.name for job in self._jobs.jobs()}:
            raise NotFound("job", name)

        async def run(_: Progress) -> Done:
            ended = await self._jobs.run_now(name)
            if ended.trouble:
                raise LearningError(
                    f"It failed ({ended.trouble}); the log says more. It is run again by the clock."
                )
            return Done(words=f"It ran well, in {ended.took or 0:.1f} seconds.")

        async with self._new_uow() as uow:
            now = self._clock.now()
            await uow.journal.note(Entry(at=now, by_id=by, what=What.JOB_RUN, subject=name))
            await uow.commit()
        return await self._errands.begin(ErrandKind.JOB, f"Job: {name}", by, run, once=True)
