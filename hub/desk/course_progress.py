"""How far the people of a programme are, at the desk: by cohort, step and week, and as a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from aiohttp import web

from cards import sayings
from hub import look
from hub.desk.course_words import KINDS
from hub.desk.courses import PATH, no_course, path
from hub.desk.session import actor
from hub.desk.work import attached
from hub.visitors import visitor_of
from learning.courses.cohort_progress import StepFigures
from services.course_progress import CohortProgress, CourseProgress, Progress

WriteCsv = Callable[[Sequence[str], Iterable[Sequence[str]]], bytes]


class CourseProgressPages:
    def __init__(self, progress: CourseProgress, write_csv: WriteCsv) -> None:
        self._progress = progress
        self._write_csv = write_csv

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{PATH}/{{code}}/progress", self.show),
            web.post(f"{PATH}/{{code}}/progress", self.file),
        ]

    async def show(self, request: web.Request) -> web.Response:
        found = await self._progress.of_course(request.match_info["code"])
        if found is None:
            return no_course(request)
        values: dict[str, Any] = {
            "course": found.running.course,
            "path": path(found.running),
            "as_of": sayings.day(found.today),
            "cohorts": [_shown(found, each) for each in found.cohorts],
            "timed": [step.title for step in found.timed],
        }
        return look.page("desk_course_progress.html", values, visitor=visitor_of(request))

    async def file(self, request: web.Request) -> web.Response:
        """The list of people: who has done which step."""
        found = await self._progress.export(request.match_info["code"], by=actor(request))
        if found is None:
            return no_course(request)
        running, header, rows = found
        name = "".join(ch for ch in running.course.code.casefold() if ch.isalnum() or ch == "-")
        return attached(f"progress-{name or 'programme'}.csv", self._write_csv(header, rows))


def _shown(found: Progress, cohort: CohortProgress) -> dict[str, Any]:
    is_all = not cohort.name
    return {
        "name": cohort.name or "Everybody",
        "people": cohort.people,
        "lines": [_line(found, each, with_reminders=is_all) for each in cohort.figures],
        "is_all": is_all,
        "weeks": [(sayings.day(week.monday), week.done) for week in reversed(cohort.weeks)],
    }


def _line(found: Progress, each: StepFigures, *, with_reminders: bool) -> dict[str, Any]:
    return {
        "title": each.step.title,
        "kind": KINDS[each.step.kind],
        "people": each.people,
        "begun": each.begun,
        "done": each.done,
        "overdue": each.overdue,
        "reminded": found.reminded.get(each.step.id, 0) if with_reminders else None,
    }
