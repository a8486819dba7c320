"""What an edition did: its figures with charts and tables beside them, and as files to keep."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import look
from hub.desk.work import attached
from hub.report_pictures import addresses
from hub.visitors import visitor_of
from learning.drawings import Document
from learning.errors import LearningError
from learning.report import Report
from learning.report_document import document
from services.evaluation import Evaluation
from services.ports.documents import Documents
from services.quotes import QuoteService
from services.report_making import ReportMaking

PATH = "/desk/report"
PATIENCE, PATIENCE_FOR_FILES = 5.0, 20.0
"""Seconds that somebody waits before the page says that it takes longer."""

KINDS = {
    "pdf": "PDF, to print or send",
    "xlsx": "Excel workbook (XLSX)",
    "html": "Web page in one file (HTML)",
}

Write = Callable[[Report, str], Awaitable[bytes]]
"""A report as a file of this kind. Raises LearningError where that cannot be made here."""


class ReportPages:
    def __init__(
        self,
        evaluation: Evaluation,
        documents: Documents,
        write: Write,
        *,
        quotes: QuoteService,
        zone: ZoneInfo,
    ) -> None:
        self._quotes = quotes
        self._evaluation = evaluation
        self._making = ReportMaking(evaluation)
        self._documents = documents
        self._write = write
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.page), web.get(f"{PATH}/file/{{kind}}", self.file)]

    async def page(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def file(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        if kind not in KINDS:
            raise web.HTTPNotFound
        try:
            report = await self._making.within(request.query.get("edition", ""), PATIENCE_FOR_FILES)
            if report is None:
                return await self._page(request)
            data = await self._write(report, kind)
        except LearningError as error:
            return await self._page(request, fault=str(error))
        return attached(f"{file_name(report)}.{kind}", data)

    async def _page(self, request: web.Request, *, fault: str = "") -> web.Response:
        """With the fault of another address: `edition` may then be one that does not exist."""
        editions = [edition.name for edition in await self._evaluation.editions()]
        asked = request.query.get("edition", "")
        if fault and asked not in editions:
            asked = ""
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        shown: Document | None = None
        is_waiting = False
        if editions:
            try:
                report = await self._making.within(asked, PATIENCE)
            except LearningError as error:
                fault, status = fault or str(error), HTTPStatus.NOT_FOUND
            else:
                is_waiting = report is None
                if report is not None:
                    asked, shown = report.edition, document(report, self._zone)
        pictures, undrawn = await self._drawn(shown)
        values: dict[str, Any] = {
            "editions": editions,
            "edition": asked,
            "document": shown,
            "pictures": pictures,
            "undrawn": undrawn,
            "quotes": await self._quotes.reported(asked) if shown is not None else [],
            "fault": fault,
            "is_waiting": is_waiting,
            "again": f"{PATH}?{urlencode({'edition': asked})}",
            "files": [
                (f"{PATH}/file/{kind}?{urlencode({'edition': asked})}", words)
                for kind, words in KINDS.items()
            ],
        }
        return look.page(
            "desk_report.html", values, visitor=visitor_of(request), status=int(status)
        )

    async def _drawn(self, shown: Document | None) -> tuple[dict[str, Any], str]:
        """The charts, or why there are none: the tables have every figure."""
        if shown is None:
            return {}, ""
        try:
            return addresses(await self._documents.charts(shown.charts)), ""
        except LearningError as error:
            return {}, str(error)


def file_name(report: Report) -> str:
    """'report-learning-at-work-week-2026'."""
    name = re.sub(r"[^a-z0-9]+", "-", report.edition.casefold()).strip("-")[:60]
    return f"report-{name}" if name else "report"
