"""Microsoft Graph: who works here, by name or address."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from integrations.graph import Guarded, options
from learning.people import Person, PersonId
from services.ports.systems import Missing

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

SELECT = ["id", "displayName", "mail", "userPrincipalName"]
USER = "#microsoft.graph.user"
PAGE = 100
IS_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


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

    async def in_group(self, group: str) -> list[Person]:
        """Needs GroupMember.Read.All besides."""
        group_id = group if IS_ID.fullmatch(group) else await self._graph.call(_the_group(group))

        async def ask(client: GraphServiceClient) -> list[Person]:
            from msgraph.generated.groups.item.transitive_members import (
                transitive_members_request_builder as members,
            )

            builder_of = members.TransitiveMembersRequestBuilder
            query = builder_of.TransitiveMembersRequestBuilderGetQueryParameters(
                select=SELECT, top=PAGE
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
            return [_person(m) for m in found if m.id and m.odata_type == USER]

        return await self._graph.call(ask)


def _the_group(name: str) -> Callable[[GraphServiceClient], Awaitable[str]]:
    """The id of the one group of this name. Raises Missing where it is not one."""

    async def ask(client: GraphServiceClient) -> str:
        from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder

        same = name.replace("'", "''")
        query = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters(
            filter=f"displayName eq '{same}'", select=["id"], top=2
        )
        found = await client.groups.get(request_configuration=options(query, calendar=False))
        groups = (found.value or []) if found else []
        if len(groups) != 1 or not groups[0].id:
            raise Missing("no group of this name, or more than one")
        return groups[0].id

    return ask


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
