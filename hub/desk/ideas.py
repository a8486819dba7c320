"""What people wish for: ideas in order of support, asking for some, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import sayings
from hub import look
from hub.desk import told
from hub.desk.session import actor
from hub.visitors import visitor_of
from learning.errors import LearningError, NotFound
from learning.ideas import (
    LONGEST_QUESTION,
    LONGEST_REASON,
    IdeaId,
    IdeaState,
    ThemeId,
)
from services.idea_board import MAY_BE_PLANNED, Asked, IdeaBoard, Overview, Wanted

AT_ONCE = 50
"""Ideas on one page."""

STATES = {
    IdeaState.OPEN: ("Open", ""),
    IdeaState.PLANNED: ("Became a session", "good"),
    IdeaState.DECLINED: ("Declined", ""),
}
CHOICES = [
    ("open", "Open"),
    ("planned", "Became sessions"),
    ("declined", "Declined"),
    ("all", "All of them"),
]
FREE = "none"
"""Stands for the ideas that answer no question."""

DONE = {
    "asked": "You are asking for ideas now. {people}",
    "closed": "The question is closed. Its ideas stay, and people can go on supporting them.",
    "closed_before": "That question had been closed already.",
    "declined": "Declined. Its author sees why when they look at their ideas; nobody is written to.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An idea as it is read; `style` is for the colour of its state."""

    text: str
    path: str
    supporters: int
    departments: str
    state: str
    style: str
    since: str
    theme: str
    reason: str
    session: str
    session_path: str
    plan: str


class IdeaPages:
    """Nobody's name stands on them but what somebody has typed."""

    def __init__(self, board: IdeaBoard, *, zone: ZoneInfo) -> None:
        self._board = board
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk/ideas", self.all),
            web.post("/desk/ideas", self.ask),
            web.post("/desk/ideas/close", self.close),
            web.get("/desk/ideas/{id}", self.one),
            web.post("/desk/ideas/{id}/decline", self.decline),
        ]

    async def all(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def ask(self, request: web.Request) -> web.Response:
        question = str((await request.post()).get("question", ""))
        try:
            _, champions = await self._board.ask(question, by=actor(request))
        except LearningError as error:
            return await self._page(request, question=question, fault=str(error))
        return look.moved(f"/desk/ideas?done=asked&count={champions}")

    async def close(self, request: web.Request) -> web.Response:
        theme_id = _number(str((await request.post()).get("theme", "")))
        closed = theme_id and await self._board.close(ThemeId(theme_id), by=actor(request))
        return look.moved(f"/desk/ideas?done={'closed' if closed else 'closed_before'}")

    async def one(self, request: web.Request) -> web.Response:
        return await self._one(request)

    async def decline(self, request: web.Request) -> web.Response:
        reason = str((await request.post()).get("reason", ""))
        idea_id = IdeaId(_number(request.match_info["id"]) or 0)
        try:
            await self._board.decline(idea_id, reason, by=actor(request))
        except NotFound:
            return no_idea(request)
        except LearningError as error:
            return await self._one(request, reason=reason, fault=str(error))
        return look.moved(f"{path(idea_id)}?done=declined")

    async def _page(
        self, request: web.Request, *, question: str = "", fault: str = ""
    ) -> web.Response:
        theme, state = request.query.get("theme", ""), request.query.get("state", "")
        state = state if state in dict(CHOICES) else IdeaState.OPEN.value
        page = _number(request.query.get("page", "")) or 0
        found = await self._board.overview(
            list(STATES) if state == "all" else [IdeaState(state)],
            AT_ONCE,
            skip=page * AT_ONCE,
            theme_id=ThemeId(number) if (number := _number(theme)) else None,
            is_free=theme == FREE,
        )
        asked = {"theme": theme, "state": state}
        values: dict[str, Any] = {
            "said": _said(request),
            "open_theme": self._asked(found.open_theme),
            "champions": told.people(found.champions) if found.champions else "",
            "lines": [self._line(each) for each in found.ideas],
            "first": page * AT_ONCE + 1,
            "themes": _themes(found),
            "theme": theme,
            "states": CHOICES,
            "state": state,
            "is_narrowed": bool(theme) or state != IdeaState.OPEN.value,
            "earlier": _link(asked, page - 1) if page else "",
            "later": _link(asked, page + 1) if found.has_more else "",
            "question": question,
            "longest": LONGEST_QUESTION,
            "fault": fault,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return look.page("desk_ideas.html", values, visitor=visitor_of(request), status=status)

    async def _one(
        self, request: web.Request, *, reason: str = "", fault: str = ""
    ) -> web.Response:
        try:
            found = await self._board.find(IdeaId(_number(request.match_info["id"]) or 0))
        except NotFound:
            return no_idea(request)
        values: dict[str, Any] = {
            "said": _said(request),
            "line": self._line(found),
            "path": path(found.idea.id),
            "may_decline": found.idea.is_open,
            "is_gone": found.idea.state is IdeaState.WITHDRAWN,
            "reason": reason,
            "longest": LONGEST_REASON,
            "fault": fault,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return look.page("desk_idea.html", values, visitor=visitor_of(request), status=status)

    def _asked(self, asked: Asked | None) -> dict[str, Any] | None:
        if asked is None:
            return None
        return {
            "id": asked.theme.id,
            "question": asked.theme.question,
            "since": self._day(asked.theme.opened_at),
            "count": asked.count,
        }

    def _line(self, wanted: Wanted) -> Line:
        idea, session = wanted.idea, wanted.session
        state, style = STATES.get(idea.state, ("Taken back", ""))
        return Line(
            text=idea.text or "Taken back by its author",
            path=path(idea.id),
            supporters=idea.supporters,
            departments=departments(wanted),
            state=state,
            style=style,
            since=self._day(idea.made_at),
            theme=wanted.theme.question if wanted.theme else "",
            reason=idea.reason,
            session=session.title if session else "",
            session_path=f"/desk/sessions/{session.id}" if session else "",
            plan=f"/desk/sessions/new?idea={idea.id}" if idea.state in MAY_BE_PLANNED else "",
        )

    def _day(self, instant: datetime) -> str:
        local = instant.astimezone(self._zone)
        return f"{sayings.day(local.date())} {local.year}"


def departments(wanted: Wanted) -> str:
    """'7 from Housing, 6 from other departments'; '' where they are too few to be told."""
    named = [f"{count:,} from {name}" for name, count in wanted.departments]
    others = [f"{wanted.others:,} from other departments"] if wanted.others else []
    return ", ".join([*named, *others])


def path(idea_id: IdeaId) -> str:
    return f"/desk/ideas/{idea_id}"


def no_idea(request: web.Request) -> web.Response:
    values = {"title": "There is no such idea", "words": "It may have had another address."}
    return look.page(
        "notice.html", values, visitor=visitor_of(request), status=HTTPStatus.NOT_FOUND
    )


def _themes(found: Overview) -> list[tuple[str, str]]:
    named = [(str(a.theme.id), f"{a.theme.question} ({a.count:,})") for a in found.themes]
    return [("", "Any, or none"), *named, (FREE, "None")]


def _said(request: web.Request) -> str:
    """What came of the form that led here."""
    count = _number(request.query.get("count", "")) or 0
    asked = f"{told.people(count)} {'is' if count == 1 else 'are'} asked in their own chat."
    words = asked if count else "There are no champions to ask in their own chat."
    return DONE.get(request.query.get("done", ""), "").format(people=words)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None


def _link(asked: dict[str, str], page: int) -> str:
    query = {name: text for name, text in asked.items() if text} | ({"page": page} if page else {})
    return f"/desk/ideas?{urlencode(query)}"
