"""Stand-in for the Teams side of a bot: it takes what the bot sends, and keeps it."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Self

from aiohttp import web

from tests.support.activities import Person
from tests.support.chats import Chats
from tests.support.conversations import Conversations, TeamsRefused
from tests.support.limits import Limits
from tests.support.login import Login
from tests.support.record import Record
from tests.support.server import Server, application, failure
from tests.support.teams_errors import teams_error
from tests.support.tokens import BOT
from tests.support.troubles import Trouble, Troubles

REGION = "/uk"


class Connector(Record):
    """One region of Teams.

    What the bot does wrong is collected in `faults`, and leaving the
    `async with` with faults left over fails the test. With `limits` it takes no
    more than Teams does.
    """

    def __init__(self, login: Login, people: Iterable[Person] = ()) -> None:
        super().__init__()
        self.url = ""
        self.service_url = ""
        self.counts: Counter[str] = Counter()
        self.limits: Limits | None = None
        self.delay = 0.0
        self.chats = Chats(login.tenant)
        self._login = login
        self._troubles = Troubles()
        self._calls = Conversations(self, self.chats, app_id=login.app_id)
        self._server = Server(application(*self._calls.routes(REGION), middleware=self._guard))
        for person in people:
            self.chats.add_person(person)

    async def __aenter__(self) -> Self:
        self.url = await self._server.start()
        self.service_url = self._calls.service_url = f"{self.url}{REGION}/"
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        await self._server.stop()
        assert kind or not self.faults, f"the bot sent what it should not: {self.faults}"

    def skip_card_checks(self) -> None:
        """Take cards unread, where thousands are sent and their checking would be measured."""
        self._calls.check_cards = False

    def fail_next(
        self,
        status: int | None,
        *,
        code: str | None = None,
        message: str | None = None,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        conversation: str | None = None,
        method: str | None = None,
        delay: float = 0.0,
        acted: bool = False,
    ) -> None:
        """Answer the next requests badly, in Teams' own words.

        A status of None is only late, DROPPED cuts the connection, and with
        `acted` the message arrives although the bot is told otherwise.
        """
        self._troubles.plan(
            Trouble(
                status=status,
                body=teams_error(status, code, message) if status else "",
                headers=headers or {},
                delay=delay,
                acted=acted,
                left=times,
                method=method,
                where=conversation or "",
            )
        )

    def heal(self) -> None:
        """From now on nothing goes wrong."""
        self._troubles.clear()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        name = request.match_info.route.name
        self.counts[name or "unknown"] += 1
        if name is None:
            self.faults.append(f"{request.method} {request.path}: Teams has no such call")
            return await handler(request)
        if not self._login.allows(request.headers.get("Authorization"), BOT):
            return web.json_response(teams_error(401), status=401)
        try:
            return await self._limited(request, handler, await self._calls.meant(request))
        except TeamsRefused as refused:
            return web.json_response(refused.body, status=refused.status)

    async def _limited(self, request: web.Request, handler: Any, where: str) -> web.StreamResponse:
        wait = self.limits.wait(where, time.monotonic()) if self.limits else None
        if wait is not None:
            after = {"Retry-After": str(max(1, round(wait)))}
            return web.json_response(teams_error(429), status=429, headers=after)
        await asyncio.sleep(self.delay)
        return await self._troubles.meet(
            request.method,
            where,
            act=lambda: handler(request),
            fail=lambda trouble: failure(request, trouble),
        )
