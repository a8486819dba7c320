"""Signing in to our pages outside Teams, and out of them."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from aiohttp import web

from hub import look
from hub.visitors import Visitors
from services.ports.sign_in import NotSignedIn, WebSignIn
from services.ports.systems import Rejected, Unavailable

log = structlog.get_logger()

BACK = "/hub/signed-in"
"""Where a browser comes back to; the app registration has this address."""


def sign_in_routes(visitors: Visitors, web_sign_in: WebSignIn) -> list[web.RouteDef]:
    async def sign_in(request: web.Request) -> web.StreamResponse:
        to = _own_path(request.query.get("to", ""))
        try:
            begun = await web_sign_in.begin()
        except (Unavailable, Rejected) as error:
            log.warning("nobody can sign in", reason=str(error))
            return _failed()
        response = look.moved(begun.address)
        visitors.keep(response, {**begun.kept, "to": to})
        return response

    async def signed_in(request: web.Request) -> web.StreamResponse:
        kept = visitors.kept(request)
        if kept is None:
            return _failed()
        began = {name: value for name, value in kept.items() if name != "to"}
        try:
            who = await web_sign_in.finish(began, request.query)
        except (NotSignedIn, Unavailable, Rejected) as error:
            log.warning("not signed in", reason=str(error))
            return _failed()
        response = look.moved(_own_path(kept["to"]))
        visitors.let_in(response, who)
        visitors.forget_kept(response)
        return response

    async def sign_out(_: web.Request) -> web.StreamResponse:
        response = look.moved("/hub")
        visitors.let_out(response)
        return response

    return [
        web.get("/hub/sign-in", sign_in),
        web.get(BACK, signed_in),
        web.post("/hub/sign-out", sign_out),
    ]


def _own_path(path: str) -> str:
    """A path of ours; whatever could lead to another site leads to the hub."""
    is_ours = path.startswith(("/hub", "/desk")) and "\\" not in path and path.isprintable()
    return path if is_ours else "/hub"


def _failed() -> web.Response:
    values = {"title": "You could not be signed in", "words": "Please try again in a moment."}
    return look.page("sign_in_first.html", values, status=HTTPStatus.BAD_GATEWAY)
