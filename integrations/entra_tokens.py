"""Tokens that Entra signed for people: its keys, and what must be so of every such token."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from typing import Any

import aiohttp
import jwt
import structlog

from integrations.entra import MICROSOFT
from services.ports.sign_in import NotSignedIn, Why
from services.ports.systems import Unavailable

log = structlog.get_logger()

ALGORITHM = "RS256"
LEEWAY = 60
"""Seconds by which clocks may differ."""

LARGEST = 6_000
"""Characters of a token; Entra's have some 2,000."""

KEYS_LAST = 24 * 3600
KEYS_REST = 300
"""Seconds for which keys are kept, and in which an unknown key id asks for them only once."""

TIMEOUT = aiohttp.ClientTimeout(total=10)


class EntraKeys:
    """The tenant's signing keys, fetched when needed by one request at a time."""

    def __init__(self, http: aiohttp.ClientSession, authority: str, tenant_id: str) -> None:
        self._http = http
        self._url = f"{authority.rstrip('/')}/{tenant_id}/discovery/v2.0/keys"
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at = -float(KEYS_LAST)
        self._lock = asyncio.Lock()

    async def get(self, key_id: str) -> jwt.PyJWK:
        """Raises NotSignedIn for a key that Entra does not have, Unavailable where it does not answer."""
        asked_at = time.monotonic()
        if self._is_stale(key_id, asked_at):
            async with self._lock:
                if self._is_stale(key_id, asked_at) and self._fetched_at < asked_at:
                    await self._fetch()
        if not self._keys:
            raise Unavailable("Entra: no signing keys")
        if key_id not in self._keys:
            raise NotSignedIn("unknown signing key")
        return self._keys[key_id]

    def _is_stale(self, key_id: str, now: float) -> bool:
        age = now - self._fetched_at
        return age > KEYS_LAST or (key_id not in self._keys and (age > KEYS_REST or not self._keys))

    async def _fetch(self) -> None:
        """Where this fails, those of the last time stay in use."""
        try:
            async with self._http.get(self._url, timeout=TIMEOUT) as response:
                response.raise_for_status()
                self._keys = _keys(await response.json(content_type=None))
        except (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError) as error:
            log.error("Entra's signing keys not available", error=type(error).__name__)
        finally:
            self._fetched_at = time.monotonic()


def _keys(document: Any) -> dict[str, jwt.PyJWK]:
    """RSA keys by id; any other is passed over. Raises ValueError when there is none."""
    keys: dict[str, jwt.PyJWK] = {}
    for entry in document["keys"]:
        try:
            if entry["kty"] == "RSA":
                keys[str(entry["kid"])] = jwt.PyJWK(entry, algorithm=ALGORITHM)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            log.warning("signing key passed over", error=type(error).__name__)
    if not keys:
        raise ValueError("no signing keys")
    return keys


class EntraTokens:
    """Expiry is judged by the machine's clock, as the signature's time is real whatever ours says."""

    def __init__(self, http: aiohttp.ClientSession, authority: str, tenant_id: str) -> None:
        """Without a tenant there is nobody whom we could know for one of ours."""
        self._keys = EntraKeys(http, authority, tenant_id)
        self._tenant_id = tenant_id.casefold()
        self._issuers = {
            f"{MICROSOFT}/{self._tenant_id}/v2.0",
            f"{authority.rstrip('/')}/{self._tenant_id}/v2.0",  # of a national cloud
            f"https://sts.windows.net/{self._tenant_id}/",
        }

    async def claims(self, token: str, audiences: Collection[str]) -> dict[str, Any]:
        """What it says, once it is known to be Entra's, in force, for us and of somebody of ours.

        Raises NotSignedIn, Unavailable.
        """
        if not self._tenant_id:
            raise NotSignedIn("no tenant is set")
        if len(token) > LARGEST:
            raise NotSignedIn("token too long")
        try:
            key_id = jwt.get_unverified_header(token).get("kid", "")
            claims: dict[str, Any] = jwt.decode(
                token,
                await self._keys.get(str(key_id)),
                algorithms=[ALGORITHM],
                leeway=LEEWAY,
                options={"require": ["exp", "nbf", "iss", "aud"], "verify_aud": False},
            )
        except jwt.PyJWTError as error:
            raise NotSignedIn(type(error).__name__) from error
        self._check(claims, audiences)
        return claims

    def _check(self, claims: Mapping[str, Any], audiences: Collection[str]) -> None:
        if _small(claims, "tid") != self._tenant_id or _small(claims, "iss") not in self._issuers:
            raise NotSignedIn("token of another tenant", Why.FOREIGN)
        if _small(claims, "aud") not in {each.casefold() for each in audiences}:
            raise NotSignedIn("token for somebody else")
        if not _small(claims, "oid") or claims.get("idtyp") == "app":
            raise NotSignedIn("token of no person")


def _small(claims: Mapping[str, Any], name: str) -> str:
    """The claim in small letters, '' where it is missing or is no text."""
    value = claims.get(name)
    return value.casefold() if isinstance(value, str) else ""
