"""The hub page with two hundred sessions: what a first view takes, and two hundred readers at once."""

import asyncio
import contextlib
import re
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import cast

import aiohttp
from aiohttp import web

from core import opened
from hub.visitors import Visitors
from hub.week_grid import monday_of
from integrations import spreadsheets
from integrations.clock import SystemClock
from learning.people import PersonId
from services.ports.sign_in import SignedIn
from store import migrate
from store.engine import open_database
from tests.bench import bots
from tests.bench.bots import Bot, Channel
from tests.bench.large_week import SESSIONS, a_large_week
from tests.support.databases import postgres
from tests.support.product import settings_for
from tests.support.reader import Jar

READERS, VIEWS, ROUNDS, LOADS = 200, 5, 4, 9
KB, MOST_KB = 1024, 100
ADDRESSES = ("/hub", "/hub?view=grid")

BARE = """
import asyncio, sys
from aiohttp import web
body = open(sys.argv[1], "rb").read()
async def page(_):
    return web.Response(body=body, content_type="text/html", headers={"Content-Encoding": "gzip"})
async def main():
    app = web.Application()
    app.router.add_get("/hub", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
"""The yardstick: the same bytes from memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of some views: CPU milliseconds of the server for each, and how long they took to come."""

    cpu: float
    latencies: Sequence[float]
    per_second: float

    def __str__(self) -> str:
        ordered = sorted(self.latencies)
        half, most = ordered[len(ordered) // 2], ordered[int(0.99 * len(ordered))]
        return (
            f"CPU {self.cpu:5.1f} ms, p50 {1000 * half:5.0f} ms, p99 {1000 * most:5.0f} ms, "
            f"{self.per_second:5.0f} a second"
        )


def run() -> list[str]:
    with tempfile.TemporaryDirectory() as folder, postgres() as server, server.copy() as url:
        databases = {"SQLite": f"sqlite:///{folder}/hub.db", "PostgreSQL": url}
        return asyncio.run(_run(folder, databases))


async def _run(folder: str, databases: dict[str, str]) -> list[str]:
    wrong: list[str] = []
    async with bots.teams() as (channel, _), contextlib.AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                headers={"Accept-Encoding": "gzip"},
                auto_decompress=False,
            )
        )
        running: dict[str, Bot] = {}
        for name, url in databases.items():
            await _publish(channel, url)
            bot = await stack.enter_async_context(bots.learnweek(channel, url))
            running[f"Learnweek, {name}"] = Bot(
                pid=bot.pid, url=bot.url.removesuffix("/api/messages")
            )
        first = next(iter(running.values()))
        begun = time.perf_counter()
        await _fetched(http, first.url + "/hub")
        print(f"the very first page after a start: {1000 * (time.perf_counter() - begun):.0f} ms")
        for address in ADDRESSES:
            wrong += await _first_view(http, first, address)
        body = await _fetched(http, first.url + "/hub")
        bare = await stack.enter_async_context(_bare(folder, body))
        await _together(http, {"bare aiohttp, the same bytes": bare, **running})
        await _together(http, {f"{name}, signed in": b for name, b in running.items()}, _cookies())
        wrong += await _listening(http, first)
    return wrong


async def _first_view(http: aiohttp.ClientSession, bot: Bot, address: str) -> list[str]:
    """What a browser that was never here loads: the page, and all that the page names."""
    html = (await _read(http, bot.url + address)).decode()
    parts = sorted(set(re.findall(r'"(/hub/static/[^"]+)"', html)))
    times: list[tuple[float, float]] = []
    page, loaded = b"", list[bytes]()
    for _ in range(LOADS):
        begun = time.perf_counter()
        page = await _fetched(http, bot.url + address)
        to_page = time.perf_counter() - begun
        loaded = await asyncio.gather(*(_fetched(http, bot.url + part) for part in parts))
        times.append((to_page, time.perf_counter() - begun))
    to_page, seconds = sorted(times)[LOADS // 2]
    total = len(page) + sum(map(len, loaded))
    rows = html.count("data-session=")
    print(
        f"first view of {address}: {rows} sessions, {total / KB:.1f} KB transferred "
        f"(the page {len(page) / KB:.1f} of {len(html.encode()) / KB:.0f} KB, {len(parts)} files "
        f"{(total - len(page)) / KB:.1f}); median of {LOADS}: page after {1000 * to_page:.0f} ms, "
        f"all after {1000 * seconds:.0f} ms",
        flush=True,
    )
    return [
        *([f"{address}: {rows} of {SESSIONS} sessions"] if rows != SESSIONS else []),
        *([f"{address}: {total / KB:.0f} KB"] if total > MOST_KB * KB else []),
    ]


async def _together(
    http: aiohttp.ClientSession, running: dict[str, Bot], cookies: Sequence[str] = ("",)
) -> None:
    """Everybody opens the page at once, again and again, in rounds that all take turns in."""
    costs: dict[str, list[Cost]] = {name: [] for name in running}
    for _ in range(1 + ROUNDS):
        for name, bot in running.items():
            costs[name].append(await _views(http, bot, cookies))
    print(f"{READERS} readers at once on one process, {VIEWS} views each:")
    for name, rounds in costs.items():
        some = rounds[1:]  # the first warms up
        whole = Cost(
            cpu=sum(c.cpu for c in some) / len(some),
            latencies=[one for c in some for one in c.latencies],
            per_second=sum(c.per_second for c in some) / len(some),
        )
        print(f"  {name:34} {whole}", flush=True)


async def _views(http: aiohttp.ClientSession, bot: Bot, cookies: Sequence[str] = ("",)) -> Cost:
    latencies: list[float] = []

    async def reader(cookie: str) -> None:
        for _ in range(VIEWS):
            begun = time.perf_counter()
            await _fetched(http, f"{bot.url}/hub", cookie)
            latencies.append(time.perf_counter() - begun)

    before, begun = bot.cpu(), time.perf_counter()
    await asyncio.gather(*(reader(cookie) for cookie in islice(cycle(cookies), READERS)))
    seconds = time.perf_counter() - begun
    views = READERS * VIEWS
    return Cost(
        cpu=1000 * (bot.cpu() - before) / views, latencies=latencies, per_second=views / seconds
    )


async def _listening(http: aiohttp.ClientSession, bot: Bot) -> list[str]:
    """What it costs to have the page open: nothing changes, and one look serves everybody."""
    seconds = 10.0
    async with contextlib.AsyncExitStack() as stack:
        lines = [
            await stack.enter_async_context(http.get(f"{bot.url}/hub/places"))
            for _ in range(READERS)
        ]
        first = await asyncio.gather(*(line.content.readuntil(b"\n\n") for line in lines))
        before = bot.cpu()
        await asyncio.sleep(seconds)
        spent = bot.cpu() - before
        views = await _views(http, bot)
    before = bot.cpu()
    await asyncio.sleep(seconds)
    idle = bot.cpu() - before
    print(
        f"{READERS} with the page open: first event {len(first[0]) / KB:.1f} KB, "
        f"{1000 * spent / seconds:.1f} ms of CPU a second, {1000 * idle / seconds:.1f} without them"
    )
    print(f"  {READERS} more who read meanwhile    {views}", flush=True)
    wrong = sum(not event.startswith(b"retry:") for event in first)
    return [f"{wrong} of {READERS} were told nothing"] if wrong else []


def _cookies() -> list[str]:
    """Of as many people who have signed in."""
    visitors = Visitors(bots.SECRET_KEY, SystemClock(), is_https=True)
    cookies: list[str] = []
    for number in range(READERS):
        jar = Jar()
        who = SignedIn(
            person_id=PersonId(f"reader-{number}"), name="Reader", email="", tenant_id=""
        )
        visitors.let_in(cast("web.StreamResponse", jar), who)
        cookies.append(jar.headers["Set-Cookie"].partition(";")[0])
    return cookies


async def _fetched(http: aiohttp.ClientSession, url: str, cookie: str = "") -> bytes:
    """As it was transferred. Raises if it is no page."""
    async with http.get(url, headers={"Cookie": cookie} if cookie else {}) as response:
        assert response.status == 200, f"{url}: {response.status}"
        return await response.read()


async def _read(http: aiohttp.ClientSession, url: str) -> bytes:
    async with http.get(url, headers={"Accept-Encoding": "identity"}) as response:
        return await response.read()


@contextlib.asynccontextmanager
async def _bare(folder: str, body: bytes) -> AsyncGenerator[Bot]:
    path = Path(folder, "page.gz")
    await asyncio.to_thread(path.write_bytes, body)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BARE, str(path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        yield Bot(pid=process.pid, url=f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        await process.wait()


async def _publish(channel: Channel, database_url: str) -> None:
    """All of it in next week, so that every session is ahead."""
    database = open_database(database_url)
    await migrate.upgrade(database)
    await database.close()
    clock = SystemClock()
    async with opened(settings_for(database_url, channel.login), clock) as core:
        today = clock.now().astimezone(core.settings.zone).date()
        week = a_large_week(monday_of(today) + timedelta(days=7))
        table = spreadsheets.read_table("week.csv", week.encode())
        await core.programme.import_table(table, edition_name="Bench")
