"""Showing people their action learning set, and bringing its calendar series and its chat about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import structlog

from cards import sets as cards
from dialogs.set_answers import buttons, shown
from jobs.deliver import Effect, NoLongerNeeded
from jobs.telling import Telling
from learning.errors import LearningError
from learning.notices import Kind
from learning.people import Address
from services.first_contact import FirstContact
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Rejected
from services.set_chats import SetChats
from services.set_series import SetSeries
from services.set_wishes import SetWishes

log = structlog.get_logger()


class SetEffects:
    """Nothing in a row is trusted: who is in which set is read again. None for a part that is off."""

    def __init__(
        self,
        wishes: SetWishes,
        series: SetSeries | None,
        chats: SetChats | None,
        people: PeopleService,
        first_contact: FirstContact,
        messenger: Messenger,
        clock: Clock,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._wishes = wishes
        self._series = series
        self._chats = chats
        self._telling = Telling(people, messenger)
        self._first_contact = first_contact
        self._clock = clock
        self._zone = zone

    def table(self) -> Mapping[Kind, Effect]:
        return {
            Kind.SET_CARD: self._card,
            Kind.SET_SERIES: self._bring_up_to_date,
            Kind.SET_CHAT: self._chat,
        }

    async def _card(self, delivery: Delivery) -> str:
        person, told = await self._telling.whom(delivery), delivery.notice.payload
        try:
            view = await self._wishes.view(person.id, int(told["set"]))
        except LearningError as error:
            raise NoLongerNeeded("no longer in this set") from error
        if person.address is None and told.get("near"):
            near = Address(conversation_id="", **told["near"])
            address = await self._first_contact.bring_about(person, near)
            person = replace(person, address=address, unreachable="")
        zone, now = person.zone(self._zone), self._clock.now()
        card = cards.set_card(
            shown(view),
            zone=zone,
            now=now,
            why=str(told.get("why", "")),
            more=buttons(view, person.id),
        )
        return await self._telling.tell(delivery, person, card)

    async def _bring_up_to_date(self, delivery: Delivery) -> str:
        if self._series is None:
            raise NoLongerNeeded("the calendar is off")
        if not await self._series.bring_up_to_date(int(delivery.notice.payload["set"])):
            raise NoLongerNeeded("already up to date")
        return ""

    async def _chat(self, delivery: Delivery) -> str:
        """A refusal is no fault: the set has a card and a calendar, and no chat."""
        if self._chats is None:
            raise NoLongerNeeded("chats are off")
        try:
            is_made = await self._chats.make(int(delivery.notice.payload["set"]))
        except Rejected as error:
            log.warning("no chat for a set", reason=str(error))
            raise NoLongerNeeded(f"chats are not permitted ({error})") from error
        if not is_made:
            raise NoLongerNeeded("already up to date")
        return ""
