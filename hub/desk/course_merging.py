"""Sets that have become too small: with which other set each could go on, and merging the two."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from cards import sayings
from hub import look
from hub.desk.courses import PATH, no_course, path
from hub.desk.session import actor
from hub.visitors import visitor_of
from learning.courses.merging import Merge, same_teams
from learning.errors import LearningError, NotFound
from services.set_books import SetBook
from services.set_life import SetLife, Small

LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A set that the small one could go on in."""

    id: int
    name: str
    slot: str
    size: int
    facilitator: str
    members: str
    bent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A set that has become too small."""

    id: int
    name: str
    slot: str
    count: int
    members: str
    options: tuple[Option, ...]


class CourseMergingPages:
    def __init__(self, life: SetLife) -> None:
        self._life = life

    def routes(self) -> list[web.RouteDef]:
        address = f"{PATH}/{{code}}/merging"
        return [web.get(address, self.all), web.post(address, self.merge)]

    async def all(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def merge(self, request: web.Request) -> web.Response:
        given = await request.post()
        moving, into = (_number(str(given.get(name, ""))) for name in ("moving", "into"))
        try:
            old, new = await self._life.merge(
                request.match_info["code"],
                moving,
                into,
                by=actor(request),
                seen=str(given.get("seen", "")),
            )
        except NotFound:
            return no_course(request)
        except LearningError as error:
            return await self._page(request, fault=str(error))
        return look.moved(f"{request.path}?{urlencode({'old': old.name, 'new': new.name})}#outcome")

    async def _page(self, request: web.Request, *, fault: str = "") -> web.Response:
        try:
            book, small = await self._life.small_ones(request.match_info["code"])
        except NotFound:
            return no_course(request)
        except LearningError as error:
            return look.page(
                "notice.html",
                {"title": "There are no sets", "words": str(error)},
                visitor=visitor_of(request),
                status=HTTPStatus.NOT_FOUND,
            )
        course = book.running.course
        values: dict[str, Any] = {
            "course": course,
            "course_path": path(book.running),
            "path": f"{path(book.running)}/merging",
            "said": _said(request),
            "fault": fault,
            "seen": book.version,
            "lines": [_line(book, each) for each in small],
            "most": book.plan.most,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return look.page(
            "desk_course_merging.html", values, visitor=visitor_of(request), status=status
        )


def _line(book: SetBook, small: Small) -> Line:
    own = small.action_set
    return Line(
        id=own.id,
        name=own.name,
        slot=own.slot,
        count=len(book.members[own.id]),
        members=_names(book, own.id),
        options=tuple(_option(book, each) for each in small.merges),
    )


def _option(book: SetBook, merge: Merge) -> Option:
    into = book.find(merge.into)
    return Option(
        id=into.id,
        name=into.name,
        slot=into.slot,
        size=merge.size,
        facilitator=book.name(into.facilitator_id) if into.facilitator_id else "",
        members=_names(book, into.id),
        bent=tuple(_bent(book, merge)),
    )


def _bent(book: SetBook, merge: Merge) -> list[str]:
    """What is not as good as it could be."""
    found: list[str] = []
    if merge.cannot:
        names = sayings.listed([book.name(each) for each in merge.cannot])
        found.append(f"{names} cannot make that time.")
    together = [*book.members[merge.moving], *book.members[merge.into]]
    before = sum(
        same_teams([book.candidates[i] for i in book.members[each]])
        for each in (merge.moving, merge.into)
    )
    pairs = same_teams([book.candidates[i] for i in together]) - before
    if pairs:
        found.append(
            "Two of one team come together."
            if pairs == 1
            else f"{pairs} pairs of one team come together."
        )
    return found


def _names(book: SetBook, set_id: int) -> str:
    return sayings.listed([book.name(each) for each in book.members[set_id]])


def _said(request: web.Request) -> str:
    """What came of the form that led here."""
    old, new = (request.query.get(name, "")[:LONGEST] for name in ("old", "new"))
    if not old or not new:
        return ""
    return f"{old} goes on in {new}. Everybody in both is told, and calendars follow."


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else 0
