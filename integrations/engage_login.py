"""The service account of Viva Engage: signed in once by a device code, then kept signed in.

Every use of a refresh token gives a new one. So one replica renews at a time, under a lease, and what
it got is stored before anything is asked with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

import requests
import structlog
from msal import PublicClientApplication, SerializableTokenCache
from msal.exceptions import MsalError

from integrations.entra import MICROSOFT, TIMEOUT, Redirected
from integrations.vault import Vault, WrongKey
from services.ports.clocks import Clock, Steady
from services.ports.engage import Secret, Secrets, SignIn, SignInNeeded
from services.ports.systems import Rejected, Unavailable

log = structlog.get_logger()

NAME = "viva engage"
SCOPE = "https://www.yammer.com/access_as_user"
LEFT = 120.0
"""Seconds that a token must still be good for."""

TRIES, PAUSE = 60, 0.5
"""How often, and after how many seconds, we look whether another replica has renewed."""

PASSING = frozenset({"temporarily_unavailable", "server_error"})
PENDING = frozenset({"authorization_pending", "slow_down"})


class NotSignedIn(Exception):
    """The device code was declined, or nobody used it in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The app registration that the service account signs in to; it is a public client."""

    authority: str
    tenant_id: str
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """A sign-in that waits for a person; `words` tell them what to do."""

    words: str
    app: PublicClientApplication
    cache: SerializableTokenCache
    flow: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    ends_at: float


class StoredAccount:
    """The ServiceAccount whose tokens all replicas share."""

    def __init__(
        self,
        secrets: Secrets,
        vault: Vault,
        registration: Registration,
        clock: Clock,
        steady: Steady,
    ) -> None:
        self._secrets = secrets
        self._vault = vault
        self._registration = registration
        self._clock = clock
        self._steady = steady
        self._owner = uuid4().hex
        self._held: _Token | None = None
        self._lock = asyncio.Lock()
        self._renewals: set[asyncio.Task[str | None]] = set()

    async def standing(self) -> SignIn:
        stored = await self._secrets.find(NAME)
        if stored is None:
            return SignIn()
        return SignIn(account=stored.account, needed_since=stored.needed_since)

    async def miss(self) -> None:
        """Where nobody ever signed in, or their sign-in is spent already, it is needed since now."""
        stored = await self._secrets.find(NAME)
        if stored is None or not stored.sealed:
            version = 0 if stored is None else stored.version
            await self._secrets.need(NAME, version, self._clock.now())

    async def token(self, stale: bool = False) -> str:
        """A token that is good for a while; another one than the last if that is `stale`.

        Raises SignInNeeded or Unavailable.
        """
        refused = self._held.value if stale and self._held else ""
        async with self._lock:
            held = self._held
            if held and held.value != refused and held.ends_at - self._steady() > LEFT:
                return held.value
            self._held = None
            for _ in range(TRIES):
                stored = await self._stored()
                cache = await self._opened(stored)
                if token := self._usable(cache, refused):
                    return token
                if await self._secrets.lease(NAME, self._owner, stored.version):
                    if token := await self._renewed(stored, cache):
                        return token
                else:
                    await asyncio.sleep(PAUSE)
        raise Unavailable("Entra: another replica does not come to an end with signing in")

    async def begin(self) -> DeviceCode:
        """Raises Unavailable, or Rejected where the registration does not allow it."""
        cache = SerializableTokenCache()

        def ask() -> tuple[PublicClientApplication, dict[str, Any]]:
            app = _client(self._registration, cache)
            return app, cast("dict[str, Any]", app.initiate_device_flow([SCOPE]))

        app, flow = await _asked(ask)
        if "user_code" not in flow:
            raise Rejected(f"Entra: {flow.get('error') or 'no device code'}")
        return DeviceCode(words=str(flow["message"]), app=app, cache=cache, flow=flow)

    async def finish(self, code: DeviceCode) -> str:
        """Wait for the person, and keep what they sign in as; the account's name.

        Raises Unavailable, or NotSignedIn.
        """
        while True:
            answer = await _asked(
                lambda: cast(
                    "dict[str, Any]",
                    code.app.acquire_token_by_device_flow(code.flow, exit_condition=_at_once),
                )
            )
            if "access_token" in answer:
                break
            if answer.get("error") not in PENDING:
                raise NotSignedIn(str(answer.get("error") or "no answer"))
            await asyncio.sleep(float(code.flow.get("interval", 5)))
        [account] = _accounts(code.app)
        name = str(account.get("username") or "")
        await self._secrets.keep(NAME, self._vault.seal(code.cache.serialize()), name)
        return name

    async def _stored(self) -> Secret:
        stored = await self._secrets.find(NAME)
        if stored is None or not stored.sealed:
            raise SignInNeeded("Viva Engage: nobody has signed in yet")
        if stored.needed_since is not None:
            raise SignInNeeded("Viva Engage: sign-in is needed again")
        return stored

    async def _opened(self, stored: Secret) -> SerializableTokenCache:
        cache = SerializableTokenCache()
        try:
            cache.deserialize(self._vault.open(stored.sealed))
        except WrongKey as error:
            await self._spent(stored, "SECRET_KEY is another one now")
            raise SignInNeeded("Viva Engage: SECRET_KEY is another one now") from error
        return cache

    def _usable(self, cache: SerializableTokenCache, refused: str) -> str:
        """The stored access token while it is good; '' else."""
        kinds = SerializableTokenCache.CredentialType
        search = cast("Callable[..., Iterable[dict[str, Any]]]", cache.search)
        for each in search(kinds.ACCESS_TOKEN, target=[SCOPE]):
            token = str(each["secret"])
            left = float(each.get("expires_on") or 0) - self._clock.now().timestamp()
            if token != refused and left > LEFT:
                self._held = _Token(token, self._steady() + left)
                return token
        return ""

    async def _renewed(self, stored: Secret, cache: SerializableTokenCache) -> str | None:
        """Never broken off between the new token and its storing; None where to look again."""
        task = asyncio.create_task(self._renew(stored, cache))
        self._renewals.add(task)
        task.add_done_callback(self._renewals.discard)
        return await asyncio.shield(task)

    async def _renew(self, stored: Secret, cache: SerializableTokenCache) -> str | None:
        try:
            answer = await _asked(lambda: _refreshed(self._registration, cache))
            if "access_token" not in answer:
                reason = str(answer.get("error") or "no answer")
                if reason in PASSING:
                    raise Unavailable(f"Entra: {reason}")
                if not await self._spent(stored, reason):
                    return None
                raise SignInNeeded(f"Viva Engage: sign-in is needed again ({reason})")
            sealed = self._vault.seal(cache.serialize())
            if not await self._secrets.replace(NAME, sealed, stored.version):
                return None
        finally:
            await self._secrets.release(NAME, self._owner)
        left = float(answer.get("expires_in") or 0)
        self._held = _Token(str(answer["access_token"]), self._steady() + left)
        log.info("service account of Viva Engage renewed")
        return self._held.value

    async def _spent(self, stored: Secret, reason: str) -> bool:
        """Sign-in is needed, unless somebody else has stored something newer meanwhile."""
        now = await self._secrets.find(NAME)
        if now is not None and now.version != stored.version:
            return False
        log.warning("sign-in to Viva Engage needed", reason=reason)
        await self._secrets.need(NAME, stored.version, self._clock.now())
        return True


def _refreshed(registration: Registration, cache: SerializableTokenCache) -> dict[str, Any]:
    """What comes of the refresh token. A new client each time: it would repeat a bad answer."""
    app = _client(registration, cache)
    accounts = _accounts(app)
    if not accounts:
        return {"error": "no account"}
    ask = cast("Callable[..., dict[str, Any] | None]", app.acquire_token_silent_with_error)
    return ask([SCOPE], accounts[0], force_refresh=True) or {"error": "no refresh token"}


def _accounts(app: PublicClientApplication) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", app.get_accounts())


def _at_once(flow: object) -> bool:
    """MSAL asks once and does not wait: we wait."""
    return True


def _client(registration: Registration, cache: SerializableTokenCache) -> PublicClientApplication:
    authority = registration.authority.rstrip("/")
    insecure = authority.startswith("http://")
    tenant = registration.tenant_id or "organizations"
    return PublicClientApplication(
        registration.client_id,
        authority=f"{MICROSOFT if insecure else authority}/{tenant}",
        instance_discovery=None if authority == MICROSOFT else False,
        http_client=Redirected(authority) if insecure else None,
        timeout=None if insecure else TIMEOUT,
        token_cache=cache,
    )


async def _asked(ask: Any) -> Any:
    """MSAL blocks, so it is asked in a thread."""
    try:
        return await asyncio.to_thread(ask)
    except (requests.RequestException, MsalError, ValueError) as error:
        raise Unavailable(f"Entra: {type(error).__name__}") from error
