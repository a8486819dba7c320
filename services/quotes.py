"""What people who were on a course let others read of it, and where; taken back it is gone at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import structlog

from learning.courses import quotes as rules
from learning.courses.definition import Step, StepKind
from learning.courses.enrolments import Running
from learning.courses.progress import StepState
from learning.courses.quotes import Place, Quote, Signing
from learning.courses.schedule import Standing, concerns, day_of, standing
from learning.errors import LearningError, NotAllowed
from learning.people import PersonId
from learning.sessions import CourseId
from services.course_paths import Path, paths_of
from services.ports.clocks import Clock
from services.ports.commitments import Spoken
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

NOT_ASKED = "This programme does not ask you for a quote."
NO_QUOTE = "You have no quote that appears anywhere."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A course that somebody may speak of, and what they have said of it so far."""

    running: Running
    step: Step
    quote: Quote | None = None


class QuoteService:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, *, zone: ZoneInfo) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._zone = zone

    async def offers(self, person_id: PersonId) -> list[Offer]:
        """The courses that they may speak of now, or have spoken of."""
        async with self._new_uow(read_only=True) as uow:
            paths = await paths_of(uow, person_id, self._zone)
            given = {s.quote.course_id: s.quote for s in await uow.quotes.of_person(person_id)}
        return [
            Offer(running=path.running, step=step, quote=given.get(path.running.id))
            for path in paths
            if (step := _step(path)) is not None
            and (path.running.id in given or not self._why_not(path, step))
        ]

    async def offer(self, person_id: PersonId, course_id: CourseId) -> Offer:
        """Raises LearningError for a course that is not theirs to speak of, or not yet."""
        async with self._new_uow(read_only=True) as uow:
            return await self._offer(uow, person_id, course_id)

    async def save(
        self,
        person_id: PersonId,
        course_id: CourseId,
        text: str,
        places: Collection[Place],
        signing: Signing | None,
        title: str,
        *,
        agreed: bool,
    ) -> Quote:
        """Keep it as it is now agreed to, instead of what was agreed before. Raises LearningError."""
        words = rules.checked(text, places, signing, title, agreed=agreed)
        assert signing is not None, "it has been checked"
        now = self._clock.now()
        async with self._new_uow() as uow:
            person = await uow.people.find(person_id, lock=True)
            offer = await self._offer(uow, person_id, course_id)
            quote = Quote(
                course_id=course_id,
                person_id=person_id,
                text=words,
                places=frozenset(places),
                signed_as=rules.signed(person.name if person else "", signing, title),
                agreed_at=now,
            )
            await uow.quotes.save(quote)
            step_id = offer.step.id
            done = await uow.step_states.find(course_id, person_id, step_id)
            if done is None or not done.is_done:
                new = StepState(
                    course_id=course_id, person_id=person_id, step_id=step_id, started_at=now
                )
                await uow.step_states.save(replace(done or new, done_at=now))
            await uow.commit()
        log.info("quote given", course=course_id, places=sorted(map(str, places)))
        return quote

    async def revoke(self, person_id: PersonId, course_id: CourseId) -> None:
        """Take it back, for good and everywhere; also after having left. Raises LearningError."""
        async with self._new_uow() as uow:
            quote = await uow.quotes.find(course_id, person_id, lock=True)
            if quote is None or not quote.is_given:
                raise LearningError(NO_QUOTE)
            gone = replace(
                quote,
                text="",
                places=frozenset[Place](),
                signed_as="",
                revoked_at=self._clock.now(),
            )
            await uow.quotes.save(gone)
            await uow.commit()
        log.info("quote taken back", course=course_id)

    async def given_by(self, person_id: PersonId) -> list[Spoken]:
        """Their own that appear somewhere, on courses that they have left too."""
        async with self._new_uow(read_only=True) as uow:
            return await uow.quotes.of_person(person_id)

    async def shown(self, place: Place, course_id: CourseId | None = None) -> list[Spoken]:
        """What may appear in this place now."""
        async with self._new_uow(glance=True) as uow:
            return await uow.quotes.given(place, course_id=course_id)

    async def reported(self, edition: str) -> list[Spoken]:
        """What may appear in the report of the edition of this name now."""
        async with self._new_uow(glance=True) as uow:
            return await uow.quotes.given(Place.REPORT, edition=edition)

    async def of_course(self, code: str) -> tuple[Running, list[Spoken]] | None:
        """All that may appear somewhere; None where there is no such course."""
        async with self._new_uow(read_only=True) as uow:
            running = await uow.courses.coded(code)
            if running is None:
                return None
            return running, await uow.quotes.given(course_id=running.id)

    async def _offer(self, uow: UnitOfWork, person_id: PersonId, course_id: CourseId) -> Offer:
        paths = await paths_of(uow, person_id, self._zone)
        path = next((p for p in paths if p.running.id == course_id), None)
        step = _step(path) if path else None
        if path is None or step is None:
            raise NotAllowed(NOT_ASKED)
        quote = await uow.quotes.find(course_id, person_id)
        is_given = quote is not None and quote.is_given
        if not is_given and (words := self._why_not(path, step)):
            raise LearningError(words)
        return Offer(running=path.running, step=step, quote=quote if is_given else None)

    def _why_not(self, path: Path, step: Step) -> str:
        """Why they cannot give one now; ''."""
        if not concerns(step, path.situation):
            return NOT_ASKED
        today = self._clock.now().astimezone(self._zone).date()
        match standing(step, path.situation, today):
            case Standing.OPEN:
                return ""
            case Standing.CLOSED:
                return "Quotes are no longer taken for this programme."
            case Standing.NOT_YET:
                opens = day_of(step.opens, path.situation)
                return f"You can give a quote from {opens:%-d %B} on."


def _step(path: Path) -> Step | None:
    return next((s for s in path.running.course.steps if s.kind is StepKind.QUOTE), None)
