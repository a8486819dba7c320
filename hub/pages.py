"""The hub: the programme on the web, and as a calendar to subscribe to."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import ETag, web

from cards import retention
from dialogs.programme_answers import ProgrammeAnswers
from hub import listing, look
from hub.listing import Standing
from hub.live import Live
from hub.own_list import OwnList
from hub.own_place import tag_of
from hub.programme_page import ProgrammePage, Said
from hub.search import Search
from hub.visitors import visitor_of
from learning.retention import USUAL, Periods
from learning.sessions import Session, by_time
from services.catalogue import Catalogue, Programme
from services.ports.clocks import Clock

CalendarFile = Callable[[Sequence[Session]], bytes]
OwnPlace = Callable[[web.Request, Session], Awaitable[Mapping[str, Any]]]
"""What own_place.html shows of one session to whoever looks at it."""

MADE_AT = re.compile(rb"^DTSTAMP[:;].*\r?\n", re.MULTILINE)

NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.-]+")

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
    answers: ProgrammeAnswers,
    live: Live,
    public_url: str = "",
    own_place: OwnPlace | None = None,
    own_list: OwnList | None = None,
    periods: Periods = USUAL,
    quotes: Said | None = None,
) -> list[web.RouteDef]:
    """`chat_link` opens the chat with the bot, `{text}` in it standing for what to say; or ''."""
    hub = Hub(
        catalogue,
        clock,
        zone=zone,
        chat_link=chat_link,
        calendar_file=calendar_file,
        public_url=public_url,
        own_place=own_place,
        periods=periods,
    )
    search = Search(catalogue, answers, zone=zone)
    programme = ProgrammePage(
        catalogue, clock, search, zone=zone, chat=hub.chat, own=own_list, quotes=quotes
    )
    return [
        web.get("/hub", programme.show),
        *live.routes(),
        web.get("/hub/sessions/{code}", hub.session),
        web.get("/hub/sessions/{code}/calendar.ics", hub.session_file),
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
        public_url: str,
        own_place: OwnPlace | None,
        periods: Periods,
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._zone = zone
        self._chat_link = chat_link
        self._calendar_file = calendar_file
        self._public_url = public_url
        self._own_place = own_place
        self._periods = periods
        self._calendar = CalendarCopy()

    async def session(self, request: web.Request) -> web.Response:
        session, now = await self._found(request), self._clock.now()
        if session is None:
            values = {"code": request.match_info["code"]}
            return look.page("no_session.html", values, status=HTTPStatus.NOT_FOUND)
        stands = listing.standing(session, now)
        settled = stands in {Standing.OPEN, Standing.ANY_TIME}
        instead = [] if settled else await self._catalogue.instead(session)
        tag = tag_of(request)
        say = f"book {session.code} via {tag}" if tag else f"book {session.code}"
        values: dict[str, Any] = {
            "session": session,
            "standing": stands,
            "facts": listing.facts(session, now, self._zone),
            "refusal": _refusal(session, stands),
            "say": say,
            "chat": self.chat(say),
            # The link of a dated session is for those who have a place.
            "link": listing.safe_link(session.details.link) if stands is Standing.ANY_TIME else "",
            "instead": [listing.line(s, now, self._zone) for s in instead],
            "place": listing.place(self._zone),
            "now": now,
            "zone": self._zone.key,
            "as_of": listing.moment(now, self._zone),
            "path": listing.path(session),
            "shared": listing.shared(session, now, self._zone),
            "address": f"{self._public_url}{listing.path(session)}",
        }
        if self._own_place is not None:
            values |= await self._own_place(request, session)
        return look.page("session.html", values, visitor=visitor_of(request))

    async def session_file(self, request: web.Request) -> web.Response:
        """The session for one's own calendar, whichever that is."""
        session = await self._found(request)
        if session is None or not listing.is_dated(session):
            raise web.HTTPNotFound
        name = NOT_IN_A_NAME.sub("-", session.code).strip("-.") or "session"
        return web.Response(
            body=await asyncio.to_thread(self._calendar_file, [session]),
            content_type="text/calendar",
            charset="utf-8",
            headers={
                **look.PLAIN_HEADERS,
                "Cache-Control": "no-cache",
                "Content-Disposition": f'attachment; filename="{name}.ics"',
            },
        )

    async def _found(self, request: web.Request) -> Session | None:
        """The session that the address names, as it is now."""
        visitor = visitor_of(request)
        known = await self._catalogue.coded(
            request.match_info["code"], visitor.person_id if visitor else None
        )
        return next(iter(await self._catalogue.among([known.id] if known else [])), None)

    async def privacy(self, _: web.Request) -> web.Response:
        return look.page("privacy.html", {"kept": retention.lines(self._periods)})

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

    def chat(self, words: str) -> str:
        """The address that opens the chat with these words typed, or ''."""
        return self._chat_link.replace("{text}", quote(words, safe=""))


def _refusal(session: Session, stands: Standing) -> str:
    """Why nobody can book it now, or ''."""
    if stands is Standing.FULL and not session.details.waiting_list:
        return NO_QUEUE
    return NO_BOOKING.get(stands, "")
