"""`POST /api/messages`: what the channel sends, checked before anything else happens."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import cast

import orjson
import structlog
from aiohttp import web
from botbuilder.core import InvokeResponse
from botbuilder.schema import Activity
from botframework.connector.auth import BotFrameworkAuthentication

from bot.activities import BadActivity, read_activity
from bot.adapter import TeamsAdapter
from bot.authentication import Forbidden, Unauthenticated
from bot.handler import LearnweekBot
from bot.invokes import LOOKING
from bot.turns import Turns
from services.ports.systems import Metrics

log = structlog.get_logger()

REMEMBERED = 5000
"""Activities whose answers are kept, so that one delivered again is not acted on again."""

LARGEST = 512 * 1024

RETRY_AFTER = "5"
"""Seconds in which whoever comes after a process that stops is there."""

Answer = tuple[int, bytes]
"""An HTTP status and a body, as text because many are kept."""


class Endpoint:
    def __init__(
        self,
        adapter: TeamsAdapter,
        authentication: BotFrameworkAuthentication,
        bot: LearnweekBot,
        metrics: Metrics,
        turns: Turns,
    ) -> None:
        self._metrics = metrics
        self._turns = turns
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
        if self._turns.are_over:
            refused = self._refuse(503, "Stopping: try again in a moment.")
            refused.headers["Retry-After"] = RETRY_AFTER
            return refused

        async def turn() -> Answer:
            with self._turns.one():
                result = cast(
                    "InvokeResponse | None",
                    await self._adapter.process_activity(
                        authenticated, activity, self._bot.on_turn
                    ),
                )
            if result is None or result.body is None:
                return 201 if result is None else int(result.status), b""
            return int(result.status), orjson.dumps(result.body)

        status, body = await self._seen.once(activity, turn)
        self._metrics.answered(str(activity.type), time.monotonic() - started)
        kind = "application/json" if body else None
        return web.Response(status=status, body=body or None, content_type=kind)

    def _refuse(self, status: int, message: str, *, reason: str = "") -> web.Response:
        self._metrics.refused(status)
        if reason:
            log.warning("activity refused", status=status, reason=reason)
        return web.json_response({"error": {"message": message}}, status=status)


class Redelivery:
    """Remembers the answers to recent activities by conversation and id."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, ...], asyncio.Future[Answer]] = OrderedDict()

    async def once(self, activity: Activity, turn: Callable[[], Awaitable[Answer]]) -> Answer:
        """Run the turn, or wait for the first run of the same activity and answer as it did."""
        if not activity.id or activity.name in LOOKING:
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
