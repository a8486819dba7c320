"""Invokes: requests that Teams waits for, each answered in its documented shape."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from botbuilder.core import InvokeResponse, TurnContext

from bot.actions import MalformedAction
from bot.messenger import CARD
from cards.kit import Card

log = structlog.get_logger()

MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"

Press = Callable[[TurnContext, str, dict[str, Any]], Awaitable[Card | str]]


async def answer(turn: TurnContext, press: Press) -> InvokeResponse:
    """Answer an invoke. What we do not know is 501, what is malformed 400, our own fault 500."""
    if turn.activity.name != "adaptiveCard/action":
        return InvokeResponse(status=501)
    value: Any = turn.activity.value
    action: Any = value.get("action") if isinstance(value, dict) else None
    verb: Any = action.get("verb") if isinstance(action, dict) else None
    data: Any = (action.get("data") if isinstance(action, dict) else None) or {}
    if not isinstance(verb, str) or not isinstance(data, dict):
        return failed(400, "BadRequest", "This is not an action of a card.")
    try:
        shown = await press(turn, verb, data)
    except MalformedAction as error:
        return failed(400, "BadRequest", f"This button cannot be used: {error}.")
    if isinstance(shown, str):
        return _answered(200, MESSAGE, shown)
    return _answered(200, CARD, shown.content)


def failed(status: int, code: str, message: str) -> InvokeResponse:
    """The documented error body. The HTTP status stays 200: the body says what happened."""
    return _answered(status, ERROR, {"code": code, "message": message})


def _answered(status: int, kind: str, value: Any) -> InvokeResponse:
    return InvokeResponse(status=200, body={"statusCode": status, "type": kind, "value": value})
