"""What people say of sessions: asked for, taken in, and shown where it tells of nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from learning import attendance
from learning import feedback as rules
from learning.attendance import Outcome, Presence, Source
from learning.bookings import Booking
from learning.errors import LearningError
from learning.feedback import Answer, Part, Release
from learning.notices import Notice, QuietHours
from learning.people import FORGOTTEN, Person, PersonId
from learning.sessions import EditionId, Session, SessionId, by_time
from learning.small_groups import FEWEST
from services.catalogue import Catalogue
from services.listing import Programme
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

AT_ONCE = 500
"""People of whom it is written in one transaction that they are to be asked."""


class NotOpen(LearningError):
    """The session is not over, or its edition closed some time ago."""


class NotThere(LearningError):
    """Only those who were at a session say how it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one person stands with the feedback of one session."""

    session: Session
    part: Part
    is_open: bool
    outcome: Outcome | None = None
    answer: Answer | None = None

    @property
    def is_waited_for(self) -> bool:
        """Whether they may be asked for it: they were there, or nobody knows yet."""
        is_known = self.part is Part.MAY_ANSWER or self.outcome is None
        return self.is_open and self.answer is None and is_known and self.part is not Part.NONE


class FeedbackService:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        catalogue: Catalogue,
        *,
        quiet: QuietHours,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._catalogue = catalogue
        self._quiet = quiet
        self._zone = zone
        self._written: set[tuple[SessionId, datetime, timedelta]] = set()

    # --- those who were there --------------------------------------------------------------------

    async def standing(self, person_id: PersonId, session_id: SessionId) -> Standing:
        """Raises NotFound."""
        programme = await self._catalogue.programme()
        async with self._new_uow(read_only=True) as uow:
            session = await uow.sessions.get(session_id)
            return await self._standing(uow, programme, person_id, session)

    async def answerable(self, person_id: PersonId, session_id: SessionId) -> Standing:
        """The same of what they may answer, or say first that they were at. Raises NotOpen or NotThere."""
        standing = await self.standing(person_id, session_id)
        self._check(standing)
        return standing

    async def standings(
        self, person_id: PersonId, ids: Sequence[SessionId] | None = None
    ) -> list[Standing]:
        """Of what somebody may say how it was by now, in order of time; of these alone if named."""
        programme = await self._catalogue.programme()
        async with self._new_uow(read_only=True) as uow:
            booked = {b.session_id: b for b in await uow.bookings.of_person(person_id)}
            outcomes = {o.session_id: o for o in await uow.attendance.of_person(person_id)}
            answers = {a.session_id: a for a in await uow.feedback.of_person(person_id)}
            sessions = await uow.sessions.among({*booked, *outcomes, *answers})
        found = [
            Standing(
                session=session,
                part=rules.part_in(booked.get(session.id), outcomes.get(session.id)),
                is_open=self._is_open(programme, session),
                outcome=outcomes.get(session.id),
                answer=answers.get(session.id),
            )
            for session in by_time(sessions.values())
            if ids is None or session.id in ids
        ]
        return [s for s in found if s.is_open and s.part is not Part.NONE]

    async def give(
        self,
        person_id: PersonId,
        session_id: SessionId,
        *,
        stars: int,
        helped: bool | None,
        comment: str,
    ) -> Standing:
        """Keep what somebody says; the same once more changes nothing. Raises NotOpen or NotThere."""
        programme = await self._catalogue.programme()
        async with self._new_uow() as uow:
            standing = await self._answerable(uow, programme, person_id, session_id)
            if standing.part is not Part.MAY_ANSWER:
                raise NotThere("Say first that you were there.")
            after = rules.answered(
                standing.answer,
                session_id,
                person_id,
                stars=stars,
                helped=helped,
                comment=comment,
                now=self._clock.now(),
            )
            if after != standing.answer:
                await uow.feedback.save(after)
                await uow.commit()
        log.info("feedback given", session=session_id)
        return replace(standing, answer=after)

    async def made_it(self, person_id: PersonId, session_id: SessionId, came: bool) -> Standing:
        """Keep whether they were there as they say, unless more is known. Raises NotOpen or NotThere."""
        programme = await self._catalogue.programme()
        async with self._new_uow() as uow:
            standing = await self._answerable(uow, programme, person_id, session_id)
            before = standing.outcome
            if standing.answer is not None or not attendance.takes_own_word(before):
                return standing
            after = attendance.by_hand(
                before,
                session_id,
                person_id,
                Presence.ATTENDED if came else Presence.ABSENT,
                Source.OWN_WORD,
                changed_by=person_id,
                now=self._clock.now(),
            )
            if not attendance.unchanged(before, after):
                await uow.attendance.save([after])
                await uow.attendance.add_change(attendance.change(before, after))
                await uow.commit()
        log.info("attendance by own word", session=session_id)
        part = Part.MAY_ANSWER if came else Part.MAY_SAY_SO
        return replace(standing, outcome=after, part=part)

    async def reminded_of(self, person_id: PersonId, reminder: Notice) -> list[Standing]:
        """What one reminder tells of; nothing where another of the same day tells of it all.

        However late each is sent: the first by its session's number tells of all that is still
        waited for. Those of sessions that have moved since tell of nothing.
        """
        async with self._new_uow(read_only=True) as uow:
            booked = await uow.bookings.of_person(person_id)
            outcomes = await uow.attendance.of_person(person_id)
            ids = {b.session_id for b in booked} | {o.session_id for o in outcomes}
            sessions = await uow.sessions.among(ids)
            sent = await uow.feedback.reminded_with(person_id, ids, reminder.due_at)
        holding = [n for n in sent if n.session_id and rules.is_about(n, sessions[n.session_id])]
        if reminder.key not in (n.key for n in holding[:1]):
            return []
        found = await self.standings(person_id, [n.session_id for n in holding if n.session_id])
        return [s for s in found if s.is_waited_for]

    # --- those who ran it ------------------------------------------------------------------------

    async def shown_of(self, session_id: SessionId) -> tuple[Session, Release | None]:
        """What may be shown of a session. Raises NotFound."""
        async with self._new_uow(read_only=True) as uow:
            session = await uow.sessions.get(session_id)
            releases = await uow.feedback.releases_of([session_id])
        return session, releases.get(session_id)

    async def releases(self, edition_id: EditionId) -> dict[SessionId, Release]:
        async with self._new_uow(read_only=True) as uow:
            sessions = await uow.sessions.of_edition(edition_id)
            return await uow.feedback.releases_of(s.id for s in sessions)

    # --- the clock -------------------------------------------------------------------------------

    async def queue(self) -> None:
        """Write down who is to be asked about what has ended; running it again changes nothing."""
        now = self._clock.now()
        programme = await self._catalogue.programme()
        due = {
            (s.id, s.ends_at, look): s
            for s in programme.everything
            if s.ends_at is not None
            for look in rules.looks(s, now)
        }
        for session in {s.id: s for key, s in due.items() if key not in self._written}.values():
            await self._ask(session, now)
        self._written = set(due)

    async def show(self) -> None:
        """Renew what may be shown, and have those told who ran what; again it changes nothing."""
        async with self._new_uow(read_only=True) as uow:
            ripe = await uow.feedback.ripe(FEWEST)
        for session_id in ripe:
            await self._release(session_id)
        now = self._clock.now()
        programme = await self._catalogue.programme()
        if over := {s.id: s for s in programme.everything if rules.is_told_of(s, now)}:
            await self._tell(over, now)

    async def _tell(self, over: Mapping[SessionId, Session], now: datetime) -> None:
        async with self._new_uow(read_only=True) as uow:
            shown = await uow.feedback.releases_of(over)
            helpers = {i: await uow.attendance.helpers(i) for i in shown}
            people = await uow.people.among({p for some in helpers.values() for p in some})
        notices = [
            rules.result(over[i], p, self._quiet.shift(now, people[p].zone(self._zone)))
            for i, some in helpers.items()
            for p in some
            if p in people
        ]
        if notices:
            async with self._new_uow() as uow:
                await uow.outbox.add(notices)
                await uow.commit()

    async def _release(self, session_id: SessionId) -> None:
        """Answers wait for the session's row, so none comes in between."""
        async with self._new_uow() as uow:
            await uow.sessions.get(session_id, lock=True)
            answers = await uow.feedback.of_session(session_id)
            after = rules.release(session_id, answers, self._clock.now())
            if after is not None:
                await uow.feedback.save_release(after)
                await uow.commit()
                log.info("feedback shown", session=session_id, answers=after.answers)

    async def _ask(self, session: Session, now: datetime) -> None:
        async with self._new_uow(survey=True) as uow:
            bookings = await uow.bookings.of_session(session.id)
            outcomes = {o.who: o for o in await uow.attendance.outcomes(session.id)}
            answered = {a.who for a in await uow.feedback.of_session(session.id)}
            booked = {b.person_id: b for b in bookings if b.is_live}
            ids = {*booked, *(PersonId(who) for who in outcomes)}
            people = await uow.people.among(
                p for p in ids if p not in answered and not p.startswith(FORGOTTEN)
            )
        asked = [
            person
            for person in people.values()
            if _is_asked(booked.get(person.id), outcomes.get(person.id))
        ]
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            async with self._new_uow() as uow:
                await uow.outbox.add([n for p in some for n in self._asking(session, p, now)])
                await uow.commit()

    def _asking(self, session: Session, person: Person, now: datetime) -> list[Notice]:
        return rules.asking(session, person.id, self._quiet, person.zone(self._zone), now)

    # --- parts -----------------------------------------------------------------------------------

    async def _answerable(
        self, uow: UnitOfWork, programme: Programme, person_id: PersonId, session_id: SessionId
    ) -> Standing:
        """Where they stand, the session's row held. Raises NotOpen or NotThere."""
        session = await uow.sessions.get(session_id, lock=True)
        standing = await self._standing(uow, programme, person_id, session)
        self._check(standing)
        return standing

    def _check(self, standing: Standing) -> None:
        if not standing.is_open:
            raise NotOpen(_why_not(standing.session, self._clock.now()))
        if standing.part is Part.NONE:
            raise NotThere(
                "Only those who were there can say how it was. If you were, ask whoever ran it "
                "to check you in."
            )

    async def _standing(
        self, uow: UnitOfWork, programme: Programme, person_id: PersonId, session: Session
    ) -> Standing:
        outcome = await uow.attendance.outcome(session.id, person_id)
        return Standing(
            session=session,
            part=rules.part_in(await uow.bookings.live(session.id, person_id), outcome),
            is_open=self._is_open(programme, session),
            outcome=outcome,
            answer=await uow.feedback.find(session.id, person_id),
        )

    def _is_open(self, programme: Programme, session: Session) -> bool:
        """Whether it is over, and its edition did not close yet."""
        now = self._clock.now()
        if not rules.is_over(session, now):
            return False
        its_edition = [s for s in programme.everything if s.edition_id == session.edition_id]
        closes_at = rules.closes_at([session, *its_edition])
        return closes_at is None or now < closes_at


def _is_asked(booking: Booking | None, outcome: Outcome | None) -> bool:
    """Who is known not to have been there is not asked."""
    part = rules.part_in(booking, outcome)
    return part is Part.MAY_ANSWER or (part is Part.MAY_SAY_SO and outcome is None)


def _why_not(session: Session, now: datetime) -> str:
    if session.is_cancelled:
        return f"{session.title} was cancelled."
    if not session.is_over(now):
        return f"{session.title} is not over yet. I'll ask you afterwards."
    return f"Feedback on {session.title} is closed: that was two weeks after the last session."
