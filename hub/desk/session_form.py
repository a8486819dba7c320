"""Changing, adding and duplicating a session: a form, then what it would do, then it is done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import look
from hub.desk import changes, fields, told
from hub.desk.columns import Difference, differences
from hub.desk.idea_draft import draft, to_be_planned
from hub.desk.programme import edition_id, path
from hub.desk.session import actor, cancelled, edition_of, found, no_session, outcome
from hub.visitors import visitor_of
from learning.programme_changes import Change
from learning.programme_table import COLUMNS, Fault
from learning.programme_text import differing, one_row, written
from learning.sessions import Details, Edition, Format, Session
from services.catalogue import Catalogue
from services.change_log import ChangeLog
from services.idea_board import IdeaBoard, Wanted
from services.ports.clocks import Clock
from services.programme import DatesOfCourse, Import, ProgrammeChanged, ProgrammeService


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as somebody sent it, about a session that is there or is to be, of an `idea` or not."""

    edition: Edition
    cells: Mapping[str, str]
    base: Mapping[str, str]
    session: Session | None = None
    idea: Wanted | None = None
    seen: int = 0
    step: str = ""
    mark: str = ""


class SessionForms:
    def __init__(
        self,
        programme: ProgrammeService,
        catalogue: Catalogue,
        log: ChangeLog,
        ideas: IdeaBoard,
        clock: Clock,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._programme = programme
        self._catalogue = catalogue
        self._log = log
        self._ideas = ideas
        self._clock = clock
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk/sessions/new", self.new),
            web.post("/desk/sessions/new", self.add),
            web.get("/desk/sessions/{id}/edit", self.edit),
            web.post("/desk/sessions/{id}/edit", self.change),
            web.get("/desk/sessions/{id}/copy", self.copy),
        ]

    async def edit(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        if session.is_cancelled:
            return cancelled(request, session)
        edition, cells = await edition_of(self._programme, session), written(session.details)
        form = Form(
            edition=edition, cells=cells, base=cells, session=session, seen=session.sequence
        )
        return self._form(request, form)

    async def change(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        if session.is_cancelled:
            return cancelled(request, session)
        form = await _sent(request, await edition_of(self._programme, session), session)
        if form.seen != session.sequence:
            return await self._overtaken(request, form, session)
        return await self._go_on(request, form)

    async def new(self, request: web.Request) -> web.Response:
        edition = await self._asked_edition(request.query.get("edition", ""))
        if edition is None:
            return look.moved("/desk")
        cells = {"format": Format.TEAMS.value, "waiting_list": "yes", "timezone": self._zone.key}
        if (idea := await to_be_planned(self._ideas, request.query.get("idea", ""))) is not None:
            cells |= draft(idea)
        return self._form(request, Form(edition=edition, cells=cells, base={}, idea=idea))

    async def copy(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        edition = await edition_of(self._programme, session)
        codes = {s.code.casefold() for s in await self._programme.sessions_of(edition.name)}
        cells = written(session.details) | {"code": next_code(session.code, codes)}
        return self._form(request, Form(edition=edition, cells=cells, base={}), copy_of=session)

    async def add(self, request: web.Request) -> web.Response:
        data = await request.post()
        edition = await self._asked_edition(str(data.get("edition", "")))
        if edition is None:
            return look.moved("/desk")
        form = await _sent(request, edition, None)
        idea = await to_be_planned(self._ideas, str(data.get("idea", "")))
        return await self._go_on(request, replace(form, idea=idea))

    async def _go_on(self, request: web.Request, form: Form) -> web.Response:
        """Look through what was typed; show what it would do; do it where that was agreed to."""
        if form.step == "form":
            return self._form(request, form)
        try:
            plan = await self._plan(form)
        except DatesOfCourse as error:
            fault = Fault(line=1, column="code", message=f"cannot be added here. {error}")
            return self._form(request, form, faults=(fault,))
        faults = plan.reading.faults or _taken_code(form, plan)
        if faults:
            return self._form(request, form, faults=faults)
        if not (plan.changes.added or plan.changes.changed):
            if form.step == "save":
                await self._of_idea(request, form)
            return look.moved(await self._after(form, "same" if form.session else "already"))
        if form.step == "save" and form.mark == plan.mark:
            return await self._save(request, form, plan)
        return self._confirmation(request, form, plan)

    async def _plan(self, form: Form) -> Import:
        return await self._programme.import_table(
            one_row(form.cells), edition_name=form.edition.name, dry_run=True
        )

    async def _save(self, request: web.Request, form: Form, plan: Import) -> web.Response:
        try:
            done = await self._programme.import_table(
                one_row(form.cells),
                edition_name=form.edition.name,
                by=actor(request),
                mark=plan.mark,
            )
        except ProgrammeChanged:
            return await self._overtaken(request, form, await found(self._catalogue, request))
        if form.idea is not None:
            return look.moved(
                await self._after(form, "of_idea", await self._of_idea(request, form))
            )
        count = sum(change.told(self._clock.now()) for change in done.changes.changed)
        return look.moved(await self._after(form, "changed" if form.session else "added", count))

    async def _after(self, form: Form, came: str, count: int = 0) -> str:
        found = await self._stored(form)
        return outcome(found, came, count) if found else "/desk"

    async def _stored(self, form: Form) -> Session | None:
        if form.session is not None:
            return form.session
        code = form.cells["code"].casefold()
        sessions = await self._programme.sessions_of(form.edition.name)
        return next((s for s in sessions if s.code.casefold() == code), None)

    async def _of_idea(self, request: web.Request, form: Form) -> int:
        """The session is there: those who want the idea are told, once. Returns how many."""
        session = await self._stored(form)
        if form.idea is None or session is None:
            return 0
        return await self._ideas.plan(form.idea.idea.id, session.id, by=actor(request))

    def _form(
        self,
        request: web.Request,
        form: Form,
        *,
        faults: tuple[Fault, ...] = (),
        meanwhile: list[Difference] | None = None,
        by: str = "",
        copy_of: Session | None = None,
    ) -> web.Response:
        status = HTTPStatus.CONFLICT if meanwhile is not None else HTTPStatus.OK
        session = form.session
        values: dict[str, Any] = {
            "session": session,
            "copy_of": copy_of,
            "idea": form.idea.idea if form.idea else None,
            "edition": form.edition,
            "action": f"{path(session)}/edit" if session else "/desk/sessions/new",
            "back": path(session) if session else f"/desk?edition={form.edition.id}",
            "fields": fields.fields(form.cells, faults, is_new=session is None),
            "formats": fields.FORMATS,
            "base": fields.packed(form.base),
            "seen": form.seen,
            "meanwhile": meanwhile or [],
            "by": by,
        }
        if faults:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        return look.page(
            "desk_session_form.html", values, visitor=visitor_of(request), status=status
        )

    async def _overtaken(
        self, request: web.Request, form: Form, session: Session | None
    ) -> web.Response:
        """Somebody else was first: show what they did, and keep what was typed on top of it."""
        if session is None:
            return await self._go_on(request, replace(form, step=""))
        current = written(session.details)
        cells = fields.merged(form.cells, form.base, current)
        if form.step == "save" and cells == current:
            return look.moved(outcome(session, "already"))
        before = {c: form.base[c] for c in COLUMNS if c in form.base and form.base[c] != current[c]}
        latest = await self._log.latest(1, session_id=session.id)
        by = changes.lines(latest, self._zone)[0].who if latest.entries else ""
        after = Form(
            edition=form.edition,
            cells=cells,
            base=current,
            session=session,
            seen=session.sequence,
        )
        meanwhile = differences(before, {c: current[c] for c in before})
        return self._form(request, after, meanwhile=meanwhile, by=by)

    def _confirmation(self, request: web.Request, form: Form, plan: Import) -> web.Response:
        now = self._clock.now()
        change = next(iter(plan.changes.changed), None)
        after = plan.changes.added[0] if change is None else change.details
        before, new = _cells(change) if change else ({}, _filled(after))
        values: dict[str, Any] = {
            "title": after.title,
            "session": form.session,
            "edition": form.edition,
            "action": f"{path(form.session)}/edit" if form.session else "/desk/sessions/new",
            "back": path(form.session) if form.session else f"/desk?edition={form.edition.id}",
            "differences": differences(before, new),
            "told": change.told(now) if change else 0,
            "given": change.given(now) if change else 0,
            "keeps": change.keeps if change else 0,
            "words": told.of_change(change, self._zone, now) if change else [],
            "makes_meeting": after.format in (Format.TEAMS, Format.ZOOM),
            "notes": plan.reading.notes,
            "idea": form.idea.idea if form.idea else None,
            "kept": {**form.cells, "base": fields.packed(form.base), "seen": str(form.seen)},
            "mark": plan.mark,
        }
        return look.page("desk_session_confirm.html", values, visitor=visitor_of(request))

    async def _asked_edition(self, wanted: str) -> Edition | None:
        return (await self._programme.look(edition_id(wanted))).edition


def next_code(code: str, codes: set[str]) -> str:
    """A code like this one that nobody has yet: GM2 for GM1."""
    parts = re.fullmatch(r"(.*?)(\d{0,6})", code)
    assert parts is not None, "the pattern fits anything"
    number = int(parts[2]) if parts[2] else 1
    width = len(parts[2])
    while True:
        number += 1
        wanted = f"{parts[1]}{number:0{width}}"
        if wanted.casefold() not in codes:
            return wanted


async def _sent(request: web.Request, edition: Edition, session: Session | None) -> Form:
    data = await request.post()
    seen = str(data.get("seen", ""))
    cells = fields.typed(data)
    if session is not None:
        cells["code"] = session.code
    return Form(
        edition=edition,
        cells=cells,
        base=fields.base(data),
        session=session,
        seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1,
        step=str(data.get("step", "")),
        mark=str(data.get("mark", "")),
    )


def _taken_code(form: Form, plan: Import) -> tuple[Fault, ...]:
    """A code that is another's would change that session instead of adding one."""
    if form.session is not None or not plan.changes.changed:
        return ()
    other = plan.changes.changed[0].session
    words = f"{other.code} is that of “{other.title}” already. Choose another."
    return (Fault(line=2, column="code", message=words),)


def _cells(change: Change) -> tuple[dict[str, str], dict[str, str]]:
    return differing(change.session.details, change.details)


def _filled(details: Details) -> dict[str, str]:
    return {column: text for column, text in written(details).items() if text}
