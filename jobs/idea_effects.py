"""Telling people that a session came of their idea, and asking champions for some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from cards import ideas as cards
from jobs.deliver import Effect, NoLongerNeeded
from jobs.telling import Telling
from learning.errors import NotFound
from learning.ideas import IdeaId, ThemeId
from learning.notices import Kind
from learning.sessions import Session
from services.catalogue import Catalogue
from services.ideas import IdeaService
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Rejected


class IdeaEffects:
    """Nothing in the row is trusted: the idea, the question and the session are read again."""

    def __init__(
        self,
        messenger: Messenger,
        people: PeopleService,
        ideas: IdeaService,
        catalogue: Catalogue,
        clock: Clock,
        *,
        zone: ZoneInfo,
        page: Callable[[Session], str],
        chat: str,
    ) -> None:
        """`page`: the address of a session; `chat` opens the chat with an idea begun, or is ''."""
        self._telling = Telling(people, messenger)
        self._ideas = ideas
        self._catalogue = catalogue
        self._clock = clock
        self._zone = zone
        self._page = page
        self._chat = chat

    def table(self) -> Mapping[Kind, Effect]:
        return {Kind.THEME: self._ask, Kind.IDEA_PLANNED: self._planned}

    async def _ask(self, delivery: Delivery) -> str:
        person = await self._telling.whom(delivery)
        theme = await self._ideas.asked_of(person.id, ThemeId(delivery.notice.payload["theme"]))
        if theme is None:
            raise NoLongerNeeded("the question is closed, or they are no champion any more")
        return await self._telling.tell(delivery, person, cards.theme_card(theme, self._chat))

    async def _planned(self, delivery: Delivery) -> str:
        person, session_id = await self._telling.whom(delivery), delivery.notice.session_id
        if session_id is None:
            raise Rejected("the notice names no session")
        idea = await self._ideas.planned_for(person.id, IdeaId(delivery.notice.payload["idea"]))
        if idea is None or idea.session_id != session_id:
            raise NoLongerNeeded("no longer what they wanted")
        try:
            session = await self._catalogue.get(session_id)
        except NotFound as error:
            raise NoLongerNeeded(str(error)) from error
        now = self._clock.now()
        if session.is_cancelled or session.has_started(now):
            raise NoLongerNeeded("the session is cancelled, or has begun")
        card = cards.planned_card(
            idea, session, zone=person.zone(self._zone), now=now, page=self._page(session)
        )
        return await self._telling.tell(delivery, person, card)
