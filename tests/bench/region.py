"""A region of Teams in a process of its own, so light that the product beside it is what is measured.

`python -m tests.bench.region [--unlimited]` prints its port. It takes what bots post as Teams would,
up to Teams' limits and as late as Teams does, believes every token and reads no card. Conversations are
counted by population: what their id begins with, up to the first colon.
"""

import argparse
import asyncio
import contextlib
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from tests.support.limits import Limits
from tests.support.now import now
from tests.support.server import application
from tests.support.teams_errors import teams_error

LATENCY = (0.040, 0.050)
"""Seconds within which Teams answers."""


class Desk:
    """Takes activities, each in its moment, and answers what came."""

    def __init__(self, limits: Limits | None, latency: tuple[float, float]) -> None:
        self._limits = limits
        self._latency = latency
        self._taken: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        self._whom: defaultdict[str, set[str]] = defaultdict(set)
        self._refused: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        self._bodies: dict[str, bytes] = {}
        self._bytes: Counter[str] = Counter()

    def application(self) -> web.Application:
        below = "/v3/conversations/{conversation}/activities"
        return application(
            web.post(below, self._take),
            web.post(below + "/{activity}", self._take),
            web.get("/figures", self._figures),
            web.get("/taken/{population}", self._list_taken),
            web.get("/refused/{population}", self._list_refused),
            web.get("/last/{population}", self._last),
        )

    async def _take(self, request: web.Request) -> web.Response:
        conversation = request.match_info["conversation"]
        population = conversation.partition(":")[0]
        body = await request.read()
        wait = self._limits.wait(conversation, time.monotonic()) if self._limits else None
        if wait is not None:
            self._refused[population].append((conversation, now().timestamp()))
            after = {"Retry-After": str(max(1, round(wait)))}
            return web.json_response(teams_error(429), status=429, headers=after)
        taken = self._taken[population]
        taken.append((conversation, now().timestamp()))
        self._whom[population].add(conversation)
        self._bytes[population] += len(body)
        self._bodies[population] = body
        if self._latency[1]:
            await asyncio.sleep(random.uniform(*self._latency))
        return web.json_response({"id": f"{population}-{len(taken)}"}, status=201)

    async def _figures(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                population: {
                    "taken": len(self._taken[population]),
                    "people": len(self._whom[population]),
                    "refused": len(self._refused[population]),
                    "bytes": self._bytes[population],
                }
                for population in {*self._taken, *self._refused}
            }
        )

    async def _list_taken(self, request: web.Request) -> web.Response:
        return web.json_response(self._taken[request.match_info["population"]])

    async def _list_refused(self, request: web.Request) -> web.Response:
        return web.json_response(self._refused[request.match_info["population"]])

    async def _last(self, request: web.Request) -> web.Response:
        return web.Response(body=self._bodies[request.match_info["population"]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one population: requests taken and refused, different conversations, bytes taken."""

    taken: int = 0
    people: int = 0
    refused: int = 0
    bytes: int = 0

    @property
    def refused_share(self) -> float:
        return self.refused / max(1, self.taken + self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The process as the benchmark sees it."""

    pid: int
    url: str
    http: aiohttp.ClientSession

    @property
    def service_url(self) -> str:
        return f"{self.url}/"

    async def figures(self, population: str) -> Figures:
        return Figures(**(await self._get("figures")).get(population, {}))

    async def taken(self, population: str) -> list[tuple[str, float]]:
        """Conversation and moment of each activity taken, in that order."""
        return [(who, at) for who, at in await self._get(f"taken/{population}")]

    async def refused(self, population: str) -> list[tuple[str, float]]:
        """Conversation and moment of each 429."""
        return [(who, at) for who, at in await self._get(f"refused/{population}")]

    async def last(self, population: str) -> Any:
        """The activity that was taken last."""
        return await self._get(f"last/{population}")

    async def _get(self, path: str) -> Any:
        async with self.http.get(f"{self.url}/{path}") as answer:
            return json.loads(await answer.read())


@contextlib.asynccontextmanager
async def region(*options: str) -> AsyncGenerator[Region]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.region", *options, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        async with aiohttp.ClientSession() as http:
            yield Region(pid=process.pid, url=f"http://127.0.0.1:{port}", http=http)
    finally:
        process.terminate()
        await process.wait()


async def serve(desk: Desk) -> None:
    runner = web.AppRunner(desk.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unlimited", action="store_true", help="no limits, no latency")
    is_unlimited = parser.parse_args(words).unlimited
    desk = Desk(None, (0.0, 0.0)) if is_unlimited else Desk(Limits(), LATENCY)
    asyncio.run(serve(desk))


if __name__ == "__main__":
    main(sys.argv[1:])
