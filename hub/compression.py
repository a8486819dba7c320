"""Pages go out compressed to whoever takes them so: a programme is mostly the same words again."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

KINDS = frozenset({"text/html", "text/calendar"})
"""What is written anew each time. Stylesheets and scripts are kept compressed."""

SMALLEST = 1024
"""Bytes below which there is nothing to gain."""


PACKED = 6
"""How hard: more takes much longer for little."""


@web.middleware
async def compressed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Never what comes bit by bit: it would be held back until there is more of it.

    A secret in such a page must be another one each time it is sent, as `Visitor.form` is: else its
    length would tell what else in the page is like it (BREACH).
    """
    response = await handler(request)
    if not isinstance(response, web.Response) or response.content_type not in KINDS:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if "Content-Encoding" in response.headers:
        return response
    if takes_gzip(request) and isinstance(response.body, bytes) and len(response.body) >= SMALLEST:
        response.enable_compression(web.ContentCoding.gzip)
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A page that is sent again and again, to whoever takes it compressed and to others."""

    headers: Mapping[str, str]
    plain: bytes
    packed: bytes

    def sent(self, request: web.Request) -> web.Response:
        if not takes_gzip(request):
            return web.Response(body=self.plain, headers=self.headers)
        return web.Response(body=self.packed, headers={**self.headers, "Content-Encoding": "gzip"})


async def keepable(page: web.Response) -> KeptPage:
    """The page, compressed beside the event loop."""
    assert isinstance(page.body, bytes), "it was drawn here"
    packed = await asyncio.to_thread(gzip.compress, page.body, PACKED, mtime=0)
    return KeptPage(headers=dict(page.headers), plain=page.body, packed=packed)


def takes_gzip(request: web.Request) -> bool:
    offered = request.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(",")
    return any(
        one == "gzip" or (one.startswith("gzip;q=") and one[7:].strip("0.")) for one in offered
    )
