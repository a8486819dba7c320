"""One's own learning on the web: what one attended, its certificates, and what one asked to hear of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import record as words
from hub import listing, look
from hub.booking_forms import contact_of
from hub.own_place import Button
from hub.visitors import Visitor, visitor_of
from learning.again import is_worth_asking
from learning.drawings import Certificate
from learning.errors import LearningError, NotFound
from learning.people import Person, PersonId
from learning.record import Attended, EditionRecord, hours
from learning.sessions import EditionId, Session, SessionId
from services.again import AgainService
from services.catalogue import Catalogue
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.documents import Documents
from services.record import RecordService

MINE = "/hub/mine"
CERTIFICATE = f"{MINE}/certificate.pdf"
AGAIN = f"{MINE}/again"

ASKED, STOPPED, AHEAD = "asked", "stopped", "ahead"
"""What came of asking to hear of something again, as the address says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A session that one was at, or asked to hear of."""

    title: str
    path: str
    starts: str
    day: str
    spent: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one attended in one edition; `certificate` is '' where there is none."""

    name: str
    total: str
    certificate: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of a press, as far as it still is so."""

    heading: str
    path: str = ""
    link: str = ""


class OwnRecord:
    def __init__(
        self,
        record: RecordService,
        again: AgainService,
        people: PeopleService,
        catalogue: Catalogue,
        documents: Documents,
        clock: Clock,
        *,
        zone: ZoneInfo,
        organisation: str = "",
    ) -> None:
        self._record = record
        self._again = again
        self._people = people
        self._catalogue = catalogue
        self._documents = documents
        self._clock = clock
        self._zone = zone
        self._organisation = organisation

    def routes(self) -> list[web.RouteDef]:
        return [web.get(CERTIFICATE, self.certificate), web.post(AGAIN, self.ask)]

    async def shown(self, person_id: PersonId, zone: ZoneInfo) -> dict[str, Any]:
        """What mine_record.html shows."""
        now = self._clock.now()
        record = await self._record.of(person_id)
        wanted = await self._again.wanted(person_id)
        ids = {s.id for s in wanted}
        return {
            "learned": [_part(each, ids, now, zone) for each in record.editions],
            "learned_total": words.total(record.attended, record.quarters),
            "wanted": [_wanted(session, now, zone) for session in wanted],
        }

    async def ask(self, request: web.Request) -> web.Response:
        """Ask to hear when something runs again, or take that back."""
        visitor, fields = _visitor(request), await request.post()
        session_id, stop = _id(str(fields.get("session", ""))), fields.get("do") == "stop"
        if session_id is None:
            return look.moved(MINE)
        if stop:
            await self._again.take_back(visitor.person_id, SessionId(session_id))
            return _back(STOPPED, session_id)
        person_id = (await self._people.meet(contact_of(visitor))).person.id
        try:
            asked = await self._again.ask(person_id, SessionId(session_id))
        except NotFound:
            return look.moved(MINE)
        if asked.ahead:
            return _back(AHEAD, asked.ahead[0].id)
        return _back(ASKED, session_id) if asked.is_kept else look.moved(MINE)

    async def told(self, request: web.Request, person_id: PersonId) -> Told | None:
        """What the last press about hearing again brought about."""
        came, session_id = request.query.get("again"), _id(request.query.get("of", ""))
        if session_id is None or not (some := await self._catalogue.among([SessionId(session_id)])):
            return None
        [found] = some
        waits = found.id in {s.id for s in await self._again.wanted(person_id)}
        if came == ASKED and waits:
            return Told(heading=f"I’ll tell you once when {found.title} runs again")
        if came == STOPPED and not waits:
            return Told(heading=f"I won’t tell you when {found.title} runs again")
        if came == AHEAD and found.is_open(self._clock.now()):
            title = f"{found.title} runs again already"
            return Told(heading=title, path=listing.path(found), link=found.title)
        return None

    async def certificate(self, request: web.Request) -> web.Response:
        """Of what is recorded that they attended; nobody else's can be asked for."""
        visitor, asked = _visitor(request), _id(request.query.get("edition", ""))
        record = await self._record.of(visitor.person_id)
        found = record.of(EditionId(asked)) if asked else None
        if found is None:
            return _no_certificate(
                request,
                "Nothing is recorded that you attended there. What you attend is recorded a little"
                " after each session has ended.",
                HTTPStatus.NOT_FOUND,
            )
        person = await self._people.find(visitor.person_id) or Person(id=visitor.person_id)
        try:
            data = await self._documents.certificate(
                _certificate(
                    person.name or visitor.name or visitor.email,
                    found,
                    self._organisation,
                    person.zone(self._zone),
                )
            )
        except LearningError as error:
            return _no_certificate(request, str(error), HTTPStatus.SERVICE_UNAVAILABLE)
        of = re.sub(r"[^a-z0-9]+", "-", found.edition.name.casefold()).strip("-")[:60]
        return web.Response(
            body=data,
            content_type="application/pdf",
            headers={
                **look.PLAIN_HEADERS,
                "Cache-Control": "no-store",
                "Content-Disposition": f'attachment; filename="certificate-{of or asked}.pdf"',
            },
        )


def _certificate(name: str, each: EditionRecord, organisation: str, zone: ZoneInfo) -> Certificate:
    return Certificate(
        name=name,
        edition=each.edition.name,
        organisation=organisation,
        rows=tuple(
            (entry.session.title, words.day(entry.session, zone), hours(entry.quarters))
            for entry in each.attended
        ),
        total=words.total(len(each.attended), each.quarters),
    )


def _part(each: EditionRecord, wanted: set[SessionId], now: datetime, zone: ZoneInfo) -> Part:
    asked = urlencode({"edition": each.edition.id})
    return Part(
        name=each.edition.name,
        total=words.total(len(each.attended), each.quarters),
        certificate=f"{CERTIFICATE}?{asked}" if each.attended else "",
        lines=tuple(_line(entry, wanted, now, zone) for entry in each.entries),
    )


def _line(entry: Attended, wanted: set[SessionId], now: datetime, zone: ZoneInfo) -> Line:
    session = entry.session
    can_ask = session.id not in wanted and is_worth_asking(session, now)
    return Line(
        **_of(session, now, zone),
        spent="There briefly, not counted" if entry.is_brief else hours(entry.quarters),
        buttons=(_button("Tell me when it runs again", session),) if can_ask else (),
    )


def _wanted(session: Session, now: datetime, zone: ZoneInfo) -> Line:
    button = _button("Stop telling me", session, do="stop")
    return Line(**_of(session, now, zone), spent="", buttons=(button,))


def _of(session: Session, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "title": session.title,
        "path": listing.path(session),
        "starts": listing.line(session, now, zone).starts,
        "day": words.day(session, zone),
    }


def _button(title: str, session: Session, **fields: str) -> Button:
    given = {"session": str(session.id), **fields}
    return Button(title=title, path=AGAIN, about=session.title, fields=given)


def _visitor(request: web.Request) -> Visitor:
    visitor = visitor_of(request)
    assert visitor is not None, "its rule lets nobody else through"
    return visitor


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 19 else None


def _back(came: str, session_id: int) -> web.Response:
    return look.moved(f"{MINE}?{urlencode({'again': came, 'of': session_id})}#outcome")


def _no_certificate(request: web.Request, why: str, status: HTTPStatus) -> web.Response:
    values = {"title": "There is no certificate", "words": why}
    return look.page("notice.html", values, visitor=visitor_of(request), status=status)
