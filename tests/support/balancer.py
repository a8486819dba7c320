"""What stands before several replicas, as a load balancer does: it gives turns to those that are ready."""

import asyncio
import itertools
from typing import Self

import aiohttp
from aiohttp import web

from tests.support.server import Server, application

EVERY = 0.05
"""Seconds between looks at who is ready."""

FALL = 2
"""Looks in a row that find a replica not ready take it out, as in deploy/haproxy.cfg; one takes it in."""


class Balancer:
    """Asks each of `replicas` for /readyz, and passes turns on to the ready ones one after the other.

    A replica that cannot be reached, or says that it takes no turn (503), has begun nothing: its turn
    goes to the next one. Any other fault is the caller's.
    """

    def __init__(self) -> None:
        self.replicas: list[str] = []
        self.passed_on = 0
        self.served: dict[str, int] = {}
        self._misses: dict[str, int] = {}
        self._turns = itertools.count()
        self._server = Server(application(web.post("/api/messages", self._pass)))

    async def __aenter__(self) -> Self:
        # A connection for each request: one kept open may be closed by the other end meanwhile.
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        self.url = f"{await self._server.start()}/api/messages"
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._watching.cancel()
        await self._server.stop()
        await self._http.close()

    async def take_in(self, url: str) -> None:
        """Stand before this replica too; back when it has been seen ready, and so gets turns."""
        self.replicas.append(url)
        async with asyncio.timeout(30):
            while self._misses.get(url, FALL) >= FALL:  # noqa: ASYNC110 -- a count calls nobody
                await asyncio.sleep(EVERY)

    async def _pass(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), request.headers
        kept = {name: headers[name] for name in ("Authorization", "Content-Type")}
        first = next(self._turns)
        ready = [url for url in self.replicas if self._misses.get(url, FALL) < FALL]
        for number in range(len(ready)):
            url = ready[(first + number) % len(ready)]
            try:
                async with self._http.post(
                    f"{url}/api/messages", data=body, headers=kept
                ) as answer:
                    if answer.status != 503:
                        self.served[url] = self.served.get(url, 0) + 1
                        return web.Response(
                            status=answer.status,
                            body=await answer.read(),
                            headers={"Content-Type": answer.content_type},
                        )
            except aiohttp.ClientConnectorError:
                pass
            self.passed_on += 1
        said = f"{len(ready)} of {len(self.replicas)} were ready, and took no turn: {self._misses}"
        return web.json_response({"error": said}, status=503)

    async def _watch(self) -> None:
        while True:
            for url in list(self.replicas):
                is_ready = await self._is_ready(url)
                self._misses[url] = 0 if is_ready else self._misses.get(url, FALL) + 1
            await asyncio.sleep(EVERY)

    async def _is_ready(self, url: str) -> bool:
        try:
            async with self._http.get(f"{url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False
