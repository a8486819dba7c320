"""Making the SharePoint list of the programme, and a page that leads to it; nothing is made twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from integrations.graph_json import GraphJson
from integrations.permissions import permissions
from learning.hub_list import LABELS, LINK, NAMES, PLACES_LEFT, STATE
from learning.sessions import Format
from services.ports.systems import Missing

LIST = "Learning at Work Week programme"
PAGE_NAME, PAGE_TITLE = "learning-at-work-week.aspx", "Learning at Work Week"
SITE_PERMISSIONS = (
    "Sites.Selected",
    "Sites.Manage.All",
    "Sites.ReadWrite.All",
    "Sites.FullControl.All",
)

LINE: Mapping[str, Any] = {"text": {"maxLength": 255}}
NOTE: Mapping[str, Any] = {
    "text": {"allowMultipleLines": True, "linesForEditing": 3, "textType": "plain"}
}
MOMENT: Mapping[str, Any] = {"dateTime": {"displayAs": "standard", "format": "dateTime"}}
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "code": {"text": {"maxLength": 40}, "indexed": True},
    "summary": NOTE,
    "strand": LINE,
    "topics": NOTE,
    "facilitators": NOTE,
    "starts": {**MOMENT, "indexed": True},
    "ends": MOMENT,
    "timezone": LINE,
    "capacity": {"number": {"decimalPlaces": "none", "minimum": 1.0, "maximum": 100000.0}},
    "format": {
        "choice": {"allowTextEntry": False, "choices": [*Format], "displayAs": "dropDownMenu"},
        "defaultValue": {"value": Format.TEAMS},
    },
    "link": NOTE,
    "location": NOTE,
    "audience": NOTE,
    "waiting_list": {"boolean": {}, "defaultValue": {"value": "1"}},
    PLACES_LEFT: {"number": {"decimalPlaces": "none"}},
    STATE: {"text": {"maxLength": 40}, "indexed": True},
    LINK: NOTE,
}
"""SharePoint keeps 255 characters on one line, so what may be longer is a note."""

HINTS: Mapping[str, str] = {
    "code": "A short code of the session's own, such as GM1. It stays the same.",
    "topics": "Several with ; between.",
    "facilitators": "Several with ; between.",
    "starts": "As this site's clock shows it. Empty for a session of one's own time.",
    "timezone": "Where the session is held, such as Europe/London. Empty for the organisation's own.",
    "capacity": "Empty for no limit.",
    PLACES_LEFT: "The bot writes this.",
    STATE: "The bot writes this.",
    LINK: "The bot writes this: a link that opens its chat, ready to book.",
}


def column_definitions() -> list[dict[str, Any]]:
    """Every column but Title, which each list has."""
    return [
        {
            "name": NAMES.get(column, column),
            "displayName": LABELS[column],
            "description": HINTS.get(column, ""),
            **shape,
        }
        for column, shape in SHAPES.items()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """The list and its page, and what of them was `made` now."""

    list_id: str
    list_url: str
    page_url: str
    made: tuple[str, ...]


class HubSetup:
    """All raise Unavailable, Missing or Rejected."""

    def __init__(self, graph: GraphJson, site: str) -> None:
        self._graph = graph
        self._site = f"/sites/{quote(site, safe=',')}"

    async def site_name(self) -> str:
        """What the site is called, which shows that it is there and may be read."""
        site = await self._graph.ask("GET", f"{self._site}?$select=id,displayName,webUrl")
        return str(site.get("displayName") or site.get("webUrl") or "")

    async def columns_missing(self, list_id: str) -> list[str]:
        """What people call the columns that the list lacks. Raises Missing without the list."""
        there = await self._columns(list_id)
        return [str(c["displayName"]) for c in column_definitions() if c["name"] not in there]

    async def list_there(self, list_id: str = "") -> Mapping[str, Any] | None:
        """The list of this id, else the one that an earlier set-up made."""
        if list_id:
            try:
                return await self._graph.ask("GET", f"{self._site}/lists/{quote(list_id)}")
            except Missing:
                return None
        async for page in self._graph.pages(f"{self._site}/lists?$top=200"):
            for each in page.get("value", []):
                if str(each.get("displayName") or "").casefold() == LIST.casefold():
                    return each
        return None

    async def make_list(self) -> Mapping[str, Any]:
        body = {
            "displayName": LIST,
            "columns": column_definitions(),
            "list": {"template": "genericList"},
        }
        return await self._graph.ask("POST", f"{self._site}/lists", body)

    async def add_columns(self, list_id: str) -> list[str]:
        """Add those that are missing; what people call them."""
        there = await self._columns(list_id)
        added = [c for c in column_definitions() if c["name"] not in there]
        for column in added:
            await self._graph.ask("POST", f"{self._site}/lists/{quote(list_id)}/columns", column)
        return [str(column["displayName"]) for column in added]

    async def page_there(self) -> Mapping[str, Any] | None:
        async for page in self._graph.pages(f"{self._site}/pages"):
            for each in page.get("value", []):
                if str(each.get("name") or "").casefold() == PAGE_NAME:
                    return each
        return None

    async def make_page(self, list_url: str) -> Mapping[str, Any]:
        """A page with a text that leads to the list: Graph adds no web part that shows a list."""
        return await self._graph.ask("POST", f"{self._site}/pages", new_page(list_url))

    async def publish(self, page_id: str) -> None:
        path = f"{self._site}/pages/{quote(page_id)}/microsoft.graph.sitePage/publish"
        await self._graph.ask("POST", path)

    async def _columns(self, list_id: str) -> set[str]:
        path = f"{self._site}/lists/{quote(list_id)}/columns"
        return {
            str(each.get("name"))
            async for page in self._graph.pages(path)
            for each in page.get("value", [])
        }


def new_page(list_url: str) -> dict[str, Any]:
    words = (
        "<p>Workshops, talks and courses to take at any time. Book in Teams: find "
        "<strong>Learnweek</strong> there, or follow the link beside a session.</p>"
        f'<p><a href="{escape(list_url, quote=True)}">See the whole programme</a></p>'
    )
    column = {
        "id": "1",
        "width": 12,
        "webparts": [{"@odata.type": "#microsoft.graph.textWebPart", "innerHtml": words}],
    }
    section = {"layout": "oneColumn", "id": "1", "emphasis": "none", "columns": [column]}
    return {
        "@odata.type": "#microsoft.graph.sitePage",
        "name": PAGE_NAME,
        "title": PAGE_TITLE,
        "pageLayout": "article",
        "canvasLayout": {"horizontalSections": [section]},
    }


async def set_up(hub: HubSetup, list_id: str) -> SetUp:
    """Make what is missing: the list, its columns, the page. Raises as the hub does."""
    made: list[str] = []
    there = await hub.list_there(list_id)
    if there is None and list_id:
        raise Missing("there is no list of that id")
    if there is None:
        there = await hub.make_list()
        made.append("the list")
    found, address = str(there["id"]), str(there.get("webUrl") or "")
    made += [f"the column {name}" for name in await hub.add_columns(found)]
    page = await hub.page_there()
    if page is None:
        page = await hub.make_page(address)
        made.append("the page")
    if (page.get("publishingState") or {}).get("level") != "published":
        await hub.publish(str(page["id"]))
    return SetUp(
        list_id=found, list_url=address, page_url=str(page.get("webUrl") or ""), made=tuple(made)
    )


def site_permissions(token: str) -> list[str] | None:
    """Which of the permissions for sites an administrator consented to; None if it cannot be told.

    Read from the app's own token and only to say what is missing: nothing is decided by it.
    """
    granted = permissions(token)
    return None if granted is None else [r for r in granted if r in SITE_PERMISSIONS]
