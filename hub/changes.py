"""Where SharePoint says that the hub list changed. What changed is read afterwards, by the outbox."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web

log = structlog.get_logger()

PATH = "/hub/changes"
LONGEST_TOKEN = 4096
PLAIN = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def change_routes(changed: Callable[[], Awaitable[None]], secret: str) -> list[web.RouteDef]:
    """`changed` writes down that the list is to be read; `secret` is what SharePoint was given."""

    async def notified(request: web.Request) -> web.Response:
        token = request.query.get("validationToken")
        if token is not None:
            if len(token) > LONGEST_TOKEN:
                return web.Response(status=HTTPStatus.BAD_REQUEST)
            return web.Response(text=token, content_type="text/plain", headers=PLAIN)
        try:
            told: Any = await request.json()
            states = [str(each.get("clientState")) for each in told["value"]]
        except (ValueError, LookupError, TypeError, AttributeError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        if any(_is_ours(state, secret) for state in states):
            await changed()
        else:
            log.warning("a change that SharePoint did not tell of", count=len(states))
        return web.Response(status=HTTPStatus.ACCEPTED)

    return [web.post(PATH, notified)]


def _is_ours(state: str, secret: str) -> bool:
    return hmac.compare_digest(state.encode(errors="replace"), secret.encode())


def client_state(secret_key: str, list_key: str) -> str:
    """What only SharePoint and we know; another for each list."""
    text = f"hub changes {list_key}".encode()
    return hmac.new(secret_key.encode(), text, "sha256").hexdigest()
