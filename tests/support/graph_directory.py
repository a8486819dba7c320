"""The people and groups of the tenant, as Graph tells of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.activities import Person
from tests.support.graph_calls import Call, GraphRefused, Handler, Reply

# What a user is told with when nothing is selected: the department is not among it.
USUAL_FIELDS = (
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
)

STARTS = re.compile(
    r"startswith\(displayName,'(?P<said>.*)'\) or startswith\(givenName,'(?P=said)'\)"
    r" or startswith\(surname,'(?P=said)'\) or mail eq '(?P=said)'"
    r" or userPrincipalName eq '(?P=said)'"
)


@dataclass(slots=True)
class Directory:
    """Users and groups by object id; a page of members holds `page_size`."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    page_size: int = 100

    def add_user(self, person: Person, **fields: Any) -> None:
        """Let Graph know this person; fields such as `department` are Graph's own names."""
        given, _, family = person.name.partition(" ")
        self.users[person.aad_id] = {
            "id": person.aad_id,
            "displayName": person.name,
            "givenName": given,
            "surname": family,
            "mail": person.email,
            "userPrincipalName": person.email,
            "businessPhones": [],
            **dict.fromkeys(["jobTitle", "mobilePhone", "officeLocation", "preferredLanguage"]),
            "accountEnabled": True,
            "department": None,
            "userType": "Member",
            **fields,
        }

    def set_manager(self, person: Person, manager: Person) -> None:
        self.managers[person.aad_id] = manager.aad_id

    def add_group(self, id: str, members: Iterable[Person | str]) -> None:
        """A group of people, and of other groups by their ids."""
        self.groups[id] = [each if isinstance(each, str) else each.aad_id for each in members]

    def handlers(self) -> dict[str, Handler]:
        return {
            "GET /users": self._users,
            "GET /users/{user-id}": self._user,
            "GET /users/{user-id}/manager": self._manager,
            "POST /users/{user-id}/checkMemberGroups": self._check_groups,
            "GET /groups": self._groups,
            "GET /groups/{group-id}": self._group,
            "GET /groups/{group-id}/members": self._members,
            "GET /groups/{group-id}/transitiveMembers": self._transitive,
        }

    def find(self, id: str) -> dict[str, Any] | None:
        """By object id or user principal name."""
        for user in self.users.values():
            if id.lower() in (user["id"].lower(), user["userPrincipalName"].lower()):
                return user
        return None

    def mailbox(self, id: str) -> dict[str, Any]:
        """The user whose mailbox this is."""
        user = self.find(id)
        if user is None or not user["mail"]:
            raise GraphRefused(404, "ErrorInvalidUser", f"The requested user '{id}' is invalid.")
        return user

    def _user(self, call: Call) -> Reply:
        user = self.find(call.ids["user-id"])
        if user is None:
            raise _not_found(call.ids["user-id"])
        return Reply(body=_told(user, call.select) | self._expanded(user, call))

    def _manager(self, call: Call) -> Reply:
        user = self.find(call.ids["user-id"])
        if user is None or user["id"] not in self.managers:
            raise _not_found(f"{call.ids['user-id']}/manager")
        return Reply(body=self._manager_told(user, call.select))

    def _expanded(self, user: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The manager, where that is asked for with some of its fields, and there is one."""
        expand = call.query.get("$expand", "")
        if not expand:
            return {}
        found = re.fullmatch(r"manager(?:\(\$select=([\w,]+)\))?", expand)
        if found is None:
            raise GraphRefused(400, "BadRequest", f"Parsing OData Select and Expand: {expand}")
        if user["id"] not in self.managers:
            return {}
        return {"manager": self._manager_told(user, tuple((found[1] or "").split(",")))}

    def _manager_told(self, user: Mapping[str, Any], select: tuple[str, ...]) -> dict[str, Any]:
        manager = self.users[self.managers[user["id"]]]
        told = _told(manager, select if any(select) else ())
        return {"@odata.type": "#microsoft.graph.user", **told}

    def _users(self, call: Call) -> Reply:
        """Those with an address, or whose names begin so: the filters that are played."""
        if started := STARTS.fullmatch(call.query.get("$filter", "")):
            return self._starting(call, started["said"].replace("''", "'").lower())
        asked = re.fullmatch(
            r"mail eq '(?P<mail>.*)' or userPrincipalName eq '(?P<name>.*)'",
            call.query.get("$filter", ""),
        )
        if asked is None:
            raise GraphRefused(400, "Request_UnsupportedQuery", "This filter is not played.")
        mail, name = (asked[part].replace("''", "'").lower() for part in ("mail", "name"))
        found = [
            user
            for user in self.users.values()
            if (user["mail"] or "").lower() == mail or user["userPrincipalName"].lower() == name
        ]
        most = int(call.query.get("$top", self.page_size))
        return Reply(body={"value": [_told(user, call.select) for user in found[:most]]})

    def _starting(self, call: Call, said: str) -> Reply:
        names = ("displayName", "givenName", "surname")
        found = [
            user
            for user in self.users.values()
            if any((user[name] or "").lower().startswith(said) for name in names)
            or said in ((user["mail"] or "").lower(), user["userPrincipalName"].lower())
        ]
        most = int(call.query.get("$top", self.page_size))
        return Reply(body={"value": [_told(user, call.select) for user in found[:most]]})

    def _groups(self, call: Call) -> Reply:
        """Those of a name, each told as `_group_told` does."""
        asked = re.fullmatch(r"displayName eq '(?P<name>.*)'", call.query.get("$filter", ""))
        if asked is None:
            raise GraphRefused(400, "Request_UnsupportedQuery", "This filter is not played.")
        name = asked["name"].replace("''", "'").lower()
        found = [_group_told(id) for id in self.groups]
        return Reply(body={"value": [g for g in found if g["displayName"].lower() == name]})

    def _group(self, call: Call) -> Reply:
        self._check_group(call)
        return Reply(body=_group_told(call.ids["group-id"]))

    def _check_groups(self, call: Call) -> Reply:
        user = self.find(call.ids["user-id"])
        if user is None:
            raise _not_found(call.ids["user-id"])
        asked = [id for id in call.body.get("groupIds", []) if id in self.groups]
        return Reply(body={"value": [id for id in asked if user["id"] in self._all(id)]})

    def _members(self, call: Call) -> Reply:
        self._check_group(call)
        return self._page(call, self.groups[call.ids["group-id"]])

    def _transitive(self, call: Call) -> Reply:
        self._check_group(call)
        return self._page(call, self._all(call.ids["group-id"]))

    def _check_group(self, call: Call) -> None:
        if call.ids["group-id"] not in self.groups:
            raise _not_found(call.ids["group-id"])

    def _all(self, group: str) -> list[str]:
        """Everything in a group and the groups in it, each once."""
        found: dict[str, None] = {}
        ahead = list(self.groups[group])
        while ahead:
            id = ahead.pop(0)
            if id not in found:
                found[id] = None
                ahead += self.groups.get(id, [])
        return list(found)

    def _page(self, call: Call, ids: list[str]) -> Reply:
        start = int(call.query.get("$skiptoken", 0))
        end = start + int(call.query.get("$top", self.page_size))
        members = [
            {"@odata.type": "#microsoft.graph.group", **_group_told(id)}
            if id in self.groups
            else {"@odata.type": "#microsoft.graph.user", **_told(self.users[id], call.select)}
            for id in ids[start:end]
        ]
        body: dict[str, Any] = {"value": members}
        if end < len(ids):
            body["@odata.nextLink"] = str(call.url.update_query({"$skiptoken": str(end)}))
        return Reply(body=body)


def _told(user: Mapping[str, Any], select: tuple[str, ...]) -> dict[str, Any]:
    return {name: user.get(name) for name in (*select, "id") if name} if select else _usual(user)


def _usual(user: Mapping[str, Any]) -> dict[str, Any]:
    return {name: user[name] for name in USUAL_FIELDS}


def _group_told(id: str) -> dict[str, Any]:
    return {"id": id, "displayName": f"Group {id}", "securityEnabled": True}


def _not_found(id: str) -> GraphRefused:
    message = f"Resource '{id}' does not exist or one of its queried reference-property objects."
    return GraphRefused(404, "Request_ResourceNotFound", message)
