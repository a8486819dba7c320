"""Microsoft Graph: which account has an address, and who is in a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.graph import Guarded, options
from learning.people import PersonId

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

USER = "#microsoft.graph.user"
PAGE = 100


class GraphStaff:
    """The Staff of one tenant."""

    def __init__(self, graph: Guarded) -> None:
        self._graph = graph

    async def by_email(self, email: str) -> PersonId | None:
        """An address that two accounts have is nobody's."""

        async def ask(client: GraphServiceClient) -> PersonId | None:
            from msgraph.generated.users.users_request_builder import UsersRequestBuilder

            same = email.replace("'", "''")
            query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
                filter=f"mail eq '{same}' or userPrincipalName eq '{same}'", select=["id"], top=2
            )
            found = await client.users.get(request_configuration=options(query, calendar=False))
            users = (found.value or []) if found else []
            if len(users) != 1 or not users[0].id:
                return None
            return PersonId(users[0].id.casefold())

        return await self._graph.call(ask)

    async def members(self, group_id: str) -> list[PersonId]:
        """People in a group and in the groups in it."""

        async def ask(client: GraphServiceClient) -> list[PersonId]:
            from msgraph.generated.groups.item.transitive_members import (
                transitive_members_request_builder as members,
            )

            builder_of = members.TransitiveMembersRequestBuilder
            query = builder_of.TransitiveMembersRequestBuilderGetQueryParameters(
                select=["id"], top=PAGE
            )
            builder = client.groups.by_group_id(group_id).transitive_members
            page = await builder.get(request_configuration=options(query, calendar=False))
            found: list[Any] = []
            while page is not None:
                found += page.value or []
                if not page.odata_next_link:
                    break
                page = await builder.with_url(page.odata_next_link).get(
                    request_configuration=options(calendar=False)
                )
            return [PersonId(m.id.casefold()) for m in found if m.id and m.odata_type == USER]

        return await self._graph.call(ask)
