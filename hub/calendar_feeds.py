"""One person's calendar, for whoever has its key: Outlook and other calendars ask for it by themselves."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import ETag, web

from cards import calendar as words
from hub import look
from learning.own_calendar import OwnEvent
from services.calendar_keys import OwnCalendars

PATH = "/calendar/{token}.ics"
OwnFile = Callable[[Sequence[OwnEvent]], bytes]

HEADERS = {
    **look.PLAIN_HEADERS,
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def calendar_feed_routes(
    calendars: OwnCalendars, own_file: OwnFile, *, public_url: str
) -> list[web.RouteDef]:
    async def own(request: web.Request) -> web.Response:
        """Without a calendar the answer is the same whether there ever was one or not."""
        entries = await calendars.opened(request.match_info["token"])
        if entries is None:
            return web.Response(
                status=HTTPStatus.NOT_FOUND, text="There is no such calendar.", headers=HEADERS
            )
        events = [
            words.event(e, f"{public_url}/hub/sessions/{quote(e.session.code, safe='')}")
            for e in entries
        ]
        # Of what it says and not of the file, whose making takes longer and says when it was made.
        told = repr([_told(event) for event in events])
        tag = hashlib.sha256(told.encode()).hexdigest()[:32]
        if {known.value for known in request.if_none_match or ()} & {tag, "*"}:
            response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=HEADERS)
        else:
            response = web.Response(
                body=await asyncio.to_thread(own_file, events),
                content_type="text/calendar",
                charset="utf-8",
                headers=HEADERS | {"Content-Disposition": 'inline; filename="my-learnweek.ics"'},
            )
        response.etag = ETag(value=tag, is_weak=True)
        return response

    return [web.get(PATH, own)]


def _told(event: OwnEvent) -> tuple[object, ...]:
    """All that the file says of it: how many others are booked is not among that."""
    entry, details = event.entry, event.entry.session.details
    when = (details.starts_at, details.ends_at, details.timezone)
    stands = (entry.uid, entry.sequence, entry.changed_at, entry.state, entry.is_off)
    return (*stands, *when, event.title, event.text, event.where, event.url)


def address(public_url: str, key: str) -> str:
    return f"{public_url}{PATH.format(token=key)}"
