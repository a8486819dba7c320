"""What people commit to on a course: kept sealed, shared with a set if they like, asked about later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import structlog

from learning.courses import commitments as rules
from learning.courses.commitments import CheckIn, Commitment, NoCommitment, Said
from learning.courses.enrolments import Running
from learning.errors import LearningError, NotAllowed
from learning.people import PersonId
from learning.sessions import CourseId
from services.ports.clocks import Clock
from services.ports.course_due import Due
from services.ports.seals import Seals, of_person
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

COMMITMENT = "commitment"
"""The kind of what is due where somebody is asked about a commitment."""

NOT_YOURS = "I have no such commitment of yours. Type my commitments to see those that you made."
NOT_ON_IT = "Commitments are made on a programme, and you are not on this one."


class NotNow(LearningError):
    """No answer is taken at this check-in, or no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A commitment for the eyes of who made it. `said` are their check-ins, each with the words that go
    with it; `day` is the check-in that takes an answer now."""

    commitment: Commitment
    text: str
    course: str
    said: tuple[tuple[CheckIn, str], ...] = ()
    day: int | None = None

    @property
    def answer(self) -> CheckIn | None:
        """What was said at the check-in of `day`."""
        return next((check for check, _ in self.said if check.day == self.day), None)

    @property
    def is_due(self) -> bool:
        return self.day is not None and self.commitment.is_open and self.answer is None


class CommitmentService:
    """Whoever adds one holds their own row, whoever changes one holds that of the commitment."""

    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, seals: Seals, *, zone: ZoneInfo
    ) -> None:
        """The days of check-ins are counted in `zone`."""
        self._new_uow = new_uow
        self._clock = clock
        self._seals = seals
        self._zone = zone

    # --- one's own -------------------------------------------------------------------------------

    async def courses(self, person_id: PersonId) -> list[Running]:
        """Those that they are on, the one that they joined last first."""
        async with self._new_uow(read_only=True) as uow:
            enrolled = [e for e in await uow.enrolments.of_person(person_id) if e.is_on]
            found = [await uow.courses.find(e.course_id) for e in reversed(enrolled)]
        return [running for running in found if running is not None]

    async def mine(self, person_id: PersonId) -> list[Own]:
        """Everything that they committed to, by its day."""
        async with self._new_uow(read_only=True) as uow:
            return await self._owned(uow, await uow.commitments.of_person(person_id))

    async def own(self, person_id: PersonId, commitment_id: int) -> Own:
        """Raises NotAllowed for what is somebody else's, or not there."""
        async with self._new_uow(read_only=True) as uow:
            return await self._one(uow, await _theirs(uow, person_id, commitment_id))

    async def add(
        self,
        person_id: PersonId,
        course_id: CourseId,
        text: str,
        due_on: date | None,
        *,
        today: date,
        shared: bool = False,
    ) -> Own:
        """Keep a commitment; the same once more, while it is open, is no second one.

        Raises LearningError.
        """
        words, day = rules.checked(text), rules.checked_day(due_on, today)
        async with self._new_uow() as uow:
            await uow.people.find(person_id, lock=True)
            enrolment = await uow.enrolments.find(course_id, person_id)
            if enrolment is None or not enrolment.is_on:
                raise NotAllowed(NOT_ON_IT)
            before = [
                c for c in await uow.commitments.of_person(person_id) if c.course_id == course_id
            ]
            for each in before:
                if each.is_open and each.due_on == day and self._open(each) == words:
                    return await self._one(uow, each)
            if len(before) >= rules.MOST:
                raise NoCommitment(
                    f"You have {rules.MOST} commitments. Delete one that no longer matters first."
                )
            made = await uow.commitments.add(
                Commitment(
                    course_id=course_id,
                    person_id=person_id,
                    sealed=self._seals.seal(of_person(person_id), words),
                    is_shared=shared,
                    due_on=day,
                    made_at=self._clock.now(),
                )
            )
            own = await self._one(uow, made)
            await uow.commit()
        log.info("commitment made", commitment=made.id, shared=shared)
        return own

    async def change(
        self,
        person_id: PersonId,
        commitment_id: int,
        text: str,
        due_on: date | None,
        *,
        today: date,
    ) -> Own:
        """Other words or another day; a day that is over may stay as it was. Raises LearningError."""
        words = rules.checked(text)
        async with self._new_uow() as uow:
            before = await _theirs(uow, person_id, commitment_id, lock=True)
            after = self._changed(before, words, due_on, today)
            await uow.commitments.save(after)
            own = await self._one(uow, after)
            await uow.commit()
        return own

    async def share(self, person_id: PersonId, commitment_id: int, *, shared: bool) -> Own:
        """Let one's set see it, or no longer. Raises NotAllowed."""
        async with self._new_uow() as uow:
            before = await _theirs(uow, person_id, commitment_id, lock=True)
            after = replace(before, is_shared=shared)
            if after != before:
                await uow.commitments.save(after)
            own = await self._one(uow, after)
            await uow.commit()
        return own

    async def remove(self, person_id: PersonId, commitment_id: int) -> None:
        """Delete it, with all that was said of it. Raises NotAllowed."""
        async with self._new_uow() as uow:
            await _theirs(uow, person_id, commitment_id, lock=True)
            await uow.commitments.remove(commitment_id)
            await uow.commit()
        log.info("commitment deleted", commitment=commitment_id)

    # --- check-ins -------------------------------------------------------------------------------

    async def first_due(self, person_id: PersonId) -> Own | None:
        """What they are asked about first: the check-in that has waited longest."""
        async with self._new_uow(read_only=True) as uow:
            waiting = await self._waiting(uow, [person_id], {person_id: self._today()})
            return await self._one(uow, waiting[0].commitment) if waiting else None

    async def due(
        self, uow: UnitOfWork, person_ids: Sequence[PersonId], today: Mapping[PersonId, date]
    ) -> Mapping[PersonId, Due]:
        """Whose check-ins wait on their today; see services/ports/course_due.py."""
        waiting = await self._waiting(uow, person_ids, today)
        return {  # the last of each stays
            each.commitment.person_id: Due(
                since=each.since, course_id=each.commitment.course_id, kind=COMMITMENT
            )
            for each in sorted(waiting, key=lambda due: due.since)
        }

    async def check(
        self,
        person_id: PersonId,
        commitment_id: int,
        day: int,
        said: Said,
        *,
        today: date,
        text: str = "",
        due_on: date | None = None,
    ) -> Own:
        """Keep what they say. `text` is the lesson of what is dropped, or the new words of what changed.

        While the check-in is open it may be said otherwise. Raises NotNow, NoCommitment or NotAllowed.
        """
        async with self._new_uow() as uow:
            before = await _theirs(uow, person_id, commitment_id, lock=True)
            own = await self._one(uow, before)
            if own.day != day or not (before.is_open or own.answer):
                raise NotNow(_why_not(own))
            after, words = rules.after(before, said), ""
            if said is Said.CHANGED:
                after = self._changed(after, rules.checked(text), due_on, today)
                words = self._as_it_was(own, after)
            elif said is Said.DROPPED and text.strip():
                words = self._seals.seal(of_person(person_id), rules.checked(text))
            await uow.commitments.save(after)
            await uow.commitments.save_check(
                CheckIn(
                    commitment_id=commitment_id,
                    day=day,
                    person_id=person_id,
                    state=said,
                    sealed=words,
                    said_at=self._clock.now(),
                )
            )
            own = await self._one(uow, after)
            await uow.commit()
        log.info("commitment checked", commitment=commitment_id, day=day)
        return own

    # --- parts -----------------------------------------------------------------------------------

    async def _waiting(
        self, uow: UnitOfWork, people: Sequence[PersonId], today: Mapping[PersonId, date]
    ) -> list[rules.DueCheck]:
        by_person: dict[PersonId, list[Commitment]] = {}
        some = await uow.commitments.open_of(people)
        for each in some:
            by_person.setdefault(each.person_id, []).append(each)
        checks = await uow.commitments.checks([c.id for c in some])
        return [
            due
            for person_id, theirs in by_person.items()
            for due in rules.due_checks(theirs, checks, today[person_id], self._zone)
        ]

    async def _one(self, uow: UnitOfWork, commitment: Commitment) -> Own:
        [own] = await self._owned(uow, [commitment])
        return own

    async def _owned(self, uow: UnitOfWork, some: Sequence[Commitment]) -> list[Own]:
        checks = await uow.commitments.checks([c.id for c in some])
        titles = await _titles(uow, {c.course_id for c in some})
        return [
            Own(
                commitment=each,
                text=self._open(each),
                course=titles[each.course_id],
                said=tuple(
                    (check, self._words(check))
                    for check in checks
                    if check.commitment_id == each.id
                ),
                day=rules.day_for(each, self._today(), self._zone),
            )
            for each in some
        ]

    def _changed(
        self, before: Commitment, words: str, due_on: date | None, today: date
    ) -> Commitment:
        day = due_on if due_on == before.due_on else rules.checked_day(due_on, today)
        assert day is not None, "a commitment has a day"
        sealed = before.sealed
        if self._open(before) != words:
            sealed = self._seals.seal(of_person(before.person_id), words)
        return replace(before, sealed=sealed, due_on=day)

    def _as_it_was(self, own: Own, after: Commitment) -> str:
        """How it read before this check-in, sealed; pressed twice it is not what it has become."""
        if own.answer is not None and own.answer.state is Said.CHANGED:
            return own.answer.sealed
        return own.commitment.sealed if own.commitment.sealed != after.sealed else ""

    def _open(self, commitment: Commitment) -> str:
        return self._seals.open(of_person(commitment.person_id), commitment.sealed) or ""

    def _words(self, check: CheckIn) -> str:
        return self._seals.open(of_person(check.person_id), check.sealed) or ""

    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()


async def _theirs(
    uow: UnitOfWork, person_id: PersonId, commitment_id: int, *, lock: bool = False
) -> Commitment:
    """Raises NotAllowed; whether somebody else has it is not told."""
    found = await uow.commitments.find(commitment_id, lock=lock)
    if found is None or found.person_id != person_id:
        raise NotAllowed(NOT_YOURS)
    return found


async def _titles(uow: UnitOfWork, ids: Iterable[CourseId]) -> dict[CourseId, str]:
    found = {course_id: await uow.courses.find(course_id) for course_id in ids}
    return {course_id: each.course.title if each else "" for course_id, each in found.items()}


def _why_not(own: Own) -> str:
    if not own.commitment.is_open:
        return f"You have said that this one is {own.commitment.state}, so I do not ask any more."
    if own.day is None:
        return "That check-in is over."
    return f"That check-in is over: this is the one after {own.day} days."
