"""Keeps other sites away from the pages that act: they answer to this machine's own browser only."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from hub import look

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

OWN_HOST = re.compile(r"(localhost|127\.0\.0\.1)(:\d{1,5})?", re.IGNORECASE)
"""A site elsewhere whose name was pointed at this machine still sends its own name."""

READS = frozenset({"GET", "HEAD"})


def guarded(handler: Handler) -> Handler:
    async def guard(request: web.Request) -> web.StreamResponse:
        if is_own(request):
            return await handler(request)
        values = {
            "title": "Refused",
            "words": "This page answers only to a browser on its own machine, under the name "
            "localhost, and only to its own buttons.",
        }
        return look.page(
            "laptop_notice.html", values, status=HTTPStatus.FORBIDDEN, framed_by=look.NOWHERE
        )

    return guard


def is_own(request: web.Request) -> bool:
    if not OWN_HOST.fullmatch(request.host):
        return False
    if request.method in READS:
        return True
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    own_origin = f"{request.scheme}://{request.host}".lower()
    return (origin is None or origin.lower() == own_origin) and site in (None, "same-origin")
