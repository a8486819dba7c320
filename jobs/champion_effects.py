"""Telling champions that they are, and each week what to promote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from cards import champions as cards
from jobs.deliver import Effect, NoLongerNeeded
from jobs.telling import Telling
from learning.errors import LearningError
from learning.notices import Kind
from learning.people import Address
from services.champions import ChampionService
from services.first_contact import FirstContact
from services.people import PeopleService
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger


class ChampionEffects:
    """Nothing in the row is trusted: who is a champion, and of what, is read again."""

    def __init__(
        self,
        champions: ChampionService,
        people: PeopleService,
        first_contact: FirstContact,
        messenger: Messenger,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._champions = champions
        self._telling = Telling(people, messenger)
        self._first_contact = first_contact
        self._zone = zone

    def table(self) -> Mapping[Kind, Effect]:
        return {Kind.CHAMPION_NAMED: self._named, Kind.CHAMPION_CARD: self._card}

    async def _named(self, delivery: Delivery) -> str:
        """Somebody who never had the app has it added, as they have something to do with it now."""
        person, told = await self._telling.whom(delivery), delivery.notice.payload
        if told["group"] not in await self._champions.groups_of(person.id):
            raise NoLongerNeeded("no longer a champion")
        if person.address is None and told["near"]:
            near = Address(conversation_id="", **told["near"])
            address = await self._first_contact.bring_about(person, near)
            person = replace(person, address=address, unreachable="")
        return await self._telling.tell(delivery, person, cards.named_card(told["group"]))

    async def _card(self, delivery: Delivery) -> str:
        person = await self._telling.whom(delivery)
        if not person.wants_nudges:
            raise NoLongerNeeded("nudges are off")
        week = date.fromisoformat(delivery.notice.payload["week"])
        if not self._champions.is_still_due(week, person):
            raise NoLongerNeeded("the week is over")
        try:
            promotion = await self._champions.promotion(person.id)
        except LearningError as error:
            raise NoLongerNeeded("no longer a champion") from error
        if not promotion.sessions:
            raise NoLongerNeeded("nothing is left to promote")
        card = cards.promotion_card(promotion, zone=person.zone(self._zone))
        return await self._telling.tell(delivery, person, card)
