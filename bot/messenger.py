"""Writing to people and channels unasked, and opening their chats."""

from __future__ import annotations

from typing import Any

from bot.connector import Connector, conversation_path
from learning.people import Address, Person
from learning.profiles import is_in_directory
from services.ports.systems import Message, NotInstalled, Unreachable

CARD = "application/vnd.microsoft.card.adaptive"
NOT_INSTALLED = frozenset({"ForbiddenOperationException", "BotNotInConversationRoster"})
"""What Teams says when a chat is to be opened with somebody who has not got the app."""


def card_activity(message: Message) -> dict[str, Any]:
    """A message activity as Teams takes it; `summary` is what the notification shows."""
    return {
        "type": "message",
        "summary": message.summary,
        "attachments": [{"contentType": CARD, "content": message.content}],
    }


class TeamsMessenger:
    """The Messenger that speaks to Teams. The outbox tries again, so this does not."""

    def __init__(self, connector: Connector, *, bot_id: str) -> None:
        self._connector = connector
        self._bot = {"id": bot_id, "name": "Learnweek", "role": "bot"}

    async def send(self, address: Address, message: Message) -> str:
        activity = card_activity(message) | {
            "from": self._bot,
            "conversation": {"id": address.conversation_id, "tenantId": address.tenant_id},
            "channelId": "msteams",
            "serviceUrl": address.service_url,
        }
        path = conversation_path(address.conversation_id, "activities")
        answer = await self._connector.post(address.service_url, path, activity, attempts=1)
        return str(answer.get("id") or "")

    async def open_chat(self, person: Person, near: Address) -> Address:
        """The person's own chat; `near` is any conversation of the same tenant and service.

        Who never wrote is known by their Entra account, and Teams takes that for their own chat.
        """
        member = person.teams_id or (person.id if is_in_directory(person.id) else "")
        if not member:
            raise Unreachable("no Teams account known")
        chat = {
            "isGroup": False,
            "bot": self._bot,
            "members": [{"id": member}],
            "tenantId": near.tenant_id,
            "channelData": {"tenant": {"id": near.tenant_id}},
        }
        try:
            answer = await self._connector.post(near.service_url, "v3/conversations", chat)
        except Unreachable as error:
            if str(error) in NOT_INSTALLED:
                raise NotInstalled(str(error)) from error
            raise
        conversation_id = str(answer.get("id") or "")
        if not conversation_id:
            raise Unreachable("Teams opened no chat")
        return Address(
            service_url=str(answer.get("serviceUrl") or near.service_url),
            conversation_id=conversation_id,
            tenant_id=near.tenant_id,
        )
