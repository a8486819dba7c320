"""The answers of a questionnaire or follow-up for those who lead: together, without names, from five up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from learning.courses import collating as rules
from learning.courses.collating import COLLATED, Answers, Collation
from learning.courses.definition import Course, Step, StepKind
from learning.courses.enrolments import Running
from learning.courses.results import Answer
from learning.courses.schedule import concerns
from learning.notices import Kind, Notice, QuietHours
from learning.people import PersonId
from learning.sessions import CourseId, Session, SessionId
from learning.small_groups import FEWEST
from services.answer_seals import opened, read_kept
from services.course_paths import CoursePaths, Path
from services.ports.clocks import Clock
from services.ports.collations import Share
from services.ports.course_steps import Sealed
from services.ports.seals import Seals, of_person
from services.ports.storage import NewUnitOfWork

log = structlog.get_logger()

TOLD_FOR = timedelta(days=14)
"""How long after a questionnaire has closed those who lead are told, if they were not before."""


class CourseCollation:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        paths: CoursePaths,
        seals: Seals,
        *,
        quiet: QuietHours,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._paths = paths
        self._seals = seals
        self._quiet = quiet
        self._zone = zone

    # --- those who lead --------------------------------------------------------------------------

    async def of_session(self, session_id: SessionId) -> list[Collation]:
        """The questionnaires before this live session, whose answers they may or may not see yet."""
        async with self._new_uow(read_only=True) as uow:
            sessions = await uow.sessions.among([session_id])
            session = sessions.get(session_id)
            if session is None or session.course_id is None:
                return []
            running = await uow.courses.find(session.course_id)
        found = await self._of(running) if running else []
        return [each for each in found if each.session and each.session.id == session_id]

    async def of_course(self, code: str) -> tuple[Course, list[Collation]] | None:
        """Everything: each questionnaire by live session, and follow-ups of all; None without a course."""
        async with self._new_uow(read_only=True) as uow:
            running = await uow.courses.coded(code)
        return None if running is None else (running.course, await self._of(running))

    async def led_by(self, person_id: PersonId, *, everything: bool) -> list[Collation]:
        """Those of the live sessions that somebody leads, or of all, the next session first."""
        async with self._new_uow(read_only=True) as uow:
            courses = await uow.courses.all()
        found = [each for running in courses for each in await self._of(running) if each.session]
        if not everything:
            found = [each for each in found if await self._leads(person_id, each.session)]
        now = self._clock.now()
        return sorted(found, key=lambda each: _far(each.session, now))

    async def may_see(self, person_id: PersonId, session_id: SessionId) -> bool:
        """Whether an organiser let them lead this live session."""
        async with self._new_uow(glance=True) as uow:
            return person_id in await uow.attendance.helpers(session_id)

    # --- the clock -------------------------------------------------------------------------------

    async def show(self) -> None:
        """Copy what may be shown by now, and have those told who lead; again it changes nothing."""
        async with self._new_uow(read_only=True) as uow:
            courses = await uow.courses.all()
        for running in courses:
            if not any(step.kind in COLLATED for step in running.course.steps):
                continue
            paths = await self._paths.of_course(running.id)
            for step in running.course.steps:
                for session, own in self._groups(step, paths):
                    await self._release(running, step, session, own)
                    if session is not None:
                        await self._tell(running, step, session, own)

    async def _release(
        self, running: Running, step: Step, session: Session | None, paths: Sequence[Path]
    ) -> None:
        """Copy the answers of one group if that is due. The course's row keeps a second one away."""
        handed_in = {p.enrolment.person_id for p in paths if step.id in p.situation.done}
        if session is not None and not self._is_closed(step, session):
            return
        if len(handed_in) < FEWEST:
            return
        async with self._new_uow() as uow:
            await uow.courses.coded(running.course.code, lock=True)
            before = await uow.collations.of_step(running.id, step.id)
            # Who changed to another date stays in the copy of the first: nobody is in two.
            elsewhere = {s.person_id for s in before if s.session_id != _id(session)}
            kept = await uow.course_answers.of_step(running.id, step.id)
            now = self._answers(step, kept, handed_in - elsewhere)
            own = [s for s in before if s.session_id == _id(session)]
            if not rules.may_be_shown(now, self._shares(running.id, step, own)):
                return
            await uow.collations.save(self._copied(running.id, step, session, now))
            await uow.commit()
        log.info("answers collated", course=running.id, people=len(now))

    async def _tell(
        self, running: Running, step: Step, session: Session, paths: Sequence[Path]
    ) -> None:
        """Once it has closed, whatever came in."""
        now = self._clock.now()
        closed_on = self._closed_on(step, session)
        today = now.astimezone(self._zone).date()
        if not paths or closed_on is None or not closed_on <= today < closed_on + TOLD_FOR:
            return
        async with self._new_uow(read_only=True) as uow:
            people = await uow.people.among(await uow.attendance.helpers(session.id))
        notices = [
            Notice(
                kind=Kind.COLLATION,
                key=f"{Kind.COLLATION}:{person.id}:{session.id}:{step.id}",
                mailing=f"{Kind.COLLATION}:{session.id}",
                due_at=self._quiet.shift(now, person.zone(self._zone)),
                person_id=person.id,
                session_id=session.id,
                payload={"step": step.id},
            )
            for person in people.values()
        ]
        if notices:
            async with self._new_uow() as uow:
                if new := [n for n in notices if not await uow.outbox.is_written(n.key)]:
                    await uow.outbox.add(new)
                    await uow.commit()

    # --- parts -----------------------------------------------------------------------------------

    async def _of(self, running: Running) -> list[Collation]:
        paths = await self._paths.of_course(running.id)
        found: list[Collation] = []
        async with self._new_uow(read_only=True) as uow:
            sessions = await uow.sessions.of_edition(running.edition_id)
            mine = [s for s in sessions if s.course_id == running.id]
            for step in running.course.steps:
                shares = await uow.collations.of_step(running.id, step.id)
                for session, own in self._groups(step, paths, mine):
                    group = [s for s in shares if s.session_id == _id(session)]
                    found.append(self._collation(running, step, session, own, group))
        return found

    def _collation(
        self,
        running: Running,
        step: Step,
        session: Session | None,
        paths: Sequence[Path],
        shares: Sequence[Share],
    ) -> Collation:
        answers = self._shares(running.id, step, shares)
        return Collation(
            course=running.course,
            course_id=running.id,
            step=step,
            session=session,
            asked=len(paths),
            handed_in=sum(step.id in p.situation.done for p in paths),
            answers=len(shares),
            figures=rules.collated(step, list(answers.values())) if shares else (),
            closes_on=self._closed_on(step, session) if session else None,
            is_closed=session is not None and self._is_closed(step, session),
            released_at=max((s.released_at for s in shares), default=None),
        )

    def _groups(
        self, step: Step, paths: Sequence[Path], sessions: Iterable[Session] = ()
    ) -> list[tuple[Session | None, list[Path]]]:
        """Whose answers are copied together: those with a place on one live session, or everybody."""
        if step.kind not in COLLATED:
            return []
        here = [p for p in paths if concerns(step, p.situation)]
        if step.kind is StepKind.FOLLOW_UP:
            return [(None, here)]
        known = {s.id: s for s in sessions}
        known |= {s.id: s for p in paths for s in p.sessions}
        return [
            (session, [p for p in here if p.session and p.session.id == session.id])
            for session in sorted(known.values(), key=lambda s: (str(s.starts_at), s.code))
        ]

    def _closed_on(self, step: Step, session: Session) -> date | None:
        if session.starts_at is None:
            return None
        return rules.closed_on(step, session.starts_at.astimezone(self._zone).date())

    def _is_closed(self, step: Step, session: Session) -> bool:
        closed_on = self._closed_on(step, session)
        return (
            closed_on is not None and self._clock.now().astimezone(self._zone).date() >= closed_on
        )

    def _answers(
        self, step: Step, kept: Iterable[Sealed], people: Iterable[PersonId]
    ) -> dict[PersonId, Answers]:
        """Of these people, whatever can be opened and still answers what is asked."""
        questions = {q.id: q for q in step.questions}
        found: dict[PersonId, dict[str, Answer]] = {person_id: {} for person_id in people}
        for each in kept:
            question, own = questions.get(each.question_id), found.get(each.person_id)
            if question is None or own is None:
                continue
            answer = opened(self._seals, each.person_id, question, each.sealed)
            if answer is not None:
                own[question.id] = answer
        return {person_id: answers for person_id, answers in found.items() if answers}

    def _copied(
        self,
        course_id: CourseId,
        step: Step,
        session: Session | None,
        answers: Mapping[PersonId, Answers],
    ) -> list[Share]:
        now = self._clock.now()
        return [
            Share(
                course_id=course_id,
                step_id=step.id,
                person_id=person_id,
                session_id=_id(session),
                figures=self._seals.seal(
                    _of_course(course_id), _packed(rules.choices_of(step, own))
                ),
                sealed=self._seals.seal(of_person(person_id), _packed(rules.words_of(step, own))),
                released_at=now,
            )
            for person_id, own in answers.items()
        ]

    def _shares(
        self, course_id: CourseId, step: Step, shares: Iterable[Share]
    ) -> dict[PersonId, Answers]:
        return {
            share.person_id: {
                **self._unpacked(step, _of_course(course_id), share.figures),
                **self._unpacked(step, of_person(share.person_id), share.sealed),
            }
            for share in shares
        }

    def _unpacked(self, step: Step, owner: str, sealed: str) -> Answers:
        text = self._seals.open(owner, sealed) if sealed else None
        kept: dict[str, object] = json.loads(text) if text else {}
        read = {q.id: read_kept(q, kept[q.id]) for q in step.questions if q.id in kept}
        return {id_: answer for id_, answer in read.items() if answer is not None}

    async def _leads(self, person_id: PersonId, session: Session | None) -> bool:
        return session is not None and await self.may_see(person_id, session.id)


def _packed(answers: Mapping[str, object]) -> str:
    return json.dumps(answers, ensure_ascii=False, sort_keys=True)


def _of_course(course_id: CourseId) -> str:
    return f"course:{course_id}"


def _id(session: Session | None) -> SessionId | None:
    return session.id if session else None


def _far(session: Session | None, now: datetime) -> tuple[bool, timedelta]:
    """What is ahead first, the nearest of it; then what is over, the latest of it."""
    starts_at = session.starts_at if session and session.starts_at else now
    return starts_at < now, abs(starts_at - now)
