"""How a programme's commitments stand, at the desk: counts that tell of nobody, on a page and as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import sayings
from hub import look
from hub.desk.courses import PATH, no_course, path
from hub.desk.work import attached
from hub.visitors import visitor_of
from learning.courses.commitment_figures import AtDay, Figures
from learning.small_groups import FEWEST
from services.commitment_figures import CommitmentFigures, Standing

WriteCsv = Callable[[Sequence[str], Iterable[Sequence[str | int]]], bytes]

HIDDEN = "not shown"
COUNTS = (
    ("Commitments made", "made"),
    ("By so many people", "people"),
    ("Shared with a set", "shared"),
    ("Whose own day has come", "come"),
)


class CourseCommitmentPages:
    def __init__(self, figures: CommitmentFigures, write_csv: WriteCsv, *, zone: ZoneInfo) -> None:
        self._figures = figures
        self._write_csv = write_csv
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{PATH}/{{code}}/commitments", self.show),
            web.get(f"{PATH}/{{code}}/commitments.csv", self.file),
        ]

    async def show(self, request: web.Request) -> web.Response:
        standing = await self._figures.of_course(request.match_info["code"])
        if standing is None:
            return no_course(request)
        figures = standing.figures
        values: dict[str, Any] = {
            "course": standing.running.course,
            "path": path(standing.running),
            "is_shown": figures.people is not None,
            "counts": [(words, _number(figures, name)) for words, name in COUNTS],
            "days": [(each.day, each.reached, _ways(each)) for each in figures.at],
            "fewest": FEWEST,
            "hidden": HIDDEN,
            "as_of": self._as_of(standing),
            "is_behind": standing.is_behind,
        }
        page = "desk_course_commitments.html"
        return look.page(page, values, visitor=visitor_of(request))

    async def file(self, request: web.Request) -> web.Response:
        standing = await self._figures.of_course(request.match_info["code"])
        if standing is None:
            return no_course(request)
        rows = list(_rows(standing.figures))
        data = self._write_csv(("figure", "day", "count"), rows)
        return attached(f"commitments-{_file(standing.running.course.code)}.csv", data)

    def _as_of(self, standing: Standing) -> str:
        made = standing.made_at.astimezone(self._zone)
        return f"{sayings.day(made.date())}, {made:%H:%M}"


def _number(figures: Figures, name: str) -> str:
    value = getattr(figures, name)
    return HIDDEN if value is None else str(value)


def _ways(each: AtDay) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for standing in each.standings:
        words = " or ".join(standing.ways)
        found.append((words[0].upper() + words[1:], standing.count))
    return found


def _rows(figures: Figures) -> Iterable[Sequence[str | int]]:
    """None of what may not be told."""
    if figures.people is None:
        return
    for _, name in COUNTS:
        if (value := getattr(figures, name)) is not None:
            yield name, "", value
    for each in figures.at:
        if each.reached is not None:
            yield "reached", each.day, each.reached
        for standing in each.standings:
            yield " or ".join(standing.ways), each.day, standing.count


def _file(code: str) -> str:
    return "".join(sign for sign in code.casefold() if sign.isascii() and sign.isalnum())
