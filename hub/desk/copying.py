"""Copying an edition: which one, what the new one is called and when it begins; then the usual preview."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cards import sayings
from hub import look
from hub.desk.programme import edition_id
from hub.desk.publish import AT_LEAST, LONGEST_NAME
from hub.desk.session import actor
from hub.visitors import visitor_of
from learning.copying import first_day_of
from learning.errors import LearningError
from learning.programme_cells import one_line
from services.copying import EditionCopies, NotCopied
from services.drafts import Drafts
from services.programme import EditionTaken, ProgrammeService

PATH = "/desk/editions/copy"


class CopyPages:
    def __init__(self, programme: ProgrammeService, copies: EditionCopies, drafts: Drafts) -> None:
        self._programme = programme
        self._copies = copies
        self._drafts = drafts

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.choose), web.post(PATH, self.copy)]

    async def choose(self, request: web.Request) -> web.Response:
        seen = await self._programme.look(edition_id(request.query.get("edition", "")))
        return await self._form(request, edition=seen.edition.name if seen.edition else "")

    async def copy(self, request: web.Request) -> web.Response:
        data = await request.post()
        typed = {name: one_line(str(data.get(name, ""))) for name in ("edition", "name", "starts")}
        faults = _missing(typed)
        if faults:
            return await self._form(request, faults=faults, **typed)
        edition, name = typed["edition"], typed["name"]
        try:
            copy = await self._copies.prepare(edition, name, date.fromisoformat(typed["starts"]))
        except EditionTaken as taken:
            return await self._form(request, faults=[("name", str(taken))], **typed)
        except NotCopied as error:
            faults = [("starts", reason) for reason in error.reasons]
            return await self._form(request, faults=faults, **typed)
        except LearningError as error:
            return await self._form(request, faults=[("edition", str(error))], **typed)
        draft = await self._drafts.begin_copy(
            f"Copy of {edition}", copy.table, name, actor(request)
        )
        await self._drafts.work(draft, AT_LEAST)
        return look.moved(f"/desk/publish/{draft}")

    async def _form(
        self,
        request: web.Request,
        *,
        edition: str = "",
        name: str = "",
        starts: str = "",
        faults: list[tuple[str, str]] | None = None,
    ) -> web.Response:
        values: dict[str, Any] = {
            "editions": await self._choices(),
            "edition": edition,
            "name": name,
            "starts": starts,
            "faults": faults or [],
            "faulty": {field for field, _ in faults or []},
            "longest": LONGEST_NAME,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
        return look.page("desk_copy.html", values, visitor=visitor_of(request), status=status)

    async def _choices(self) -> list[tuple[str, str]]:
        """The editions that have a date to move, each with the day on which it began."""
        found: list[tuple[str, str]] = []
        for edition in reversed(await self._programme.editions()):
            sessions = await self._programme.sessions_of(edition.name)
            day = first_day_of([s for s in sessions if s.course_id is None])
            if day is not None:
                found.append((edition.name, f"{sayings.day(day)} {day.year}"))
        return found


def _missing(typed: dict[str, str]) -> list[tuple[str, str]]:
    """The fields that were left empty or make no sense, and what to do."""
    faults: list[tuple[str, str]] = []
    if not typed["edition"]:
        faults.append(("edition", "Choose the edition to copy."))
    if not 1 <= len(typed["name"]) <= LONGEST_NAME:
        words = f"Give the new edition a name of at most {LONGEST_NAME} characters."
        faults.append(("name", words))
    try:
        date.fromisoformat(typed["starts"])
    except ValueError:
        faults.append(("starts", "Choose the first day, such as 2026-10-19."))
    return faults
