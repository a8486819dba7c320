"""Programmes over months at the desk: what there is, who is on it, enrolling and withdrawing."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import look
from hub.desk import course_words as words
from hub.desk.session import actor
from hub.visitors import visitor_of
from learning.courses.enrolments import Running
from learning.errors import LearningError
from learning.people import Person, PersonId
from services.course_desk import CourseDesk, CourseView
from services.enrolling import Enrolling, WhoIsMeant
from services.enrolments import Enrolled, Enrolments

PATH = "/desk/courses"
"""What is of one course is below `/desk/courses/{code}`."""

AT_ONCE = 100
"""People on one page."""

LONGEST = 60_000
"""Characters of a list of people."""

LEFT = {
    "unknown": "Nobody of this address or name is known to the bot or in the directory:",
    "unclear": "More than one person is called so. Write their mail addresses:",
    "unasked": "The directory does not answer just now. Try these again in a while:",
}
WITHDRAWN = "{name} is off the programme. What they did still counts."
WAS_OFF = "{name} is not on the programme. Nothing was changed."


class CoursePages:
    def __init__(
        self, courses: CourseDesk, meant: WhoIsMeant, enrolments: Enrolments, *, zone: ZoneInfo
    ) -> None:
        self._courses = courses
        self._meant = meant
        self._enrolments = enrolments
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        one = f"{PATH}/{{code}}"
        return [
            web.get(PATH, self.all),
            web.get(one, self.show),
            web.post(f"{one}/enrol", self.enrol),
            web.get(f"{one}/withdraw", self.ask),
            web.post(f"{one}/withdraw", self.withdraw),
        ]

    async def all(self, request: web.Request) -> web.Response:
        found = await self._courses.all()
        values: dict[str, Any] = {
            "courses": [(each.course, path(each), count) for each, count in found]
        }
        return look.page("desk_courses.html", values, visitor=visitor_of(request))

    async def show(self, request: web.Request) -> web.Response:
        view = await self._courses.view(request.match_info["code"])
        return no_course(request) if view is None else self._page(request, view)

    async def enrol(self, request: web.Request) -> web.Response:
        """People by lines, or a group. Lines that name nobody stay in the form."""
        running = await self._courses.find(request.match_info["code"])
        if running is None:
            return no_course(request)
        given = await _given(request)
        try:
            if given["how"] == "group":
                done = await self._meant.enrol_group(
                    running, given["group"], given["cohort"], by=actor(request)
                )
            else:
                done = await self._meant.enrol_lines(
                    running, given["people"], given["cohort"], by=actor(request)
                )
        except LearningError as error:
            view = await self._view(running)
            return self._page(request, view, given=given, fault=str(error))
        if done.left:
            left = given | {"people": "\n".join(done.left)}
            return self._page(request, await self._view(running), given=left, done=done)
        counts = {name: len(getattr(done.enrolled, name)) for name in COUNTS}
        shown = urlencode({"done": "enrolled", **{n: c for n, c in counts.items() if c}})
        return look.moved(f"{path(running)}?{shown}#outcome")

    async def ask(self, request: web.Request) -> web.Response:
        """What withdrawing somebody would do; nothing is changed by asking."""
        view = await self._courses.view(request.match_info["code"])
        if view is None:
            return no_course(request)
        person_id = PersonId(request.query.get("person", ""))
        own = next((p for p in view.paths if p.enrolment.person_id == person_id), None)
        if own is None:
            return look.moved(f"{path(view.running)}?done=was_off#outcome")
        [line] = words.person_lines(view, [own], path(view.running), self._zone)
        values: dict[str, Any] = {
            "course": view.running.course,
            "path": path(view.running),
            "line": line,
        }
        return look.page("desk_course_withdraw.html", values, visitor=visitor_of(request))

    async def withdraw(self, request: web.Request) -> web.Response:
        running = await self._courses.find(request.match_info["code"])
        if running is None:
            return no_course(request)
        person_id = PersonId((await _given(request))["person"])
        gone = await self._enrolments.withdraw(running.id, person_id, by=actor(request))
        shown = urlencode({"done": "withdrawn" if gone else "was_off", "id": person_id})
        return look.moved(f"{path(running)}?{shown}#outcome")

    async def _view(self, running: Running) -> CourseView:
        view = await self._courses.view(running.course.code)
        assert view is not None, "a course that is there stays"
        return view

    def _page(
        self,
        request: web.Request,
        view: CourseView,
        *,
        given: dict[str, str] | None = None,
        fault: str = "",
        done: Enrolling | None = None,
    ) -> web.Response:
        course, here = view.running.course, path(view.running)
        page = _page_of(request.query.get("page", ""), len(view.paths))
        shown = view.paths[page * AT_ONCE : (page + 1) * AT_ONCE]
        later = len(view.paths) > (page + 1) * AT_ONCE
        left = [(LEFT[n], getattr(done, n)) for n in LEFT] if done else []
        values: dict[str, Any] = {
            "course": course,
            "path": here,
            "version": view.running.version,
            "dates": words.date_lines(view, self._zone),
            "steps": words.step_lines(view, self._zone),
            "people": words.person_lines(view, shown, here, self._zone),
            "count": len(view.paths),
            "first": page * AT_ONCE + 1,
            "cohorts": [(name, _in(view, name)) for name in course.cohorts],
            "earlier": f"{here}?page={page - 1}" if page else "",
            "later": f"{here}?page={page + 1}" if later else "",
            "given": given or BLANK,
            "fault": fault,
            "left": [(said, lines) for said, lines in left if lines],
            "said": words.came(done.enrolled) if done else _said(request, view),
            "longest": LONGEST,
        }
        wrong = bool(fault or left)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return look.page("desk_course.html", values, visitor=visitor_of(request), status=status)


BLANK = {"how": "people", "people": "", "group": "", "cohort": "", "person": ""}
COUNTS = ("new", "back", "moved", "already")


def path(running: Running) -> str:
    """Its page at the desk."""
    return f"{PATH}/{quote(running.course.code, safe='')}"


def no_course(request: web.Request) -> web.Response:
    values = {"title": "There is no such programme", "words": "It may have had another code."}
    return look.page(
        "notice.html", values, visitor=visitor_of(request), status=HTTPStatus.NOT_FOUND
    )


def _said(request: web.Request, view: CourseView) -> str:
    """What came of the form that led here."""
    match request.query.get("done", ""):
        case "enrolled":
            some = {name: _number(request.query.get(name, "")) for name in COUNTS}
            nobody = PersonId("")
            return words.came(Enrolled(**{name: (nobody,) * count for name, count in some.items()}))
        case "withdrawn" | "was_off" as done:
            person_id = PersonId(request.query.get("id", ""))
            is_on = any(p.enrolment.person_id == person_id for p in view.paths)
            known = view.people.get(person_id) or view.left.get(person_id)
            if is_on:
                return ""
            said = WITHDRAWN if done == "withdrawn" else WAS_OFF
            return said.format(name=words.name(known or Person(id=person_id, name="This person")))
        case _:
            return ""


def _in(view: CourseView, cohort: str) -> int:
    return sum(p.enrolment.cohort.casefold() == cohort.casefold() for p in view.paths)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _page_of(text: str, people: int) -> int:
    last = max(0, people - 1) // AT_ONCE
    return min(_number(text), last)


async def _given(request: web.Request) -> dict[str, str]:
    form = await request.post()
    found = {name: form.get(name, "") for name in BLANK}
    return {n: text[:LONGEST] if isinstance(text, str) else "" for n, text in found.items()}
