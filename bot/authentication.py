"""Who may speak to the bot: the channel's token on every activity, checked without blocking."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jwt
import structlog
from botbuilder.schema import Activity
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult
from botframework.connector.auth.connector_factory import ConnectorFactory
from botframework.connector.auth.user_token_client import UserTokenClient
from typing_extensions import override

log = structlog.get_logger()

ISSUER = "https://api.botframework.com"
LEEWAY = 300
"""Seconds by which clocks may differ; the Bot Framework's own allowance."""

KEYS_LAST = 24 * 3600
KEYS_REST = 300
"""Seconds for which keys are kept, and in which an unknown key id asks for them only once."""

REMEMBERED = 100
"""Tokens whose signatures are not computed again: Teams sends one with many activities."""

TIMEOUT = aiohttp.ClientTimeout(total=10)


class Unauthenticated(PermissionError):
    """Answered 401: we cannot tell who sent this."""


class Forbidden(PermissionError):
    """Answered 403: we can tell, and they may not."""


class SigningKeys:
    """The channel's signing keys, fetched when needed by one request at a time."""

    def __init__(self, http: aiohttp.ClientSession, metadata_url: str) -> None:
        self._http = http
        self._url = metadata_url
        self._keys: Mapping[str, tuple[jwt.PyJWK, Sequence[str]]] = {}
        self._fetched_at = -float(KEYS_LAST)
        self._lock = asyncio.Lock()

    @property
    def are_known(self) -> bool:
        return bool(self._keys)

    async def get(self, key_id: str) -> tuple[jwt.PyJWK, Sequence[str]]:
        """The key with this id and the channels that it may speak for. Raises Unauthenticated."""
        asked_at = time.monotonic()
        if self._is_stale(key_id, asked_at):
            async with self._lock:
                if self._is_stale(key_id, asked_at) and self._fetched_at < asked_at:
                    await self._fetch()
        if key_id not in self._keys:
            raise Unauthenticated("unknown signing key")
        return self._keys[key_id]

    async def warm_up(self) -> None:
        """Fetch the keys before the first message needs them; a failure waits for that message."""
        with contextlib.suppress(Unauthenticated):
            await self._fetch()

    def _is_stale(self, key_id: str, now: float) -> bool:
        age = now - self._fetched_at
        return age > KEYS_LAST or (key_id not in self._keys and (age > KEYS_REST or not self._keys))

    async def _fetch(self) -> None:
        try:
            async with self._http.get(self._url, timeout=TIMEOUT) as response:
                response.raise_for_status()
                metadata = await response.json(content_type=None)
            async with self._http.get(metadata["jwks_uri"], timeout=TIMEOUT) as response:
                response.raise_for_status()
                document = await response.json(content_type=None)
            self._keys = _keys(document)
        except (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError) as error:
            log.error("signing keys not available", error=type(error).__name__)
            raise Unauthenticated("signing keys not available") from error
        finally:
            self._fetched_at = time.monotonic()


def _keys(document: Any) -> dict[str, tuple[jwt.PyJWK, Sequence[str]]]:
    """RSA keys by id. One of another kind, or that cannot be read, is passed over, so that it is
    neither confused with these nor hides them. Raises ValueError when there is none.
    """
    keys: dict[str, tuple[jwt.PyJWK, Sequence[str]]] = {}
    for entry in document["keys"]:
        try:
            if entry["kty"] == "RSA":
                key = jwt.PyJWK(entry, algorithm="RS256")
                keys[str(entry["kid"])] = (key, tuple(entry.get("endorsements", ())))
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            log.warning("signing key passed over", error=type(error).__name__)
    if not keys:
        raise ValueError("no signing keys")
    return keys


class ServiceHosts:
    """The hosts that an answer may be sent to; `*.example.org` allows every host below it."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [p.strip().casefold() for p in patterns if p.strip()]

    def allow(self, service_url: str) -> bool:
        """Whether this is one of ours, over https unless it is this very machine."""
        try:
            parts = urlsplit(service_url)
            host, port = (parts.hostname or "").casefold(), parts.port
        except ValueError:
            return False
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
            return False
        if parts.username or parts.password:
            return False
        return any(_fits(p, host) or p == f"{host}:{port}" for p in self._patterns)


def _fits(pattern: str, host: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def is_loopback(host: str) -> bool:
    """Whether this names this very machine, and not merely a host whose name begins so."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class ChannelAuthentication(BotFrameworkAuthentication):
    """Accepts what the Bot Framework signed for this bot, in this tenant; nothing else.

    The rules are those of the Bot Framework's page on connector authentication; expiry is judged by
    the machine's clock, as the signature's time is real whatever ours says.
    """

    def __init__(
        self,
        keys: SigningKeys,
        connectors: ConnectorFactory,
        *,
        app_id: str,
        tenant_id: str,
        hosts: ServiceHosts,
    ) -> None:
        self._keys = keys
        self._connectors = connectors
        self._app_id = app_id
        self._tenant_id = tenant_id.casefold()
        self._hosts = hosts
        self._seen: dict[str, tuple[str, dict[str, Any]]] = {}

    @override
    async def authenticate_request(
        self, activity: Activity, auth_header: str
    ) -> AuthenticateRequestResult:
        """Raises Unauthenticated or Forbidden."""
        claims = await self._claims(auth_header, activity.channel_id or "")
        if claims.get("serviceurl", claims.get("serviceUrl")) != activity.service_url:
            raise Unauthenticated("token is for another service address")
        self._check_allowed(activity)
        return _accepted(claims, self._app_id, self._connectors)

    @override
    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        raise Forbidden("streaming connections are not used")

    @override
    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return self._connectors

    @override
    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> UserTokenClient:
        return None  # pyright: ignore[reportReturnType] -- nobody signs in through the bot

    async def _claims(self, auth_header: str, channel_id: str) -> dict[str, Any]:
        scheme, _, token = auth_header.partition(" ")
        if scheme.casefold() != "bearer" or not token:
            raise Unauthenticated("no bearer token")
        key_id, claims = self._seen.get(token) or await self._verified(token)
        if time.time() >= int(claims["exp"]) + LEEWAY:  # noqa: TID251 -- as real as the signature
            raise Unauthenticated("ExpiredSignatureError")
        _, endorsements = await self._keys.get(key_id)
        if endorsements and channel_id not in endorsements:
            raise Unauthenticated("key does not speak for this channel")
        if len(self._seen) >= REMEMBERED:
            self._seen.clear()
        self._seen[token] = key_id, claims
        return claims

    async def _verified(self, token: str) -> tuple[str, dict[str, Any]]:
        """The id of the key that signed a token, and its claims. Raises Unauthenticated."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != "RS256":
                raise Unauthenticated("token is not signed with RS256")
            key_id = str(header.get("kid", ""))
            key, _ = await self._keys.get(key_id)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(type(error).__name__) from error
        return key_id, claims

    def _check_allowed(self, activity: Activity) -> None:
        if not self._hosts.allow(activity.service_url or ""):
            raise Forbidden("service address is not an allowed host")
        tenant = tenant_of(activity).casefold()
        if self._tenant_id and tenant != self._tenant_id:
            raise Forbidden("activity of another tenant")


class LaptopAuthentication(ChannelAuthentication):
    """Without an app id nothing is signed: only this machine's own services are answered."""

    def __init__(self, connectors: ConnectorFactory) -> None:
        self._connectors = connectors

    @override
    async def authenticate_request(
        self, activity: Activity, auth_header: str
    ) -> AuthenticateRequestResult:
        host = (urlsplit(activity.service_url or "").hostname or "").casefold()
        if not is_loopback(host):
            raise Forbidden("on a laptop only this machine is answered")
        return _accepted({}, "", self._connectors)


def tenant_of(activity: Activity) -> str:
    """The tenant that an activity comes from, or ''."""
    data: Any = activity.channel_data
    if isinstance(data, dict) and isinstance(data.get("tenant"), dict):
        return str(data["tenant"].get("id") or "")
    conversation = activity.conversation
    extra: dict[str, Any] = (conversation.additional_properties or {}) if conversation else {}
    return str((conversation.tenant_id if conversation else "") or extra.get("tenantId") or "")


def _accepted(
    claims: dict[str, Any], app_id: str, connectors: ConnectorFactory
) -> AuthenticateRequestResult:
    result = AuthenticateRequestResult()
    result.claims_identity = ClaimsIdentity(claims, True)
    result.audience = app_id
    result.connector_factory = connectors
    return result
