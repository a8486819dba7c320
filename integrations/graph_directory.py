"""Microsoft Graph: who people are, and which groups they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.graph import Guarded, options
from learning.people import Person, PersonId

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient


class GraphDirectory:
    """Who people are, and which groups they are in."""

    def __init__(self, graph: Guarded) -> None:
        self._graph = graph

    async def email_of(self, person: Person) -> str:
        async def ask(client: GraphServiceClient) -> str:
            from msgraph.generated.users.item.user_item_request_builder import (
                UserItemRequestBuilder,
            )

            query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(
                select=["id", "mail", "userPrincipalName"]
            )
            user = await client.users.by_user_id(person.id).get(
                request_configuration=options(query, calendar=False)
            )
            return (user.mail or user.user_principal_name or "") if user else ""

        return await self._graph.call(ask)

    async def is_member(self, person_id: PersonId, group_id: str) -> bool:
        async def ask(client: GraphServiceClient) -> bool:
            from msgraph.generated.users.item.check_member_groups import (
                check_member_groups_post_request_body as body,
            )

            answer = await client.users.by_user_id(person_id).check_member_groups.post(
                body.CheckMemberGroupsPostRequestBody(group_ids=[group_id]),
                request_configuration=options(calendar=False),
            )
            groups = (answer.value or []) if answer else []
            return group_id.casefold() in {g.casefold() for g in groups}

        return await self._graph.call(ask)

    async def owns_team(self, person: Person, team_group_id: str) -> bool:
        async def ask(client: GraphServiceClient) -> bool:
            owners = await client.groups.by_group_id(team_group_id).owners.get(
                request_configuration=options(calendar=False)
            )
            found = (owners.value or []) if owners else []
            return any((o.id or "").casefold() == person.id for o in found)

        return await self._graph.call(ask)
