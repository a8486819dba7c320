"""Signing in with a browser outside Teams: Entra's authorisation code flow with PKCE, by MSAL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import requests
from msal import ConfidentialClientApplication
from msal.exceptions import MsalError

from integrations.entra import AppCredential, client
from learning.people import PersonId
from services.ports.sign_in import Begun, NotSignedIn, SignedIn
from services.ports.systems import Unavailable


class EntraWebSignIn:
    """MSAL's calls block, so they run in a thread. Of what comes back only the ID token is used."""

    def __init__(self, credential: AppCredential, back: str) -> None:
        """`back`: the address that a browser comes back to, as the app registration has it."""
        self._credential = credential
        self._back = back
        self._app: ConfidentialClientApplication | None = None

    async def begin(self) -> Begun:
        flow = await asyncio.to_thread(self._asked, self._begin)
        return Begun(address=str(flow["auth_uri"]), kept={"flow": json.dumps(flow)})

    async def finish(self, kept: Mapping[str, str], answer: Mapping[str, str]) -> SignedIn:
        flow = json.loads(kept["flow"])
        told = await asyncio.to_thread(self._asked, partial(self._finish, flow, answer))
        claims = told.get("id_token_claims")
        if not isinstance(claims, dict):
            raise NotSignedIn(f"Entra: {told.get('error', 'no ID token')}")
        given = cast("dict[str, Any]", claims)
        if given.get("tid") != self._credential.tenant_id or not given.get("oid"):
            raise NotSignedIn("Entra: somebody of another organisation")
        return SignedIn(
            person_id=PersonId(str(given["oid"])),
            name=str(given.get("name", "")),
            email=str(given.get("preferred_username", "")),
            tenant_id=str(given["tid"]),
        )

    def _begin(self, app: ConfidentialClientApplication) -> dict[str, Any]:
        return cast(
            "dict[str, Any]",
            app.initiate_auth_code_flow([], redirect_uri=self._back, response_mode="query"),
        )

    def _finish(
        self, flow: dict[str, Any], answer: Mapping[str, str], app: ConfidentialClientApplication
    ) -> dict[str, Any]:
        try:
            return cast("dict[str, Any]", app.acquire_token_by_auth_code_flow(flow, dict(answer)))
        except ValueError as error:  # another state than the one that we gave, or another nonce
            raise NotSignedIn("Entra: the answer is to another question") from error

    def _asked(
        self, ask: Callable[[ConfidentialClientApplication], dict[str, Any]]
    ) -> dict[str, Any]:
        try:
            self._app = self._app or client(self._credential)
            return ask(self._app)
        except (requests.RequestException, MsalError, ValueError) as error:
            self._app = None
            raise Unavailable(f"Entra: {type(error).__name__}") from error
