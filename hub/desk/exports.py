"""Sessions, bookings and attendance as files, the same as `app.py export` writes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from aiohttp import web

from hub import look
from hub.desk.session import actor
from hub.desk.work import attached
from hub.visitors import visitor_of
from learning.errors import LearningError
from services.exports import BIG, WHATS, Exports, File
from services.programme import ProgrammeService

FORMATS = (
    ("xlsx", "Excel workbook (XLSX)"),
    ("csv", "CSV, for other programs"),
)
WORDS = {
    "sessions": "Sessions, in the columns of a programme file, with how many have booked",
    "bookings": "Bookings, with names and mail addresses",
    "attendance": "Attendance, with names and mail addresses",
    "feedback": "Feedback, without names: of sessions with at least five answers",
}


class ExportPages:
    def __init__(self, exports: Exports, programme: ProgrammeService) -> None:
        self._exports = exports
        self._programme = programme

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk/export", self.form), web.post("/desk/export", self.export)]

    async def form(self, request: web.Request) -> web.Response:
        return await self._form(request, {})

    async def export(self, request: web.Request) -> web.Response:
        data = await request.post()
        given = {name: str(data.get(name, "")) for name in ("what", "edition", "format")}
        try:
            made = await self._exports.export(
                given["what"],
                given["edition"],
                given["format"],
                by=actor(request),
            )
        except LearningError as error:
            return await self._form(request, given, fault=str(error))
        if isinstance(made, File):
            return attached(made.name, made.data)
        return look.moved(f"/desk/work/{made}")

    async def _form(
        self, request: web.Request, given: dict[str, str], *, fault: str = ""
    ) -> web.Response:
        editions = [e.name for e in await self._programme.editions()]
        current = (await self._programme.edition_named()).name if editions else ""
        values: dict[str, Any] = {
            "whats": [(what, WORDS[what]) for what in WHATS],
            "formats": FORMATS,
            "editions": editions,
            "what": given.get("what") or WHATS[0],
            "format": given.get("format") or FORMATS[0][0],
            "edition": given.get("edition") or current,
            "big": BIG,
            "fault": fault,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return look.page("desk_export.html", values, visitor=visitor_of(request), status=status)
