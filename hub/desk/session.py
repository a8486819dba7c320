"""One session at the desk: how it stands, and what came of the form that led to it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import listing, look
from hub.desk import changes, told
from hub.desk.programme import path, taken
from hub.visitors import visitor_of
from learning.errors import NotFound
from learning.people import PersonId
from learning.sessions import Edition, Format, Session, SessionId
from services.catalogue import Catalogue
from services.change_log import ChangeLog
from services.ports.clocks import Clock
from services.programme import ProgrammeService

LATEST = 5
"""Changes that a session's own page shows."""

DONE = {
    "changed": "Saved. {told}",
    "added": "Added. People can find it and book it now.",
    "of_idea": "Added. People can find it and book it now. {told}",
    "cancelled": "Called off. {told}",
    "same": "Nothing was different, so nothing was changed.",
    "already": "That had been saved already. It was not done twice.",
}
"""What came of a form, by the word in the address that follows it."""


class SessionPages:
    def __init__(
        self,
        programme: ProgrammeService,
        catalogue: Catalogue,
        log: ChangeLog,
        clock: Clock,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._programme = programme
        self._catalogue = catalogue
        self._log = log
        self._clock = clock
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk/sessions/{id}", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        now = self._clock.now()
        lately = await self._log.latest(LATEST, session_id=session.id)
        values: dict[str, Any] = {
            "session": session,
            "path": path(session),
            "hub_path": listing.path(session),
            "standing": listing.standing(session, now),
            "state": listing.line(session, now, self._zone).state or "Any time",
            "facts": listing.facts(session, now, self._zone),
            "taken": taken(session),
            "is_dated": session.details.format is not Format.SELF_PACED,
            "edition": await edition_of(self._programme, session),
            "said": said(request),
            "changes": changes.lines(lately, self._zone),
            "place_name": listing.place(self._zone),
        }
        return look.page("desk_session.html", values, visitor=visitor_of(request))


async def edition_of(programme: ProgrammeService, session: Session) -> Edition:
    editions = await programme.editions()
    return next(e for e in editions if e.id == session.edition_id)


async def found(catalogue: Catalogue, request: web.Request) -> Session | None:
    """The session that the address is of, as it is now."""
    number = request.match_info.get("id", "")
    if not number.isdecimal() or len(number) > 15:
        return None
    try:
        return await catalogue.get(SessionId(int(number)))
    except NotFound:
        return None


def no_session(request: web.Request) -> web.Response:
    values = {"title": "There is no such session", "words": "It may have had another address."}
    return look.page(
        "notice.html", values, visitor=visitor_of(request), status=HTTPStatus.NOT_FOUND
    )


def outcome(session: Session, came: str, count: int = 0) -> str:
    return f"{path(session)}?done={came}&told={count}"


def said(request: web.Request) -> str:
    """What came of the form that led here."""
    count = request.query.get("told", "")
    number = int(count) if count.isdecimal() and len(count) < 9 else 0
    words = f"{told.people(number)} {'is' if number == 1 else 'are'} told." if number else ""
    came = DONE.get(request.query.get("done", ""), "")
    return came.format(told=words or "Nobody needs to be told.")


def cancelled(request: web.Request, session: Session) -> web.Response:
    values = {
        "title": f"{session.title} is cancelled",
        "words": "A session that was called off is not changed any more. Duplicate it to offer it again.",
        "to": path(session),
        "to_words": "Back to the session",
    }
    return look.page(
        "desk_notice.html", values, visitor=visitor_of(request), status=HTTPStatus.CONFLICT
    )


def actor(request: web.Request) -> PersonId:
    """Who changes something."""
    visitor = visitor_of(request)
    assert visitor is not None, "the rule for this address lets nobody else in"
    return visitor.person_id
