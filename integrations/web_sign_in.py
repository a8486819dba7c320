"""Signing in with a browser outside Teams: Entra's authorisation code flow with PKCE, by MSAL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import requests
from msal import ConfidentialClientApplication, TokenCache
from msal.exceptions import MsalError
from typing_extensions import override

from integrations.entra import TIMEOUT, AppCredential, client
from integrations.entra_tokens import EntraTokens
from learning.people import PersonId
from services.ports.sign_in import Begun, NotSignedIn, SignedIn, Why
from services.ports.systems import Unavailable

AT_ONCE = 3
"""Sign-ins that may wait for Entra in a thread each, of the few that there are."""

DECLINED = frozenset({"access_denied", "consent_required"})
PASSING = frozenset({"temporarily_unavailable", "server_error"})

App = ConfidentialClientApplication


class EntraWebSignIn:
    """MSAL's calls block, so they run in a thread. It checks state, nonce and PKCE; of what comes back
    only the ID token is used, which MSAL leaves unchecked, and nothing of it is kept.
    """

    def __init__(
        self,
        credential: AppCredential,
        tokens: EntraTokens,
        back: str,
        *,
        patience: float = TIMEOUT + 5.0,
    ) -> None:
        """`back`: the address that a browser comes back to, as the app registration has it.

        `patience`: seconds for which somebody who signs in waits for Entra.
        """
        self._credential = credential
        self._tokens = tokens
        self._back = back
        self._patience = patience
        self._app: App | None = None
        self._room = asyncio.Semaphore(AT_ONCE)

    async def begin(self) -> Begun:
        flow = await self._asked(self._begin)
        kept = {name: part for name, part in flow.items() if name != "auth_uri"}
        return Begun(address=str(flow["auth_uri"]), kept={"flow": json.dumps(kept)})

    async def finish(self, kept: Mapping[str, str], answer: Mapping[str, str]) -> SignedIn:
        flow = json.loads(kept["flow"])
        told = await self._asked(partial(self._finish, flow, answer))
        token = told.get("id_token")
        if not isinstance(token, str):
            raise _refusal(str(told.get("error") or "no ID token")[:60])
        claims = await self._tokens.claims(token, [self._credential.app_id])
        return SignedIn(
            person_id=PersonId(str(claims["oid"]).casefold()),
            name=str(claims.get("name") or ""),
            email=str(claims.get("preferred_username") or ""),
            tenant_id=str(claims["tid"]),
        )

    def _begin(self, app: App) -> dict[str, Any]:
        return cast(
            "dict[str, Any]",
            app.initiate_auth_code_flow([], redirect_uri=self._back, response_mode="form_post"),
        )

    def _finish(self, flow: dict[str, Any], answer: Mapping[str, str], app: App) -> dict[str, Any]:
        try:
            return cast("dict[str, Any]", app.acquire_token_by_auth_code_flow(flow, dict(answer)))
        except (ValueError, RuntimeError) as error:  # another state than ours, or another nonce
            raise NotSignedIn("Entra: the answer is to another question", Why.STALE) from error

    async def _asked(self, ask: Callable[[App], dict[str, Any]]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._patience), self._room:
                return await asyncio.to_thread(self._ask, ask)
        except TimeoutError as error:
            raise Unavailable("Entra: no answer in time") from error

    def _ask(self, ask: Callable[[App], dict[str, Any]]) -> dict[str, Any]:
        try:
            app = self._app or client(
                self._credential, token_cache=Forgetful(), exclude_scopes=["offline_access"]
            )
            self._app = app
            return ask(app)
        except (requests.RequestException, MsalError, ValueError) as error:
            self._app = None
            raise Unavailable(f"Entra: {type(error).__name__}") from error


class Forgetful(TokenCache):
    """Keeps nobody's tokens: who has signed in is in their own cookie."""

    @override
    def add(self, event: Any, now: Any = None) -> None:
        pass


def _refusal(error: str) -> Exception:
    if error in PASSING:
        return Unavailable(f"Entra: {error}")
    if error in DECLINED:
        return NotSignedIn(f"Entra: {error}", Why.DECLINED)
    return NotSignedIn(f"Entra: {error}", Why.STALE if error == "invalid_grant" else Why.OTHER)
