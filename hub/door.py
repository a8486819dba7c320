"""The page for a session's door: a code that people point their phones at, to say that they are here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import listing, look
from services.catalogue import Catalogue
from services.doors import Doors
from services.ports.clocks import Clock


def door_routes(
    catalogue: Catalogue, doors: Doors, clock: Clock, *, zone: ZoneInfo, chat_link: str
) -> list[web.RouteDef]:
    """`chat_link` opens the chat with the bot, `{text}` in it standing for what to say; or ''."""

    async def door(request: web.Request) -> web.Response:
        """Only for who has its address from the bot: the rest of the hub is open to everybody."""
        code, key = request.match_info["code"], request.query.get("key", "")
        found = [s for s in (await catalogue.programme()).everything if doors.shows(s.id, key)]
        session = next((s for s in found if s.code.casefold() == code.casefold()), None)
        if session is None:
            return _private(look.page("no_door.html", {"code": code}, status=HTTPStatus.NOT_FOUND))
        word = doors.word(session.id)
        say = f"here {session.code} {word}"
        link = chat_link.replace("{text}", quote(say, safe=""))
        values: dict[str, Any] = {
            "session": session,
            "facts": listing.facts(session, clock.now(), zone),
            "say": say,
            "word": word,
            # A phone reads it as an address, so without Teams there is none to show.
            "picture": _picture(link) if link else "",
        }
        return _private(look.page("door.html", values))

    return [web.get("/hub/sessions/{code}/door", door)]


def _picture(link: str) -> str:
    """A QR code that can still be read where a corner of the paper is torn."""
    import segno  # no start waits for it

    return segno.make(link, error="m").svg_data_uri(border=4)


def _private(page: web.Response) -> web.Response:
    """Nobody keeps a copy, or tells another site where it was."""
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex"
    return page
