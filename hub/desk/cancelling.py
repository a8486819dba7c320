"""Calling a session off: who will be told, and what, before it is done once."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import listing, look
from hub.desk import changes, told
from hub.desk.programme import path
from hub.desk.session import actor, found, no_session, outcome
from hub.visitors import visitor_of
from learning.sessions import Session
from services.catalogue import Catalogue
from services.change_log import ChangeLog
from services.ports.clocks import Clock
from services.programme import ProgrammeChanged, ProgrammeService


class CancelPages:
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
        return [
            web.get("/desk/sessions/{id}/cancel", self.ask),
            web.post("/desk/sessions/{id}/cancel", self.cancel),
        ]

    async def ask(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        if session.is_cancelled:
            return look.moved(outcome(session, "already"))
        return await self._question(request, session)

    async def cancel(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        if session.is_cancelled:
            return look.moved(outcome(session, "already"))
        seen = str((await request.post()).get("seen", ""))
        try:
            count = await self._programme.cancel_session(
                session.id,
                by=actor(request),
                seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1,
            )
        except ProgrammeChanged:
            session = await self._catalogue.get(session.id)
            return await self._question(request, session, overtaken=True)
        told_of = 0 if session.is_over(self._clock.now()) else count
        return look.moved(outcome(session, "cancelled", told_of))

    async def _question(
        self, request: web.Request, session: Session, *, overtaken: bool = False
    ) -> web.Response:
        now = self._clock.now()
        instead = await self._catalogue.instead(session)
        latest = await self._log.latest(1, session_id=session.id) if overtaken else None
        values: dict[str, Any] = {
            "session": session,
            "path": path(session),
            "line": listing.line(session, now, self._zone),
            "booked": session.taken,
            "waiting": session.waiting,
            "is_over": session.is_over(now),
            "words": told.of_cancelling(session, instead, self._zone, now),
            "meanwhile": changes.lines(latest, self._zone) if latest else [],
        }
        status = HTTPStatus.CONFLICT if overtaken else HTTPStatus.OK
        return look.page(
            "desk_session_cancel.html", values, visitor=visitor_of(request), status=status
        )
