"""The way back to Teams: one pooled client for every call to the connector."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson
import stamina
from botbuilder.schema import (
    Activity,
    ConversationParameters,
    ConversationResourceResponse,
    ResourceResponse,
)
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth.connector_factory import ConnectorFactory
from typing_extensions import override

from bot.activities import plain
from bot.spoken import Spoken
from services.ports.systems import Rejected, Throttled, Unavailable, Unreachable

TIMEOUT = aiohttp.ClientTimeout(total=10)
PASSING = frozenset({412, 502, 503, 504})
"""Teams' status codes that go away by themselves (learn.microsoft.com, bot conversation APIs)."""

LONGEST_WAIT = 4.0
"""Seconds that a turn may wait before it tries again; the channel gives a turn some 10 to 15."""

GONE = (
    "BotDisabledByAdmin",
    "BotNotInConversationRoster",
    "ConversationBlockedByUser",
    "ForbiddenOperationException",
    "InvalidBotApiHost",
    "MessageWritesBlocked",
    "ConversationNotFound",
)
"""Codes that mean: stop writing here. Teams nests them in several ways, so the text is searched."""

Token = Callable[[], Awaitable[str]]


class Broken(Unavailable):
    """Something went wrong over there; the message may have arrived all the same."""


class Connector:
    """Calls the Bot Framework connector, trying again what is worth it within a turn's time."""

    def __init__(
        self, http: aiohttp.ClientSession, token: Token | None, spoken: Spoken | None = None
    ) -> None:
        self._http = http
        self._token = token
        self.spoken = spoken

    async def post(
        self, service_url: str, path: str, body: Mapping[str, Any], *, attempts: int = 3
    ) -> dict[str, Any]:
        return await self.call("POST", service_url, path, body, attempts=attempts)

    async def call(
        self,
        method: str,
        service_url: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        attempts: int = 3,
    ) -> dict[str, Any]:
        """Raises Unavailable (Throttled for a 429), Unreachable or Rejected."""
        url = f"{service_url.rstrip('/')}/{path}"
        try:
            return await self._once(method, url, body)
        except Unavailable as error:
            if attempts == 1:
                raise
            failed = error
        # Made only where it is needed, as it costs as much as a tenth of a call.
        async for attempt in stamina.retry_context(
            on=_wait_before_retry, attempts=attempts, timeout=8.0, wait_initial=0.3, wait_max=3.0
        ):
            with attempt:
                if attempt.num == 1:
                    raise failed
                return await self._once(method, url, body)
        raise AssertionError("a retry context always returns or raises")

    async def _once(self, method: str, url: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {await self._token()}"} if self._token else {}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = orjson.dumps(body)
        try:
            async with self._http.request(
                method, url, data=content, headers=headers, timeout=TIMEOUT
            ) as response:
                if response.status < 300:
                    return _object(await response.read(), response)
                raise failure(response.status, await response.text(), response.headers)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Broken(f"connector: {type(error).__name__}") from error


def _object(raw: bytes, response: aiohttp.ClientResponse) -> dict[str, Any]:
    if not raw.strip():
        return {}
    try:
        parsed = json.loads(raw)
    except ValueError as error:
        raise Unavailable(f"connector: {response.status} without JSON") from error
    return parsed if isinstance(parsed, dict) else {}


def failure(status: int, text: str, headers: Mapping[str, str]) -> Exception:
    """What a refused call means. The answer's text may quote ours, so only known codes are kept."""
    if code := next((c for c in GONE if c.casefold() in text.casefold()), None):
        return Unreachable(code)
    if status == 429:
        return Throttled("connector: 429", retry_after=retry_after(headers))
    if status in PASSING:
        return Unavailable(f"connector: {status}", retry_after=retry_after(headers))
    if status >= 500:
        return Broken(f"connector: {status}")
    if status in (403, 404):
        return Unreachable(f"connector: {status}")
    return Rejected(f"connector: {status}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a Retry-After header asks for; a date is judged by the server's clock."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else until
    return max(0.0, (until - now).total_seconds())


def _wait_before_retry(error: Exception) -> bool | float:
    if not isinstance(error, Unavailable) or isinstance(error, Broken):
        return False
    if error.retry_after is None:
        return True
    if error.retry_after > LONGEST_WAIT:
        return False
    return error.retry_after + random.uniform(0, 0.2)  # noqa: S311 -- spreads out retries


def conversation_path(conversation_id: str, *rest: str) -> str:
    parts = ["v3", "conversations", quote(conversation_id, safe=""), *rest]
    return "/".join(parts)


class Conversations:
    """The part of the SDK's connector client that the turn pipeline calls."""

    def __init__(self, connector: Connector, service_url: str) -> None:
        self._connector = connector
        self._service_url = service_url

    async def send_to_conversation(
        self, conversation_id: str, activity: Activity
    ) -> ResourceResponse:
        path = conversation_path(conversation_id, "activities")
        return await self._resource("POST", path, activity)

    async def reply_to_activity(
        self, conversation_id: str, activity_id: str, activity: Activity
    ) -> ResourceResponse:
        path = conversation_path(conversation_id, "activities", quote(activity_id, safe=""))
        return await self._resource("POST", path, activity)

    async def update_activity(
        self, conversation_id: str, activity_id: str, activity: Activity
    ) -> ResourceResponse:
        path = conversation_path(conversation_id, "activities", quote(activity_id, safe=""))
        return await self._resource("PUT", path, activity)

    async def delete_activity(self, conversation_id: str, activity_id: str) -> None:
        path = conversation_path(conversation_id, "activities", quote(activity_id, safe=""))
        await self._connector.call("DELETE", self._service_url, path)

    async def create_conversation(
        self, parameters: ConversationParameters
    ) -> ConversationResourceResponse:
        answer = await self._connector.post(
            self._service_url, "v3/conversations", plain(parameters)
        )
        return ConversationResourceResponse(
            id=str(answer.get("id") or ""),
            activity_id=str(answer.get("activityId") or ""),
            service_url=str(answer.get("serviceUrl") or ""),
        )

    async def _resource(self, method: str, path: str, activity: Activity) -> ResourceResponse:
        if self._connector.spoken is not None:
            self._connector.spoken.answered()
        answer = await self._connector.call(method, self._service_url, path, plain(activity))
        return ResourceResponse(id=str(answer.get("id") or ""))


class ServiceClient:
    """Stands where the SDK expects its own connector client."""

    def __init__(self, connector: Connector, service_url: str) -> None:
        self.conversations = Conversations(connector, service_url)


class PooledConnectors(ConnectorFactory):
    """Hands every turn the same connection pool."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    @override
    async def create(self, service_url: str, audience: str) -> ConnectorClient:
        return ServiceClient(self._connector, service_url)  # pyright: ignore[reportReturnType] -- the pipeline needs no more of it
