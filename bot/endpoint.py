"""`POST /api/messages`: what the channel sends, checked before anything else happens."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, cast

import structlog
from aiohttp import web
from botbuilder.core import InvokeResponse
from botbuilder.schema import Activity
from botbuilder.schema.teams import TeamsChannelData
from botframework.connector.auth import BotFrameworkAuthentication
from msrest.exceptions import DeserializationError  # pyright: ignore[reportPrivateImportUsage] -- where its documentation has it

from bot.adapter import TeamsAdapter
from bot.authentication import Forbidden, Unauthenticated
from bot.handler import LearnweekBot
from services.ports import Metrics

log = structlog.get_logger()

REMEMBERED = 5000
"""Activities whose answers are kept, so that one delivered again is not acted on again."""

LARGEST = 512 * 1024

Answer = tuple[int, Any]


class BadActivity(ValueError):
    """The body is not an activity that anybody can answer."""


class Endpoint:
    def __init__(
        self,
        adapter: TeamsAdapter,
        authentication: BotFrameworkAuthentication,
        bot: LearnweekBot,
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._adapter = adapter
        self._authentication = authentication
        self._bot = bot
        self._seen = Redelivery()

    async def handle(self, request: web.Request) -> web.Response:
        started = time.monotonic()
        if request.content_type != "application/json":
            return self._refuse(415, "Send JSON.")
        try:
            activity = read_activity(await request.read())
            authenticated = await self._authentication.authenticate_request(
                activity, request.headers.get("Authorization", "")
            )
        except BadActivity as error:
            return self._refuse(400, str(error))
        except Unauthenticated as error:
            return self._refuse(401, "Not authenticated.", reason=str(error))
        except Forbidden as error:
            return self._refuse(403, "Not allowed.", reason=str(error))

        async def turn() -> Answer:
            result = cast(
                "InvokeResponse | None",
                await self._adapter.process_activity(authenticated, activity, self._bot.on_turn),
            )
            return (201, None) if result is None else (int(result.status), result.body)

        status, body = await self._seen.once(activity, turn)
        self._metrics.answered(str(activity.type), time.monotonic() - started)
        if body is None:
            return web.Response(status=status)
        return web.json_response(body, status=status)

    def _refuse(self, status: int, message: str, *, reason: str = "") -> web.Response:
        self._metrics.refused(status)
        if reason:
            log.warning("activity refused", status=status, reason=reason)
        return web.json_response({"error": {"message": message}}, status=status)


def read_activity(raw: bytes) -> Activity:
    """The activity in a request's body. Raises BadActivity, saying what is missing."""
    try:
        body = json.loads(raw)
        if _NO_CHARACTER.search(raw):
            body = _readable(body)
    except (ValueError, RecursionError) as error:
        raise BadActivity("This is not JSON.") from error
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise BadActivity("This is not an activity: it has no type.")
    for name, inner in (("conversation", "id"), ("from", "id")):
        part: Any = body.get(name)
        if not isinstance(part, dict) or not isinstance(part.get(inner), str) or not part[inner]:
            raise BadActivity(f"This activity has no {name}.{inner}.")
    for name in ("serviceUrl", "channelId"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise BadActivity(f"This activity has no {name}.")
    try:
        activity = Activity.deserialize(body)
        activity.channel_data = activity.channel_data or {}
        if activity.type not in _WITHOUT_CHANNEL_DATA:
            TeamsChannelData().deserialize(activity.channel_data)
        return activity
    except (DeserializationError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise BadActivity("This activity has a part of the wrong kind.") from error


_WITHOUT_CHANNEL_DATA = frozenset({"message", "invoke"})
"""Of these the SDK does not read what Teams adds to an activity; of others it does, and must be able to."""

_NO_CHARACTER = re.compile(rb"\\u(?:d[89a-f]|0000)|\xed[\xa0-\xbf]", re.IGNORECASE)


def _readable(part: Any) -> Any:
    """Without halves of surrogate pairs and NULs: they cannot be sent on, nor stored everywhere."""
    match part:
        case str():
            return part.encode("utf-8", "replace").decode().replace("\0", "")
        case list():
            return [_readable(inner) for inner in part]
        case dict():
            return {_readable(name): _readable(inner) for name, inner in part.items()}
        case _:
            return part


class Redelivery:
    """Remembers the answers to recent activities by conversation and id."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, ...], asyncio.Future[Answer]] = OrderedDict()

    async def once(self, activity: Activity, turn: Callable[[], Awaitable[Answer]]) -> Answer:
        """Run the turn, or wait for the first run of the same activity and answer as it did."""
        if not activity.id:
            return await turn()
        conversation = activity.conversation
        key = (str(conversation and conversation.id), activity.id, str(activity.type))
        if key in self._answers:
            return await asyncio.shield(self._answers[key])
        answer = self._answers[key] = asyncio.ensure_future(_run(turn))
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        return await asyncio.shield(answer)


async def _run(turn: Callable[[], Awaitable[Answer]]) -> Answer:
    return await turn()
