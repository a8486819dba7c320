"""Getting an answer to where it belongs: nothing personal is shown in a channel."""

from __future__ import annotations

import structlog
from botbuilder.core import TurnContext
from botbuilder.schema import Activity, Attachment

from bot import identity
from bot.messenger import CARD
from cards.kit import Card
from dialogs.reply import Asker, Reply
from learning.people import Address
from services.people import PeopleService
from services.ports import Messenger, Rejected, Unavailable

log = structlog.get_logger()

ANSWERED = "I've answered you in our own chat."
NO_CHAT = "I can't write to you yet: add Learnweek to your own chats, then ask me there."


class Replies:
    def __init__(self, messenger: Messenger, people: PeopleService) -> None:
        self._messenger = messenger
        self._people = people

    async def send(self, turn: TurnContext, asker: Asker, reply: Reply) -> None:
        """Answer in this conversation, or in the person's own chat if it is for their eyes."""
        if reply.private and asker.in_public:
            await turn.send_activity(await self.privately(turn, asker, reply.card))
        else:
            await turn.send_activity(card_message(reply.card))

    async def privately(self, turn: TurnContext, asker: Asker, card: Card) -> str:
        """Send to the person's own chat; returns the line to say where they asked."""
        try:
            address = asker.person.address or await self._open(turn, asker)
            await self._messenger.send(address, card)
        except (Rejected, Unavailable) as error:
            log.info("no own chat", person=asker.person.id, reason=str(error))
            return NO_CHAT
        return ANSWERED

    async def _open(self, turn: TurnContext, asker: Asker) -> Address:
        near = identity.address_of(turn.activity)
        address = await self._messenger.open_chat(asker.person, near)
        await self._people.moved(asker.person.id, address)
        return address


def card_message(card: Card) -> Activity:
    """The card as a message; its summary is what the notification shows."""
    return Activity(
        type="message",
        summary=card.summary,
        attachments=[Attachment(content_type=CARD, content=card.content)],
    )
