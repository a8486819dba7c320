"""The calls of the Bot Connector API, each checked and then carried out."""

import time
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from tests.support.activities import Person, next_message_id
from tests.support.chats import Chats
from tests.support.outgoing import MESSAGE_BYTES, Created, activity_faults, size_of
from tests.support.record import Record
from tests.support.teams_errors import teams_error


class TeamsRefused(Exception):
    """Teams will not do this."""

    def __init__(self, status: int, code: str | None = None, message: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = teams_error(status, code, message)


class Conversations:
    """Writes what the bot does into the record; `check_cards` is what costs time."""

    def __init__(self, record: Record, chats: Chats, *, app_id: str) -> None:
        self.check_cards = True
        self.service_url = ""
        self._record = record
        self._chats = chats
        self._app_id = app_id

    def routes(self, prefix: str) -> list[web.RouteDef]:
        conversations = prefix + "/v3/conversations"
        one = conversations + "/{conversation}"
        return [
            web.post(conversations, self._create, name="create"),
            web.post(one + "/activities", self._send, name="send"),
            web.post(one + "/activities/{activity}", self._send, name="reply"),
            web.put(one + "/activities/{activity}", self._update, name="update"),
            web.delete(one + "/activities/{activity}", self._delete, name="delete"),
            web.get(one + "/members/{member}", self._member, name="member"),
            web.get(one + "/pagedmembers", self._members, name="pagedmembers"),
        ]

    async def meant(self, request: web.Request) -> str:
        """The conversation that a request is about; for a new one, where it will be."""
        if "conversation" in request.match_info:
            return request.match_info["conversation"]
        asked = await _object(request)
        members = [each.get("id", "") for each in asked.get("members") or []]
        person = self._chats.person(members[0]) if members else None
        in_channel = ((asked.get("channelData") or {}).get("channel") or {}).get("id", "")
        return person.chat if person else in_channel

    async def _create(self, request: web.Request) -> web.Response:
        asked = await _object(request)
        where = await self.meant(request)
        members = tuple(each.get("id", "") for each in asked.get("members") or [])
        for fault in self._create_faults(asked):
            self._record.faults.append(f"create conversation: {fault}")
            raise TeamsRefused(400, message=fault)
        thread = None
        if where in self._chats.places:
            thread = next_message_id()
            where = f"{where};messageid={thread}"
        elif self._chats.place(where) is None:
            raise TeamsRefused(403, "ForbiddenOperationException")
        made = Created(conversation=where, members=members, at=time.monotonic())
        answer = {"id": where, "serviceUrl": self.service_url}
        if "activity" in asked:
            self._take(asked["activity"], where)
            answer["activityId"] = self._record.keep(asked["activity"], where, id=thread).id
        self._record.created.append(made)
        return web.json_response(answer, status=201)

    def _create_faults(self, asked: dict[str, Any]) -> Iterator[str]:
        data = asked.get("channelData") or {}
        tenants = [value for key, value in asked.items() if key.lower() == "tenantid"]
        tenants += [(data.get("tenant") or {}).get("id")]
        if self._chats.tenant not in tenants:
            yield f"for the tenants {tenants}"
        if (asked.get("bot") or {}).get("id") not in (None, f"28:{self._app_id}"):
            yield f"in the name of {asked['bot']}"
        if "channel" in data:
            if "activity" not in asked:
                yield "a thread begins with an activity"
        elif len(asked.get("members") or []) != 1 or asked.get("isGroup"):
            yield "a personal chat has one member"
        elif "@" in asked["members"][0].get("id", "@"):
            yield "people are known by id, not by address"

    async def _send(self, request: web.Request) -> web.Response:
        where, above = request.match_info["conversation"], request.match_info.get("activity")
        activity = await _object(request)
        targeted = request.query.get("isTargetedActivity") == "true"
        if targeted and not (activity.get("recipient") or {}).get("id"):
            self._record.faults.append("a targeted message without a recipient")
        named = activity.get("replyToId")
        if above and named not in (None, above):
            self._record.faults.append(f"a reply to {above} that names {named}")
        self._take(activity, where)
        kept = self._record.keep(activity, where, reply_to=above or named, targeted=targeted)
        return web.json_response({"id": kept.id}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        where, id = self._ours(request)
        activity = await _object(request)
        self._take(activity, where)
        self._record.change(where, id, activity)
        return web.json_response({"id": id})

    async def _delete(self, request: web.Request) -> web.Response:
        self._record.remove(*self._ours(request))
        return web.Response()

    async def _member(self, request: web.Request) -> web.Response:
        for person in self._roster(request):
            if request.match_info["member"] in (person.teams_id, person.aad_id):
                return web.json_response(self._chats.roster_entry(person))
        raise TeamsRefused(404, "MemberNotFoundInConversation")

    async def _members(self, request: web.Request) -> web.Response:
        people = self._roster(request)
        start = int(request.query.get("continuationToken") or 0)
        end = start + int(request.query.get("pageSize") or 200)
        entries = [self._chats.roster_entry(person) for person in people[start:end]]
        page: dict[str, Any] = {"members": entries}
        if end < len(people):
            page["continuationToken"] = str(end)
        return web.json_response(page)

    def _take(self, activity: dict[str, Any], where: str) -> None:
        """Note what is wrong with an activity; refuse what Teams could not show at all."""
        self._check_place(where)
        self._record.faults += activity_faults(
            activity, where, self._app_id, with_cards=self.check_cards
        )
        if size_of(activity) > MESSAGE_BYTES:
            raise TeamsRefused(413)
        nothing = not activity.get("text") and not activity.get("attachments")
        if "type" not in activity or (activity["type"] == "message" and nothing):
            raise TeamsRefused(400)

    def _ours(self, request: web.Request) -> tuple[str, str]:
        where, id = request.match_info["conversation"], request.match_info["activity"]
        if not self._record.stands(where, id):
            raise TeamsRefused(404, "ActivityNotFoundInConversation")
        return where, id

    def _roster(self, request: web.Request) -> list[Person]:
        where = request.match_info["conversation"]
        self._check_place(where)
        return self._chats.members(where)

    def _check_place(self, where: str) -> None:
        if self._chats.was_left(where):
            raise TeamsRefused(403, "BotNotInConversationRoster")
        if self._chats.place(where) is None:
            raise TeamsRefused(404, "ConversationNotFound")


async def _object(request: web.Request) -> dict[str, Any]:
    """The JSON object that a request carries."""
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or request.content_type != "application/json":
        raise TeamsRefused(400, message="The body is no JSON object.")
    return body
