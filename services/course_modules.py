"""Going through the steps of a course that have screens: opening one, answering, going on, finishing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import structlog

from learning.courses.answering import Taken, take
from learning.courses.definition import (
    Picture,
    Question,
    QuestionKind,
    Screen,
    Step,
    StepKind,
)
from learning.courses.progress import StepState
from learning.courses.results import Answer
from learning.courses.screens import is_resting_place, mark, unanswered
from learning.people import PersonId
from learning.sessions import CourseId
from services.answer_seals import closed, opened
from services.course_paths import paths_of
from services.course_sittings import NotOnCourse, Reason, Shut, Sitting, Way, admitted
from services.ports.clocks import Clock
from services.ports.course_steps import CourseAnswers, Reflections, Sealed
from services.ports.seals import Seals
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

WITH_SCREENS = frozenset({StepKind.MODULE, StepKind.QUESTIONNAIRE, StepKind.FOLLOW_UP})
"""What people go through screen by screen. Other steps show theirs elsewhere."""

CHANGED = "This part has changed since your card was sent. Look through it, then go on."
NOT_ANSWERED = "One of these has no answer yet. It needs one before you finish."

Sent = Callable[[Screen], Mapping[str, object]]
"""What a card sent for the questions of a screen, by their ids."""


class CourseModules:
    """Nothing of a sitting is remembered outside the database: what was sent is kept in the same turn.

    The row of the person is held while something is saved, so that of two presses at once one comes
    first. Everything is asked again on each press: cards are pressed days later.
    """

    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, seals: Seals, *, zone: ZoneInfo
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._seals = seals
        self._zone = zone

    async def open(self, person_id: PersonId, course_id: CourseId, step_id: str) -> Sitting:
        """Begin, or go on where they were; the end of it where they are through. Raises LearningError."""
        async with self._new_uow(read_only=True) as uow:
            sitting = await self._sitting(uow, person_id, course_id, step_id)
        if sitting.state is None:
            async with self._new_uow() as uow:
                await uow.people.find(person_id, lock=True)
                sitting = await self._sitting(uow, person_id, course_id, step_id)
                sitting = await self._begun(uow, person_id, sitting)
                await uow.commit()
        assert sitting.state is not None, "it has just been begun"
        is_over = sitting.state.is_done or not sitting.step.screens
        return replace(sitting, number=self._within(sitting, sitting.state.screen), is_over=is_over)

    async def look(
        self, person_id: PersonId, course_id: CourseId, step_id: str, number: int
    ) -> Sitting:
        """A screen once more, where they have begun. Raises LearningError."""
        sitting = await self.open(person_id, course_id, step_id)
        if not sitting.step.screens:
            return sitting
        return replace(sitting, number=self._within(sitting, number), is_over=False)

    async def go(
        self,
        person_id: PersonId,
        course_id: CourseId,
        step_id: str,
        number: int,
        way: Way,
        sent: Sent,
        marked: str,
    ) -> Sitting:
        """Keep what was sent with a screen, and go from it. Raises LearningError.

        What cannot be kept stays on its card, with what is wrong with it. Only who goes on must have
        answered. `marked` is the mark of the screen as the card showed it.
        """
        async with self._new_uow() as uow:
            await uow.people.find(person_id, lock=True)
            sitting = await self._sitting(uow, person_id, course_id, step_id)
            if not sitting.step.screens:
                return replace(await self._begun(uow, person_id, sitting), is_over=True)
            sitting = replace(sitting, number=self._within(sitting, number))
            if not sitting.is_open:
                return self._gone(sitting, way)
            sitting = await self._begun(uow, person_id, sitting)
            is_as_shown = 0 <= number < len(sitting.step.screens) and marked == mark(sitting.screen)
            for screen in (sitting.screen,) if is_as_shown else sitting.step.screens:
                taken = take(screen, sent(screen), goes_on=way is Way.ON, is_as_shown=is_as_shown)
                sitting = await self._kept(uow, person_id, sitting, taken)
            if not is_as_shown:
                sitting = replace(sitting, fault=sitting.fault or CHANGED)
            if not sitting.fault:
                sitting = self._gone(sitting, way)
            sitting = await self._saved(uow, sitting)
            await uow.commit()
        return sitting

    # --- parts of one transaction ----------------------------------------------------------------

    async def _sitting(
        self, uow: UnitOfWork, person_id: PersonId, course_id: CourseId, step_id: str
    ) -> Sitting:
        """Where they are, if they may be there. Raises LearningError."""
        paths = await paths_of(uow, person_id, self._zone)
        path = next((p for p in paths if p.running.id == course_id), None)
        if path is None:
            raise NotOnCourse
        step = path.step(step_id)
        if step is None:
            raise Shut(Reason.NOT_THERE)
        if step.kind not in WITH_SCREENS:
            raise Shut(Reason.ELSEWHERE, step)
        state = path.states.get(step_id)
        today = self._clock.now().astimezone(self._zone).date()
        is_open = admitted(path, step, today, has_begun=state is not None)
        shows = any(isinstance(b, Picture) for screen in step.screens for b in screen.blocks)
        pictures = await uow.courses.pictures(course_id) if shows else dict[str, str]()
        return Sitting(
            path=path,
            step=step,
            number=0,
            answers=await self._answers(uow, person_id, course_id, step),
            state=state,
            is_open=is_open,
            pictures=pictures,
        )

    async def _answers(
        self, uow: UnitOfWork, person_id: PersonId, course_id: CourseId, step: Step
    ) -> dict[str, Answer]:
        """What they answered to the questions that there are now."""
        kept = {
            **await uow.course_answers.of_person(course_id, person_id, step.id),
            **await uow.reflections.of_person(course_id, person_id, step.id),
        }
        found: dict[str, Answer] = {}
        for question in step.questions:
            if question.id in kept:
                answer = opened(self._seals, person_id, question, kept[question.id].sealed)
                if answer is not None:
                    found[question.id] = answer
        return found

    async def _begun(self, uow: UnitOfWork, person_id: PersonId, sitting: Sitting) -> Sitting:
        if sitting.state is not None or not sitting.is_open:
            return sitting
        now = self._clock.now()
        state = StepState(
            course_id=sitting.path.running.id,
            person_id=person_id,
            step_id=sitting.step.id,
            started_at=now,
            done_at=None if sitting.step.screens else now,
        )
        await uow.step_states.save(state)
        return replace(sitting, state=state)

    async def _kept(
        self,
        uow: UnitOfWork,
        person_id: PersonId,
        sitting: Sitting,
        taken: Taken,
    ) -> Sitting:
        """Save each answer that has changed; an empty field takes back what was in it."""
        answers, now = dict(sitting.answers), self._clock.now()
        whose = (sitting.path.running.id, person_id, sitting.step.id)
        for question in taken.emptied:
            if answers.pop(question.id, None) is not None:
                await _place(uow, question).remove(*whose, [question.id])
        for question, answer in taken.answers:
            if answers.get(question.id) == answer:
                continue
            answers[question.id] = answer
            course_id, _, step_id = whose
            row = Sealed(
                course_id=course_id,
                person_id=person_id,
                step_id=step_id,
                question_id=question.id,
                sealed=closed(self._seals, person_id, question, answer),
                changed_at=now,
            )
            await _place(uow, question).save([row])
        return replace(
            sitting,
            answers=answers,
            typed={**sitting.typed, **taken.typed},
            fault=sitting.fault or taken.fault,
        )

    def _gone(self, sitting: Sitting, way: Way) -> Sitting:
        """The screen that this way leads to, or past the last one once everything needed is answered."""
        match way:
            case Way.LATER:
                is_done = sitting.state is not None and sitting.state.is_done
                return replace(sitting, is_left=not is_done, is_over=is_done)
            case Way.BACK:
                return replace(sitting, number=max(0, sitting.number - 1))
            case Way.ON if sitting.number < len(sitting.step.screens) - 1:
                number = sitting.number + 1
                return replace(sitting, number=number, rests=is_resting_place(sitting.step, number))
            case _:
                missing = unanswered(sitting.step, frozenset(sitting.answers))
                if missing is None or not sitting.is_open:
                    return replace(sitting, is_over=True)
                return replace(sitting, number=missing, fault=NOT_ANSWERED)

    async def _saved(self, uow: UnitOfWork, sitting: Sitting) -> Sitting:
        """Where they are now; once through, that stays so whatever they look at."""
        state = sitting.state
        assert state is not None, "it has been begun"
        if state.is_done:
            return sitting
        done_at = self._clock.now() if sitting.is_over else None
        state = replace(state, screen=sitting.number, done_at=done_at)
        await uow.step_states.save(state)
        if state.is_done:
            log.info("step finished", person=state.person_id, step=state.step_id)
        return replace(sitting, state=state)

    def _within(self, sitting: Sitting, number: int) -> int:
        return min(max(0, number), max(0, len(sitting.step.screens) - 1))


def _place(uow: UnitOfWork, question: Question) -> CourseAnswers | Reflections:
    """Reflections are kept apart from what is put together with the answers of others."""
    return uow.reflections if question.kind is QuestionKind.REFLECTION else uow.course_answers
