"""Who changed what, for organisers to look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import sayings
from hub import look
from hub.desk.columns import Difference, differences, label, shown
from hub.visitors import visitor_of
from learning.errors import NotFound
from learning.people import FORGOTTEN, PersonId
from learning.sessions import Session, SessionId
from services.catalogue import Catalogue
from services.change_log import ChangeLog, Changes
from services.ports.journal import CONSOLE, HUB_LIST, NOBODY, Entry, What

AT_ONCE = 50
"""Changes on one page."""

WHO = {
    NOBODY: "Learnweek itself",
    CONSOLE: "Somebody at the command line",
    HUB_LIST: "The SharePoint list",
}
WORDS = {
    What.PUBLISHED: "Programme published",
    What.SESSION_ADDED: "Session added",
    What.SESSION_CHANGED: "Session changed",
    What.SESSION_CANCELLED: "Session cancelled",
    What.PERSON_ADDED: "Person added",
    What.PERSON_MOVED: "Person moved",
    What.PERSON_REMOVED: "Person taken off",
    What.MESSAGE_SENT: "Message sent",
    What.DELIVERY_SENT_AGAIN: "Sent again",
    What.JOB_RUN: "Job run",
    What.EXPORTED: "Exported",
    What.EARLIER_IMPORTED: "Earlier edition imported",
    What.EARLIER_REMOVED: "Earlier edition removed",
    What.CHAMPION_NAMED: "Champion named",
    What.CHAMPION_ENDED: "No longer a champion",
    What.IDEAS_ASKED_FOR: "Ideas asked for",
    What.IDEAS_CLOSED: "Question for ideas closed",
    What.IDEA_PLANNED: "Idea became a session",
    What.IDEA_DECLINED: "Idea declined",
    What.SETS_PROPOSED: "Sets proposed",
    What.SETS_CONFIRMED: "Sets confirmed",
    What.SET_CHANGED: "Set changed",
    What.SETS_MERGED: "Sets merged",
    What.COURSE_IMPORTED: "Longer programme imported",
    What.PERSON_ENROLLED: "Person enrolled",
    What.PERSON_WITHDRAWN: "Person withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One change as it is read. What was added is shown as it is, the rest before and after."""

    when: str
    when_iso: str
    who: str
    what: str
    subject: str
    path: str
    about: str
    note: str
    differences: tuple[Difference, ...]
    facts: tuple[tuple[str, str], ...]


class ChangePages:
    def __init__(self, log: ChangeLog, catalogue: Catalogue, *, zone: ZoneInfo) -> None:
        self._log = log
        self._catalogue = catalogue
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk/changes", self.changes)]

    async def changes(self, request: web.Request) -> web.Response:
        session_id = _number(request.query.get("session", ""))
        what = next((w for w in What if w.value == request.query.get("what", "")), None)
        page = _number(request.query.get("page", "")) or 0
        found = await self._log.latest(
            AT_ONCE,
            skip=page * AT_ONCE,
            session_id=SessionId(session_id) if session_id else None,
            what=(what,) if what else (),
        )
        asked = {"session": str(session_id or ""), "what": what.value if what else ""}
        values: dict[str, Any] = {
            "lines": lines(found, self._zone),
            "session": await self._session(session_id),
            "kinds": [(w.value, words) for w, words in WORDS.items()],
            "what": what.value if what else "",
            "is_narrowed": bool(session_id or what),
            "later": _link(asked, page - 1) if page else "",
            "earlier": _link(asked, page + 1) if found.has_more else "",
        }
        return look.page("desk_changes.html", values, visitor=visitor_of(request))

    async def _session(self, session_id: int | None) -> Session | None:
        if session_id is None:
            return None
        try:
            return await self._catalogue.get(SessionId(session_id))
        except NotFound:
            return None


def lines(found: Changes, zone: ZoneInfo) -> list[Line]:
    return [line(entry, found.names, zone) for entry in found.entries]


def line(entry: Entry, names: Mapping[PersonId, str], zone: ZoneInfo) -> Line:
    local = entry.at.astimezone(zone)
    return Line(
        when=f"{sayings.day(local.date())} {local.year}, {local:%H:%M}",
        when_iso=entry.at.isoformat(),
        who=WHO.get(entry.by_id) or who(entry.by_id, names),
        what=WORDS[entry.what],
        subject=entry.subject,
        path=f"/desk/sessions/{entry.session_id}" if entry.session_id else "",
        about=who(entry.person_id, names) if entry.person_id else "",
        note=_note(entry),
        differences=tuple(differences(entry.before, entry.after)) if entry.before else (),
        facts=tuple(_facts(entry.after)) if entry.what is What.SESSION_ADDED else (),
    )


def who(person_id: PersonId, names: Mapping[PersonId, str]) -> str:
    if person_id.startswith(FORGOTTEN):
        return "Somebody who was forgotten"
    return names.get(person_id) or "Somebody we do not know any more"


def _note(entry: Entry) -> str:
    """In short, what has no before: '3 added, 2 changed'."""
    if entry.before or entry.what is What.SESSION_ADDED:
        return ""
    if entry.what is What.PUBLISHED:
        return ", ".join(f"{count} {name}" for name, count in entry.after.items())
    return ", ".join(f"{label(name)}: {shown(name, text)}" for name, text in entry.after.items())


def _facts(after: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(label(column), shown(column, text)) for column, text in after.items()]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _link(asked: Mapping[str, str], page: int) -> str:
    query = {name: text for name, text in asked.items() if text} | ({"page": page} if page else {})
    return f"/desk/changes?{urlencode(query)}" if query else "/desk/changes"
