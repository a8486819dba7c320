"""Asking people how a session was, reminding them once, and telling those who ran it what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from cards import feedback as cards
from cards.kit import Card
from jobs.deliver import Effect, NoLongerNeeded
from jobs.telling import Telling
from learning.errors import NotFound
from learning.feedback import Part, is_about
from learning.notices import Kind
from learning.people import Person
from learning.sessions import SessionId
from services.attendance import AttendanceService
from services.feedback import FeedbackService, Standing
from services.people import PeopleService
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Rejected


class FeedbackEffects:
    """Nothing in a row is trusted: who was where, and what they said, is read again."""

    def __init__(
        self,
        feedback: FeedbackService,
        attendance: AttendanceService,
        people: PeopleService,
        messenger: Messenger,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._feedback = feedback
        self._attendance = attendance
        self._telling = Telling(people, messenger)
        self._zone = zone

    def table(self) -> Mapping[Kind, Effect]:
        return {
            Kind.FEEDBACK: self._ask,
            Kind.FEEDBACK_REMINDER: self._remind,
            Kind.FEEDBACK_RESULT: self._result,
        }

    async def _ask(self, delivery: Delivery) -> str:
        person, session_id = await self._subject(delivery)
        try:
            standing = await self._feedback.standing(person.id, session_id)
        except NotFound as error:
            raise NoLongerNeeded(str(error)) from error
        if not is_about(delivery.notice, standing.session):
            raise NoLongerNeeded("the session has moved")
        if not standing.is_waited_for:
            raise NoLongerNeeded(_why_not(standing))
        return await self._telling.tell(delivery, person, self._question(person, standing))

    async def _remind(self, delivery: Delivery) -> str:
        person, _ = await self._subject(delivery)
        if not person.wants_nudges:
            raise NoLongerNeeded("nudges are off")
        waiting = await self._feedback.reminded_of(person.id, delivery.notice)
        if not waiting:
            raise NoLongerNeeded("nothing is waited for, or another reminder tells of it")
        if len(waiting) == 1:
            card = self._question(person, waiting[0], reminds=True)
        else:
            zone = person.zone(self._zone)
            card = cards.sessions_card([s.session for s in waiting], zone=zone, reminds=True)
        return await self._telling.tell(delivery, person, card)

    async def _result(self, delivery: Delivery) -> str:
        person, session_id = await self._subject(delivery)
        try:
            session, release = await self._feedback.shown_of(session_id)
        except NotFound as error:
            raise NoLongerNeeded(str(error)) from error
        if release is None or session.is_cancelled:
            raise NoLongerNeeded("there is nothing to show")
        if not await self._attendance.may_check_in(person.id, session_id):
            raise NoLongerNeeded("no longer one of those who run it")
        card = cards.results_card(session, release, zone=person.zone(self._zone))
        return await self._telling.tell(delivery, person, card)

    def _question(self, person: Person, standing: Standing, *, reminds: bool = False) -> Card:
        zone = person.zone(self._zone)
        if standing.part is Part.MAY_ANSWER:
            return cards.feedback_card(standing.session, zone=zone, reminds=reminds)
        return cards.made_it_card(standing.session, zone=zone, reminds=reminds)

    async def _subject(self, delivery: Delivery) -> tuple[Person, SessionId]:
        person, session_id = await self._telling.whom(delivery), delivery.notice.session_id
        if session_id is None:
            raise Rejected("the notice names no session")
        return person, session_id


def _why_not(standing: Standing) -> str:
    if standing.answer is not None:
        return "answered already"
    return "was not there" if standing.is_open else "no answers are taken"
