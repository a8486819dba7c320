"""Microsoft Graph: the organisation's app catalogue, and adding the bot for people."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from integrations.graph import Guarded, options
from learning.people import PersonId
from services.ports.systems import Conflict, NotOffered, Rejected

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient


class GraphApps:
    """Needs AppCatalog.Read.All and TeamsAppInstallation.ReadWriteSelfForUser.All."""

    def __init__(self, graph: Guarded, base_url: str, manifest_id: str) -> None:
        self._graph = graph
        self._base_url = base_url
        self._manifest_id = manifest_id
        self._catalogue_id = ""
        self._lock = asyncio.Lock()

    async def install(self, person_id: PersonId) -> None:
        app_id = await self._app_id()

        async def ask(client: GraphServiceClient) -> None:
            from msgraph.generated.models.user_scope_teams_app_installation import (
                UserScopeTeamsAppInstallation,
            )

            app = f"{self._base_url}/appCatalogs/teamsApps/{app_id}"
            await client.users.by_user_id(person_id).teamwork.installed_apps.post(
                UserScopeTeamsAppInstallation(additional_data={"teamsApp@odata.bind": app}),
                request_configuration=options(calendar=False),
            )

        try:
            await self._graph.call(ask)
        except Conflict:
            return  # they have it already

    async def check(self, user: str) -> None:
        """Look up the app, and this user's apps if there is one; nothing is changed.

        Raises Unavailable, Rejected or NotOffered.
        """
        app_id = await self._app_id()
        if not user:
            return

        async def ask(client: GraphServiceClient) -> None:
            from msgraph.generated.users.item.teamwork.installed_apps import (
                installed_apps_request_builder as apps,
            )

            builder = apps.InstalledAppsRequestBuilder
            query = builder.InstalledAppsRequestBuilderGetQueryParameters(
                filter=f"teamsApp/id eq '{app_id}'", expand=["teamsApp"]
            )
            await client.users.by_user_id(user).teamwork.installed_apps.get(
                request_configuration=options(query, calendar=False)
            )

        await self._graph.call(ask)

    async def _app_id(self) -> str:
        """The app's id in the catalogue: not the manifest's own, and the same for ever."""
        async with self._lock:
            if not self._catalogue_id:
                self._catalogue_id = await self._look_up()
            return self._catalogue_id

    async def _look_up(self) -> str:
        async def ask(client: GraphServiceClient) -> str:
            from msgraph.generated.app_catalogs.teams_apps.teams_apps_request_builder import (
                TeamsAppsRequestBuilder,
            )

            query = TeamsAppsRequestBuilder.TeamsAppsRequestBuilderGetQueryParameters(
                filter=f"externalId eq '{self._manifest_id}'"
            )
            found = await client.app_catalogs.teams_apps.get(
                request_configuration=options(query, calendar=False)
            )
            apps = (found.value or []) if found else []
            return (apps[0].id or "") if apps else ""

        try:
            app_id = await self._graph.call(ask)
        except Rejected as error:
            raise NotOffered(str(error)) from error
        if not app_id:
            raise NotOffered("the app is not in the organisation's catalogue")
        return app_id
