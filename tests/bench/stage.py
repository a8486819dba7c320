"""A region of Teams, a database with a programme in it, and replicas of the product between them."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import aiohttp

from learning.notices import Kind
from learning.sessions import Session
from store.engine import Database, open_database
from tests.bench import bots, crowd, region, servers
from tests.bench.bots import Bot, Channel
from tests.bench.region import Region
from tests.bench.servers import ServerProcess
from tests.support.login import Login

RATE = float(os.environ.get("SEND_RATE", "40"))
"""Messages a second that the product is told to send; Teams takes 50 from one bot."""

LOOK = 0.2
STUCK = 90.0
"""Seconds between looks at the region, and without anything new there until no more is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Where a run stood at one moment."""

    at: float
    taken: int
    refused: int
    cpu: float
    server_cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    url: str
    database: Database
    server: ServerProcess
    region: Region
    channel: Channel
    offered: list[Session]

    def replicas(self, count: int, **settings: str) -> AbstractAsyncContextManager[list[Bot]]:
        given = {"SEND_RATE": f"{RATE:g}", **crowd.SETTINGS, **settings}
        return bots.replicas(self.channel, self.url, count, **given)

    async def sample(self, population: str, running: list[Bot]) -> Sample:
        figures = await self.region.figures(population)
        return Sample(
            at=time.perf_counter(),
            taken=figures.taken,
            refused=figures.refused,
            cpu=sum(bot.cpu() for bot in running),
            server_cpu=self.server.cpu(),
        )

    async def reached(self, population: str, people: int) -> bool:
        """Wait until so many people of a population have heard; false if nothing more comes."""
        seen, changed = -1, time.perf_counter()
        while seen < people:
            figures = await self.region.figures(population)
            if figures.people != seen:
                seen, changed = figures.people, time.perf_counter()
            elif time.perf_counter() - changed > STUCK:
                return False
            else:
                await asyncio.sleep(LOOK)
        return True

    async def settled(self, kind: Kind | None = None) -> None:
        """Wait until nothing of a kind, or at all, is owed: as long as a lease and a retry take."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STUCK):
                while await crowd.left(self.database, kind):  # noqa: ASYNC110 -- a table calls nobody
                    await asyncio.sleep(LOOK)


@contextlib.asynccontextmanager
async def stage(url: str, *options: str, capacity: int | None = None) -> AsyncGenerator[Stage]:
    """`options` are those of the region, `capacity` that of the later sessions."""
    database = open_database(url)
    connections = aiohttp.TCPConnector(limit=0)
    try:
        offered = await crowd.publish(database, capacity)
        async with (
            Login() as login,
            region.region(*options) as there,
            aiohttp.ClientSession(connector=connections) as http,
        ):
            yield Stage(
                url=url,
                database=database,
                server=await servers.process_of(database),
                region=there,
                channel=Channel(http, login, there.service_url),
                offered=offered,
            )
    finally:
        await database.close()


def number(name: str, default: int) -> int:
    """A size that the environment may change."""
    return int(os.environ.get(name, default))
