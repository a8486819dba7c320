"""The roster of a session: who has a place, who waits, and adding, moving and taking off somebody."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import sayings
from hub import look
from hub.desk import roster_words as words
from hub.desk.programme import path, taken
from hub.desk.session import actor, found, no_session
from hub.visitors import visitor_of
from learning import errors
from learning.errors import LearningError, NotFound
from learning.people import PersonId
from learning.sessions import Session, SessionId, by_time
from services.catalogue import Catalogue
from services.ports.clocks import Clock
from services.rosters import Found, Placing, Roster, Rosters

AT_ONCE = 200
"""People with a place on one page."""

LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What has to be agreed to before somebody is added or moved; `fields` go with the answer."""

    title: str
    words: str
    action: str
    button: str
    fields: dict[str, str]


class RosterPages:
    def __init__(
        self, rosters: Rosters, catalogue: Catalogue, clock: Clock, *, zone: ZoneInfo
    ) -> None:
        self._rosters = rosters
        self._catalogue = catalogue
        self._clock = clock
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk/sessions/{id}/roster", self.show),
            web.get("/desk/sessions/{id}/person", self.person),
            web.post("/desk/sessions/{id}/roster/add", self.add),
            web.post("/desk/sessions/{id}/roster/move", self.move),
            web.post("/desk/sessions/{id}/roster/take-off", self.take_off),
        ]

    async def show(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        return await self._show(request, session.id)

    async def person(self, request: web.Request) -> web.Response:
        """One person of the roster, and what can be done about their place."""
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        return await self._person(request, session.id, PersonId(request.query.get("id", "")))

    async def add(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        given = _given(await request.post())
        person_id = PersonId(given["person"])
        try:
            placing = await self._rosters.add(
                session.id,
                person_id,
                by=actor(request),
                may_wait=given["wait"] == "yes",
                despite_clash=given["clash"] == "yes",
            )
        except NotFound:
            return await self._show(request, session.id, fault=words.GONE)
        except LearningError as error:
            name = (await self._rosters.find(person_id)).name or "This person"
            asked = await self._question(error, given, session, f"{path(session)}/roster/add", name)
            return await self._show(
                request, session.id, fault=words.refusal(error, name), asked=asked
            )
        return look.moved(_after(session, _came("added", placing), person_id))

    async def move(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        given = _given(await request.post())
        person_id, target = PersonId(given["person"]), given["to"]
        try:
            placing = await self._rosters.move(
                person_id,
                session.id,
                SessionId(int(target)) if target.isdecimal() and len(target) < 16 else session.id,
                by=actor(request),
                may_wait=given["wait"] == "yes",
                despite_clash=given["clash"] == "yes",
            )
        except LearningError as error:
            known = (await self._rosters.roster(session.id)).find(person_id)
            name = known.person.name if known else "This person"
            action = f"{path(session)}/roster/move"
            asked = await self._question(error, given, session, action, name)
            return await self._person(
                request,
                session.id,
                person_id,
                fault=words.refusal(error, name),
                asked=asked,
                given=given,
            )
        return look.moved(_after(placing.session, _came("moved", placing), person_id))

    async def take_off(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        person_id = PersonId(_given(await request.post())["person"])
        try:
            gone = await self._rosters.take_off(session.id, person_id, by=actor(request))
        except LearningError as error:
            return await self._person(
                request, session.id, person_id, fault=words.refusal(error, "This person")
            )
        return look.moved(_after(session, "off" if gone else "was_off", person_id))

    async def _show(
        self,
        request: web.Request,
        session_id: SessionId,
        *,
        fault: str = "",
        asked: Question | None = None,
    ) -> web.Response:
        roster = await self._rosters.roster(session_id)
        session = roster.session
        find = " ".join(request.query.get("find", "").split())[:LONGEST]
        search = await self._rosters.search(find) if find else Found(people=())
        page = _page(request.query.get("page", ""), len(roster.booked))
        shown = roster.booked[page * AT_ONCE : (page + 1) * AT_ONCE]
        is_open = session.is_open(self._clock.now())
        values: dict[str, Any] = {
            "session": session,
            "path": path(session),
            "when": sayings.moment(session, self._zone),
            "taken": taken(session),
            "booked": [words.line(session, a, self._zone) for a in shown],
            "others": [words.line(session, a, self._zone) for a in roster.offered + roster.waiting],
            "count": len(roster.booked),
            "first": page * AT_ONCE + 1,
            "earlier": f"?page={page - 1}" if page else "",
            "later": f"?page={page + 1}" if len(roster.booked) > (page + 1) * AT_ONCE else "",
            "was_attended": any(a.outcome for a in roster.booked),
            "is_open": is_open,
            "is_full": session.places_left == 0,
            "has_queue": session.details.waiting_list,
            "find": find,
            "candidates": [words.candidate(p, roster) for p in search.people],
            "is_whole": search.is_whole,
            "said": await self._said(request, roster),
            "fault": fault,
            "asked": asked,
        }
        status = HTTPStatus.CONFLICT if fault else HTTPStatus.OK
        return look.page("desk_roster.html", values, visitor=visitor_of(request), status=status)

    async def _person(
        self,
        request: web.Request,
        session_id: SessionId,
        person_id: PersonId,
        *,
        fault: str = "",
        asked: Question | None = None,
        given: dict[str, str] | None = None,
    ) -> web.Response:
        roster = await self._rosters.roster(session_id)
        session, known = roster.session, roster.find(person_id)
        if known is None:
            if fault:
                return await self._show(request, session_id, fault=fault)
            return look.moved(_after(session, "was_off", person_id))
        now = self._clock.now()
        values: dict[str, Any] = {
            "session": session,
            "path": path(session),
            "when": sayings.moment(session, self._zone),
            "person_id": person_id,
            "line": words.line(session, known, self._zone),
            "next": roster.waiting[0].person.name if roster.waiting else "",
            "holds_a_place": known.booking.holds_a_place,
            "may_change": session.is_cancelled or not session.has_started(now),
            "targets": await self._targets(session),
            "given": given or {"to": "", "wait": ""},
            "fault": fault,
            "asked": asked,
        }
        status = HTTPStatus.CONFLICT if fault else HTTPStatus.OK
        return look.page(
            "desk_roster_person.html", values, visitor=visitor_of(request), status=status
        )

    async def _targets(self, session: Session) -> list[tuple[int, str]]:
        """The other sessions of the edition that somebody can still be put on."""
        now = self._clock.now()
        programme = await self._catalogue.programme()
        ids = [
            s.id
            for s in by_time(programme.everything)
            if s.edition_id == session.edition_id and s.id != session.id and s.is_open(now)
        ]
        return [
            (s.id, f"{s.title}, {sayings.moment(s, self._zone)} ({sayings.places(s)})")
            for s in by_time(await self._catalogue.among(ids))
        ]

    async def _question(
        self,
        error: LearningError,
        given: dict[str, str],
        session: Session,
        action: str,
        name: str,
    ) -> Question | None:
        """What can be agreed to so that it is done all the same; None where nothing can be."""
        target = session
        if isinstance(error, errors.Refused) and error.session_id != session.id:
            [target] = await self._catalogue.among([SessionId(error.session_id)]) or [session]
        kept = {field: text for field, text in given.items() if text}
        match error:
            case errors.SessionFull() if target.details.waiting_list and not given["wait"]:
                return Question(
                    title="Put them on the waiting list?",
                    words=f"Every place on {target.title} is taken. {name} would be"
                    f" {sayings.ordinal(target.waiting + 1)} in line.",
                    action=action,
                    button="Put them on the waiting list",
                    fields=kept | {"wait": "yes"},
                )
            case errors.Clash():
                others = await self._catalogue.among([SessionId(i) for i in error.other_ids])
                titles = sayings.listed([f"{s.title}, {self._when(s)}" for s in others])
                return Question(
                    title="Do it all the same?",
                    words=f"{name} has a place on {titles}, which is at the same time as"
                    f" {target.title}, {self._when(target)}.",
                    action=action,
                    button="Yes, all the same",
                    fields=kept | {"clash": "yes"},
                )
            case _:
                return None

    def _when(self, session: Session) -> str:
        return sayings.moment(session, self._zone)

    async def _said(self, request: web.Request, roster: Roster) -> str:
        """What came of the form that led here, as things stand."""
        came, person_id = request.query.get("done", ""), PersonId(request.query.get("id", ""))
        known = roster.find(person_id)
        try:
            person = known.person if known else await self._rosters.find(person_id)
        except NotFound:
            person = None
        return words.outcome(came, person, known, request.query.get("count", ""))


def _given(form: Any) -> dict[str, str]:
    """The fields of the forms here, '' for those that were not sent."""
    names = ("person", "to", "wait", "clash")
    values = {name: form.get(name, "") for name in names}
    return {n: v[:LONGEST] if isinstance(v, str) else "" for n, v in values.items()}


def _came(what: str, placing: Placing) -> str:
    return what if placing.is_new else f"was_{what}"


def _after(session: Session, came: str, person_id: PersonId) -> str:
    return f"{path(session)}/roster?{urlencode({'done': came, 'id': person_id})}"


def _page(text: str, count: int) -> int:
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    return number if number * AT_ONCE < count else 0
