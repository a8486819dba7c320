"""The organisation's Teams apps as Graph tells of them, and adding one for a person."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.graph_calls import Call, GraphRefused, Handler, Reply
from tests.support.graph_directory import Directory

BIND = re.compile(r"https?://[^/]+/v1\.0/appCatalogs/teamsApps/([^/]+)")
NO_SUCH_APP = "No app with this id is in the tenant's catalogue."


@dataclass(slots=True)
class Apps:
    """`catalogue` has each app's id here by the id in its manifest; `added` who has which.

    `when_added` is told the object id of each person for whom an app was added.
    """

    directory: Directory
    catalogue: dict[str, str] = field(default_factory=dict)
    added: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    when_added: Callable[[str], None] = lambda _: None

    def handlers(self) -> dict[str, Handler]:
        return {
            "GET /appCatalogs/teamsApps": self._find,
            "GET /users/{user-id}/teamwork/installedApps": self._of_user,
            "POST /users/{user-id}/teamwork/installedApps": self._add,
        }

    def _find(self, call: Call) -> Reply:
        wanted = _quoted(call, "externalId")
        return Reply(
            body={
                "value": [
                    {"id": id, "externalId": manifest, "distributionMethod": "organization"}
                    for manifest, id in self.catalogue.items()
                    if wanted in (None, manifest)
                ]
            }
        )

    def _of_user(self, call: Call) -> Reply:
        user, wanted = self._user(call), _quoted(call, "teamsApp/id")
        apps = [id for id in sorted(self.added[user]) if wanted in (None, id)]
        return Reply(
            body={"value": [{"id": f"{user}-{id}", "teamsApp": {"id": id}} for id in apps]}
        )

    def _add(self, call: Call) -> Reply:
        user = self._user(call)
        found = BIND.fullmatch(call.body.get("teamsApp@odata.bind", ""))
        if found is None or found[1] not in self.catalogue.values():
            raise GraphRefused(404, "NotFound", NO_SUCH_APP)
        if found[1] in self.added[user]:
            raise GraphRefused(409, "Conflict", "The app is already installed for this user.")
        self.added[user].add(found[1])
        self.when_added(user)
        return Reply(status=201)

    def _user(self, call: Call) -> str:
        user = self.directory.find(call.ids["user-id"])
        if user is None:
            raise GraphRefused(404, "NotFound", f"No user '{call.ids['user-id']}' was found.")
        return user["id"]


def _quoted(call: Call, name: str) -> str | None:
    """What a filter wants this property to be; None where nothing is filtered."""
    text = call.query.get("$filter")
    if text is None:
        return None
    found = re.fullmatch(rf"{re.escape(name)} eq '([^']*)'", text)
    if found is None:
        raise GraphRefused(400, "BadRequest", f"The filter {text!r} cannot be read.")
    return found[1]
