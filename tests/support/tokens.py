"""The access tokens that were given out, to whom, and for what."""

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.support.now import now

GRAPH = "https://graph.microsoft.com/.default"
BOT = "https://api.botframework.com/.default"
ENGAGE = "https://www.yammer.com/access_as_user"
NOT_ACCESS = frozenset({"openid", "profile", "offline_access", "email"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One access token: its application or person, and the scope it is good for."""

    token: str
    scope: str
    tenant: str
    client_id: str
    username: str | None = None
    ends: float


@dataclass(slots=True, kw_only=True)
class DeviceCode:
    """A sign-in that waits for a person to type the code."""

    code: str
    user_code: str
    client_id: str
    scope: str
    state: str = "authorization_pending"
    username: str | None = None


@dataclass(slots=True)
class Tokens:
    """The ledger of what was issued; a stand-in asks it whether a bearer may pass.

    With `roles` the tokens for Graph say what the app was permitted, as Microsoft's do.
    """

    lifetime: float = 3599
    roles: list[str] | None = None
    issued: dict[str, Grant] = field(default_factory=dict)
    refreshing: dict[str, Grant] = field(default_factory=dict)
    devices: dict[str, DeviceCode] = field(default_factory=dict)

    def issue(
        self, scope: str, *, tenant: str, client_id: str, username: str | None = None
    ) -> Grant:
        grant = Grant(
            token=self._text(scope),
            scope=" ".join(each for each in scope.split() if each not in NOT_ACCESS),
            tenant=tenant,
            client_id=client_id,
            username=username,
            ends=now().timestamp() + self.lifetime,
        )
        self.issued[grant.token] = grant
        return grant

    def _text(self, scope: str) -> str:
        secret = secrets.token_urlsafe(24)
        if self.roles is None or scope != GRAPH:
            return secret
        claims = base64.urlsafe_b64encode(json.dumps({"roles": self.roles}).encode()).decode()
        return f"e30.{claims.rstrip('=')}.{secret}"

    def refresh_token(self, grant: Grant) -> str:
        """A token that gets a new grant, once."""
        token = "0." + secrets.token_urlsafe(24)
        self.refreshing[token] = grant
        return token

    def device(self, client_id: str, scope: str) -> DeviceCode:
        made = DeviceCode(
            code=secrets.token_urlsafe(16),
            user_code=secrets.token_hex(4).upper(),
            client_id=client_id,
            scope=scope,
        )
        self.devices[made.code] = made
        return made

    def allows(self, authorization: str | None, scope: str) -> bool:
        """Whether this Authorization header holds a live token for this scope."""
        kind, _, token = (authorization or "").partition(" ")
        grant = self.issued.get(token)
        return (
            kind == "Bearer"
            and grant is not None
            and scope in grant.scope.split()
            and now().timestamp() < grant.ends
        )

    def revoke(self) -> None:
        """From now on everybody has to sign in again."""
        self.issued.clear()
        self.refreshing.clear()


def refusal(error: str, number: int, why: str, **more: Any) -> dict[str, Any]:
    """The error body of the token endpoint."""
    return {
        "error": error,
        "error_description": f"AADSTS{number}: {why}",
        "error_codes": [number],
        "timestamp": "2026-05-18 08:00:00Z",
        "trace_id": secrets.token_hex(16),
        "correlation_id": secrets.token_hex(16),
        **more,
    }
