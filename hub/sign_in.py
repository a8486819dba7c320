"""Signing in to our pages, inside Teams and outside, and out of them."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import structlog
from aiohttp import web

from hub import look, own_machine
from hub.visitors import Visitors
from services.ports.sign_in import NotSignedIn, TabTokens, WebSignIn, Why
from services.ports.systems import Rejected, Unavailable

log = structlog.get_logger()

BACK = "/hub/signed-in"
"""Where a browser comes back to; the app registration has this address."""

IN_TEAMS = ("in", "teams")
"""What the addresses in the app package have in their query: on phones Teams shows no frame."""

OURS = re.compile(r"/(hub|desk|calendar)(/[^/]+)*")
SIGNING_IN = re.compile(r"/hub/(sign|session$)")
LONGEST = 1000

CANNOT = "You could not be signed in"
WORDS = {
    Why.DECLINED: "You, or your organisation, did not allow Learnweek to see who you are. You can "
    "read the programme all the same. To allow it, sign in again.",
    Why.FOREIGN: "This account belongs to another organisation. Sign in with the account that you "
    "use at work here.",
    Why.STALE: "Signing in took too long, or was begun in another window. Please sign in again.",
    Why.OTHER: "Please sign in again. If it fails once more, tell whoever looks after Learnweek.",
}
NO_ANSWER = "Microsoft’s sign-in does not answer at the moment. Please try again in a few minutes."

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def sign_in_routes(
    visitors: Visitors,
    web_sign_in: WebSignIn,
    tab_tokens: TabTokens,
    *,
    chat_link: str,
    on_laptop: bool,
) -> list[web.RouteDef]:
    """`chat_link` opens the chat with the bot, or ''. A laptop signs in its own browser only."""
    signing = SigningIn(visitors, web_sign_in, tab_tokens, chat_link)
    sign_in, signed_in = signing.begin, signing.finish
    if on_laptop:
        sign_in, signed_in = own_machine.guarded(sign_in), own_machine.guarded(signed_in)
    return [
        web.get("/hub/sign-in", sign_in),
        web.get(BACK, signed_in),
        web.post(BACK, signed_in),
        web.post("/hub/sign-out", signing.leave),
        web.get("/hub/session", signing.standing),
        web.post("/hub/session", signing.from_tab),
    ]


class SigningIn:
    def __init__(
        self, visitors: Visitors, web_sign_in: WebSignIn, tab_tokens: TabTokens, chat_link: str
    ) -> None:
        self._visitors = visitors
        self._web_sign_in = web_sign_in
        self._tab_tokens = tab_tokens
        self._chat = chat_link

    async def begin(self, request: web.Request) -> web.StreamResponse:
        to = own_path(request.query.get("to", ""))
        if _is_in_teams(request, to):
            # Microsoft's own page shows itself in no frame: there the page's script signs in.
            alone = f"/hub/sign-in?to={quote(_outside_teams(to), safe='')}"
            return look.page("sign_in_teams.html", {"to": to, "alone": alone})
        try:
            begun = await self._web_sign_in.begin()
        except (Unavailable, Rejected) as error:
            log.warning("nobody can sign in", reason=str(error))
            return self._failed(NO_ANSWER, HTTPStatus.SERVICE_UNAVAILABLE, to)
        response = look.moved(begun.address)
        self._visitors.keep(response, {**begun.kept, "to": to})
        return response

    async def finish(self, request: web.Request) -> web.StreamResponse:
        kept = self._visitors.kept(request)
        if kept is None:
            if self._visitors.read(request) is not None:  # somebody who came here by Back
                return look.moved("/hub")
            return self._failed(WORDS[Why.STALE], HTTPStatus.UNAUTHORIZED)
        to = own_path(kept["to"])
        began = {name: value for name, value in kept.items() if name != "to"}
        # Entra has the browser post it, so that no code stands in an address; a laptop needs none.
        answer = await request.post() if request.method == "POST" else request.query
        said = {name: value for name, value in answer.items() if isinstance(value, str)}
        try:
            who = await self._web_sign_in.finish(began, said)
        except NotSignedIn as error:
            log.warning("not signed in", reason=str(error))
            response = self._failed(WORDS[error.why], HTTPStatus.UNAUTHORIZED, to)
        except (Unavailable, Rejected) as error:
            log.warning("nobody can sign in", reason=str(error))
            response = self._failed(NO_ANSWER, HTTPStatus.SERVICE_UNAVAILABLE, to)
        else:
            response = look.moved(to)
            self._visitors.let_in(response, who)
        self._visitors.forget_kept(response)
        return response

    async def leave(self, _: web.Request) -> web.StreamResponse:
        response = look.moved("/hub")
        self._visitors.let_out(response)
        return response

    async def standing(self, request: web.Request) -> web.Response:
        """Whether the browser kept our cookie, for the script of the tab."""
        return _told({"signed_in": self._visitors.read(request) is not None, "chat": self._chat})

    async def from_tab(self, request: web.Request) -> web.Response:
        """The cookie for what Teams gave the tab. Why a token is not taken is for the log alone."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme.casefold() != "bearer" or not token:
                raise NotSignedIn("no bearer token")
            who = await self._tab_tokens.signed_in(token.strip())
        except NotSignedIn as error:
            log.warning("tab token refused", reason=str(error))
            return _told({"error": "not signed in"}, HTTPStatus.UNAUTHORIZED)
        except Unavailable as error:
            log.warning("nobody can sign in", reason=str(error))
            return _told({"error": "try again later"}, HTTPStatus.SERVICE_UNAVAILABLE)
        response = _told({})
        visitor = self._visitors.let_in(response, who)
        response.text = json.dumps({"name": visitor.name, "form": visitor.form})
        return response

    def _failed(self, words: str, status: HTTPStatus, to: str = "/hub") -> web.Response:
        values = {"title": CANNOT, "words": words, "to": to, "chat": self._chat}
        return look.page("sign_in_first.html", values, status=status)


def own_path(path: str) -> str:
    """A page of ours to come back to; whatever could lead elsewhere leads to the hub."""
    if not path.isascii() or not path.isprintable() or len(path) > LONGEST or "\\" in path:
        return "/hub"
    address, _, query = path.partition("#")[0].partition("?")
    plain = unquote(address)
    parts = plain.split("/")
    if not OURS.fullmatch(address) or not OURS.fullmatch(plain) or SIGNING_IN.match(plain):
        return "/hub"
    if not plain.isprintable() or "\\" in plain or {".", ".."} & set(parts):
        return "/hub"
    address = quote(address, safe="/%.-_~!$&'()*+,;=:@")
    return f"{address}?{quote(query, safe='/%?.-_~!$&()*+,;=:@')}" if query else address


def _outside_teams(path: str) -> str:
    """The same page without the word that it is shown in Teams."""
    address, _, query = path.partition("?")
    kept = [pair for pair in parse_qsl(query) if pair != IN_TEAMS and pair[0] != "theme"]
    return f"{address}?{urlencode(kept)}" if kept else address


def _is_in_teams(request: web.Request, to: str) -> bool:
    framed = request.headers.get("Sec-Fetch-Dest") in {"iframe", "frame"}
    return framed or IN_TEAMS in parse_qsl(urlsplit(to).query)


def _told(values: dict[str, object], status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(
        text=json.dumps(values),
        status=status,
        content_type="application/json",
        headers={**look.PLAIN_HEADERS, "Cache-Control": "no-store"},
    )
