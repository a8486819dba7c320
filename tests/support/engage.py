"""Stand-in for Viva Engage (Yammer's REST interface): communities, threads, private messages, people."""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from aiohttp import web

from tests.support import now as world
from tests.support.activities import Person, a_person
from tests.support.limits import Limits
from tests.support.login import Login
from tests.support.server import Server, application, failure
from tests.support.tokens import ENGAGE
from tests.support.troubles import FOREVER, Trouble, Troubles

SERVICE = a_person("Learning Service")
COMMUNITY = 47691358209
CALLS, SPAN = 10, 30.0
A_MINUTE = timedelta(seconds=60)
PAGE = 20
LONGEST = 10_000
NO_TOKEN = {"response": {"message": "Token not found.", "code": 16, "stat": "fail"}}
SENT = web.RequestKey("sent", dict[str, Any])
_ids = itertools.count(2_000_337_346_863_105, 7)
_people = itertools.count(36_425_097_217)


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as it stands; `readers` are those of a private one, its writer included."""

    id: int
    sender_id: int
    body: str
    at: datetime
    thread_id: int
    replied_to_id: int | None = None
    group_id: int | None = None
    readers: frozenset[int] = frozenset()
    sender_type: str = "user"
    is_deleted: bool = False

    @property
    def is_private(self) -> bool:
        return bool(self.readers)

    @property
    def mentioned(self) -> list[int]:
        return [int(each) for each in re.findall(r"\[\[user:(\d+)\]\]", self.body)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its path after /api/v1, and what was sent."""

    method: str
    path: str
    sent: Mapping[str, Any] = field(default_factory=dict)


class Engage:
    """One network with one community, under `base_url`.

    What a caller does wrong is collected in `faults`, and leaving the `async with` with faults left
    over fails the test. `now` is the clock by which calls are counted and messages dated. Without
    `tells_participants` nothing says who takes part in a private conversation.
    """

    def __init__(self, login: Login, *, now: Callable[[], datetime] = world.now) -> None:
        self.base_url = ""
        self.faults: list[str] = []
        self.log: list[Asked] = []
        self.messages: dict[int, Message] = {}
        self.users: dict[int, dict[str, Any]] = {}
        self.now = now
        self.tells_participants = True
        self.limits = Limits(per_app=((CALLS, SPAN),), per_thread=())
        self._login = login
        self._looked: dict[str, datetime] = {}
        self._troubles = Troubles()
        self._server = Server(application(*self._routes(), middleware=self._guarded))
        self.service = self.add(SERVICE)

    async def __aenter__(self) -> Self:
        self.base_url = f"{await self._server.start()}/api/v1"
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        await self._server.stop()
        assert kind or not self.faults, f"Viva Engage was asked what it should not: {self.faults}"

    def add(self, person: Person, **fields: Any) -> int:
        """Let the network know somebody; fields such as `email` or `type` are Yammer's own names."""
        id = next(_people)
        self.users[id] = {
            "type": "user",
            "id": id,
            "network_id": 5897756673,
            "state": "active",
            "full_name": person.name,
            "name": person.email.partition("@")[0],
            "email": person.email,
            "contact": {"email_addresses": [{"type": "primary", "address": person.email}]},
            "web_url": f"https://www.yammer.com/example.gov.uk/users/{id}",
            **fields,
        }
        return id

    def says(
        self,
        member: int,
        words: str,
        *,
        to: int | None = None,
        below: int | None = None,
        group: int = COMMUNITY,
        sender_type: str = "user",
    ) -> int:
        """Somebody writes in the community, naming somebody (`to`), below another message or not."""
        body = f"[[user:{to}]] {words}" if to is not None else words
        return self._add(
            sender_id=member,
            body=body,
            replied_to_id=below,
            group_id=group,
            sender_type=sender_type,
        ).id

    def asks(self, member: int, words: str, *, below: int | None = None) -> int:
        """Somebody names the service account in the community."""
        return self.says(member, words, to=self.service, below=below)

    def writes(
        self, member: int, words: str, *, below: int | None = None, others: Iterable[int] = ()
    ) -> int:
        """Somebody writes to the service account privately, with others in the conversation or not."""
        readers = frozenset({member, self.service, *others})
        return self._add(sender_id=member, body=words, replied_to_id=below, readers=readers).id

    def below(self, message_id: int) -> list[str]:
        """What the service account answered to this message."""
        return [m.body for m in self._own() if m.replied_to_id == message_id]

    def written_to(self, member: int) -> list[str]:
        """What the service account wrote to this person alone, not in answer to anything."""
        alone = frozenset({member, self.service})
        return [m.body for m in self._own() if m.readers == alone and m.replied_to_id is None]

    @property
    def posts(self) -> list[Message]:
        """What the service account posted to the community and stands there."""
        return [m for m in self._own() if m.group_id and m.replied_to_id is None]

    def fail_next(
        self,
        status: int | None,
        *,
        times: int = 1,
        method: str | None = None,
        path: str = "",
        acted: bool = False,
        delay: float = 0.0,
    ) -> None:
        """Answer the next requests badly; with `acted` they are carried out all the same."""
        body: Any = NO_TOKEN if status == 401 else "<html>Sorry</html>"
        self._troubles.plan(
            Trouble(
                status=status,
                body=body,
                left=times,
                method=method,
                where=path,
                acted=acted,
                delay=delay,
            )
        )

    def deny(self) -> None:
        """The service account may not, until `heal`."""
        self.fail_next(403, times=FOREVER)

    def heal(self) -> None:
        self._troubles.clear()

    def _own(self) -> list[Message]:
        mine = [m for m in self.messages.values() if m.sender_id == self.service]
        return [m for m in mine if not m.is_deleted]

    def _add(self, **values: Any) -> Message:
        """A new message; below another it is in its thread, and read by whoever reads that."""
        id = next(_ids)
        above = self.messages.get(values.get("replied_to_id") or 0)
        if above is not None:
            values["group_id"], values["readers"] = above.group_id, above.readers
        thread_id = above.thread_id if above is not None else id
        made = Message(id=id, at=self.now(), thread_id=thread_id, **values)
        self.messages[id] = made
        return made

    # --- the interface ---------------------------------------------------------------------------

    def _routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/v1/users/current.json", self._current),
            web.get(r"/api/v1/users/{id:\d+}.json", self._user),
            web.get("/api/v1/messages/received.json", self._received),
            web.get("/api/v1/messages/private.json", self._private),
            web.get(r"/api/v1/messages/in_group/{id:\d+}.json", self._in_group),
            web.get(r"/api/v1/messages/in_thread/{id:\d+}.json", self._in_thread),
            web.get(r"/api/v1/messages/{id:\d+}.json", self._message),
            web.delete(r"/api/v1/messages/{id:\d+}", self._delete),
            web.post("/api/v1/messages.json", self._post),
        ]

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Any) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v1")
        sent = await _sent(request)
        request[SENT] = sent or {}
        self.log.append(Asked(method=request.method, path=path, sent=sent or {}))
        if not self._login.allows(request.headers.get("Authorization"), ENGAGE):
            return web.json_response(NO_TOKEN, status=401)
        if self.limits.wait("the account", self.now().timestamp()) is not None:
            return web.json_response({"message": "Rate limited"}, status=429)
        return await self._troubles.meet(
            request.method,
            path,
            act=lambda: handler(request),
            fail=lambda trouble: failure(request, trouble),
        )

    async def _current(self, request: web.Request) -> web.Response:
        return web.json_response(self.users[self.service])

    async def _user(self, request: web.Request) -> web.Response:
        user = self.users.get(int(request.match_info["id"]))
        return web.json_response(user) if user else _not_found()

    async def _received(self, request: web.Request) -> web.Response:
        self._count_look("received", request)
        return self._listed(
            request,
            [m for m in self._readable() if self.service in (*m.mentioned, *m.readers)],
        )

    async def _private(self, request: web.Request) -> web.Response:
        self._count_look("private", request)
        return self._listed(request, [m for m in self._readable() if m.is_private])

    async def _in_group(self, request: web.Request) -> web.Response:
        group = int(request.match_info["id"])
        if group != COMMUNITY:
            return _not_found()
        return self._listed(request, [m for m in self._readable() if m.group_id == group])

    async def _in_thread(self, request: web.Request) -> web.Response:
        thread = int(request.match_info["id"])
        return self._listed(request, [m for m in self._readable() if m.thread_id == thread])

    async def _message(self, request: web.Request) -> web.Response:
        found = self._found(request)
        return web.json_response(self._told(found)) if found else _not_found()

    async def _delete(self, request: web.Request) -> web.Response:
        found = self._found(request)
        if found is None:
            return _not_found()
        if found.sender_id != self.service:
            self.faults.append(f"somebody else's message {found.id} was to be deleted")
            return web.json_response({}, status=403)
        found.is_deleted = True
        return web.Response(status=200)

    async def _post(self, request: web.Request) -> web.Response:
        sent = request[SENT]
        if fault := _fault(sent):
            self.faults.append(fault)
            return web.json_response({"message": fault}, status=400)
        body = str(sent["body"])
        if direct := sent.get("direct_to_user_ids"):
            values = {"readers": frozenset({self.service, *direct})}
        elif replied_to := int(sent.get("replied_to_id") or 0):
            if replied_to not in self.messages or self.messages[replied_to].is_deleted:
                return _not_found()
            values = {"replied_to_id": replied_to}
        elif int(sent["group_id"]) == COMMUNITY:
            values = {"group_id": COMMUNITY}
        else:
            return _not_found()
        made = self._add(sender_id=self.service, body=body, **values)
        answer = {"messages": [self._told(made)], "references": [], "meta": {}}
        return web.json_response(answer, status=201)

    def _readable(self) -> list[Message]:
        """What the service account may read, newest first."""
        mine = [m for m in self.messages.values() if not m.readers or self.service in m.readers]
        return sorted((m for m in mine if not m.is_deleted), key=lambda m: -m.id)

    def _found(self, request: web.Request) -> Message | None:
        id = int(request.match_info["id"])
        return next((m for m in self._readable() if m.id == id), None)

    def _listed(self, request: web.Request, found: list[Message]) -> web.Response:
        newer = int(request.query.get("newer_than", 0))
        older = int(request.query.get("older_than", 10**18))
        limit = min(int(request.query.get("limit", PAGE)), PAGE)
        found = [m for m in found if newer < m.id < older]
        page = found[:limit]
        senders = {m.sender_id for m in page}
        threads = {m.thread_id: m for m in page}
        return web.json_response(
            {
                "messages": [self._told(m) for m in page],
                "references": [
                    *(self.users[id] for id in senders if id in self.users),
                    *(self._thread(m) for m in threads.values()),
                ],
                "meta": {"older_available": len(found) > limit, "requested_poll_interval": 60},
            }
        )

    def _thread(self, message: Message) -> dict[str, Any]:
        told: dict[str, Any] = {
            "type": "thread",
            "id": message.thread_id,
            "direct_message": message.is_private,
        }
        if message.is_private and self.tells_participants:
            told["participants_count"] = len(message.readers)
            told["participants"] = [{"type": "user", "id": id} for id in sorted(message.readers)]
        return told

    def _told(self, message: Message) -> dict[str, Any]:
        names = {id: f"@{self.users[id]['full_name']}" for id in message.mentioned}
        plain = message.body
        for id, name in names.items():
            plain = plain.replace(f"[[user:{id}]]", name)
        return {
            "id": message.id,
            "sender_id": message.sender_id,
            "replied_to_id": message.replied_to_id,
            "created_at": f"{message.at:%Y/%m/%d %H:%M:%S} +0000",
            "network_id": 5897756673,
            "message_type": "update",
            "sender_type": message.sender_type,
            "url": f"https://www.yammer.com/api/v1/messages/{message.id}",
            "web_url": f"https://www.yammer.com/example.gov.uk/messages/{message.id}",
            "group_id": message.group_id,
            "body": {"parsed": message.body, "plain": plain, "rich": plain},
            "thread_id": message.thread_id,
            "direct_message": message.is_private,
            "privacy": "private" if message.is_private else "public",
            "notified_user_ids": message.mentioned,
            "attachments": [],
            "liked_by": {"count": 0, "names": []},
            "content_excerpt": plain[:100],
        }

    def _count_look(self, feed: str, request: web.Request) -> None:
        """Who looks more often than once a minute is blocked; reading on from there is no new look."""
        if "older_than" in request.query:
            return
        at, last = self.now(), self._looked.get(feed)
        if last is not None and at - last < A_MINUTE:
            self.faults.append(f"{feed}.json was read again after {(at - last).total_seconds()} s")
        self._looked[feed] = at


def _fault(sent: Mapping[str, Any]) -> str:
    """What is wrong with a message that is to be written."""
    body = sent.get("body")
    if not isinstance(body, str) or not body.strip():
        return "a message without a body"
    if len(body) > LONGEST:
        return f"a body of {len(body)} characters"
    if "[[" in body or "\u200b" in body or re.search(r"\\[*_\[`]", body):
        return f"markup in plain text: {body}"
    places = [
        name for name in ("group_id", "replied_to_id", "direct_to_user_ids") if sent.get(name)
    ]
    if len(places) != 1:
        return f"a message to {places or 'nowhere'}"
    direct = sent.get("direct_to_user_ids")
    if direct is not None and not (
        isinstance(direct, list) and all(isinstance(each, int) for each in direct)
    ):
        return f"direct_to_user_ids is no array of integers: {direct}"
    return ""


async def _sent(request: web.Request) -> dict[str, Any] | None:
    """The body of a request, whether a form or JSON."""
    if not request.can_read_body:
        return None
    if request.content_type == "application/json":
        return await request.json()
    return {name: str(value) for name, value in (await request.post()).items()}


def _not_found() -> web.Response:
    return web.json_response({"response": {"message": "Not found.", "code": 404}}, status=404)
