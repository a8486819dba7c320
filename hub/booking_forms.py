"""Booking, waiting, taking up an offer and giving a place back by the buttons of our pages."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web

from hub import listing, look
from hub.own_place import REFUSALS, Outcome
from hub.visitors import Visitor, visitor_of
from learning import champions, errors, sources
from learning.bookings import BookingState
from learning.sessions import Session, SessionId
from services.booking import BookingService, Standing
from services.catalogue import Catalogue
from services.first_contact import FirstContact
from services.people import Contact, PeopleService

SOURCE = "hub"
MINE = "mine"


class BookingForms:
    """Every rule is that of the services; whatever comes of a press is told by the page that follows."""

    def __init__(
        self,
        bookings: BookingService,
        catalogue: Catalogue,
        people: PeopleService,
        first_contact: FirstContact,
    ) -> None:
        self._bookings = bookings
        self._catalogue = catalogue
        self._people = people
        self._first_contact = first_contact

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/hub/sessions/{code}/book", self.book),
            web.post("/hub/sessions/{code}/cancel", self.cancel),
            web.post("/hub/sessions/{code}/accept", self.accept),
            web.post("/hub/sessions/{code}/pass", self.cancel),
        ]

    async def book(self, request: web.Request) -> web.Response:
        visitor, session = _visitor(request), await self._session(request)
        if session is None:
            return _no_session(request)
        fields = await request.post()
        is_sure = fields.get("anyway") == "1"
        tag = champions.tag_in(str(fields.get("from", "")))
        met = await self._people.meet(contact_of(visitor))
        instead = str(fields.get("instead_of", ""))
        if session.course_id is not None and _is_id(instead):
            return await self._change_date(request, session, SessionId(int(instead)))
        try:
            standing = await self._bookings.book(
                visitor.person_id,
                session.id,
                despite_clash=is_sure,
                source=sources.of_champion(tag) if tag else SOURCE,
                beside=SOURCE,
            )
        except errors.OnlyOnCourse as refused:
            return _refused_to(request, str(refused))
        except errors.Refused as refused:
            return await _told(request, session, REFUSALS[type(refused)], tag=tag)
        if met.person.address is None:
            await self._first_contact.ask_from_afar(met.person, visitor.tenant_id)
        given_up = await self._given_up(visitor, standing, instead)
        is_waiting = standing.booking and standing.booking.state is BookingState.WAITING
        outcome = Outcome.WAITING if is_waiting else Outcome.BOOKED
        return await _told(request, session, outcome, gone=given_up)

    async def _change_date(
        self, request: web.Request, session: Session, other: SessionId
    ) -> web.Response:
        """Another date of a course: both or neither, and nobody ends with two."""
        try:
            await self._bookings.change_date(
                _visitor(request).person_id, session.id, other, source=SOURCE
            )
        except errors.OnlyOnCourse as refused:
            return _refused_to(request, str(refused))
        except errors.Refused as refused:
            return await _told(request, session, REFUSALS[type(refused)])
        except errors.NotFound:
            return await _told(request, session, Outcome.NO_BOOKING)
        return await _told(request, session, Outcome.BOOKED)

    async def cancel(self, request: web.Request) -> web.Response:
        """A place, an offer or a place in the queue."""
        visitor, session = _visitor(request), await self._session(request)
        if session is None:
            return _no_session(request)
        try:
            await self._bookings.cancel(visitor.person_id, session.id)
        except errors.Refused as refused:
            return await _told(request, session, REFUSALS[type(refused)])
        return await _told(request, session, Outcome.GIVEN_BACK)

    async def accept(self, request: web.Request) -> web.Response:
        visitor, session = _visitor(request), await self._session(request)
        if session is None:
            return _no_session(request)
        try:
            await self._bookings.accept(visitor.person_id, session.id)
        except errors.OnlyOnCourse as refused:
            return _refused_to(request, str(refused))
        except errors.Refused as refused:
            return await _told(request, session, REFUSALS[type(refused)])
        return await _told(request, session, Outcome.BOOKED)

    async def _given_up(self, visitor: Visitor, standing: Standing, other: str) -> str:
        """Give up another for the one just booked, in this order, so that nobody ends with neither."""
        has_place = standing.booking is not None and standing.booking.holds_a_place
        if not (has_place and _is_id(other)):
            return ""
        try:
            given = await self._bookings.cancel(visitor.person_id, SessionId(int(other)))
        except errors.LearningError:
            return ""
        return given.session.code

    async def _session(self, request: web.Request) -> Session | None:
        """The very session that the page showed, where it still has that code."""
        code, id = request.match_info["code"], str((await request.post()).get("session", ""))
        if _is_id(id):
            found = await self._catalogue.among([SessionId(int(id))])
            if found and found[0].code.casefold() == code.casefold():
                return found[0]
        known = await self._catalogue.coded(code)
        return known if known and known.code.casefold() == code.casefold() else None


def contact_of(visitor: Visitor) -> Contact:
    """What their sign-in told, for somebody who may never have written to us."""
    return Contact(person_id=visitor.person_id, name=visitor.name, email=visitor.email)


def _visitor(request: web.Request) -> Visitor:
    visitor = visitor_of(request)
    assert visitor is not None, "its rule lets nobody else through"
    return visitor


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


async def _told(
    request: web.Request, session: Session, outcome: Outcome, *, gone: str = "", tag: str = ""
) -> web.Response:
    """Off to the page that tells what came of it; reloading that changes nothing.

    After a refusal they may press again, so the tag of a champion's post stays.
    """
    asks = {"outcome": str(outcome), **({"gone": gone} if gone else {})}
    asks |= {"from": tag} if tag else {}
    # A choice is made on the session's own page, where there is room for it.
    asks_back = outcome in {Outcome.CLASH, Outcome.OTHER_DATE}
    if (await request.post()).get("back") == MINE and not asks_back:
        return look.moved(f"/hub/mine?{urlencode(asks | {'of': session.code})}#outcome")
    return look.moved(f"{listing.path(session)}?{urlencode(asks)}#outcome")


def _refused_to(request: web.Request, words: str) -> web.Response:
    """For somebody who may not see the session's page either."""
    values = {"title": "You cannot book this", "words": words}
    visitor = visitor_of(request)
    return look.page("notice.html", values, visitor=visitor, status=HTTPStatus.FORBIDDEN)


def _no_session(request: web.Request) -> web.Response:
    return look.page(
        "no_session.html",
        {"code": request.match_info["code"]},
        visitor=visitor_of(request),
        status=HTTPStatus.NOT_FOUND,
    )
