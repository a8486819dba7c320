"""Writing to one person in their own chat, whatever it is about."""

from __future__ import annotations

from cards.kit import Card
from jobs.deliver import NoLongerNeeded, check
from learning.people import NO_CHAT, Person
from services.people import PeopleService
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Unreachable


class Telling:
    def __init__(self, people: PeopleService, messenger: Messenger) -> None:
        self._people = people
        self._messenger = messenger

    async def whom(self, delivery: Delivery) -> Person:
        """The person whom the row names, as they are now. Raises NoLongerNeeded."""
        person_id = delivery.notice.person_id
        person = await self._people.find(person_id) if person_id else None
        if person is None:
            raise NoLongerNeeded("the person is gone")
        return person

    async def tell(self, delivery: Delivery, person: Person, card: Card) -> str:
        """The id of what was sent. Who turns out to be out of reach is kept as such: Unreachable."""
        if person.address is None or person.unreachable:
            raise Unreachable(person.unreachable or NO_CHAT)
        check(delivery)
        try:
            return await self._messenger.send(person.address, card)
        except Unreachable as error:
            await self._people.cannot_reach(person.id, str(error))
            raise
