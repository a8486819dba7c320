"""Teams' side, as far as messages go: it takes them, keeps count, and fails when it is told to."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.chaos.plan import Kind
from tests.support.login import Login
from tests.support.now import now
from tests.support.outgoing import cards_of
from tests.support.server import LARGEST_REQUEST
from tests.support.tokens import BOT

TAKES = 0.03
"""Seconds that a message takes over there, so that there is always one under way."""

RETRY_AFTER = "2"
BROKEN = (500, 503, 502)


@dataclass(slots=True, kw_only=True)
class Taken:
    """One message that arrived; `replica` sent it, and if `lost` was never told so."""

    id: str
    at: float
    replica: int
    conversation: str
    summary: str
    heading: str
    lost: bool


@dataclass(slots=True)
class Region:
    """Listens on one port for the whole run, but for the times when it refuses."""

    logins: list[Login]
    taken: list[Taken] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    """The headings of answers, by the activity that they answer."""
    strangers: list[str] = field(default_factory=list)
    """Calls that Teams would not take for reasons of their own."""
    refused: dict[Kind, int] = field(default_factory=dict)
    service_url: str = ""
    _mood: Kind | None = None
    _count: int = 0
    _port: int = 0
    _runner: web.AppRunner | None = None
    _site: web.TCPSite | None = None
    _open: set[asyncio.Transport] = field(default_factory=set)
    _better: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> "Region":
        below = "/v3/conversations/{conversation}/activities"
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.add_routes([web.post(below, self._take), web.post(below + "/{activity}", self._take)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self._listen()
        self._port = self._runner.addresses[0][1]
        self.service_url = f"http://127.0.0.1:{self._port}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._better.set()
        assert self._runner is not None
        await self._runner.cleanup()

    async def fail(self, kind: Kind) -> None:
        self._mood = kind
        self._better.clear()
        if kind is Kind.REFUSED:
            assert self._site is not None
            await self._site.stop()
            for transport in self._open:
                transport.abort()
            self._open.clear()

    async def heal(self) -> None:
        if self._mood is Kind.REFUSED:
            await self._listen()
        self._mood = None
        self._better.set()

    async def _listen(self) -> None:
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()

    async def _take(self, request: web.Request) -> web.Response:
        at = now().timestamp()
        replica = self._sender(request)
        activity: Mapping[str, Any] = await request.json()
        if replica is None:
            self.strangers.append(request.path)
            return web.Response(status=401)
        if isinstance(request.transport, asyncio.Transport):
            self._open.add(request.transport)
        self._count += 1
        lost = self._mood is Kind.ANSWERS_LOST and self._count % 3 == 0
        match self._mood:
            case Kind.BUSY:
                return self._refuse(429)
            case Kind.BROKEN:
                return self._refuse(BROKEN[self._count % len(BROKEN)])
            case Kind.HANGING:
                self.refused[self._mood] = self.refused.get(self._mood, 0) + 1
                await self._better.wait()
                return self._cut(request)
            case _:
                pass
        taken = self._keep(request, dict(activity), replica, at, lost=lost)
        await asyncio.sleep(TAKES)
        lost = taken.lost = lost or self._mood is Kind.REFUSED
        return self._cut(request) if lost else web.json_response({"id": taken.id}, status=201)

    def _sender(self, request: web.Request) -> int | None:
        """Each replica signs in at a host of its own, which is how it is told from the others."""
        bearer = request.headers.get("Authorization")
        found = (n for n, login in enumerate(self.logins) if login.allows(bearer, BOT))
        return next(found, None)

    def _keep(
        self, request: web.Request, activity: dict[str, Any], replica: int, at: float, *, lost: bool
    ) -> Taken:
        cards = cards_of(activity)
        heading = str(cards[0]["body"][0].get("text", "")) if cards else ""
        taken = Taken(
            id=f"1:{len(self.taken)}",
            at=at,
            replica=replica,
            conversation=request.match_info["conversation"],
            summary=str(activity.get("summary") or activity.get("text") or ""),
            heading=heading,
            lost=lost,
        )
        self.taken.append(taken)
        if answered := request.match_info.get("activity"):
            # A late welcome does not replace the answer that was asked for.
            self.replies.setdefault(answered, heading)
        return taken

    def _refuse(self, status: int) -> web.Response:
        assert self._mood is not None
        self.refused[self._mood] = self.refused.get(self._mood, 0) + 1
        return web.Response(
            status=status, headers={"Retry-After": RETRY_AFTER} if status == 429 else {}
        )

    def _cut(self, request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
