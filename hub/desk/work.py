"""Long work: what is under way, how far it is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import sayings
from hub import look
from hub.visitors import visitor_of
from learning.errors import NotFound
from learning.people import PersonId
from services.errands import Errands
from services.people import PeopleService
from services.ports.errands import Errand, ErrandKind, ErrandState

STATES = {
    ErrandState.RUNNING: ("Under way", "busy"),
    ErrandState.DONE: ("Finished", "good"),
    ErrandState.FAILED: ("Failed", "bad"),
    ErrandState.BROKEN_OFF: ("Broken off", "bad"),
}
WHENCE = {
    ErrandKind.PREVIEW: ("/desk/publish", "Publish"),
    ErrandKind.IMPORT: ("/desk/publish", "Publish"),
    ErrandKind.EXPORT: ("/desk/export", "Export"),
    ErrandKind.SEND_AGAIN: ("/desk/deliveries", "Deliveries"),
    ErrandKind.JOB: ("/desk/jobs", "Jobs"),
    ErrandKind.SETS: ("/desk/courses", "Longer programmes"),
}
"""Where each kind is begun, and so begun again."""

MIME = {
    "csv": "text/csv",
    "html": "text/html",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One piece of work in words; `percent` is -1 while nobody knows how much there is."""

    title: str
    path: str
    state: str
    style: str
    is_running: bool
    how_far: str
    percent: int
    result: str
    began: str
    by: str
    file_name: str
    again: tuple[str, str]


class WorkPages:
    def __init__(self, errands: Errands, people: PeopleService, *, zone: ZoneInfo) -> None:
        self._errands = errands
        self._people = people
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk/work", self.all),
            web.get("/desk/work/{id}", self.one),
            web.get("/desk/work/{id}/progress", self.progress),
            web.get("/desk/work/{id}/file", self.file),
        ]

    async def all(self, request: web.Request) -> web.Response:
        lines = [await self._line(errand) for errand in await self._errands.latest()]
        values: dict[str, Any] = {
            "lines": lines,
            "is_running": any(line.is_running for line in lines),
        }
        return look.page("desk_work.html", values, visitor=visitor_of(request))

    async def one(self, request: web.Request) -> web.Response:
        try:
            errand = await self._errands.find(request.match_info["id"])
        except NotFound:
            return _gone(request)
        values: dict[str, Any] = {
            "line": await self._line(errand),
            "is_over": "over" in request.query,
        }
        return look.page("desk_work_one.html", values, visitor=visitor_of(request))

    async def progress(self, request: web.Request) -> web.Response:
        """What the page of one asks for again and again."""
        headers = {"Cache-Control": "no-store"}
        try:
            errand = await self._errands.find(request.match_info["id"])
        except NotFound:
            return web.json_response({"running": False}, headers=headers)
        told = {
            "running": errand.is_running,
            "words": how_far(errand),
            "done": errand.done,
            "total": errand.total,
        }
        return web.json_response(told, headers=headers)

    async def file(self, request: web.Request) -> web.Response:
        try:
            name, data = await self._errands.file(request.match_info["id"])
        except NotFound:
            return _gone(request)
        return attached(name, data)

    async def _line(self, errand: Errand) -> Line:
        state, style = STATES[errand.state]
        return Line(
            title=errand.title,
            path=f"/desk/work/{errand.id}",
            state=state,
            style=style,
            is_running=errand.is_running,
            how_far=how_far(errand),
            percent=percent(errand),
            result=errand.result,
            began=moment(errand.began_at, self._zone),
            by=await self._name(errand.by_id),
            file_name=errand.file_name,
            again=_onwards(errand),
        )

    async def _name(self, person_id: PersonId) -> str:
        person = await self._people.find(person_id)
        return person.name if person and person.name else "an organiser"


def attached(name: str, data: bytes) -> web.Response:
    """A file to be kept rather than shown."""
    kind = MIME.get(name.rpartition(".")[2], "application/octet-stream")
    headers = {
        **look.PLAIN_HEADERS,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return web.Response(
        body=data,
        content_type=kind,
        charset="utf-8" if kind.startswith("text/") else None,
        headers=headers,
    )


def how_far(errand: Errand) -> str:
    """'1,200 of 3,000', or '' while nobody knows."""
    return f"{errand.done:,} of {errand.total:,}" if errand.total else ""


def percent(errand: Errand) -> int:
    return min(100, 100 * errand.done // errand.total) if errand.total else -1


def moment(at: datetime, zone: ZoneInfo) -> str:
    """'Monday 18 May, 09:00'."""
    return f"{sayings.day(at.astimezone(zone).date())}, {sayings.clock(at, zone)}"


def _gone(request: web.Request) -> web.Response:
    values = {
        "title": "There is no such work",
        "words": "Long work and its files are kept for a day. Begin it again if you still need it.",
        "to": "/desk/work",
        "to_words": "What is under way",
    }
    return look.page(
        "desk_notice.html", values, visitor=visitor_of(request), status=HTTPStatus.NOT_FOUND
    )


def _onwards(errand: Errand) -> tuple[str, str]:
    """Where it leads on to: what was looked through can be published, the rest begun again."""
    if errand.kind is ErrandKind.PREVIEW and errand.state is ErrandState.DONE:
        return f"/desk/publish/{errand.id}", "See what it would change"
    return WHENCE[errand.kind]
