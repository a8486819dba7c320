"""Editions from before Learnweek, at the desk: their figures uploaded, listed and removed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.web_request import FileField

from hub import look
from hub.desk.session import actor
from hub.visitors import visitor_of
from learning.errors import LearningError, NotFound
from learning.past_editions import PastEdition
from learning.past_file import COLUMNS
from learning.programme_cells import one_line
from learning.report import MEASURES, Measure
from services.earlier import EarlierEditions, TakenIn

PATH = "/desk/report/earlier"
LONGEST = 200
MOST_FAULTS = 50

DONE = {
    "taken": "{new} taken in, {replaced} replaced. Reports show them beside later editions now.",
    "removed": "{name} has been removed.",
    "was_removed": "{name} is not here any more. Nothing was changed.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One earlier edition in words."""

    name: str
    held: str
    figures: tuple[tuple[str, str], ...]


class EarlierPages:
    def __init__(self, earlier: EarlierEditions) -> None:
        self._earlier = earlier

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PATH, self.all),
            web.post(PATH, self.upload),
            web.post(f"{PATH}/remove", self.remove),
        ]

    async def all(self, request: web.Request) -> web.Response:
        return await self._page(request, said=_said(request))

    async def upload(self, request: web.Request) -> web.Response:
        given = (await request.post()).get("file")
        if not isinstance(given, FileField) or not given.filename:
            return await self._page(request, fault="Choose a file first.")
        data = await asyncio.to_thread(given.file.read)
        name = one_line(given.filename)[:LONGEST]
        try:
            taken = await self._earlier.take_in(name, data, by=actor(request))
        except LearningError as error:
            return await self._page(request, fault=str(error))
        if taken.faults:
            return await self._page(request, file_name=name, taken=taken)
        told = {"done": "taken", "new": len(taken.new), "replaced": len(taken.replaced)}
        more = {"ignored": "yes"} if taken.unknown else {}
        return look.moved(f"{PATH}?{urlencode({**told, **more})}#outcome")

    async def remove(self, request: web.Request) -> web.Response:
        name = str((await request.post()).get("name", ""))
        try:
            await self._earlier.remove(name, by=actor(request))
            done = "removed"
        except NotFound:
            done = "was_removed"
        return look.moved(f"{PATH}?{urlencode({'done': done, 'name': name[:LONGEST]})}#outcome")

    async def _page(
        self,
        request: web.Request,
        *,
        said: str = "",
        fault: str = "",
        file_name: str = "",
        taken: TakenIn | None = None,
    ) -> web.Response:
        faults = taken.faults if taken else ()
        values: dict[str, Any] = {
            "path": PATH,
            "said": said,
            "fault": fault,
            "file_name": file_name,
            "faults": [(f.line, f.column, str(f.message)) for f in faults[:MOST_FAULTS]],
            "fault_count": len(faults),
            "ignored": taken.ignored if taken else "",
            "columns": COLUMNS,
            "lines": _lines(await self._earlier.all()),
        }
        is_wrong = fault or faults
        return look.page(
            "desk_earlier.html",
            values,
            visitor=visitor_of(request),
            status=HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK,
        )


def _said(request: web.Request) -> str:
    """What the form before it brought about, from the page's own address."""
    asked = request.query
    pattern = DONE.get(asked.get("done", ""))
    if pattern is None:
        return ""
    counts = {k: v for k in ("new", "replaced") if (v := asked.get(k, "0")).isdecimal()}
    if "taken" in asked.get("done", "") and len(counts) < len(("new", "replaced")):
        return ""
    words = pattern.format(name=one_line(asked.get("name", ""))[:LONGEST], **counts)
    if asked.get("ignored"):
        words += f" Other columns than {', '.join(COLUMNS)} were not read."
    return words


def _lines(editions: Sequence[PastEdition]) -> list[Line]:
    return [
        Line(
            name=each.name,
            held=f"{each.held.day} {each.held:%B %Y}" if each.held else "not given",
            figures=tuple(
                (MEASURES[m], f"{each.measures[m]:,}") for m in Measure if m in each.measures
            ),
        )
        for each in editions
    ]
