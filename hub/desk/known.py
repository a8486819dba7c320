"""Whoever changes something at the desk is one of the people we know: the list of changes names them."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from hub.booking_forms import contact_of
from hub.visitors import visitor_of
from services.people import PeopleService


def known(people: PeopleService, routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    """The same addresses; those that change something first make sure of who is there."""
    return [_met(people, route) if route.method == "POST" else route for route in routes]


def _met(people: PeopleService, route: web.RouteDef) -> web.RouteDef:
    async def handler(request: web.Request) -> web.StreamResponse:
        visitor = visitor_of(request)
        if visitor is not None:
            await people.meet(contact_of(visitor))
        return await route.handler(request)

    return web.post(route.path, handler)
