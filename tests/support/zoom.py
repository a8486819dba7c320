"""Stand-in for Zoom: sign-in of a server-to-server app, one host's meetings, registrants, reports."""

import re
from base64 import b64decode
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, Self
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from aiohttp import web

from tests.support.server import Server, application, failure
from tests.support.troubles import Trouble, Troubles

ACCOUNT_ID = "zoom-account"
CLIENT_ID = "zoom-client"
SECRET = "not-a-secret~of-zoom"
HOST = "learning@example.gov.uk"

SCOPES = (
    "meeting:write:meeting:admin",
    "meeting:update:meeting:admin",
    "meeting:delete:meeting:admin",
    "meeting:read:list_meetings:admin",
    "meeting:write:registrant:admin",
    "meeting:update:registrant_status:admin",
    "meeting:read:list_registrants:admin",
    "report:read:list_meeting_participants:admin",
)
OLDER = {"meeting:read:admin": "meeting:read:", "report:read:admin": "report:read:"}
"""What a scope of an older app includes; `meeting:write:admin` is all that is not reading."""

AGENDA_LISTED = 250
CALLS_A_DAY, REGISTRATIONS_A_DAY = 100, 3
TOKEN_INVALID = (401, 124, "Invalid access token.")
NO_MEETING = "Meeting does not exist: {}."
A_DAY = "You have exceeded the daily rate limit ({}) of {} API requests permitted."
FIELDS = {"topic", "type", "start_time", "timezone", "duration", "agenda", "settings"}
START_URL = "https://example.zoom.us/s/{}?zak=only-for-the-host"


class ZoomRefused(Exception):
    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, **more}


@dataclass(slots=True)
class Registrant:
    """Somebody registered; who registers again is the same, with the same link."""

    id: str
    email: str
    first_name: str
    last_name: str
    join_url: str
    status: str = "approved"


@dataclass(slots=True)
class Meeting:
    """A meeting as Zoom holds it; `rows` is its report, None until there is one."""

    id: int
    uuid: str
    data: dict[str, Any]
    registrants: dict[str, Registrant] = field(default_factory=dict)
    rows: list[dict[str, Any]] | None = None
    is_deleted: bool = False
    told_by_mail: bool = False

    @property
    def topic(self) -> str:
        return self.data["topic"]

    @property
    def starts(self) -> datetime:
        return _instant(self.data["start_time"], self.data.get("timezone", "UTC"))

    @property
    def approved(self) -> dict[str, Registrant]:
        """Who is registered, by mail address."""
        return {r.email: r for r in self.registrants.values() if r.status == "approved"}

    def row(
        self, name: str, joined: datetime, left: datetime, *, email: str = "", registrant: str = ""
    ) -> None:
        """Somebody was there once; Zoom names only people of the account by id and address."""
        inside = email.endswith(HOST.partition("@")[2])
        self.rows = [
            *(self.rows or []),
            {
                "id": f"user-{email}" if inside else "",
                "user_id": str(16778240 + len(self.rows or [])),
                "name": name,
                "user_email": email if inside else "",
                "join_time": f"{joined:%Y-%m-%dT%H:%M:%SZ}",
                "leave_time": f"{left:%Y-%m-%dT%H:%M:%SZ}",
                "duration": int((left - joined).total_seconds()),
                "registrant_id": registrant,
            },
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in: `path` as it came, below /v2."""

    method: str
    path: str
    query: Mapping[str, str]
    body: dict[str, Any]


Act = Callable[[web.Request, Call], web.Response]


class Zoom:
    """Checks what it is sent, and holds Zoom's limits by the day.

    `scopes` is what tokens are given from now on; `most_rows` makes pages short; `uuids` are taken
    for the next meetings; `enough_of` are addresses that are registered no more until midnight.
    What would hurt somebody is told in `faults`.
    """

    def __init__(self, *, host: str = HOST) -> None:
        self.url = ""
        self.host = host
        self.secret = SECRET
        self.scopes: Iterable[str] = SCOPES
        self.lifetime = 3600
        self.most_rows = 300
        self.uuids: list[str] = []
        self.enough_of: set[str] = set()
        self.all: dict[int, Meeting] = {}
        self.log: list[Call] = []
        self.faults: list[str] = []
        self.tokens_made = 0
        self._tokens: dict[str, frozenset[str]] = {}
        self._numbers = count(84512345678)
        self._today: Counter[str] = Counter()
        self._troubles = Troubles()
        self._server = Server(application(*self._routes()))

    async def __aenter__(self) -> Self:
        self.url = await self._server.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self._server.stop()
        assert kind is not None or self.faults == [], self.faults

    @property
    def settings(self) -> dict[str, Any]:
        """The product's settings that point here."""
        return {
            "zoom_base_url": f"{self.url}/v2",
            "zoom_token_url": f"{self.url}/oauth/token",
            "zoom_account_id": ACCOUNT_ID,
            "zoom_client_id": CLIENT_ID,
            "zoom_client_secret": SECRET,
            "zoom_host": self.host,
        }

    @property
    def meetings(self) -> list[Meeting]:
        """Those that are there."""
        return [m for m in self.all.values() if not m.is_deleted]

    def meeting_of(self, topic: str) -> Meeting:
        [found] = [m for m in self.meetings if m.topic == topic]
        return found

    def made(self, method: str, ending: str = "") -> int:
        """How many requests of this kind were let in."""
        return sum(c.method == method and c.path.endswith(ending) for c in self.log)

    def expire(self) -> None:
        """No token that was given is good any more."""
        self._tokens.clear()

    def midnight(self) -> None:
        """In UTC: what is counted by the day begins anew."""
        self._today.clear()
        self.enough_of.clear()

    def fail_next(
        self,
        status: int,
        *,
        method: str | None = None,
        where: str = "",
        times: int = 1,
        acted: bool = False,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | str = "",
    ) -> None:
        """Answer the next requests badly; DROPPED is no answer, `acted` one that got lost."""
        self._troubles.plan(
            Trouble(
                status=status,
                method=method,
                where=where,
                left=times,
                acted=acted,
                headers=headers or {},
                body=body,
            )
        )

    def heal(self) -> None:
        self._troubles.clear()

    def _routes(self) -> list[web.RouteDef]:
        people, one = "/v2/meetings/{id}/registrants", "/v2/meetings/{id}"
        mine, report = "/v2/users/{user}/meetings", "/v2/report/meetings/{id}/participants"
        doings: list[tuple[Callable[..., web.RouteDef], str, Act, str]] = [
            (web.post, mine, self._create, "meeting:write:meeting:admin"),
            (web.get, mine, self._list, "meeting:read:list_meetings:admin"),
            (web.patch, one, self._change, "meeting:update:meeting:admin"),
            (web.delete, one, self._delete, "meeting:delete:meeting:admin"),
            (web.post, people, self._register, "meeting:write:registrant:admin"),
            (web.get, people, self._registered, "meeting:read:list_registrants:admin"),
            (web.put, f"{people}/status", self._status, "meeting:update:registrant_status:admin"),
            (web.get, report, self._report, "report:read:list_meeting_participants:admin"),
        ]
        routes = [method(path, self._handler(act, scope)) for method, path, act, scope in doings]
        return [web.post("/oauth/token", self._token), *routes]

    async def _token(self, request: web.Request) -> web.Response:
        async def act() -> web.Response:
            kind, _, given = request.headers.get("Authorization", "").partition(" ")
            known = kind == "Basic" and b64decode(given).decode() == f"{CLIENT_ID}:{self.secret}"
            form = {name: str(value) for name, value in (await request.post()).items()}
            if not known:
                wrong = {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}
                return web.json_response(wrong, status=400)
            if form != {"grant_type": "account_credentials", "account_id": ACCOUNT_ID}:
                wrong = {"reason": "Bad request", "error": "invalid_request"}
                return web.json_response(wrong, status=400)
            self.tokens_made += 1
            token = f"token-{self.tokens_made}"
            self._tokens[token] = frozenset(self.scopes)
            return web.json_response(
                {
                    "access_token": token,
                    "token_type": "bearer",
                    "expires_in": self.lifetime,
                    "scope": " ".join(self.scopes),
                    "api_url": "https://api.zoom.us",
                }
            )

        return await self._troubles.meet(
            "POST", "/oauth/token", act=act, fail=lambda trouble: failure(request, trouble)
        )

    def _handler(self, act: Act, scope: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            body = await request.json() if request.can_read_body else {}
            call = Call(
                method=request.method,
                path=request.raw_path.partition("?")[0].removeprefix("/v2"),
                query=dict(request.query),
                body=body,
            )

            async def answer() -> web.Response:
                try:
                    self._let_in(request, scope)
                    self.log.append(call)
                    return act(request, call)
                except ZoomRefused as refused:
                    return web.json_response(refused.body, status=refused.status)

            return await self._troubles.meet(
                request.method,
                call.path,
                act=answer,
                fail=lambda trouble: failure(request, trouble),
            )

        return handle

    def _let_in(self, request: web.Request, scope: str) -> None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or token not in self._tokens:
            raise ZoomRefused(*TOKEN_INVALID)
        older = "meeting:write:admin"
        older = next((o for o, begins in OLDER.items() if scope.startswith(begins)), older)
        if not {scope, older} & self._tokens[token]:
            words = f"Invalid access token, does not contain scopes:[{scope}]."
            raise ZoomRefused(400, 4711, words)

    def _create(self, request: web.Request, call: Call) -> web.Response:
        self._check_host(request)
        self._count(CALLS_A_DAY, "Meeting Create/Update", "")
        _check(call.body, whole=True)
        if call.body.get("settings", {}).get("approval_type") != 0:
            self.faults.append("a meeting that nobody is registered for without approval")
        number = next(self._numbers)
        uuid = self.uuids.pop(0) if self.uuids else f"{number}AAAiAAAAAiAiAiiAii=="
        self.all[number] = meeting = Meeting(id=number, uuid=uuid, data=dict(call.body))
        told = _told(meeting) | {
            "start_url": START_URL.format(number),
            "registration_url": f"https://example.zoom.us/meeting/register/{number}",
            "password": "123456",
            "settings": meeting.data["settings"],
        }
        return web.json_response(told, status=201)

    def _list(self, request: web.Request, call: Call) -> web.Response:
        self._check_host(request)
        if call.query.get("type") != "upcoming":
            self.faults.append(f"asked for {call.query.get('type')} meetings")
        rows = [
            _told(m) | {"agenda": m.data.get("agenda", "")[:AGENDA_LISTED]} for m in self.meetings
        ]
        return self._page("meetings", rows, call)

    def _change(self, request: web.Request, call: Call) -> web.Response:
        self._count(CALLS_A_DAY, "Meeting Create/Update", "")
        meeting = self._meeting(request)
        _check(call.body, whole=False)
        meeting.data |= call.body
        return web.Response(status=204)

    def _delete(self, request: web.Request, call: Call) -> web.Response:
        meeting = self._meeting(request)
        meeting.is_deleted = True
        meeting.told_by_mail = call.query.get("cancel_meeting_reminder") == "true"
        return web.Response(status=204)

    def _register(self, request: web.Request, call: Call) -> web.Response:
        meeting = self._meeting(request)
        email = str(call.body.get("email", ""))
        most = 0 if email in self.enough_of else REGISTRATIONS_A_DAY
        self._count(most, "Meeting Registration", f"{meeting.id} {email}")
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email) or not call.body.get("first_name"):
            wrong = {"field": "email", "message": "Invalid field."}
            raise ZoomRefused(400, 300, "Validation Failed.", errors=[wrong])
        if set(call.body) - {"email", "first_name", "last_name"}:
            self.faults.append(f"registrants with {sorted(call.body)}")
        if email == self.host:
            raise ZoomRefused(400, 3027, "Host can not register.")
        found = next((r for r in meeting.registrants.values() if r.email == email), None)
        if found is None:
            id = f"r{meeting.id}-{len(meeting.registrants) + 1}"
            found = Registrant(
                id=id,
                email=email,
                first_name=call.body["first_name"],
                last_name=call.body.get("last_name", ""),
                join_url=f"https://example.zoom.us/w/{meeting.id}?tk={id}",
            )
            meeting.registrants[id] = found
        found.status = "approved"
        told = {
            "registrant_id": found.id,
            "id": meeting.id,
            "topic": meeting.topic,
            "start_time": meeting.data["start_time"],
            "join_url": found.join_url,
        }
        return web.json_response(told, status=201)

    def _registered(self, request: web.Request, call: Call) -> web.Response:
        status = call.query.get("status", "approved")
        rows = [
            {
                "id": r.id,
                "email": r.email,
                "first_name": r.first_name,
                "last_name": r.last_name,
                "status": r.status,
                "join_url": r.join_url,
            }
            for r in self._meeting(request).registrants.values()
            if r.status == status
        ]
        return self._page("registrants", rows, call)

    def _status(self, request: web.Request, call: Call) -> web.Response:
        meeting = self._meeting(request)
        if call.body.get("action") != "cancel":
            raise ZoomRefused(400, 300, "Validation Failed.")
        for each in call.body["registrants"]:
            found = meeting.registrants.get(each["id"])
            if found is None:
                raise ZoomRefused(404, 3043, "Registrant does not exist.")
            if each.get("email", found.email) != found.email:
                self.faults.append(f"{found.email} cancelled as {each['email']}")
            found.status = "denied"
        return web.Response(status=204)

    def _report(self, request: web.Request, call: Call) -> web.Response:
        id = request.match_info["id"]
        found = next((m for m in self.all.values() if unquote(id) in (str(m.id), m.uuid)), None)
        if found is None or found.rows is None or id.startswith("/") or "//" in id:
            raise ZoomRefused(404, 3001, NO_MEETING.format(id))
        hidden = {"registrant_id"} - set(call.query.get("include_fields", "").split(","))
        rows = [{k: v for k, v in row.items() if k not in hidden} for row in found.rows]
        return self._page("participants", rows, call)

    def _page(self, what: str, rows: Sequence[Mapping[str, Any]], call: Call) -> web.Response:
        token = call.query.get("next_page_token", "")
        start = int(token.removeprefix("page-")) if token else 0
        size = min(int(call.query.get("page_size", 30)), self.most_rows)
        more = f"page-{start + size}" if start + size < len(rows) else ""
        told = {
            "page_size": size,
            "total_records": len(rows),
            "next_page_token": more,
            what: rows[start : start + size],
        }
        return web.json_response(told)

    def _meeting(self, request: web.Request) -> Meeting:
        id = request.match_info["id"]
        meeting = self.all.get(int(id)) if id.isdecimal() else None
        if meeting is None or meeting.is_deleted:
            raise ZoomRefused(404, 3001, NO_MEETING.format(id))
        return meeting

    def _check_host(self, request: web.Request) -> None:
        if request.match_info["user"] != self.host:
            raise ZoomRefused(404, 1001, f"User does not exist: {request.match_info['user']}.")

    def _count(self, most: int, what: str, whose: str) -> None:
        self._today[f"{what} {whose}"] += 1
        if self._today[f"{what} {whose}"] > most:
            raise ZoomRefused(429, 429, A_DAY.format(most, what))


def _told(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "uuid": meeting.uuid,
        "host_id": "host",
        "topic": meeting.topic,
        "type": 2,
        "start_time": f"{meeting.starts.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%SZ}",
        "duration": meeting.data["duration"],
        "timezone": meeting.data.get("timezone", "UTC"),
        "join_url": f"https://example.zoom.us/j/{meeting.id}",
    }


def _check(given: Mapping[str, Any], *, whole: bool) -> None:
    """What Zoom refuses of a meeting. Raises ZoomRefused."""
    wrong = sorted(set(given) - FIELDS)
    if not 0 < len(given.get("topic", "")) <= 200:
        wrong.append("topic")
    if len(given.get("agenda", "")) > 2000:
        wrong.append("agenda")
    if whole and given.get("type") != 2:
        wrong.append("type")
    if not isinstance(given.get("duration"), int) or given["duration"] < 1:
        wrong.append("duration")
    if given.get("timezone") not in available_timezones():
        wrong.append("timezone")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", given.get("start_time", "")):
        wrong.append("start_time")
    if wrong:
        faults = [{"field": name, "message": "Invalid field."} for name in wrong]
        raise ZoomRefused(400, 300, "Validation Failed.", errors=faults)


def _instant(text: str, zone: str) -> datetime:
    """With Z it is UTC, without it is in the meeting's own zone."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
