"""Telling somebody that they were put on a programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from cards.course_welcome import welcome_card
from jobs.deliver import Effect, NoLongerNeeded
from jobs.telling import Telling
from learning.courses.quotes import Place
from learning.courses.schedule import plan
from learning.notices import Kind
from learning.people import Address
from learning.sessions import CourseId
from services.course_paths import CoursePaths
from services.first_contact import FirstContact
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger
from services.quotes import QuoteService


class CourseWelcomeEffects:
    """Nothing in the row is trusted: who is on what is read again."""

    def __init__(
        self,
        paths: CoursePaths,
        people: PeopleService,
        first_contact: FirstContact,
        messenger: Messenger,
        clock: Clock,
        *,
        quotes: QuoteService,
        zone: ZoneInfo,
    ) -> None:
        self._paths = paths
        self._quotes = quotes
        self._telling = Telling(people, messenger)
        self._first_contact = first_contact
        self._clock = clock
        self._zone = zone

    def table(self) -> Mapping[Kind, Effect]:
        return {Kind.COURSE_WELCOME: self._welcome}

    async def _welcome(self, delivery: Delivery) -> str:
        """Somebody who never had the app has it added, as they have something to do with it now."""
        person, told = await self._telling.whom(delivery), delivery.notice.payload
        path = await self._paths.find(person.id, CourseId(int(told["course"])))
        if path is None:
            raise NoLongerNeeded("no longer on the programme")
        if person.address is None and told["near"]:
            near = Address(conversation_id="", **told["near"])
            address = await self._first_contact.bring_about(person, near)
            person = replace(person, address=address, unreachable="")
        running = path.running
        today = self._clock.now().astimezone(person.zone(self._zone)).date()
        steps = plan(running.course.steps, path.situation)
        said = await self._quotes.shown(Place.INVITATION, running.id)
        quotes = [each.quote for each in said]
        card = welcome_card(running.course, running.id, steps, today, quotes)
        return await self._telling.tell(delivery, person, card)
