"""Asking a system over HTTP with JSON answers, and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from yarl import URL

from integrations.circuits import Circuit
from services.ports.systems import Missing, Rejected, Unavailable

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=10)
LARGEST = 8_000_000
"""Bytes of an answer; a longer one is not what we asked for."""

PASSING = frozenset({408, 412, 423, 425})

Token = Callable[[bool], Awaitable[str]]
"""The token to send; asked with True when the system did not accept the last one."""

Refusal = Callable[[int, bytes], Exception | None]
"""What a refusal of this status and body means, where a system has a word of its own for it."""


class Unauthorised(Rejected):
    """The system does not accept our token, nor a new one."""


class Rest:
    """One system's interface. Nothing is retried here but a token: the outbox does that."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        base_url: str,
        token: Token,
        circuit: Circuit,
        *,
        pause: float = 30.0,
        refusal: Refusal = lambda status, said: None,
    ) -> None:
        """`pause`: seconds to leave it alone when it is asked too often and does not say how long."""
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._circuit = circuit
        self._pause = pause
        self._refusal = refusal

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Any:
        """The answer's JSON, None where it is empty; `path` is percent-encoded already.

        Raises Unavailable, Missing for a 404, Unauthorised, or Rejected.
        """

        async def ask() -> Any:
            try:
                return await self._once(method, path, query, body, form, fresh=False)
            except Unauthorised:
                return await self._once(method, path, query, body, form, fresh=True)

        return await self._circuit.call(ask)

    async def _once(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
        form: Mapping[str, str] | None,
        *,
        fresh: bool,
    ) -> Any:
        headers = {"Authorization": f"Bearer {await self._token(fresh)}"}
        try:
            async with self._http.request(
                method,
                URL(f"{self._base_url}{path}", encoded=True),
                params=query,
                json=body,
                data=form,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as answer:
                said = await answer.content.read(LARGEST)
                if answer.status >= 300:
                    own = self._refusal(answer.status, said)
                    raise own or self._failure(answer.status, answer.headers, said)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unavailable(f"{self._circuit.name}: {type(error).__name__}") from error
        if not said.strip():
            return None
        try:
            return json.loads(said)
        except ValueError as error:
            raise Unavailable(f"{self._circuit.name}: not JSON") from error

    def _failure(self, status: int, headers: Mapping[str, str], said: bytes) -> Exception:
        """What a refusal means; its code is kept, its words may quote what we sent."""
        code = _code(said)
        reason = f"{self._circuit.name}: {status}{f' {code}' if code else ''}"
        if status == 401:
            return Unauthorised(reason)
        if status == 404:
            return Missing(reason)
        wait = _seconds(headers.get("Retry-After"))
        if status == 429:
            return Unavailable(reason, retry_after=wait or self._pause)
        if status >= 500 or status in PASSING or status < 400:
            return Unavailable(reason, retry_after=wait)
        return Rejected(reason)


def _code(said: bytes) -> str:
    """The system's own code of an error, where it gives one."""
    try:
        told: Any = json.loads(said)
    except ValueError:
        return ""
    match told:
        case {"response": {"code": int() | str() as code}} | {"code": int() | str() as code}:
            return str(code)[:40]
        case _:
            return ""


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.replace(".", "", 1).isdigit() else None
