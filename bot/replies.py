"""Getting an answer to where it belongs: nothing personal is shown in a channel."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Self

import structlog
from botbuilder.core import TurnContext
from botbuilder.schema import Activity, Attachment

from bot import identity
from bot.messenger import CARD
from cards.kit import Card
from dialogs.reply import Asker, Reply
from learning.people import Address, Person
from services.first_contact import FirstContact
from services.people import PeopleService
from services.ports.systems import Messenger, NotInstalled, Rejected, Unavailable, Unreachable

log = structlog.get_logger()

ANSWERED = "I've answered you in our own chat."
NO_CHAT = "I can't write to you yet: add Learnweek to your own chats, then ask me there."
COMING = (
    "I can't write to you yet. I'm having Learnweek added to your chats and will answer there; "
    "if nothing comes, add it yourself and ask me again."
)


class Replies:
    def __init__(
        self, messenger: Messenger, people: PeopleService, first_contact: FirstContact
    ) -> None:
        self._messenger = messenger
        self._people = people
        self._first_contact = first_contact

    async def send(self, turn: TurnContext, asker: Asker, replies: Sequence[Reply]) -> None:
        """Answer in this conversation, or in the person's own chat what is for their eyes.

        That something went elsewhere is said once.
        """
        lines: list[str] = []
        for reply in replies:
            if reply.private and asker.in_public:
                lines.append(await self.privately(turn, asker, reply.card))
            else:
                await turn.send_activity(card_message(reply.card))
        for line in dict.fromkeys(lines):
            await turn.send_activity(line)

    async def privately(self, turn: TurnContext, asker: Asker, card: Card) -> str:
        """Send to the person's own chat; returns the line to say where they asked."""
        person, near = asker.person, identity.address_of(turn.activity)
        try:
            address = person.address or await self._open(person, near)
            await self._messenger.send(address, card)
        except (Rejected, Unavailable) as error:
            log.info("no own chat", person=person.id, reason=str(error))
            if isinstance(error, Unreachable):
                await self._people.cannot_reach(person.id, str(error))
            may_come = isinstance(error, NotInstalled | Unavailable)
            return COMING if may_come and await self.reach(turn, asker) else NO_CHAT
        if person.unreachable:
            await self._people.moved(person.id, address)
        return ANSWERED

    async def reach(self, turn: TurnContext, asker: Asker) -> bool:
        """Have a chat opened with somebody who booked elsewhere and has none; true if it may come."""
        if asker.person.address is not None:
            return False
        return await self._first_contact.ask(asker.person, identity.address_of(turn.activity))

    async def _open(self, person: Person, near: Address) -> Address:
        address = await self._messenger.open_chat(person, near)
        await self._people.moved(person.id, address)
        return address


def card_message(card: Card) -> Activity:
    """The card as a message; its summary is what the notification shows."""
    return Message(
        type="message",
        summary=card.summary,
        attachments=[Attachment(content_type=CARD, content=card.content)],
    )


class Message(Activity):
    """One whose parts nobody changes any more: the SDK copies each before it sends it."""

    def __deepcopy__(self, memo: object) -> Self:
        return copy(self)
