"""How every page looks: its template, the one stylesheet, and the headers it is sent with."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hub.compression import takes_gzip
from hub.visitors import Visitor

HERE = Path(__file__).parent
TEAMS = "https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft"
OWN_SITE = "'self'"
IN_TEAMS = f"{OWN_SITE} {TEAMS}"
NOWHERE = "'none'"

TEAMS_JS = "https://res.cdn.office.net/teams-js/2.58.0/js/MicrosoftTeams.min.js"
TEAMS_HOSTS = "https://res.cdn.office.net/teams-js/validDomains/json/validDomains.json"
"""What `teams.js` loads inside Teams, and where that looks which hosts may show us."""

POLICY = (
    f"default-src 'none'; script-src 'self' {TEAMS_JS}; style-src 'self'; img-src 'self' data:; "
    f"connect-src 'self' {TEAMS_HOSTS}; form-action 'self'; "
    "base-uri 'none'; frame-ancestors {ancestors}"
)
PLAIN_HEADERS = {"X-Content-Type-Options": "nosniff"}
"""For what is no page: the stylesheet and the calendar."""

STATIC = "/hub/static/{name}"
KINDS = {".css": "text/css", ".js": "text/javascript"}
ASSETS = {f.name: f.read_bytes() for f in sorted((HERE / "static").iterdir()) if f.suffix in KINDS}

COMPRESSED = {name: gzip.compress(body, mtime=0) for name, body in ASSETS.items()}


@cache
def asset(name: str) -> str:
    """The address of a stylesheet or script; another for each version, so that browsers may keep it."""
    return f"{STATIC.format(name=name)}?v={hashlib.sha256(ASSETS[name]).hexdigest()[:12]}"


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
    visitor: Visitor | None = None,
    status: int = 200,
    framed_by: str = IN_TEAMS,
) -> web.Response:
    """A whole page, for `visitor` where somebody has signed in; `framed_by`: who may show it in a frame."""
    kept = "no-cache" if visitor is None else "no-store"
    return web.Response(
        text=TEMPLATES.get_template(template).render(values or {}, visitor=visitor, asset=asset),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={
            **PLAIN_HEADERS,
            "Content-Security-Policy": POLICY.format(ancestors=framed_by),
            # With "no-referrer" browsers would hide the Origin of our own forms from us.
            "Referrer-Policy": "same-origin",
            "Cache-Control": kept,
        },
    )


def moved(to: str) -> web.Response:
    """Sends the browser to another page, after a form too."""
    headers = {"Location": to, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)


async def static(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in ASSETS:
        raise web.HTTPNotFound
    is_small = takes_gzip(request)
    headers = {
        **PLAIN_HEADERS,
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
    }
    return web.Response(
        body=COMPRESSED[name] if is_small else ASSETS[name],
        content_type=KINDS[Path(name).suffix],
        charset="utf-8",
        headers=headers | ({"Content-Encoding": "gzip"} if is_small else {}),
    )
