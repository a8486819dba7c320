"""Proposing sets: who sits with whom, proved as good as can be, and when each set would meet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from learning import local_time
from learning.courses import series
from learning.courses.action_sets import ActionSet, Member, SetMeeting, SetState
from learning.courses.series import Plan
from learning.courses.sets import Candidate, Formation, ProposedSet, cost
from learning.errors import LearningError
from learning.people import Person, PersonId
from learning.plans import Span
from services.addresses import Addresses
from services.course_paths import CoursePaths
from services.errands import Errands
from services.ports.clocks import Clock
from services.ports.errands import Done, ErrandKind, Progress
from services.ports.journal import Entry, What
from services.ports.profiles import Diary
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Rejected, Unavailable
from services.set_books import SetBook, read_book

log = structlog.get_logger()

Divide = Callable[[Sequence[Candidate], int, int], Formation]
"""Divides people into sets of so many to so many; computes for seconds, so in a thread."""

WINDOW = timedelta(days=42)
"""For how long calendars are asked about: they tell of no more at once."""

MOST_FAILURES = 3
"""Answers missing one after the other, before no further calendar is asked."""

CHANGED = "Somebody changed their times meanwhile. Propose sets once more."


@dataclass(slots=True)
class _Busy:
    """When people are taken, as far as calendars told; of the others nothing is known."""

    spans: dict[PersonId, list[Span]] = field(default_factory=dict[PersonId, list[Span]])
    untold: int = 0


class SetForming:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        errands: Errands,
        paths: CoursePaths,
        divide: Divide,
        diary: Diary | None,
        addresses: Addresses,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._errands = errands
        self._paths = paths
        self._divide = divide
        self._diary = diary
        self._addresses = addresses
        self._zone = zone

    async def book(self, code: str) -> SetBook:
        """Raises NotFound, or LearningError for a course without sets."""
        async with self._new_uow(read_only=True) as uow:
            return await read_book(uow, code)

    async def propose(self, code: str, *, by: PersonId) -> str:
        """Begin to work out a proposal instead of the one there is; the errand's id.

        Raises LearningError where there is nobody to place.
        """
        book = await self.book(code)
        if not book.to_place():
            raise LearningError("Nobody waits for a set, so there is nothing to propose.")
        return await self._errands.begin(
            ErrandKind.SETS,
            f"Sets of {book.running.course.title}",
            by,
            partial(self._propose, book.running.course.code, by),
            once=True,
        )

    async def _propose(self, code: str, by: PersonId, progress: Progress) -> Done:
        """Nothing is stored before all is known: it may be broken off and begun again."""
        book = await self.book(code)
        people = book.to_place()
        progress(0, len(people) + 1)
        formation = await asyncio.to_thread(self._divide, people, book.plan.fewest, book.plan.most)
        progress(1, len(people) + 1)
        plans, busy = await self._plans(book, formation, progress)
        async with self._new_uow() as uow:
            now = await read_book(uow, code, lock=True)
            if {c.person_id: c.can for c in people} != {c.person_id: c.can for c in now.to_place()}:
                raise LearningError(CHANGED)
            await uow.sets.remove_proposed(book.running.id)
            for number, (each, plan) in enumerate(
                zip(formation.sets, plans, strict=True), len(now.confirmed) + 1
            ):
                kept = await uow.sets.add(self._set(book, each, number, formation.bound))
                await uow.sets.save_members(
                    Member(set_id=kept.id, person_id=i, joined_at=kept.made_at)
                    for i in each.members
                )
                for meeting in self._meetings(kept.id, plan, book.step.minutes or 60):
                    await uow.sets.save_meeting(meeting)
            await uow.journal.note(
                Entry(
                    at=self._clock.now(),
                    by_id=by,
                    what=What.SETS_PROPOSED,
                    subject=book.running.course.title,
                    after={
                        "sets": str(len(formation.sets)),
                        "people without a set": str(len(formation.unplaced)),
                    },
                )
            )
            await uow.commit()
        log.info("sets proposed", course=book.running.id, sets=len(formation.sets))
        return Done(
            words=_words(
                formation, cost(people, formation.sets), plans, busy, len(book.confirmed) + 1
            )
        )

    def _set(self, book: SetBook, each: ProposedSet, number: int, bound: int) -> ActionSet:
        return ActionSet(
            id=0,
            course_id=book.running.id,
            name=f"Set {number}",
            slot=each.slot,
            state=SetState.PROPOSED,
            made_at=self._clock.now(),
            bound=bound,
        )

    def _meetings(self, set_id: int, plan: Plan, minutes: int) -> list[SetMeeting]:
        lasts = timedelta(minutes=minutes)
        return [
            SetMeeting(set_id=set_id, number=number, starts_at=at, ends_at=at + lasts)
            for number, at in enumerate(plan.starts(self._zone), 1)
        ]

    async def _plans(
        self, book: SetBook, formation: Formation, progress: Progress
    ) -> tuple[list[Plan], _Busy]:
        """The dates of each set, at the time at which the fewest of it are busy."""
        live = {
            p.enrolment.person_id: p.situation.live_day
            for p in await self._paths.of_course(book.running.id)
        }
        today = self._clock.now().astimezone(self._zone).date()
        busy, plans = _Busy(), list[Plan]()
        done, total = 1, len(book.to_place()) + 1
        failures = 0
        for each in formation.sets:
            lives = [day for i in each.members if (day := live.get(i)) is not None]
            first = series.first_day(lives, today)
            days = series.days(each.slot, first, book.plan.meetings, book.plan.every)
            for person_id in each.members:
                person = book.people.get(person_id)
                spans = None
                if person is not None and failures < MOST_FAILURES:
                    spans = await self._busy(person, days[0])
                failures = failures + 1 if spans is None else 0
                if spans is None:
                    busy.untold += 1
                else:
                    busy.spans[person_id] = spans
                done += 1
                progress(done, total)
            plans.append(self._plan(book, each, days, busy.spans))
        return plans, busy

    def _plan(
        self,
        book: SetBook,
        each: ProposedSet,
        days: Sequence[date],
        spans: Mapping[PersonId, Sequence[Span]],
    ) -> Plan:
        theirs = {i: spans[i] for i in each.members if i in spans}
        asked = sum(day < days[0] + WINDOW for day in days) if theirs else 0
        minutes = book.step.minutes or 60
        return series.planned(each.slot, days, minutes, theirs, self._zone, asked=asked)

    async def _busy(self, person: Person, first: date) -> list[Span] | None:
        """None where nothing is told. Nothing of it is kept."""
        if self._diary is None:
            return None
        start = local_time.at(first, time(), self._zone)
        try:
            for known in await self._addresses.added([person]):
                return await self._diary.busy(known.email, start, start + WINDOW)
        except (Unavailable, Rejected) as error:
            log.info("free and busy not told", reason=str(error))
        return None


def _words(formation: Formation, cost: int, plans: Sequence[Plan], busy: _Busy, first: int) -> str:
    """What came of it, for whoever began it: no names stand in it. `first` is the first set's number."""
    count = len(formation.sets)
    said = [f"{count} {'set is' if count == 1 else 'sets are'} proposed."]
    if left := len(formation.unplaced):
        said.append(f"{left} could not be placed: see why on the page of the sets.")
    said.append(
        "No division of these people is better: that is proved."
        if cost <= formation.bound
        else "It is nearly the best there can be."
    )
    for number, plan in enumerate(plans, first):
        said += [
            f"Set {number}: on {_day(day)} {taken} of its members are busy at that time."
            for day, taken in zip(plan.days, plan.taken, strict=False)
            if taken
        ]
    if busy.untold:
        said.append(f"Of {busy.untold} it could not be seen when they are free or busy.")
    return " ".join(said)


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
