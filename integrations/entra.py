"""Tokens from Microsoft Entra for the app itself, fetched off the event loop and kept fresh."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import requests
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from msal import ConfidentialClientApplication
from msal.exceptions import MsalError

from services.ports.systems import Rejected, Unavailable

log = structlog.get_logger()

MICROSOFT = "https://login.microsoftonline.com"
BOT_SCOPE = "https://api.botframework.com/.default"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"
FRESH = 300
"""Seconds before its end from which a token is replaced, in the background."""

TIMEOUT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCredential:
    """The app registration, with a secret or a certificate (paths of PEM files)."""

    authority: str
    tenant_id: str
    app_id: str
    secret: str = ""
    certificate: str = ""
    certificate_key: str = ""


@dataclass(slots=True)
class _Token:
    value: str
    ends_at: float


class Entra:
    """Client credentials by MSAL. Its calls block, so they run in a thread, one for each scope."""

    def __init__(self, credential: AppCredential) -> None:
        self._credential = credential
        self._app: ConfidentialClientApplication | None = None
        self._tokens: dict[str, _Token] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._renewals: set[asyncio.Task[str]] = set()

    async def token(self, scope: str) -> str:
        """A token that is valid for a while. Raises Unavailable, or Rejected for wrong credentials."""
        held = self._tokens.get(scope)
        now = time.monotonic()
        if held is None or held.ends_at <= now:
            return await self._renew(scope)
        if held.ends_at - now < FRESH and not self._lock(scope).locked():
            task = asyncio.create_task(self._renew(scope))
            self._renewals.add(task)
            task.add_done_callback(self._renewed)
        return held.value

    async def _renew(self, scope: str) -> str:
        async with self._lock(scope):
            held = self._tokens.get(scope)
            if held is not None and held.ends_at - time.monotonic() >= FRESH:
                return held.value
            answer = await asyncio.to_thread(self._ask, scope)
            token = _Token(
                value=str(answer["access_token"]),
                ends_at=time.monotonic() + float(answer.get("expires_in", 3600)),
            )
            self._tokens[scope] = token
            return token.value

    def _renewed(self, task: asyncio.Task[str]) -> None:
        self._renewals.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("token not renewed", reason=str(error))

    def _lock(self, scope: str) -> asyncio.Lock:
        return self._locks.setdefault(scope, asyncio.Lock())

    def _ask(self, scope: str) -> dict[str, Any]:
        try:
            app = self._app or client(self._credential)
            self._app = app
            app.remove_tokens_for_client()
            answer = cast("dict[str, Any] | None", app.acquire_token_for_client([scope]))
        except (requests.RequestException, MsalError, ValueError) as error:
            self._app = None  # it would repeat a bad answer for a minute without asking again
            raise Unavailable(f"Entra: {type(error).__name__}") from error
        if answer and "access_token" in answer:
            return answer
        reason = str((answer or {}).get("error") or "no answer")
        if reason in {"temporarily_unavailable", "server_error", "no answer"}:
            raise Unavailable(f"Entra: {reason}")
        raise Rejected(f"Entra: {reason}")


def client(credential: AppCredential, **more: Any) -> ConfidentialClientApplication:
    """MSAL's, for our registration; `more` goes to it as it is."""
    authority = credential.authority.rstrip("/")
    insecure = urlsplit(authority).scheme == "http"
    return ConfidentialClientApplication(
        credential.app_id,
        client_credential=_proof(credential),
        authority=f"{MICROSOFT if insecure else authority}/{credential.tenant_id}",
        instance_discovery=None if authority == MICROSOFT else False,
        http_client=Redirected(authority) if insecure else None,
        timeout=None if insecure else TIMEOUT,
        **more,
    )


def _proof(credential: AppCredential) -> str | dict[str, str]:
    if not credential.certificate:
        return credential.secret
    pem = Path(credential.certificate).read_bytes()
    certificate = x509.load_pem_x509_certificate(pem)
    return {
        "private_key": Path(credential.certificate_key or credential.certificate).read_text(),
        "thumbprint": certificate.fingerprint(hashes.SHA1()).hex(),  # noqa: S303 -- Entra names keys so
        "public_certificate": pem.decode(),
    }


class Redirected(requests.Session):
    """MSAL insists on https; an authority on this machine is reached as its address says all the same."""

    def __init__(self, authority: str) -> None:
        super().__init__()
        self._authority = urlsplit(authority)

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # pyright: ignore[reportIncompatibleMethodOverride] -- passes everything on
        parts = urlsplit(url)
        if parts.netloc in {urlsplit(MICROSOFT).netloc, self._authority.netloc}:
            here = parts._replace(scheme=self._authority.scheme, netloc=self._authority.netloc)
            url = urlunsplit(here)
        options.setdefault("timeout", TIMEOUT)
        return super().request(method, url, **options)
