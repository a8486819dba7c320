"""Microsoft Graph: the SharePoint list that holds the programme."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

from integrations.graph_json import Expired, GraphJson
from learning.hub_list import ListColumn, Seen
from learning.people import PersonId
from services.ports.hub import ListChanges, Watch
from services.ports.systems import Missing, Unavailable

AT_ONCE = 4
"""Requests under way to one site; SharePoint slows down those who ask for everything at once."""

PAGE = 200


class GraphList:
    """Never sends If-Match: whether a list item heeds it is not known. We write our own columns only."""

    def __init__(self, graph: GraphJson, *, site: str, list_id: str, app_id: str) -> None:
        self._graph = graph
        self._app_id = app_id.casefold()
        self._resource = f"sites/{site}/lists/{list_id}"
        self._path = f"/sites/{quote(site, safe=',')}/lists/{quote(list_id)}"
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def columns(self) -> list[ListColumn]:
        return [_column(each) for each in await self._all(f"{self._path}/columns")]

    async def changes(self, link: str) -> ListChanges:
        """What changed since, each item as it came last."""
        start = f"{self._path}/items/delta?$expand=fields&$top={PAGE}"
        try:
            return await self._changes(link or start, is_all=not link)
        except Expired as expired:
            # Both ways of starting again are one to us: what the list holds is right, what it does
            # not hold is gone, and of our own columns we know what they should say.
            fresh = expired.again if self._graph.is_own(expired.again) else start
        try:
            return await self._changes(fresh, is_all=True)
        except Expired as error:
            raise Unavailable("SharePoint: no list of changes can be had") from error

    async def item(self, item_id: int) -> Seen:
        async with self._at_once:
            raw = await self._graph.ask("GET", f"{self._path}/items/{item_id}?$expand=fields")
        return self._seen(raw)

    async def write(self, item_id: int, values: Mapping[str, Any]) -> None:
        async with self._at_once:
            await self._graph.ask("PATCH", f"{self._path}/items/{item_id}/fields", values)

    async def watch(self, url: str, secret: str, until: datetime, known: str) -> Watch:
        """One that was made and whose answer was lost is found, and used."""
        ends = {"expirationDateTime": until.astimezone(UTC).isoformat(timespec="seconds")}
        known = known or await self._made_before(url)
        if known:
            try:
                made = await self._graph.ask("PATCH", f"/subscriptions/{quote(known)}", ends)
            except Missing:
                known = ""
            else:
                return _watch(made, url, until)
        made = await self._graph.ask(
            "POST",
            "/subscriptions",
            {
                "changeType": "updated",
                "resource": self._resource,
                "notificationUrl": url,
                "clientState": secret,
                **ends,
            },
        )
        return _watch(made, url, until)

    async def _made_before(self, url: str) -> str:
        for each in await self._all("/subscriptions"):
            resource = str(each.get("resource") or "").strip("/").casefold()
            if resource == self._resource.casefold() and each.get("notificationUrl") == url:
                return str(each["id"])
        return ""

    async def _changes(self, link: str, *, is_all: bool) -> ListChanges:
        latest: dict[int, Mapping[str, Any]] = {}
        last = ""
        async for page in self._graph.pages(link):
            latest |= {int(raw["id"]): raw for raw in page.get("value", [])}
            last = str(page.get("@odata.deltaLink") or "")
        if not last or not self._graph.is_own(last):
            raise Unavailable("SharePoint: no link to the next changes")
        found = {item_id: await self._whole(raw) for item_id, raw in latest.items()}
        return ListChanges(
            items=tuple(item for item in found.values() if item is not None),
            gone=tuple(item_id for item_id, item in found.items() if item is None),
            link=last,
            is_all=is_all,
        )

    async def _whole(self, raw: Mapping[str, Any]) -> Seen | None:
        """The item, asked for where the answer left its fields out; None if it is gone, or a folder.

        The link to begin again comes from SharePoint, and may not ask for fields as ours does.
        """
        if raw.get("deleted") or (raw.get("contentType") or {}).get("name") == "Folder":
            return None
        if "fields" in raw:
            return self._seen(raw)
        try:
            return await self.item(int(raw["id"]))
        except Missing:
            return None

    async def _all(self, path: str) -> list[dict[str, Any]]:
        return [each async for page in self._graph.pages(path) for each in page.get("value", [])]

    def _seen(self, raw: Mapping[str, Any]) -> Seen:
        return Seen(
            id=int(raw["id"]),
            etag=str(raw.get("eTag") or raw.get("lastModifiedDateTime") or ""),
            fields=raw.get("fields") or {},
            editor=self._person(raw.get("lastModifiedBy")),
            author=self._person(raw.get("createdBy")),
        )

    def _person(self, who: Mapping[str, Any] | None) -> PersonId | None:
        """Who it was; nobody where it was the bot itself, of which SharePoint also makes a user."""
        app, person = (
            str(each.get("id") or "").casefold()
            for name in ("application", "user")
            for each in [cast("Mapping[str, Any]", (who or {}).get(name) or {})]
        )
        return PersonId(person) if person and app != self._app_id else None


def _column(raw: Mapping[str, Any]) -> ListColumn:
    dates: Mapping[str, Any] | None = raw.get("dateTime")
    kind = "" if dates is None else "dateOnly" if dates.get("format") == "dateOnly" else "dateTime"
    return ListColumn(
        name=str(raw.get("name") or ""), label=str(raw.get("displayName") or ""), kind=kind
    )


def _watch(made: Mapping[str, Any], url: str, until: datetime) -> Watch:
    ends = str(made.get("expirationDateTime") or "")
    return Watch(id=str(made["id"]), url=url, until=datetime.fromisoformat(ends) if ends else until)
