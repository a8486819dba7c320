"""The hub: the programme on the web, and as a calendar to subscribe to."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import ETag, web

from hub import listing, look
from hub.listing import Standing
from hub.visitors import visitor_of
from learning.sessions import Session, by_time
from services.catalogue import Catalogue, Programme
from services.ports.clocks import Clock

CalendarFile = Callable[[Sequence[Session]], bytes]
MADE_AT = re.compile(rb"^DTSTAMP[:;].*\r?\n", re.MULTILINE)

NO_BOOKING = {
    Standing.ANY_TIME: "No booking needed: start whenever it suits you.",
    Standing.ON_NOW: "This session has started, so it can no longer be booked.",
    Standing.FINISHED: "This session is over.",
    Standing.CANCELLED: "This session has been cancelled.",
}
NO_QUEUE = "Every place is taken, and there is no waiting list."


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarCopy:
    """The calendar as of one version of the programme."""

    version: int = -1
    tag: str = ""
    body: bytes = b""


def hub_routes(
    catalogue: Catalogue,
    clock: Clock,
    *,
    zone: ZoneInfo,
    chat_link: str,
    calendar_file: CalendarFile,
) -> list[web.RouteDef]:
    """`chat_link` opens the chat with the bot, `{text}` in it standing for what to say; or ''."""
    hub = Hub(catalogue, clock, zone=zone, chat_link=chat_link, calendar_file=calendar_file)
    return [
        web.get("/hub", hub.programme),
        web.get("/hub/sessions/{code}", hub.session),
        web.get("/hub/privacy", hub.privacy),
        web.get("/hub/terms", hub.terms),
        web.get("/calendar.ics", hub.calendar),
        web.get(look.STATIC, look.static),
    ]


class Hub:
    def __init__(
        self,
        catalogue: Catalogue,
        clock: Clock,
        *,
        zone: ZoneInfo,
        chat_link: str,
        calendar_file: CalendarFile,
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._zone = zone
        self._chat_link = chat_link
        self._calendar_file = calendar_file
        self._calendar = CalendarCopy()

    async def programme(self, request: web.Request) -> web.Response:
        now = self._clock.now()
        programme = await self._catalogue.programme()
        current = [s for s in by_time(programme.sessions) if listing.is_current(s, now, self._zone)]
        fresh = await self._catalogue.among(s.id for s in current)
        values: dict[str, Any] = {
            "edition": _edition(programme, fresh),
            "days": listing.days(fresh, now, self._zone),
            "resources": [listing.resource(s) for s in await self._catalogue.resources()],
            "place": listing.place(self._zone),
        }
        return look.page("programme.html", values, visitor=visitor_of(request))

    async def session(self, request: web.Request) -> web.Response:
        code = request.match_info["code"]
        known = await self._catalogue.coded(code)
        found = await self._catalogue.among([known.id] if known else [])
        if not found:
            return look.page("no_session.html", {"code": code}, status=HTTPStatus.NOT_FOUND)
        session, now = found[0], self._clock.now()
        stands = listing.standing(session, now)
        settled = stands in {Standing.OPEN, Standing.ANY_TIME}
        instead = [] if settled else await self._catalogue.instead(session)
        values: dict[str, Any] = {
            "session": session,
            "standing": stands,
            "facts": listing.facts(session, now, self._zone),
            "refusal": _refusal(session, stands),
            "say": f"book {session.code}",
            "chat": self._chat(f"book {session.code}"),
            # The link of a dated session is for those who have a place.
            "link": listing.safe_link(session.details.link) if stands is Standing.ANY_TIME else "",
            "instead": [listing.line(s, now, self._zone) for s in instead],
            "place": listing.place(self._zone),
        }
        return look.page("session.html", values, visitor=visitor_of(request))

    async def privacy(self, _: web.Request) -> web.Response:
        return look.page("privacy.html")

    async def terms(self, _: web.Request) -> web.Response:
        return look.page("terms.html")

    async def calendar(self, request: web.Request) -> web.Response:
        """Calendars ask every few hours, and mostly nothing has changed."""
        copy = await self._current_calendar(await self._catalogue.programme())
        known = {tag.value for tag in request.if_none_match or ()}
        headers = {**look.PLAIN_HEADERS, "Cache-Control": "no-cache"}
        if known & {copy.tag, "*"}:
            response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        else:
            headers["Content-Disposition"] = 'inline; filename="learnweek.ics"'
            response = web.Response(
                body=copy.body, content_type="text/calendar", charset="utf-8", headers=headers
            )
        response.etag = ETag(value=copy.tag, is_weak=True)
        return response

    async def _current_calendar(self, programme: Programme) -> CalendarCopy:
        if self._calendar.version != programme.version:
            sessions = by_time(programme.sessions)
            body = await asyncio.to_thread(self._calendar_file, sessions)
            # When it was made differs from one replica to the next; what it says does not.
            tag = hashlib.sha256(MADE_AT.sub(b"", body)).hexdigest()[:32]
            self._calendar = CalendarCopy(version=programme.version, tag=tag, body=body)
        return self._calendar

    def _chat(self, words: str) -> str:
        """The address that opens the chat with these words typed, or ''."""
        return self._chat_link.replace("{text}", quote(words, safe=""))


def _refusal(session: Session, stands: Standing) -> str:
    """Why nobody can book it now, or ''."""
    if stands is Standing.FULL and not session.details.waiting_list:
        return NO_QUEUE
    return NO_BOOKING.get(stands, "")


def _edition(programme: Programme, shown: Sequence[Session]) -> str:
    """The name of the edition that all of these belong to, or ''."""
    ids = {s.edition_id for s in shown}
    names = [e.name for e in programme.editions if e.id in ids]
    return names[0] if len(names) == 1 else ""
