"""Microsoft Graph: the app's own registration, as far as signing in to the pages needs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from integrations.graph_json import GraphJson

SELECT = "appId,identifierUris,api,web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """`clients` may ask for it without anybody being asked."""

    is_enabled: bool
    clients: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """`scopes` has each by its name."""

    uris: tuple[str, ...]
    redirects: tuple[str, ...]
    scopes: Mapping[str, Scope]


class GraphRegistration:
    """Needs Application.Read.All."""

    def __init__(self, graph: GraphJson) -> None:
        self._graph = graph

    async def of_app(self, app_id: str) -> Registration | None:
        """None where it is not registered in this tenant. Raises Unavailable or Rejected."""
        wanted = quote(f"appId eq '{app_id}'", safe="'")
        found = await self._graph.ask("GET", f"/applications?$filter={wanted}&$select={SELECT}")
        apps: list[dict[str, Any]] = found.get("value") or []
        return _registration(apps[0]) if apps else None


def _registration(app: Mapping[str, Any]) -> Registration:
    api: dict[str, Any] = app.get("api") or {}
    web: dict[str, Any] = app.get("web") or {}
    scopes: list[dict[str, Any]] = api.get("oauth2PermissionScopes") or []
    uris: list[str] = app.get("identifierUris") or []
    redirects: list[str] = web.get("redirectUris") or []
    return Registration(
        uris=tuple(uris),
        redirects=tuple(redirects),
        scopes={
            str(scope.get("value")): Scope(
                is_enabled=bool(scope.get("isEnabled")), clients=_allowed(api, scope.get("id"))
            )
            for scope in scopes
        },
    )


def _allowed(api: Mapping[str, Any], scope_id: Any) -> Collection[str]:
    clients: list[dict[str, Any]] = api.get("preAuthorizedApplications") or []
    return frozenset(
        str(client.get("appId")).casefold()
        for client in clients
        if scope_id in (client.get("delegatedPermissionIds") or ())
    )
