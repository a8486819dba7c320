"""Microsoft Graph: the group chats of action learning sets. The app makes them and is in none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from integrations.graph import Guarded, options
from learning.people import PersonId
from services.ports.systems import Unavailable

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

LONGEST_TOPIC = 250


class GraphChats:
    """Needs Chat.Create."""

    def __init__(self, graph: Guarded, base_url: str) -> None:
        self._graph = graph
        self._base_url = base_url.rstrip("/")

    async def create(self, topic: str, people: Sequence[PersonId]) -> str:
        async def ask(client: GraphServiceClient) -> str:
            made = await client.chats.post(
                new_chat(topic, people, self._base_url),
                request_configuration=options(calendar=False),
            )
            if made is None or not made.id:
                raise Unavailable("Graph: no chat in the answer")
            return made.id

        return await self._graph.call(ask)


def new_chat(topic: str, people: Sequence[PersonId], base_url: str) -> Any:
    """Everybody in it is an owner, as in any chat that people make themselves."""
    from msgraph.generated.models.aad_user_conversation_member import AadUserConversationMember
    from msgraph.generated.models.chat import Chat
    from msgraph.generated.models.chat_type import ChatType

    return Chat(
        chat_type=ChatType.Group,
        topic=topic.replace(":", " ")[:LONGEST_TOPIC],  # Teams refuses a colon in it
        members=[
            AadUserConversationMember(
                odata_type="#microsoft.graph.aadUserConversationMember",
                roles=["owner"],
                additional_data={"user@odata.bind": f"{base_url}/users('{person_id}')"},
            )
            for person_id in dict.fromkeys(people)
        ],
    )
