"""The sign that an answer is being written, shown only where somebody would begin to wonder."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import structlog
from botbuilder.core import TurnContext
from botbuilder.schema import Activity, ActivityTypes

from services.ports.systems import Rejected, Unavailable

log = structlog.get_logger()

SLOW = 1.0
"""Seconds in which an answer comes without a sign."""

PATIENCE = 0.5
"""Seconds that an answer waits for the sign to arrive first."""


@contextlib.asynccontextmanager
async def typing_while_slow(turn: TurnContext) -> AsyncGenerator[None]:
    """Around what makes an answer, not around what sends it: the sign never comes after.

    Teams shows it in chats and not in channels. That it could not be shown is no matter.
    """
    conversation = turn.activity.conversation
    if conversation and conversation.conversation_type == "channel":
        yield
        return
    shown: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()
    # A timer costs a quick answer next to nothing; a task would be made for each.
    timer = loop.call_later(SLOW, lambda: shown.append(loop.create_task(_show(turn))))
    try:
        yield
    finally:
        timer.cancel()
        for task in shown:
            await _end(task)


async def _show(turn: TurnContext) -> None:
    try:
        await turn.send_activity(Activity(type=ActivityTypes.typing))
    except (Rejected, Unavailable) as error:
        log.info("typing not shown", reason=str(error))


async def _end(task: asyncio.Task[None]) -> None:
    try:
        await asyncio.wait({task}, timeout=PATIENCE)
    finally:
        task.cancel()
