"""Putting oneself forward for an action learning set, and seeing one's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

import structlog

from learning.courses import schedule
from learning.courses.action_sets import ActionSet, SetMeeting, SetState, Wish
from learning.courses.definition import Step, StepKind
from learning.courses.enrolments import Running
from learning.courses.progress import StepState
from learning.courses.schedule import Standing
from learning.courses.series import SLOTS
from learning.errors import LearningError
from learning.people import Person, PersonId
from learning.sessions import CourseId
from services.course_paths import Path, paths_of
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

NOT_YOURS = "This set is for its members only, and you are not one of them now."
NOT_ON = "You are not on this programme, or it has no action learning sets."
NO_PLACE = "Action learning sets are for those with a place on the live session. Book one first."


class BadTimes(LearningError):
    """What was chosen cannot be; it is shown again with what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetView:
    """A confirmed set, for those who are in it or lead it."""

    action_set: ActionSet
    title: str
    members: tuple[Person, ...]
    facilitator: Person | None
    meetings: tuple[SetMeeting, ...]
    chat: str = ""
    """The address of its chat, or ''."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Where somebody stands with the sets of a course. `is_proposed`: a proposal has them in it."""

    running: Running
    step: Step
    standing: Standing
    opens: date | None
    closes: date | None
    has_place: bool
    wish: Wish | None = None
    is_proposed: bool = False
    mine: SetView | None = None


class SetWishes:
    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, *, zone: ZoneInfo, tenant: str
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._zone = zone
        self._tenant = tenant

    async def of_person(self, person_id: PersonId) -> list[Own]:
        """On every course of theirs that has sets."""
        async with self._new_uow(read_only=True) as uow:
            paths = await paths_of(uow, person_id, self._zone)
            return [await self._own(uow, p, step) for p in paths if (step := _step(p)) is not None]

    async def find(self, person_id: PersonId, course_id: CourseId) -> Own:
        """Raises LearningError for who is not on it."""
        async with self._new_uow(read_only=True) as uow:
            path, step = await self._path(uow, person_id, course_id)
            return await self._own(uow, path, step)

    async def view(self, person_id: PersonId, set_id: int) -> SetView:
        """Raises LearningError for whoever is neither in it now nor leads it."""
        async with self._new_uow(read_only=True) as uow:
            theirs = {s.id: s for s in await uow.sets.of_person(person_id)}
            found = theirs.get(set_id)
            if found is None or found.state is not SetState.CONFIRMED:
                raise LearningError(NOT_YOURS)
            return await self._view(uow, found)

    async def facilitated(self, person_id: PersonId) -> list[SetView]:
        """The sets that somebody leads."""
        async with self._new_uow(read_only=True) as uow:
            return [
                await self._view(uow, each)
                for each in await uow.sets.of_person(person_id)
                if each.facilitator_id == person_id and each.state is SetState.CONFIRMED
            ]

    async def put_forward(
        self, person_id: PersonId, course_id: CourseId, can: Iterable[str], prefers: Iterable[str]
    ) -> Own:
        """Take somebody's times, or change them. Raises LearningError, or BadTimes with what to do."""
        times, favourites = frozenset(can), frozenset(prefers)
        now = self._clock.now()
        async with self._new_uow() as uow:
            path, step = await self._path(uow, person_id, course_id)
            own = await self._own(uow, path, step)
            _check(own, times, favourites)
            await uow.sets.save_wish(
                Wish(
                    course_id=course_id,
                    person_id=person_id,
                    can=times,
                    prefers=favourites,
                    put_forward_at=own.wish.put_forward_at if own.wish else now,
                )
            )
            state = path.states.get(step.id) or StepState(
                course_id=course_id, person_id=person_id, step_id=step.id, started_at=now
            )
            await uow.step_states.save(replace(state, done_at=state.done_at or now))
            own = await self._own(uow, path, step)
            await uow.commit()
        log.info("put forward for a set", course=course_id)
        return own

    async def withdraw(self, person_id: PersonId, course_id: CourseId) -> Own:
        """Take one's name back, out of a proposal too. Raises LearningError once a set is confirmed."""
        async with self._new_uow() as uow:
            path, step = await self._path(uow, person_id, course_id)
            own = await self._own(uow, path, step)
            if own.mine is not None:
                raise LearningError("Your set is confirmed. Type leave my set if you have to.")
            await uow.sets.remove_wish(course_id, person_id)
            for each in await uow.sets.of_person(person_id):
                if each.course_id == course_id and each.state is SetState.PROPOSED:
                    await uow.sets.remove_member(each.id, person_id)
            if (state := path.states.get(step.id)) is not None:
                await uow.step_states.save(replace(state, done_at=None))
            own = await self._own(uow, path, step)
            await uow.commit()
        return own

    async def _path(
        self, uow: UnitOfWork, person_id: PersonId, course_id: CourseId
    ) -> tuple[Path, Step]:
        for path in await paths_of(uow, person_id, self._zone):
            step = _step(path)
            if path.running.id == course_id and step is not None:
                return path, step
        raise LearningError(NOT_ON)

    async def _own(self, uow: UnitOfWork, path: Path, step: Step) -> Own:
        person_id, course_id = path.enrolment.person_id, path.running.id
        today = self._clock.now().astimezone(self._zone).date()
        sets = [s for s in await uow.sets.of_person(person_id) if s.course_id == course_id]
        members = await uow.sets.members([s.id for s in sets])
        inside = {m.set_id for m in members if m.is_in and m.person_id == person_id}
        confirmed = [s for s in sets if s.id in inside and s.state is SetState.CONFIRMED]
        return Own(
            running=path.running,
            step=step,
            standing=schedule.standing(step, path.situation, today),
            opens=schedule.day_of(step.opens, path.situation),
            closes=schedule.day_of(step.closes, path.situation),
            has_place=path.situation.has_place,
            wish=await uow.sets.wish(course_id, person_id),
            is_proposed=any(s.id in inside and s.state is SetState.PROPOSED for s in sets),
            mine=await self._view(uow, confirmed[0]) if confirmed else None,
        )

    async def _view(self, uow: UnitOfWork, action_set: ActionSet) -> SetView:
        inside = [m.person_id for m in await uow.sets.members([action_set.id]) if m.is_in]
        people = await uow.people.among([*inside, action_set.facilitator_id])
        running = await uow.courses.find(action_set.course_id)
        return SetView(
            action_set=action_set,
            title=running.course.title if running else "",
            members=tuple(sorted((people[i] for i in inside if i in people), key=_by_name)),
            facilitator=people.get(action_set.facilitator_id),
            meetings=tuple(await uow.sets.meetings(action_set.id)),
            chat=chat_link(action_set, self._tenant),
        )


def chat_link(action_set: ActionSet, tenant: str) -> str:
    if not action_set.chat_id:
        return ""
    of = f"?tenantId={quote(tenant)}" if tenant else ""
    return f"https://teams.microsoft.com/l/chat/{quote(action_set.chat_id, safe='')}/0{of}"


def _step(path: Path) -> Step | None:
    """That in which people put themselves forward, where it is for this person's cohort."""
    of_cohort = replace(path.situation, has_place=True)
    return next(
        (
            step
            for step in path.running.course.steps
            if step.kind is StepKind.SETS and schedule.concerns(step, of_cohort)
        ),
        None,
    )


def _check(own: Own, can: frozenset[str], prefers: frozenset[str]) -> None:
    if own.mine is not None:
        raise LearningError("You are in a set already: your times were asked for to make it.")
    if not own.has_place:
        raise LearningError(NO_PLACE)
    if own.standing is Standing.NOT_YET:
        raise LearningError("You can put yourself forward after your live session.")
    if own.standing is Standing.CLOSED:
        raise LearningError(
            "Putting oneself forward has closed. Ask your learning team whether a set has room."
        )
    if not can <= set(SLOTS) or not prefers <= set(SLOTS):
        raise BadTimes("Choose from the half-days of the week that are listed.")
    if not can:
        raise BadTimes("Choose at least one half-day that you can make.")
    if not prefers <= can:
        raise BadTimes(
            "A time that you prefer must also be one that you can make. Tick it in both."
        )


def _by_name(person: Person) -> str:
    return person.name.casefold()
