"""Champions at the desk: who promotes the week in which group, what that brought, naming and ending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from cards.champions import brought, reach
from hub import look
from hub.desk.session import actor
from hub.visitors import visitor_of
from learning.champions import LONGEST_GROUP, Group, Member
from learning.errors import LearningError, NotFound
from learning.people import Person, PersonId
from services.champions import ChampionService
from services.rosters import Found, Rosters

PATH = "/desk/champions"
LONGEST = 200

NO_GROUP = "Say for which department or staff network, then search once more."
GONE = "This person is neither known to the bot nor in the directory. Search once more."
DONE = {
    "named": "{name} is a champion for {group} now{told}",
    "was_named": "{name} is a champion for {group} already. Nothing was changed.",
    "ended": "{name} is no longer a champion for {group}. Bookings by what they shared stay as they are.",
    "was_ended": "{name} is no champion for {group}. Nothing was changed.",
}
TOLD = ", and is told."
NEW = ". They have no chat with the app yet: see under Deliveries whether it reaches them."
CANNOT = ". They cannot be reached in Teams just now, so tell them yourself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One champion of a group, in words."""

    id: PersonId
    name: str
    email: str
    works: str
    shared: str
    brought: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who could be named; `groups` are those for which they are a champion already."""

    id: PersonId
    name: str
    email: str
    groups: str
    is_in_it: bool


class ChampionPages:
    def __init__(self, champions: ChampionService, people: Rosters) -> None:
        """`people` finds colleagues, whether they ever wrote to us or not."""
        self._champions = champions
        self._people = people

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PATH, self.all),
            web.post(f"{PATH}/add", self.add),
            web.post(f"{PATH}/remove", self.remove),
        ]

    async def all(self, request: web.Request) -> web.Response:
        find, group = (_line(request.query.get(name, "")) for name in ("find", "group"))
        fault = NO_GROUP if find and not group else ""
        said = await self._said(request) if "done" in request.query else ""
        return await self._page(request, find=find, group=group, fault=fault, said=said)

    async def add(self, request: web.Request) -> web.Response:
        person_id, group, find = await _given(request)
        try:
            person = await self._people.find(person_id)
            group, is_new = await self._champions.name(person, group, by=actor(request))
        except NotFound:
            return await self._page(request, find=find, group=group, fault=GONE)
        except LearningError as error:
            return await self._page(request, find=find, group=group, fault=str(error))
        return look.moved(_after("named" if is_new else "was_named", person_id, group))

    async def remove(self, request: web.Request) -> web.Response:
        person_id, group, _ = await _given(request)
        if not group:
            return await self._page(request, fault=NO_GROUP)
        left = await self._champions.end(person_id, group, by=actor(request))
        return look.moved(_after("ended" if left else "was_ended", person_id, group))

    async def _page(
        self,
        request: web.Request,
        *,
        find: str = "",
        group: str = "",
        fault: str = "",
        said: str = "",
    ) -> web.Response:
        groups = await self._champions.overview()
        search = await self._people.search(find) if find and group else Found(people=())
        values: dict[str, Any] = {
            "groups": [(g.name, brought(g.brought), _lines(g.members)) for g in groups],
            "count": len({m.person.id for g in groups for m in g.members}),
            "find": find,
            "group": group,
            "longest": LONGEST_GROUP,
            "searched": bool(find and group),
            "candidates": [_candidate(p, group, groups) for p in search.people],
            "is_whole": search.is_whole,
            "fault": fault,
            "said": said,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return look.page("desk_champions.html", values, visitor=visitor_of(request), status=status)

    async def _said(self, request: web.Request) -> str:
        """What came of the form that led here, as things stand."""
        asked = request.query
        group, person_id = _line(asked.get("of", "")), PersonId(asked.get("id", ""))
        try:
            person = await self._people.find(person_id)
        except NotFound:
            return ""
        is_one = group in await self._champions.groups_of(person_id)
        done = asked["done"]
        if done not in DONE or is_one is not done.endswith("named"):
            return ""
        told = TOLD if person.is_reachable else CANNOT
        if person.address is None and person.welcomed_at is None:
            told = NEW
        return DONE[done].format(name=_name(person), group=group, told=told)


async def _given(request: web.Request) -> tuple[PersonId, str, str]:
    form = await request.post()
    person, group, find = (form.get(name, "") for name in ("person", "group", "find"))
    texts = [_line(text) if isinstance(text, str) else "" for text in (person, group, find)]
    return PersonId(texts[0]), texts[1], texts[2]


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def _after(done: str, person_id: PersonId, group: str) -> str:
    return f"{PATH}?{urlencode({'done': done, 'id': person_id, 'of': group})}#outcome"


def _lines(members: Sequence[Member]) -> list[Line]:
    return [
        Line(
            id=m.person.id,
            name=_name(m.person),
            email=m.person.email,
            works=", ".join(part for part in (m.profile.department, m.profile.office) if part)
            if m.profile
            else "",
            shared=f"{m.shared} session{'' if m.shared == 1 else 's'}"
            if m.shared
            else "nothing yet",
            brought=brought(m.brought),
            note=reach(m),
        )
        for m in members
    ]


def _candidate(person: Person, group: str, groups: Sequence[Group]) -> Candidate:
    theirs = [g.name for g in groups if any(m.person.id == person.id for m in g.members)]
    return Candidate(
        id=person.id,
        name=_name(person),
        email=person.email,
        groups=", ".join(theirs),
        is_in_it=group.casefold() in {name.casefold() for name in theirs},
    )


def _name(person: Person) -> str:
    return person.name or person.email or person.id
