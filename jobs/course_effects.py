"""Reminding people of what waits on their courses, and giving those who lead the answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from zoneinfo import ZoneInfo

from cards import collation as collation_cards
from cards import course_nudges as cards
from cards.kit import Card
from jobs.deliver import Effect, NoLongerNeeded
from jobs.telling import Telling
from learning.courses.schedule import day_of
from learning.notices import Kind
from learning.people import PersonId
from services.course_collation import CourseCollation
from services.course_reminders import CourseReminders, Reminding
from services.people import PeopleService
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Rejected

Asking = Callable[[PersonId], Awaitable[Card | None]]
"""The card that asks somebody about what waits for them; None where nothing does any more."""


class CourseEffects:
    """Nothing in a row is trusted: where somebody stands, and who leads what, is read again."""

    def __init__(
        self,
        reminders: CourseReminders,
        collation: CourseCollation,
        people: PeopleService,
        messenger: Messenger,
        *,
        others: Mapping[str, Asking],
        zone: ZoneInfo,
    ) -> None:
        """`others`: how somebody is asked about what is no step, by its kind."""
        self._others = others
        self._reminders = reminders
        self._collation = collation
        self._telling = Telling(people, messenger)
        self._zone = zone

    def table(self) -> Mapping[Kind, Effect]:
        return {Kind.COURSE_NUDGE: self._remind, Kind.COLLATION: self._collated}

    async def _remind(self, delivery: Delivery) -> str:
        person = await self._telling.whom(delivery)
        if not person.wants_nudges:
            raise NoLongerNeeded("nudges are off")
        found = await self._reminders.reminded_of(person.id, delivery.notice)
        if found is None:
            raise NoLongerNeeded("done meanwhile, over, or of another day")
        card = await self._card(found)
        if card is None:
            raise NoLongerNeeded("done meanwhile")
        return await self._telling.tell(delivery, person, card)

    async def _collated(self, delivery: Delivery) -> str:
        person = await self._telling.whom(delivery)
        session_id = delivery.notice.session_id
        if session_id is None:
            raise Rejected("the notice names no session")
        if not await self._collation.may_see(person.id, session_id):
            raise NoLongerNeeded("no longer one of those who lead it")
        found = [
            each
            for each in await self._collation.of_session(session_id)
            if each.step.id == delivery.notice.payload.get("step") and each.is_closed
        ]
        if not found:
            raise NoLongerNeeded("the questionnaire is gone, or open again")
        card = collation_cards.collation_card(found[0], zone=person.zone(self._zone))
        return await self._telling.tell(delivery, person, card)

    async def _card(self, found: Reminding) -> Card | None:
        path, step = found.path, found.step
        running = path.running
        if step is None:
            return await self._others[found.task.about](found.person.id)
        if step.live is not None:
            zone = found.person.zone(self._zone)
            return cards.booking_nudge_card(
                running.id, running.course, step, found.sessions, zone=zone
            )
        return cards.step_nudge_card(
            running.id,
            running.course,
            step,
            due=day_of(step.due, path.situation),
            closes=day_of(step.closes, path.situation),
            today=found.today,
            begun=step.id in path.states,
        )
