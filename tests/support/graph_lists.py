"""SharePoint as Graph tells of it: a site with its lists, what changed in them, pages, subscriptions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp

from tests.support.activities import Person
from tests.support.graph_calls import Call, GraphRefused, Handler, Reply, graph_error
from tests.support.now import now

SITE = "example.sharepoint.com,6f1d7a52-93c1-4f5e-9d0e-6a7c6e1b2f10,0b1f4a77-3c55-4d3a-8a5e-51e2a9f0c001"
ADDRESS = "https://example.sharepoint.com/sites/learning"
ONE_LIST = "/sites/{site-id}/lists/{list-id}"
PUBLISH = "POST /sites/{site-id}/pages/{baseSitePage-id}/microsoft.graph.sitePage/publish"
ONE_ITEM = f"{ONE_LIST}/items/{{listItem-id}}"
LONGEST = timedelta(minutes=42_300)
MAKERS = frozenset({"owner", "fullcontrol"})
WRITERS = MAKERS | {"write"}
KINDS = ("text", "number", "boolean", "dateTime", "choice")
RESYNC = ("resyncChangesApplyDifferences", "resyncChangesUploadDifferences")

PROGRAMME: Mapping[str, str] = {
    "SessionCode": "text",
    "SessionSummary": "text",
    "SessionStrand": "text",
    "SessionTopics": "text",
    "SessionFacilitators": "text",
    "SessionStarts": "dateTime",
    "SessionEnds": "dateTime",
    "SessionTimeZone": "text",
    "SessionCapacity": "number",
    "SessionFormat": "choice",
    "SessionLink": "text",
    "SessionLocation": "text",
    "SessionAudience": "text",
    "SessionWaitingList": "boolean",
    "PlacesLeft": "number",
    "BookingState": "text",
    "BookingLink": "text",
}
"""The columns of a programme by their internal names; every list has a Title besides."""


@dataclass(slots=True, kw_only=True)
class Item:
    """A row; `versions` are its fields as each edit left them, `by` the identities who made them."""

    id: int
    versions: list[dict[str, Any]]
    by: list[dict[str, Any]]
    deleted: bool = False

    @property
    def fields(self) -> dict[str, Any]:
        return self.versions[-1]

    @property
    def etag(self) -> str:
        return f'"{self.id:08d}-0000-4000-8000-000000000000,{len(self.versions)}"'

    def told(self, version: int = -1, *, with_fields: bool) -> dict[str, Any]:
        body: dict[str, Any] = {
            "id": str(self.id),
            "eTag": self.etag,
            "createdBy": self.by[0],
            "lastModifiedBy": self.by[version],
            "lastModifiedDateTime": "2026-05-01T09:00:00Z",
            "webUrl": f"{ADDRESS}/Lists/programme/{self.id}_.000",
        }
        if with_fields:
            kept = {n: v for n, v in self.versions[version].items() if v is not None}
            body["fields"] = {"@odata.etag": self.etag, "id": str(self.id), **kept}
        return body


@dataclass(slots=True, kw_only=True)
class SharedList:
    """One list: its columns by internal name, its items, and in `log` which of them changed when."""

    id: str
    name: str
    columns: dict[str, dict[str, Any]]
    items: dict[int, Item] = field(default_factory=dict[int, Item])
    log: list[int] = field(default_factory=list[int])
    patches: list[tuple[int, dict[str, Any]]] = field(
        default_factory=list[tuple[int, dict[str, Any]]]
    )

    def add(self, by: Person, **fields: Any) -> int:
        """Somebody adds an item in SharePoint."""
        id = max(self.items, default=0) + 1
        self._check(fields)
        self.items[id] = Item(id=id, versions=[fields], by=[user(by)])
        self.log.append(id)
        return id

    def edit(self, id: int, by: Person, **fields: Any) -> None:
        """Somebody changes these columns of an item; None empties one."""
        self.change(id, user(by), fields)

    def change(self, id: int, by: dict[str, Any], fields: Mapping[str, Any]) -> None:
        self._check(fields)
        item = self.items[id]
        item.versions.append({**item.fields, **fields})
        item.by.append(by)
        self.log.append(id)

    def delete(self, id: int) -> None:
        self.items[id].deleted = True
        self.log.append(id)

    def restore(self, id: int) -> None:
        """Out of the recycle bin."""
        self.items[id].deleted = False
        self.log.append(id)

    def remove_column(self, name: str) -> None:
        """Somebody deletes a column; its values go with it, and no item counts as changed."""
        del self.columns[name]
        for item in self.items.values():
            for version in item.versions:
                version.pop(name, None)

    def add_column(self, name: str) -> None:
        """Somebody adds one of the programme's columns again; it is empty."""
        _add(self, {"name": name, "displayName": name, PROGRAMME[name]: {}})

    def rename_column(self, name: str, label: str) -> None:
        self.columns[name]["displayName"] = label

    def column(self, id: int, name: str) -> Any:
        return self.items[id].fields.get(name)

    def _check(self, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            column = self.columns.get(name)
            if column is None:
                raise GraphRefused(400, "invalidRequest", f"Field '{name}' is not recognized")
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            wrong = ("number" in column and not is_number) or (
                "boolean" in column and not isinstance(value, bool)
            )
            if value is not None and wrong:
                raise GraphRefused(400, "invalidRequest", f"{name}: {value!r} does not fit")


@dataclass(slots=True, kw_only=True)
class Subscription:
    body: dict[str, Any]
    renewed: int = 0


class Lists:
    """One site. `role` is what the app was granted on it, None for nothing.

    With `repeats` a changed item comes twice in one answer, an older version of it first. `reach`
    has where the addresses of the public internet lead; none of them leads anywhere else.
    """

    def __init__(self, app_id: str) -> None:
        self.role: str | None = "write"
        self.lists: dict[str, SharedList] = {}
        self.pages: dict[str, dict[str, Any]] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.reach: dict[str, str] = {}
        self.notified: list[int] = []
        self.page_size = 200
        self.repeats = False
        self.now: Callable[[], datetime] = now
        self._app_id = app_id
        self._oldest: dict[str, int] = {}
        self._resync = RESYNC[0]

    def programme(self, name: str = "Programme") -> SharedList:
        """A list with every column of a programme."""
        columns = [{"name": n, "displayName": n, kind: {}} for n, kind in PROGRAMME.items()]
        return self._made(name, columns)

    def expire(self, list_id: str, code: str = RESYNC[0]) -> None:
        """What was given out so far is too old: whoever follows it has to start again."""
        self._oldest[list_id] = len(self.lists[list_id].log) + 1
        self.lists[list_id].log.append(next(iter(self.lists[list_id].items), 0))
        self._resync = code

    async def notify(self) -> list[int]:
        """Tell everybody who subscribed that something changed; what they answered."""
        answers = [
            await self._post(each.body["notificationUrl"], {"value": [self._told(id)]})
            for id, each in self.subscriptions.items()
        ]
        self.notified += [status for status, _ in answers]
        return [status for status, _ in answers]

    def handlers(self) -> dict[str, Handler]:
        return {
            "GET /sites/{site-id}": self._site,
            "GET /sites/{site-id}/lists": self._all_lists,
            "POST /sites/{site-id}/lists": self._make_list,
            f"GET {ONE_LIST}": lambda call: Reply(body=_list_told(self._list(call))),
            f"GET {ONE_LIST}/columns": self._columns,
            f"POST {ONE_LIST}/columns": self._add_column,
            f"GET {ONE_LIST}/items/delta": self._delta,
            f"GET {ONE_LIST}/items/delta()": self._delta,
            f"GET {ONE_ITEM}": self._get_item,
            f"PATCH {ONE_ITEM}/fields": self._patch_fields,
            "GET /sites/{site-id}/pages": self._all_pages,
            "POST /sites/{site-id}/pages": self._make_page,
            PUBLISH: self._publish,
            "POST /subscriptions": self._subscribe,
            "GET /subscriptions": self._all_subscriptions,
            "PATCH /subscriptions/{subscription-id}": self._renew,
        }

    def _allow(self, call: Call, roles: Iterable[str] | None = None) -> None:
        if self.role is None or (roles is not None and self.role not in roles):
            raise GraphRefused(403, "accessDenied", "Access denied")
        if call.ids.get("site-id", SITE) != SITE:
            raise GraphRefused(404, "itemNotFound", "Requested site could not be found")

    def _list(self, call: Call, roles: Iterable[str] | None = None) -> SharedList:
        self._allow(call, roles)
        found = self.lists.get(call.ids["list-id"])
        if found is None:
            raise GraphRefused(404, "itemNotFound", "The specified list was not found")
        return found

    def _site(self, call: Call) -> Reply:
        self._allow(call)
        return Reply(body={"id": SITE, "displayName": "Learning", "webUrl": ADDRESS})

    def _all_lists(self, call: Call) -> Reply:
        self._allow(call)
        return Reply(body={"value": [_list_told(each) for each in self.lists.values()]})

    def _make_list(self, call: Call) -> Reply:
        self._allow(call, MAKERS)
        body = call.body
        if any(each.name == body["displayName"] for each in self.lists.values()):
            raise GraphRefused(409, "nameAlreadyExists", "A list of this name exists already")
        made = self._made(body["displayName"], body.get("columns", []))
        return Reply(status=201, body=_list_told(made))

    def _made(self, name: str, columns: Iterable[dict[str, Any]]) -> SharedList:
        made = SharedList(
            id=str(uuid4()),
            name=name,
            columns={"Title": {"name": "Title", "displayName": "Title", "text": {}}},
        )
        for column in columns:
            _add(made, column)
        self.lists[made.id] = made
        return made

    def _columns(self, call: Call) -> Reply:
        return Reply(body={"value": list(self._list(call).columns.values())})

    def _add_column(self, call: Call) -> Reply:
        shared = self._list(call, MAKERS)
        if call.body["name"] in shared.columns:
            raise GraphRefused(409, "nameAlreadyExists", "A column of this name exists already")
        return Reply(status=201, body=_add(shared, call.body))

    def _delta(self, call: Call) -> Reply:
        shared = self._list(call)
        token = call.query.get("token", "start")
        start = 0 if token.startswith("start") else int(token)
        if not token.startswith("start") and start < self._oldest.get(shared.id, 0):
            again = str(call.url.with_query({"token": f"start{uuid4()}"}))
            error = graph_error(410, self._resync, "Resync required")
            return Reply(status=410, body=error, headers={"Location": again})
        upper, offset = len(shared.log), 0
        if skip := call.query.get("$skiptoken"):
            upper, offset = map(int, skip.split(":"))
        is_all = token.startswith("start")
        told = self._told_of(shared, shared.log[start:upper], is_all=is_all, call=call)
        end = offset + min(self.page_size, int(call.query.get("$top", self.page_size)))
        body: dict[str, Any] = {"value": told[offset:end]}
        more = {n: call.query[n] for n in ("$expand", "$top") if n in call.query}
        if end < len(told):
            ahead = {"token": token, "$skiptoken": f"{upper}:{end}"} | more
            body["@odata.nextLink"] = str(call.url.with_query(ahead))
        else:
            body["@odata.deltaLink"] = str(call.url.with_query({"token": str(upper)} | more))
        return Reply(body=body)

    def _told_of(
        self, shared: SharedList, changed: list[int], *, is_all: bool, call: Call
    ) -> list[dict[str, Any]]:
        with_fields = call.query.get("$expand", "").startswith("fields")
        told: list[dict[str, Any]] = []
        for id in dict.fromkeys(changed):
            item = shared.items.get(id)
            if item is None or (is_all and item.deleted):
                continue
            if self.repeats and len(item.versions) > 1:
                told.append(item.told(-2, with_fields=with_fields))
            if item.deleted:
                told.append({"id": str(id), "deleted": {"state": "deleted"}})
            else:
                told.append(item.told(with_fields=with_fields))
        return told

    def _item(self, call: Call, roles: Iterable[str] | None = None) -> tuple[SharedList, Item]:
        shared = self._list(call, roles)
        item = shared.items.get(int(call.ids["listItem-id"]))
        if item is None or item.deleted:
            raise GraphRefused(404, "itemNotFound", "The specified item was not found")
        return shared, item

    def _get_item(self, call: Call) -> Reply:
        _, item = self._item(call)
        with_fields = call.query.get("$expand", "").startswith("fields")
        return Reply(body=item.told(with_fields=with_fields))

    def _patch_fields(self, call: Call) -> Reply:
        shared, item = self._item(call, WRITERS)
        # SharePoint makes a user of an app as well, so its changes look like somebody's.
        app = {
            "application": {"id": self._app_id, "displayName": "Learnweek"},
            "user": {"id": str(uuid4()), "displayName": "SharePoint App"},
        }
        shared.change(item.id, app, call.body)
        shared.patches.append((item.id, dict(call.body)))
        return Reply(body={n: v for n, v in item.fields.items() if v is not None})

    def _all_pages(self, call: Call) -> Reply:
        self._allow(call)
        return Reply(body={"value": list(self.pages.values())})

    def _make_page(self, call: Call) -> Reply:
        self._allow(call, WRITERS)
        id = str(uuid4())
        self.pages[id] = {
            "@odata.type": "#microsoft.graph.sitePage",
            "id": id,
            "name": call.body["name"],
            "title": call.body["title"],
            "pageLayout": call.body["pageLayout"],
            "webUrl": f"{ADDRESS}/SitePages/{call.body['name']}",
            "publishingState": {"level": "checkout", "versionId": "0.1"},
        }
        return Reply(status=201, body=self.pages[id] | {"canvasLayout": call.body["canvasLayout"]})

    def _publish(self, call: Call) -> Reply:
        self._allow(call, WRITERS)
        page = self.pages[call.ids["baseSitePage-id"]]
        page["publishingState"] = {"level": "published", "versionId": "1.0"}
        return Reply(status=204)

    async def _subscribe(self, call: Call) -> Reply:
        body = call.body
        site, _, list_id = body["resource"].removeprefix("sites/").partition("/lists/")
        if self.role is None or site != SITE or list_id not in self.lists:
            raise GraphRefused(403, "ExtensionError", "Operation: Create; access denied")
        if body["changeType"] != "updated":
            raise GraphRefused(400, "InvalidRequest", "Lists can only be watched for `updated`")
        self._check_end(body)
        token = "Validation: Testing client application reachability for 1+1=2 & more"
        status, echoed = await self._post(body["notificationUrl"], None, validationToken=token)
        if (status, echoed) != (200, token):
            raise GraphRefused(400, "InvalidRequest", "Subscription validation request failed.")
        id = str(uuid4())
        self.subscriptions[id] = Subscription(body=dict(body))
        return Reply(status=201, body=body | {"id": id, "clientState": None})

    def _all_subscriptions(self, call: Call) -> Reply:
        found = [
            each.body | {"id": id, "clientState": None} for id, each in self.subscriptions.items()
        ]
        return Reply(body={"value": found})

    def _renew(self, call: Call) -> Reply:
        known = self.subscriptions.get(call.ids["subscription-id"])
        if known is None:
            raise GraphRefused(404, "ResourceNotFound", "The object was not found.")
        self._check_end(call.body)
        known.body |= call.body
        known.renewed += 1
        return Reply(body=known.body | {"id": call.ids["subscription-id"], "clientState": None})

    def _check_end(self, body: Mapping[str, Any]) -> None:
        ends = datetime.fromisoformat(body["expirationDateTime"])
        if not timedelta() < ends - self.now() <= LONGEST:
            raise GraphRefused(400, "InvalidRequest", "Subscription expiration is out of range")

    def _told(self, id: str) -> dict[str, Any]:
        body = self.subscriptions[id].body
        return {
            "subscriptionId": id,
            "clientState": body["clientState"],
            "expirationDateTime": body["expirationDateTime"],
            "resource": body["resource"],
            "tenantId": str(uuid4()),
            "resourceData": None,
        }

    async def _post(self, url: str, body: Any, **query: str) -> tuple[int, str]:
        """Over the public internet; nobody is there unless `reach` knows them."""
        for public, here in self.reach.items():
            if url.startswith(public):
                where = url.replace(public, here, 1)
                async with (
                    aiohttp.ClientSession() as http,
                    http.post(where, params=query, json=body) as response,
                ):
                    return response.status, await response.text()
        return 0, ""


def user(person: Person) -> dict[str, Any]:
    identity = {"id": person.aad_id, "displayName": person.name, "email": person.email}
    return {"user": identity}


def _add(shared: SharedList, column: Mapping[str, Any]) -> dict[str, Any]:
    if sum(kind in column for kind in KINDS) != 1:
        raise GraphRefused(400, "invalidRequest", "A column is of exactly one kind")
    made = {n: v for n, v in column.items() if not n.startswith("@")} | {"id": str(uuid4())}
    shared.columns[str(column["name"])] = made
    return made


def _list_told(shared: SharedList) -> dict[str, Any]:
    return {
        "id": shared.id,
        "displayName": shared.name,
        "name": shared.name,
        "webUrl": f"{ADDRESS}/Lists/{shared.name.replace(' ', '%20')}",
        "list": {"template": "genericList"},
    }
