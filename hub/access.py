"""Who may see and do what on the web: one rule for every address, checked before its own code runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from aiohttp import web
from aiohttp.web_request import FileField

from hub import look, own_machine
from hub.sign_in import own_path
from hub.visitors import FORM_FIELD, FORM_HEADER, VISITOR, Visitor, Visitors
from learning.people import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Access(StrEnum):
    EVERYBODY = "everybody"
    """Nothing personal, and nothing is changed."""

    SIGNED_IN = "signed in"
    ORGANISERS = "organisers"
    KEY = "whoever has its key"
    """A secret in the address or the message, which the address's own code checks."""

    CHANNEL = "the Bot Framework channel"
    """Its token is checked by the endpoint."""

    OWN_MACHINE = "the laptop's own browser"


RULES: Mapping[tuple[str, str], Access] = {
    ("POST", "/api/messages"): Access.CHANNEL,
    ("GET", "/healthz"): Access.EVERYBODY,
    ("GET", "/readyz"): Access.EVERYBODY,
    ("GET", "/metrics"): Access.EVERYBODY,
    ("GET", "/hub"): Access.EVERYBODY,
    ("GET", "/hub/places"): Access.EVERYBODY,
    ("GET", "/hub/sessions/{code}"): Access.EVERYBODY,
    ("GET", "/hub/courses/pictures/{digest}"): Access.EVERYBODY,
    ("GET", "/hub/sessions/{code}/calendar.ics"): Access.EVERYBODY,
    ("GET", "/hub/privacy"): Access.EVERYBODY,
    ("GET", "/hub/terms"): Access.EVERYBODY,
    ("GET", "/hub/static/{name}"): Access.EVERYBODY,
    ("GET", "/hub/sign-in"): Access.EVERYBODY,
    ("GET", "/hub/signed-in"): Access.KEY,
    ("POST", "/hub/signed-in"): Access.KEY,
    ("GET", "/hub/session"): Access.EVERYBODY,
    ("POST", "/hub/session"): Access.KEY,
    ("POST", "/hub/sign-out"): Access.SIGNED_IN,
    ("GET", "/hub/sessions/{code}/door"): Access.KEY,
    ("POST", "/hub/changes"): Access.KEY,
    ("GET", "/hub/mine"): Access.SIGNED_IN,
    ("GET", "/hub/mine/data"): Access.SIGNED_IN,
    ("POST", "/hub/mine/nudges"): Access.SIGNED_IN,
    ("POST", "/hub/mine/highlights"): Access.SIGNED_IN,
    ("POST", "/hub/mine/calendar"): Access.SIGNED_IN,
    ("POST", "/hub/mine/again"): Access.SIGNED_IN,
    ("GET", "/hub/mine/certificate.pdf"): Access.SIGNED_IN,
    ("POST", "/hub/sessions/{code}/book"): Access.SIGNED_IN,
    ("POST", "/hub/sessions/{code}/cancel"): Access.SIGNED_IN,
    ("POST", "/hub/sessions/{code}/accept"): Access.SIGNED_IN,
    ("POST", "/hub/sessions/{code}/pass"): Access.SIGNED_IN,
    ("GET", "/calendar.ics"): Access.EVERYBODY,
    ("GET", "/calendar/{token}.ics"): Access.KEY,
    ("GET", "/desk"): Access.ORGANISERS,
    ("GET", "/desk/editions/copy"): Access.ORGANISERS,
    ("POST", "/desk/editions/copy"): Access.ORGANISERS,
    ("GET", "/desk/publish"): Access.ORGANISERS,
    ("POST", "/desk/publish"): Access.ORGANISERS,
    ("GET", "/desk/publish/{id}"): Access.ORGANISERS,
    ("POST", "/desk/publish/{id}"): Access.ORGANISERS,
    ("GET", "/desk/sessions/new"): Access.ORGANISERS,
    ("POST", "/desk/sessions/new"): Access.ORGANISERS,
    ("GET", "/desk/sessions/{id}"): Access.ORGANISERS,
    ("GET", "/desk/sessions/{id}/edit"): Access.ORGANISERS,
    ("POST", "/desk/sessions/{id}/edit"): Access.ORGANISERS,
    ("GET", "/desk/sessions/{id}/copy"): Access.ORGANISERS,
    ("GET", "/desk/sessions/{id}/cancel"): Access.ORGANISERS,
    ("POST", "/desk/sessions/{id}/cancel"): Access.ORGANISERS,
    ("GET", "/desk/changes"): Access.ORGANISERS,
    ("GET", "/desk/sessions/{id}/roster"): Access.ORGANISERS,
    ("GET", "/desk/sessions/{id}/person"): Access.ORGANISERS,
    ("POST", "/desk/sessions/{id}/roster/add"): Access.ORGANISERS,
    ("POST", "/desk/sessions/{id}/roster/move"): Access.ORGANISERS,
    ("POST", "/desk/sessions/{id}/roster/take-off"): Access.ORGANISERS,
    ("GET", "/desk/messages"): Access.ORGANISERS,
    ("GET", "/desk/sessions/{id}/message"): Access.ORGANISERS,
    ("POST", "/desk/sessions/{id}/message"): Access.ORGANISERS,
    ("GET", "/desk/deliveries"): Access.ORGANISERS,
    ("POST", "/desk/deliveries"): Access.ORGANISERS,
    ("GET", "/desk/export"): Access.ORGANISERS,
    ("POST", "/desk/export"): Access.ORGANISERS,
    ("GET", "/desk/champions"): Access.ORGANISERS,
    ("POST", "/desk/champions/add"): Access.ORGANISERS,
    ("POST", "/desk/champions/remove"): Access.ORGANISERS,
    ("GET", "/desk/jobs"): Access.ORGANISERS,
    ("POST", "/desk/jobs"): Access.ORGANISERS,
    ("GET", "/desk/ideas"): Access.ORGANISERS,
    ("POST", "/desk/ideas"): Access.ORGANISERS,
    ("POST", "/desk/ideas/close"): Access.ORGANISERS,
    ("GET", "/desk/ideas/{id}"): Access.ORGANISERS,
    ("POST", "/desk/ideas/{id}/decline"): Access.ORGANISERS,
    ("GET", "/desk/courses"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/enrol"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}/withdraw"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/withdraw"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}/sets"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/sets/propose"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/sets/confirm"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/sets/move"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}/sets/{id}"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/sets/{id}/name"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/sets/{id}/facilitator"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/sets/{id}/date"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}/merging"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/merging"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}/progress"): Access.ORGANISERS,
    ("POST", "/desk/courses/{code}/progress"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}/questionnaire"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}/commitments"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}/commitments.csv"): Access.ORGANISERS,
    ("GET", "/desk/courses/{code}/quotes"): Access.ORGANISERS,
    ("GET", "/desk/report"): Access.ORGANISERS,
    ("GET", "/desk/report/file/{kind}"): Access.ORGANISERS,
    ("GET", "/desk/report/earlier"): Access.ORGANISERS,
    ("POST", "/desk/report/earlier"): Access.ORGANISERS,
    ("POST", "/desk/report/earlier/remove"): Access.ORGANISERS,
    ("GET", "/desk/work"): Access.ORGANISERS,
    ("GET", "/desk/work/{id}"): Access.ORGANISERS,
    ("GET", "/desk/work/{id}/progress"): Access.ORGANISERS,
    ("GET", "/desk/work/{id}/file"): Access.ORGANISERS,
    ("GET", "/laptop"): Access.OWN_MACHINE,
}

LARGEST: Mapping[tuple[str, str], int] = {
    ("POST", "/desk/publish"): 10 * 1024 * 1024,
    ("POST", "/desk/report/earlier"): 2 * 1024 * 1024,
}
"""Bytes that a form with a file may have; any other is as small as a message to the bot."""


DEFAULT_PORTS = {"https": ":443", "http": ":80"}


class NoRule(Exception):
    """An address that nobody has said a rule for: it is not served."""


class Doorkeeper:
    """Applies the rules. What it lets through finds who is there by `visitor_of(request)`."""

    def __init__(
        self,
        visitors: Visitors,
        is_organiser: Callable[[PersonId], Awaitable[bool]],
        *,
        origin: str,
        on_laptop: bool,
    ) -> None:
        """`origin`: an address by which browsers know us, a page or not; a laptop has their own too."""
        self._visitors = visitors
        self._is_organiser = is_organiser
        self._origin = origin_of(origin)
        self._on_laptop = on_laptop

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        access = rule(request.method, request.match_info.route)
        if access not in {Access.EVERYBODY, Access.SIGNED_IN, Access.ORGANISERS}:
            return await handler(request)
        visitor = await self._visitor(request)
        if visitor is not None:
            request[VISITOR] = visitor
        if access is Access.EVERYBODY:
            return await handler(request)
        if self._on_laptop and not own_machine.is_own(request):
            return refused("This address answers to this machine's own browser only.")
        if visitor is None:
            return _asked_to_sign_in(request)
        most = LARGEST.get(_address(request.method, request.match_info.route))
        if most is None or not visitor.is_organiser:
            return await self._checked(request, visitor, access, handler)
        return await self._checked_with_file(
            request.clone(client_max_size=most), visitor, access, handler
        )

    async def _checked_with_file(
        self, request: web.Request, visitor: Visitor, access: Access, handler: Handler
    ) -> web.StreamResponse:
        """Files are closed afterwards; aiohttp does so for requests of its own making only."""
        try:
            sent = await request.post()
        except web.HTTPRequestEntityTooLarge:
            return _too_large(request, visitor)
        try:
            return await self._checked(request, visitor, access, handler)
        finally:
            for each in sent.values():
                if isinstance(each, FileField):
                    each.file.close()

    async def _checked(
        self, request: web.Request, visitor: Visitor, access: Access, handler: Handler
    ) -> web.StreamResponse:
        try:
            is_ours = request.method in own_machine.READS or await self._is_ours(request, visitor)
        except web.HTTPRequestEntityTooLarge:
            return _too_large(request, visitor)
        if not is_ours:
            return refused(
                "This did not come from one of our own pages, or the page had become too old."
                " Go back, load it again, and try once more.",
                visitor=visitor,
            )
        if access is Access.ORGANISERS and not visitor.is_organiser:
            return refused("This page is for those who organise the week.", visitor=visitor)
        return await handler(request)

    async def _visitor(self, request: web.Request) -> Visitor | None:
        visitor = self._visitors.read(request)
        if visitor is None:
            return None
        return replace(visitor, is_organiser=await self._is_organiser(visitor.person_id))

    async def _is_ours(self, request: web.Request, visitor: Visitor) -> bool:
        """Whether a change was asked for by one of our own pages, shown to this very person."""
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if origin is not None and origin.casefold() not in self._origins(request):
            return False
        if site not in (None, "same-origin"):
            return False
        given = request.headers.get(FORM_HEADER) or (await request.post()).get(FORM_FIELD, "")
        return isinstance(given, str) and self._visitors.is_own_form(visitor, given)

    def _origins(self, request: web.Request) -> set[str]:
        own = f"{request.scheme}://{request.host}".casefold()
        return {self._origin, own} if self._on_laptop else {self._origin}


def origin_of(address: str) -> str:
    """Scheme, host and port, as browsers name a site in the header Origin."""
    parts = urlsplit(address.casefold())
    return f"{parts.scheme}://{parts.netloc.removesuffix(DEFAULT_PORTS.get(parts.scheme, ''))}"


def rule(method: str, route: web.AbstractRoute) -> Access:
    """Raises NoRule. What is no address of ours is answered 404 or 405 by whoever asks for it."""
    if route.resource is None:
        return Access.KEY
    path = route.resource.canonical
    if path == "/laptop" or path.startswith("/laptop/"):
        return Access.OWN_MACHINE
    found = RULES.get(_address(method, route))
    if found is None:
        raise NoRule(f"{method} {path}")
    return found


def _address(method: str, route: web.AbstractRoute) -> tuple[str, str]:
    path = route.resource.canonical if route.resource else ""
    return ("GET" if method == "HEAD" else method, path)


def check_rules(routes: Iterable[web.AbstractRoute]) -> None:
    """Raises NoRule for the first address without one."""
    for route in routes:
        rule(route.method, route)


def refused(words: str, *, visitor: Visitor | None = None) -> web.Response:
    values = {"title": "You may not do this", "words": words}
    return look.page("notice.html", values, visitor=visitor, status=HTTPStatus.FORBIDDEN)


def _came_from(request: web.Request) -> str:
    """The page of ours on which they pressed something."""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return own_path("")
    return own_path(f"{page.path}?{page.query}".removesuffix("?"))


def _asked_to_sign_in(request: web.Request) -> web.StreamResponse:
    """A page is shown once they have signed in; what would have changed something is not repeated."""
    if request.method in own_machine.READS:
        return look.moved(f"/hub/sign-in?to={quote(request.path_qs, safe='')}")
    words = "You have been signed out. Nothing was changed."
    values = {"title": "Sign in first", "words": words, "to": _came_from(request)}
    return look.page("sign_in_first.html", values, status=HTTPStatus.UNAUTHORIZED)


def _too_large(request: web.Request, visitor: Visitor) -> web.Response:
    most = LARGEST.get(_address(request.method, request.match_info.route), 0) // 1024**2
    words = f"It may have {most} MB at most. " if most else ""
    values = {
        "title": "That is too large",
        "words": f"Nothing was stored. {words}Split it, or take pictures out of it, and try again.",
    }
    return look.page(
        "notice.html", values, visitor=visitor, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    )
