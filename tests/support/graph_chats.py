"""Group chats, as Graph makes them for an app that is in none of them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.support.graph_calls import Call, GraphRefused, Handler, Reply
from tests.support.graph_directory import Directory


@dataclass(slots=True)
class Chats:
    """Each chat that was made: its topic, and the ids of who is in it."""

    directory: Directory
    made: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    def handlers(self) -> dict[str, Handler]:
        return {"POST /chats": self._create}

    def _create(self, call: Call) -> Reply:
        people = [_id(each) for each in call.body["members"]]
        if any(self.directory.find(each) is None for each in people):
            raise GraphRefused(404, "NotFound", "A member is not in the directory.")
        if len(set(people)) != len(people):
            raise GraphRefused(400, "BadRequest", "Duplicate chat members are specified.")
        id = f"19:{uuid4().hex}@thread.v2"
        self.made[id] = (call.body.get("topic") or "", people)
        body = {"id": id, "chatType": call.body["chatType"], "topic": call.body.get("topic")}
        return Reply(status=201, body=body)


def _id(member: dict[str, Any]) -> str:
    return member["user@odata.bind"].rpartition("('")[2].removesuffix("')")
