"""Action learning sets at the desk: who wants one, the proposal and why, moving people, confirming."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import look
from hub.desk import course_set_words as words
from hub.desk.courses import PATH, no_course, path
from hub.desk.session import actor
from hub.visitors import visitor_of
from learning.errors import LearningError, NotFound
from learning.people import PersonId
from services.errands import Errands
from services.ports.clocks import Clock
from services.ports.errands import Errand, ErrandKind
from services.rosters import Found, Rosters
from services.set_books import SetBook
from services.set_changes import Breaches, SetChanges
from services.set_forming import SetForming

LONGEST = 200
NOWHERE = "none"
FIELDS = ("person", "to", "seen", "knowingly", "back", "name", "number", "at")


class CourseSetPages:
    def __init__(
        self,
        forming: SetForming,
        changes: SetChanges,
        errands: Errands,
        people: Rosters,
        clock: Clock,
        *,
        zone: ZoneInfo,
    ) -> None:
        """`people` finds colleagues, whether they ever wrote to us or not."""
        self._forming = forming
        self._changes = changes
        self._errands = errands
        self._people = people
        self._clock = clock
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        of_course = f"{PATH}/{{code}}/sets"
        return [
            web.get(of_course, self.all),
            web.post(f"{of_course}/propose", self.propose),
            web.post(f"{of_course}/confirm", self.confirm),
            web.post(f"{of_course}/move", self.move),
            web.get(f"{of_course}/{{id}}", self.one),
            web.post(f"{of_course}/{{id}}/name", self.rename),
            web.post(f"{of_course}/{{id}}/facilitator", self.facilitate),
            web.post(f"{of_course}/{{id}}/date", self.move_meeting),
        ]

    async def all(self, request: web.Request) -> web.Response:
        return await self._all(request, said=True)

    async def one(self, request: web.Request) -> web.Response:
        return await self._one(request, said=True)

    async def propose(self, request: web.Request) -> web.Response:
        try:
            errand_id = await self._forming.propose(_code(request), by=actor(request))
        except LearningError as error:
            return await self._all(request, fault=str(error))
        return look.moved(f"/desk/work/{errand_id}")

    async def confirm(self, request: web.Request) -> web.Response:
        given = await _given(request)
        try:
            await self._changes.confirm(_code(request), by=actor(request), seen=given["seen"])
        except LearningError as error:
            return await self._all(request, fault=str(error))
        return look.moved(f"{_path(request)}?done=confirmed#outcome")

    async def move(self, request: web.Request) -> web.Response:
        given = await _given(request)
        to = None if given["to"] == NOWHERE else _number(given["to"])
        try:
            if to == 0:
                raise LearningError("Choose a set.")
            await self._changes.move(
                _code(request),
                PersonId(given["person"]),
                to,
                by=actor(request),
                seen=given["seen"],
                knowingly=given["knowingly"] == "yes",
            )
        except Breaches as error:
            asked = words.question(given, error.lines, f"{_path(request)}/move")
            return await self._again(request, given, asked=asked)
        except LearningError as error:
            return await self._again(request, given, fault=str(error))
        back = f"{_path(request)}/{given['back']}" if _number(given["back"]) else _path(request)
        done = urlencode({"done": "moved", "id": given["person"]})
        return look.moved(f"{back}?{done}#outcome")

    async def rename(self, request: web.Request) -> web.Response:
        given = await _given(request)
        try:
            await self._changes.rename(
                _code(request), _id(request), given["name"], by=actor(request)
            )
        except LearningError as error:
            return await self._one(request, given=given, fault=str(error))
        return self._after(request, "renamed")

    async def facilitate(self, request: web.Request) -> web.Response:
        given = await _given(request)
        try:
            person = await self._people.find(PersonId(given["person"]))
            await self._changes.facilitate(_code(request), _id(request), person, by=actor(request))
        except LearningError as error:
            return await self._one(request, given=given, fault=str(error))
        return self._after(request, "facilitator")

    async def move_meeting(self, request: web.Request) -> web.Response:
        given = await _given(request)
        try:
            await self._changes.move_meeting(
                _code(request),
                _id(request),
                _number(given["number"]),
                _moment(given["at"]),
                by=actor(request),
            )
        except LearningError as error:
            return await self._one(request, given=given, fault=str(error))
        return self._after(request, "date")

    def _after(self, request: web.Request, done: str) -> web.Response:
        return look.moved(f"{_path(request)}/{_id(request)}?done={done}#outcome")

    async def _again(
        self,
        request: web.Request,
        given: Mapping[str, str],
        *,
        fault: str = "",
        asked: words.Question | None = None,
    ) -> web.Response:
        """The page that the form stood on, with what is wrong or has to be agreed to."""
        if set_id := _number(given["back"]):
            return await self._one(request, set_id=set_id, given=given, fault=fault, asked=asked)
        return await self._all(request, given=given, fault=fault, asked=asked)

    async def _all(
        self,
        request: web.Request,
        *,
        given: Mapping[str, str] | None = None,
        fault: str = "",
        asked: words.Question | None = None,
        said: bool = False,
    ) -> web.Response:
        try:
            book = await self._forming.book(_code(request))
        except NotFound:
            return no_course(request)
        except LearningError as error:
            return self._without(request, str(error))
        errand = await self._errand(book)
        proposed = book.proposed
        values: dict[str, Any] = {
            **self._common(request, book, given, fault, asked, said=said),
            "count": len(book.wishes),
            "waiting": [words.waiting(book, i) for i in book.waiting()],
            "is_settled": not proposed and not book.waiting(),
            "proposed": [words.line(book, s, self._zone, path(book.running)) for s in proposed],
            "confirmed": [
                words.line(book, s, self._zone, path(book.running)) for s in book.confirmed
            ],
            "proof": words.proof(book) if proposed else "",
            "broken": book.breaches(proposed),
            "forward": [words.forward(book, w) for w in book.wishes],
            "errand": errand,
            "room": [(s.id, words.option(book, s)) for s in book.sets],
        }
        return self._page(request, "desk_course_sets.html", values, fault or asked)

    async def _one(
        self,
        request: web.Request,
        *,
        set_id: int = 0,
        given: Mapping[str, str] | None = None,
        fault: str = "",
        asked: words.Question | None = None,
        said: bool = False,
    ) -> web.Response:
        try:
            book = await self._forming.book(_code(request))
            found = book.find(set_id or _id(request))
        except LearningError:
            return no_course(request)
        find = " ".join(request.query.get("find", "").split())[:LONGEST]
        search = await self._people.search(find) if find else Found(people=())
        leads = book.people.get(found.facilitator_id)
        values: dict[str, Any] = {
            **self._common(request, book, given, fault, asked, said=said),
            "set": found,
            "at": f"{path(book.running)}/sets/{found.id}",
            "state": words.STATES[found.state],
            "members": [words.member(book, found, i) for i in book.members[found.id]],
            "reasons": words.reasons(book, found),
            "broken": book.breaches([found]),
            "facilitator": leads.name or leads.email if leads else "",
            "room": [(s.id, words.option(book, s)) for s in book.sets if s.id != found.id],
            "dates": [
                words.date_line(m, self._zone, self._clock.now()) for m in book.meetings[found.id]
            ],
            "find": find,
            "candidates": search.people,
            "is_whole": search.is_whole,
        }
        return self._page(request, "desk_course_set.html", values, fault or asked)

    def _common(
        self,
        request: web.Request,
        book: SetBook,
        given: Mapping[str, str] | None,
        fault: str,
        asked: words.Question | None,
        *,
        said: bool,
    ) -> dict[str, Any]:
        return {
            "course": book.running.course,
            "course_path": path(book.running),
            "path": f"{path(book.running)}/sets",
            "plan": book.plan,
            "seen": book.version,
            "given": given or dict.fromkeys(FIELDS, ""),
            "fault": fault,
            "asked": asked,
            "said": self._said(request, book) if said else "",
        }

    def _said(self, request: web.Request, book: SetBook) -> str:
        """What came of the form that led here, as things stand."""
        done = request.query.get("done", "")
        if done == "moved":
            person_id = PersonId(request.query.get("id", ""))
            if person_id not in book.candidates:
                return ""
            now = book.set_of(person_id)
            return f"{book.name(person_id)} is in {now.name if now else 'no set'} now."
        return words.DONE.get(done, "")

    async def _errand(self, book: SetBook) -> Errand | None:
        """The latest proposing of this course's sets."""
        title = f"Sets of {book.running.course.title}"
        found = [
            e for e in await self._errands.latest() if (e.kind, e.title) == (ErrandKind.SETS, title)
        ]
        return found[0] if found else None

    def _without(self, request: web.Request, why: str) -> web.Response:
        values = {"title": "This programme has no sets", "words": why}
        return look.page(
            "notice.html", values, visitor=visitor_of(request), status=HTTPStatus.NOT_FOUND
        )

    def _page(
        self, request: web.Request, template: str, values: dict[str, Any], wrong: object
    ) -> web.Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return look.page(template, values, visitor=visitor_of(request), status=status)


def _code(request: web.Request) -> str:
    return request.match_info["code"]


def _id(request: web.Request) -> int:
    return _number(request.match_info["id"])


def _path(request: web.Request) -> str:
    """Of the sets' page, as it was asked for."""
    before, _, _ = request.path.partition("/sets")
    return f"{before}/sets"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _moment(text: str) -> datetime:
    """What a date and time field sends. Raises LearningError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise LearningError("Say a day and a time, such as 2027-03-02T10:00.") from error
    return at.replace(tzinfo=None, second=0, microsecond=0)


async def _given(request: web.Request) -> dict[str, str]:
    form = await request.post()
    found = {name: form.get(name, "") for name in FIELDS}
    return {
        name: " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""
        for name, value in found.items()
    }
