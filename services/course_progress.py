"""How far each cohort of a course is, for organisers: what is done or overdue, never what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from learning.courses import cohort_progress as rules
from learning.courses.cohort_progress import StepFigures, Traveller, Week
from learning.courses.definition import Step, StepKind
from learning.courses.enrolments import Running
from learning.courses.reminders import reminded
from learning.people import PersonId
from services.course_paths import CoursePaths, Path
from services.ports.clocks import Clock
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork

FILE = ("name", "email", "cohort", "enrolled", "live session")
"""The first columns of the list; the steps follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortProgress:
    """`name` is '' for everybody."""

    name: str
    people: int
    figures: tuple[StepFigures, ...]
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`reminded` counts the reminders that were sent of each step."""

    running: Running
    cohorts: tuple[CohortProgress, ...]
    reminded: Mapping[str, int]
    today: date

    @property
    def timed(self) -> tuple[Step, ...]:
        """The steps that are finished on a day of somebody's own: all but the live session."""
        return tuple(s for s in self.running.course.steps if s.kind is not StepKind.LIVE)


class CourseProgress:
    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, paths: CoursePaths, *, zone: ZoneInfo
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._paths = paths
        self._zone = zone

    async def of_course(self, code: str) -> Progress | None:
        """Everybody first, then each cohort where there is more than one; None without a course."""
        async with self._new_uow(read_only=True) as uow:
            running = await uow.courses.coded(code)
        if running is None:
            return None
        paths = await self._paths.of_course(running.id)
        async with self._new_uow(survey=True) as uow:
            tallies = [*await uow.ledger.tallies(), *await uow.ledger.totals()]
        sent = [(t.mailing, t.count) for t in tallies if t.state == "sent"]
        names = sorted({p.enrolment.cohort for p in paths}, key=str.casefold)
        groups = [("", paths)]
        if len(names) > 1:
            groups += [
                (name or "Without a cohort", [p for p in paths if p.enrolment.cohort == name])
                for name in names
            ]
        return Progress(
            running=running,
            cohorts=tuple(self._cohort(running, name, some) for name, some in groups),
            reminded=reminded(sent, running.course.code),
            today=self._today(),
        )

    async def export(
        self, code: str, *, by: PersonId
    ) -> tuple[Running, tuple[str, ...], list[Sequence[str]]] | None:
        """Who is on it and which steps they have done, as a header and rows; the journal notes it."""
        async with self._new_uow(read_only=True) as uow:
            running = await uow.courses.coded(code)
        if running is None:
            return None
        steps, today = running.course.steps, self._today()
        paths = await self._paths.of_course(running.id)
        async with self._new_uow() as uow:
            people = await uow.people.among(p.enrolment.person_id for p in paths)
            rows: list[Sequence[str]] = []
            for path in paths:
                person, own = people.get(path.enrolment.person_id), self._traveller(path)
                rows.append(
                    (
                        person.name if person else "",
                        person.email if person else "",
                        path.enrolment.cohort,
                        self._day(path.enrolment.enrolled_at).isoformat(),
                        path.session.code if path.session else "",
                        *(str(rules.how_far(step, own, today)) for step in steps),
                    )
                )
            await uow.journal.note(
                Entry(
                    at=self._clock.now(),
                    by_id=by,
                    what=What.EXPORTED,
                    subject=f"progress of {running.course.code}",
                    after={"file": "csv", "rows": str(len(rows))},
                )
            )
            await uow.commit()
        return running, (*FILE, *(step.title for step in steps)), rows

    def _cohort(self, running: Running, name: str, paths: Sequence[Path]) -> CohortProgress:
        people = [self._traveller(path) for path in paths]
        steps, today = running.course.steps, self._today()
        timed = [step for step in steps if step.kind is not StepKind.LIVE]
        return CohortProgress(
            name=name,
            people=len(paths),
            figures=rules.figures(steps, people, today),
            weeks=rules.weeks(timed, people, today),
        )

    def _traveller(self, path: Path) -> Traveller:
        return Traveller(
            situation=path.situation,
            begun=frozenset(path.states),
            done_on={
                step_id: self._day(state.done_at)
                for step_id, state in path.states.items()
                if state.done_at is not None
            },
            booked=path.booking is not None,
        )

    def _today(self) -> date:
        return self._day(self._clock.now())

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()
