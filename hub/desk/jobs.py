"""What happens by itself: each job, how it last went, when it comes next, and running it now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import look
from hub.desk.session import actor
from hub.desk.work import moment
from hub.visitors import visitor_of
from learning.errors import LearningError
from services.job_runs import JobRuns
from services.ports.jobs import Job, JobRun

DAYS = {"*": "", "sat,sun": " on Saturdays and Sundays"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    name: str
    words: str
    rhythm: str
    next: str
    last: str
    state: str
    style: str


class JobPages:
    def __init__(self, jobs: JobRuns, *, zone: ZoneInfo) -> None:
        self._jobs = jobs
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk/jobs", self.all), web.post("/desk/jobs", self.run)]

    async def all(self, request: web.Request) -> web.Response:
        return self._page(request)

    async def run(self, request: web.Request) -> web.Response:
        name = str((await request.post()).get("name", ""))
        try:
            errand_id = await self._jobs.run_now(name, by=actor(request))
        except LearningError as error:
            return self._page(request, fault=str(error))
        return look.moved(f"/desk/work/{errand_id}")

    def _page(self, request: web.Request, *, fault: str = "") -> web.Response:
        values: dict[str, Any] = {
            "lines": [self._line(job) for job in self._jobs.jobs()],
            "fault": fault,
        }
        status = HTTPStatus.CONFLICT if fault else HTTPStatus.OK
        return look.page("desk_jobs.html", values, visitor=visitor_of(request), status=status)

    def _line(self, job: Job) -> Line:
        state, style = _state(job.last)
        return Line(
            name=job.name,
            words=job.words,
            rhythm=rhythm(job.cron),
            next=moment(job.next_at, self._zone) if job.next_at else "never again",
            last=moment(job.last.began_at, self._zone) if job.last else "",
            state=state,
            style=style,
        )


def rhythm(cron: str) -> str:
    """'every 5 minutes', 'once a day'; the words of the timetable where these do not do."""
    minute, hour, day, month, weekday = cron.split()
    days = DAYS.get(weekday)
    if days is None or (day, month) != ("*", "*"):
        return cron
    if (minute, hour) == ("*", "*"):
        return f"every minute{days}"
    if (each := re.fullmatch(r"\*/(\d+)", minute)) and hour == "*":
        return f"every {each[1]} minutes{days}"
    if minute.isdecimal() and hour == "*":
        return f"once an hour{days}"
    if minute.isdecimal() and hour.isdecimal():
        return f"once a day{days}"
    return cron


def _state(last: JobRun | None) -> tuple[str, str]:
    if last is None:
        return "Not run here yet", ""
    if last.took is None:
        return "Under way", "busy"
    if last.trouble:
        return f"Failed: {last.trouble}", "bad"
    return f"Ran well, in {last.took:.1f} s", "good"
