"""Publishing a programme from a file: upload it, see what it would do, and only then have it done."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.web_request import FileField

from hub import look
from hub.desk.preview import preview
from hub.desk.session import actor
from hub.desk.work import how_far
from hub.visitors import visitor_of
from learning.errors import LearningError, NotFound
from learning.programme_cells import one_line
from services.drafts import Draft, Drafts, NoDraft
from services.ports.clocks import Clock
from services.ports.errands import Errand, ErrandState
from services.programme import Import, ProgrammeService, WhichEdition

AT_LEAST = 0.8
"""Seconds in which most files are read; whoever sent a longer one is shown how far it is."""

LONGEST_NAME = 100
NEW = "new"
"""Stands for an edition that is to be, in the choice of editions."""

GONE = "That file is not here any more: files are kept for a day. Choose it once more."


class PublishPages:
    def __init__(
        self, programme: ProgrammeService, drafts: Drafts, clock: Clock, *, zone: ZoneInfo
    ) -> None:
        self._programme = programme
        self._drafts = drafts
        self._clock = clock
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk/publish", self.choose),
            web.post("/desk/publish", self.upload),
            web.get("/desk/publish/{id}", self.look_through),
            web.post("/desk/publish/{id}", self.publish),
        ]

    async def choose(self, request: web.Request) -> web.Response:
        return await self._upload_form(request)

    async def upload(self, request: web.Request) -> web.Response:
        data = await request.post()
        given, edition = data.get("file"), str(data.get("edition", ""))
        name = one_line(str(data.get("name", "")))
        if edition == NEW and not 1 <= len(name) <= LONGEST_NAME:
            words = f"Give the new edition a name of at most {LONGEST_NAME} characters."
            return await self._upload_form(request, fault=words, at="name", edition=NEW, name=name)
        if not isinstance(given, FileField) or not given.filename:
            words = "Choose a file first."
            return await self._upload_form(request, fault=words, edition=edition, name=name)
        read = await asyncio.to_thread(given.file.read)
        wanted = name if edition == NEW else edition
        draft = await self._drafts.begin(
            one_line(given.filename)[:LONGEST_NAME], read, wanted, actor(request)
        )
        await self._drafts.work(draft, AT_LEAST)
        return look.moved(f"/desk/publish/{draft}")

    async def look_through(self, request: web.Request) -> web.Response:
        draft_id = request.match_info["id"]
        work = await self._work(draft_id)
        if work is None:
            return await self._upload_form(request, fault=GONE, status=HTTPStatus.NOT_FOUND)
        if work.state in (ErrandState.FAILED, ErrandState.BROKEN_OFF):
            return await self._upload_form(request, fault=work.result)
        publishing = await self._work(request.query.get("work", ""))
        for each in (work, publishing):
            if each is not None and each.is_running:
                return self._progress(request, each)
        if publishing is not None and publishing.state is ErrandState.DONE:
            return self._published(request, publishing, await self._drafts.find(draft_id))
        trouble = publishing.result if publishing is not None else ""
        try:
            draft = await self._drafts.find(draft_id)
        except NoDraft:
            return await self._upload_form(request, fault=GONE, status=HTTPStatus.NOT_FOUND)
        edition = one_line(request.query.get("edition", ""))[:LONGEST_NAME]
        return await self._preview(request, draft, edition, trouble)

    async def publish(self, request: web.Request) -> web.Response:
        data = await request.post()
        edition, mark = str(data.get("edition", "")), str(data.get("mark", ""))
        try:
            draft = await self._drafts.find(request.match_info["id"])
        except NoDraft:
            return await self._upload_form(request, fault=GONE, status=HTTPStatus.NOT_FOUND)
        if not (edition and mark):
            return await self._preview(request, draft, edition)
        work = await self._drafts.publish(draft, edition, mark, actor(request))
        await self._drafts.work(work, AT_LEAST)
        query = urlencode({"work": work, "edition": edition})
        return look.moved(f"/desk/publish/{request.match_info['id']}?{query}")

    async def _preview(
        self, request: web.Request, draft: Draft, edition: str, trouble: str = ""
    ) -> web.Response:
        try:
            found = await self._drafts.preview(draft, edition)
        except WhichEdition:
            return await self._which(request, draft)
        except LearningError as error:
            return await self._upload_form(request, fault=str(error))
        whole = request.query.get("whole") == "yes"
        # Drawn in a thread, too: a page of thousands of lines takes a while.
        return await asyncio.to_thread(
            self._drawn, request, draft, found, trouble, await self._names(), whole
        )

    def _drawn(
        self,
        request: web.Request,
        draft: Draft,
        found: Import,
        trouble: str,
        names: list[str],
        whole: bool,
    ) -> web.Response:
        seen = preview(found, self._zone, self._clock.now(), whole=whole)
        if not seen.would_change and not seen.counts["faults"]:
            trouble = ""  # whoever presses twice was quicker than themselves
        query = urlencode({"edition": found.edition, "whole": "yes"})
        values: dict[str, Any] = {
            "file_name": draft.file_name,
            "is_copy": draft.anew,
            "preview": seen,
            "trouble": trouble,
            "is_new": found.edition.casefold() not in {n.casefold() for n in names},
            "editions": names,
            "path": request.path,
            "whole_path": f"{request.path}?{query}",
        }
        return look.page(
            "desk_preview.html",
            values,
            visitor=visitor_of(request),
            status=HTTPStatus.CONFLICT if trouble else HTTPStatus.OK,
        )

    async def _which(self, request: web.Request, draft: Draft) -> web.Response:
        values = {
            "file_name": draft.file_name,
            "editions": await self._names(),
            "path": request.path,
        }
        return look.page("desk_which_edition.html", values, visitor=visitor_of(request))

    def _progress(self, request: web.Request, work: Errand) -> web.Response:
        values = {"work": work, "path": request.path_qs, "how_far": how_far(work)}
        return look.page("desk_publish_progress.html", values, visitor=visitor_of(request))

    def _published(self, request: web.Request, work: Errand, draft: Draft) -> web.Response:
        values = {"work": work, "file_name": draft.file_name}
        return look.page("desk_published.html", values, visitor=visitor_of(request))

    async def _upload_form(
        self,
        request: web.Request,
        *,
        fault: str = "",
        at: str = "file",
        edition: str = "",
        name: str = "",
        status: HTTPStatus | None = None,
    ) -> web.Response:
        values: dict[str, Any] = {
            "editions": await self._names(),
            "fault": fault,
            "at": at,
            "edition": edition,
            "name": name,
        }
        wrong = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return look.page(
            "desk_publish.html", values, visitor=visitor_of(request), status=status or wrong
        )

    async def _names(self) -> list[str]:
        return [edition.name for edition in await self._programme.editions()]

    async def _work(self, work_id: str) -> Errand | None:
        if not work_id:
            return None
        try:
            return await self._drafts.work(work_id, 0)
        except NotFound:
            return None
