"""How an invoke is refused, which differs from one kind to another."""

from __future__ import annotations

from typing import Any

from botbuilder.core import InvokeResponse

CARD_ACTION = "adaptiveCard/action"
ERROR = "application/vnd.microsoft.error"


class MalformedInvoke(ValueError):
    """What came with an invoke is nothing that Teams sends with it; says what is wrong."""


def refused(name: str, status: int, code: str, message: str) -> InvokeResponse:
    """The documented error body of this invoke.

    A card's action is always answered with HTTP 200, and its body says what happened.
    """
    error = {"code": code, "message": message}
    if name == CARD_ACTION:
        body: dict[str, Any] = {"statusCode": status, "type": ERROR, "value": error}
        return InvokeResponse(status=200, body=body)
    return InvokeResponse(status=status, body={"error": error})
