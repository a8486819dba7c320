"""Zoom's tokens for a server-to-server app: fetched when needed, kept until shortly before their end."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp

from integrations.rest import LARGEST, TIMEOUT
from services.ports.clocks import Steady
from services.ports.systems import Rejected, Unavailable

MARGIN = 60.0
"""Seconds before its end from which a token is replaced."""


class SignInRefused(Rejected):
    """Zoom does not accept the account, the client id or the secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoomApp:
    """The server-to-server app, as Zoom's marketplace shows it."""

    token_url: str
    account_id: str
    client_id: str
    client_secret: str = field(repr=False)


class ZoomTokens:
    """One at a time is fetched, however many wait for it. There is no refresh: one asks again."""

    def __init__(self, http: aiohttp.ClientSession, app: ZoomApp, steady: Steady) -> None:
        self._http = http
        self._app = app
        self._steady = steady
        self._token = ""
        self._ends_at = 0.0
        self._lock = asyncio.Lock()
        self.scopes: frozenset[str] = frozenset()
        """What the last token allows."""

    async def __call__(self, refused: bool = False) -> str:
        """A token that is valid for a while. Raises Unavailable or SignInRefused."""
        last = self._token
        async with self._lock:
            is_new = self._token != last
            if (refused and not is_new) or self._steady() >= self._ends_at - MARGIN:
                await self._fetch()
            return self._token

    async def _fetch(self) -> None:
        asked_at = self._steady()
        answer = await self._ask()
        self._token = str(answer["access_token"])
        self._ends_at = asked_at + float(answer.get("expires_in", 3600))
        self.scopes = frozenset(str(answer.get("scope", "")).split())

    async def _ask(self) -> dict[str, Any]:
        app = self._app
        try:
            async with self._http.post(
                app.token_url,
                data={"grant_type": "account_credentials", "account_id": app.account_id},
                headers={
                    "Authorization": aiohttp.encode_basic_auth(app.client_id, app.client_secret)
                },
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as response:
                status, said = response.status, await response.content.read(LARGEST)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unavailable(f"Zoom sign-in: {type(error).__name__}") from error
        answer = _object(said)
        if status == 200 and answer.get("access_token"):
            return answer
        if status in (400, 401, 403):
            raise SignInRefused(
                f"Zoom sign-in: {status} {str(answer.get('error', ''))[:40]}".strip()
            )
        raise Unavailable(f"Zoom sign-in: {status}")


def _object(said: bytes) -> dict[str, Any]:
    try:
        told: Any = json.loads(said)
    except ValueError:
        return {}
    return cast("dict[str, Any]", told) if isinstance(told, dict) else {}
