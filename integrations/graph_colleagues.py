"""Microsoft Graph: who works here, by name or address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.graph import Guarded, options
from learning.people import Person, PersonId
from services.ports.systems import Missing

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

SELECT = ["id", "displayName", "mail", "userPrincipalName"]


class GraphColleagues:
    """Needs User.ReadBasic.All."""

    def __init__(self, graph: Guarded) -> None:
        self._graph = graph

    async def called(self, words: str, limit: int) -> list[Person]:
        async def ask(client: GraphServiceClient) -> list[Person]:
            from msgraph.generated.users.users_request_builder import UsersRequestBuilder

            query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
                filter=wanted(words), select=SELECT, top=limit
            )
            found = await client.users.get(request_configuration=options(query, calendar=False))
            users = (found.value or []) if found else []
            return [_person(user) for user in users if user.id]

        people = await self._graph.call(ask)
        return sorted(people, key=lambda p: (p.name.casefold(), p.id))

    async def find(self, person_id: PersonId) -> Person | None:
        async def ask(client: GraphServiceClient) -> Person | None:
            from msgraph.generated.users.item.user_item_request_builder import (
                UserItemRequestBuilder,
            )

            query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=SELECT)
            user = await client.users.by_user_id(person_id).get(
                request_configuration=options(query, calendar=False)
            )
            return _person(user) if user and user.id else None

        try:
            return await self._graph.call(ask)
        except Missing:
            return None


def wanted(words: str) -> str:
    """A filter that Graph takes without its advanced queries: one `or` of starts and addresses."""
    said = words.replace("'", "''")
    starts = [f"startswith({name},'{said}')" for name in ("displayName", "givenName", "surname")]
    return " or ".join([*starts, f"mail eq '{said}'", f"userPrincipalName eq '{said}'"])


def _person(user: Any) -> Person:
    return Person(
        id=PersonId(user.id.casefold()),
        name=(user.display_name or "")[:300],
        email=(user.mail or user.user_principal_name or "")[:320],
    )
