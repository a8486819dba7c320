"""The desk's first page: the sessions of an edition, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import listing, look
from hub.visitors import visitor_of
from learning.sessions import Edition, EditionId, Format, Session, by_time
from services.ports.clocks import Clock
from services.programme import ProgrammeService

AT_ONCE = 100
"""Sessions on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A session in the list; `standing` is for its colour, `state` says it in words."""

    code: str
    title: str
    path: str
    when: str
    places: str
    waiting: str
    standing: str
    state: str


STATES = {
    listing.Standing.ANY_TIME: "Any time",
    listing.Standing.OPEN: "Open",
    listing.Standing.FULL: "Full",
    listing.Standing.ON_NOW: "On now",
    listing.Standing.FINISHED: "Finished",
    listing.Standing.CANCELLED: "Cancelled",
}


class ProgrammePages:
    def __init__(self, programme: ProgrammeService, clock: Clock, *, zone: ZoneInfo) -> None:
        self._programme = programme
        self._clock = clock
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk", self.sessions)]

    async def sessions(self, request: web.Request) -> web.Response:
        now = self._clock.now()
        seen = await self._programme.look(edition_id(request.query.get("edition", "")))
        edition = seen.edition
        wanted = " ".join(request.query.get("find", "").split())[:100]
        found = by_time(s for s in seen.sessions if _fits(s, wanted))
        page = _page(request.query.get("page", ""), len(found))
        shown = found[page * AT_ONCE : (page + 1) * AT_ONCE]
        values: dict[str, Any] = {
            "editions": seen.editions,
            "edition": edition,
            "find": wanted,
            "lines": [line(s, now, self._zone) for s in shown],
            "first": page * AT_ONCE + 1,
            "count": len(found),
            "total": len(seen.sessions),
            "earlier": _link(edition, wanted, page - 1) if page else "",
            "later": _link(edition, wanted, page + 1) if len(found) > (page + 1) * AT_ONCE else "",
        }
        return look.page("desk_programme.html", values, visitor=visitor_of(request))


def edition_id(text: str) -> EditionId | None:
    return EditionId(int(text)) if text.isdecimal() and len(text) < 10 else None


def line(session: Session, now: datetime, zone: ZoneInfo) -> Line:
    stands = listing.standing(session, now)
    said = listing.line(session, now, zone)
    dated = session.details.format is not Format.SELF_PACED
    return Line(
        code=session.code,
        title=session.title,
        path=path(session),
        when=f"{said.day}, {said.times}" if said.day else said.times,
        places=taken(session) if dated else "",
        waiting=str(session.waiting) if session.waiting else "",
        standing=stands,
        state=STATES[stands],
    )


def taken(session: Session) -> str:
    """'5 of 12', or '5' where there is no limit."""
    capacity = session.details.capacity
    return f"{session.taken:,}" if capacity is None else f"{session.taken:,} of {capacity:,}"


def path(session: Session) -> str:
    return f"/desk/sessions/{session.id}"


def _fits(session: Session, words: str) -> bool:
    about = f"{session.code} {session.title} {session.details.strand}".casefold()
    return all(word in about for word in words.casefold().split())


def _page(text: str, count: int) -> int:
    """Counted from 0; what makes no sense is the first."""
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    return number if number * AT_ONCE < count else 0


def _link(edition: Edition | None, find: str, page: int) -> str:
    asked = {"edition": str(edition.id) if edition else "", "find": find, "page": str(page)}
    return "/desk?" + urlencode({name: text for name, text in asked.items() if text})
