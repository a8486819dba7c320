"""The organisation's app registrations as Graph tells of them."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.support.graph_calls import Call, GraphRefused, Handler, Reply

SCOPE = str(uuid5(NAMESPACE_URL, "access_as_user"))
TEAMS = ("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346")


def a_registration(app_id: str, site: str) -> dict[str, Any]:
    """One that lacks nothing; `site` is our public address."""
    return {
        "appId": app_id,
        "identifierUris": [f"api://{site.removeprefix('https://')}/botid-{app_id}"],
        "api": {
            "requestedAccessTokenVersion": 2,
            "oauth2PermissionScopes": [
                {"id": SCOPE, "value": "access_as_user", "isEnabled": True, "type": "User"}
            ],
            "preAuthorizedApplications": [
                {"appId": client, "delegatedPermissionIds": [SCOPE]} for client in TEAMS
            ],
        },
        "web": {"redirectUris": [f"{site}/hub/signed-in"]},
    }


@dataclass(slots=True)
class Registrations:
    """`apps` has what is registered here by its app id."""

    apps: dict[str, dict[str, Any]] = field(default_factory=dict)

    def handlers(self) -> dict[str, Handler]:
        return {"GET /applications": self._find}

    def _find(self, call: Call) -> Reply:
        wanted = re.fullmatch(r"appId eq '([^']*)'", call.query.get("$filter", ""))
        if wanted is None:
            raise GraphRefused(400, "Request_UnsupportedQuery", "The filter cannot be read.")
        found = self.apps.get(wanted[1])
        kept = {k: v for k, v in (found or {}).items() if not call.select or k in call.select}
        return Reply(body={"value": [kept] if found else []})
