"""How every page looks: its template, the one stylesheet, and the headers it is sent with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
TEAMS = "https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft"
OWN_SITE = "'self'"
IN_TEAMS = f"{OWN_SITE} {TEAMS}"
NOWHERE = "'none'"

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors {ancestors}"
)
PLAIN_HEADERS = {"X-Content-Type-Options": "nosniff"}
"""For what is no page: the stylesheet and the calendar."""

STYLESHEET = (HERE / "static" / "hub.css").read_bytes()
STYLESHEET_PATH = "/hub/hub.css"
# A changed stylesheet has a new address, so browsers may keep the old one for good.
STYLESHEET_URL = f"{STYLESHEET_PATH}?v={hashlib.sha256(STYLESHEET).hexdigest()[:12]}"

# Templates come with the code and do not change while it runs: each is read and compiled once.
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    auto_reload=False,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    template: str,
    values: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    framed_by: str = IN_TEAMS,
) -> web.Response:
    """A whole page; only the sites in `framed_by` may show it in a frame."""
    return web.Response(
        text=TEMPLATES.get_template(template).render(values or {}, stylesheet=STYLESHEET_URL),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={
            **PLAIN_HEADERS,
            "Content-Security-Policy": POLICY.format(ancestors=framed_by),
            # With "no-referrer" browsers would hide the Origin of our own forms from us.
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-cache",
        },
    )


async def stylesheet(_: web.Request) -> web.Response:
    return web.Response(
        body=STYLESHEET,
        content_type="text/css",
        charset="utf-8",
        headers={**PLAIN_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"},
    )
