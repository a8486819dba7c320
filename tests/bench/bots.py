"""Bots in processes of their own, spoken to as Teams does, and what that costs them."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.bench.start import ready
from tests.support.activities import Activities, Activity, Person, a_person
from tests.support.login import SECRET, Login
from tests.support.server import Server, application

ECHOES = Path(__file__).parent / "echoes"
SCRATCH = Path(tempfile.gettempdir()) / "learnweek-bench"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a number of requests cost: CPU milliseconds each, their latencies in milliseconds, memory."""

    requests: int
    cpu: float
    latencies: Sequence[float]
    megabytes: int
    per_second: float

    @classmethod
    def of(cls, rounds: Sequence["Cost"]) -> "Cost":
        """Several rounds as one."""
        requests = sum(r.requests for r in rounds)
        return cls(
            requests=requests,
            cpu=sum(r.cpu * r.requests for r in rounds) / requests,
            latencies=[latency for r in rounds for latency in r.latencies],
            megabytes=rounds[-1].megabytes,
            per_second=requests / sum(r.requests / r.per_second for r in rounds),
        )

    def percentile(self, share: float) -> float:
        return sorted(self.latencies)[min(int(share * self.requests), self.requests - 1)]

    def __str__(self) -> str:
        half, most = self.percentile(0.5), self.percentile(0.99)
        return (
            f"CPU {self.cpu:6.2f} ms   p50 {half:6.1f} ms   p99 {most:6.1f} ms   "
            f"{self.per_second:4.0f}/s   {self.megabytes} MB"
        )


class Outlet:
    """Where bots send their answers: takes each at once and keeps the last of each conversation."""

    def __init__(self) -> None:
        self.last: dict[str, dict[str, Any]] = {}
        self.taken = 0
        below = "/v3/conversations/{conversation}/activities"
        self._server = Server(
            application(web.post(below, self._take), web.post(below + "/{activity}", self._take))
        )

    async def __aenter__(self) -> str:
        return f"{await self._server.start()}/"

    async def __aexit__(self, *_: object) -> None:
        await self._server.stop()

    async def _take(self, request: web.Request) -> web.Response:
        self.taken += 1
        self.last[request.match_info["conversation"]] = await request.json()
        return web.json_response({"id": str(self.taken)}, status=201)


class Channel:
    """Teams, as far as a bot can tell: signed activities of many people, several under way at once."""

    def __init__(self, http: aiohttp.ClientSession, login: Login, service_url: str) -> None:
        self._http = http
        self.login = login
        self.activities = Activities(
            app_id=login.app_id, tenant=login.tenant, service_url=service_url
        )
        token = login.channel_token(login.app_id, service_url)
        self._headers = {"Authorization": f"Bearer {token}"}

    async def post(self, url: str, activity: Activity) -> Any:
        """Raises if it is not taken."""
        async with self._http.post(url, json=activity, headers=self._headers) as response:
            raw = await response.read()
            assert response.status in (200, 201, 202), f"{response.status}: {raw[:200]!r}"
            return await response.json() if raw and response.status == 200 else None

    async def measure(
        self, bot: "Bot", activities: Sequence[Activity], *, at_once: int = 4
    ) -> Cost:
        """Send them all; one that fails raises."""
        places, latencies = asyncio.Semaphore(at_once), list[float]()

        async def one(activity: Activity) -> None:
            async with places:
                begun = time.perf_counter()
                await self.post(bot.url, activity)
                latencies.append(1000 * (time.perf_counter() - begun))

        before, begun = bot.cpu(), time.perf_counter()
        await asyncio.gather(*(one(activity) for activity in activities))
        spent, seconds = bot.cpu() - before, time.perf_counter() - begun
        return Cost(
            requests=len(activities),
            cpu=1000 * spent / len(activities),
            latencies=latencies,
            megabytes=resident(bot.pid),
            per_second=len(activities) / seconds,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    pid: int
    url: str

    def cpu(self) -> float:
        """Seconds of processor that it has used, threads included; from its own accounting."""
        return spent(self.pid)


def spent(pid: int, *, with_ended: bool = False) -> float:
    """Seconds of processor that a process has used, and on request those it started and saw end."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11 : 15 if with_ended else 13]) / TICKS


def resident(pid: int) -> int:
    """Megabytes in memory, where the system tells."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def people(count: int) -> list[Person]:
    return [a_person(f"Person {number}") for number in range(count)]


@contextlib.asynccontextmanager
async def teams() -> AsyncGenerator[tuple[Channel, Outlet]]:
    outlet = Outlet()
    async with Login() as login, outlet as service_url, aiohttp.ClientSession() as http:
        yield Channel(http, login, service_url), outlet


@contextlib.asynccontextmanager
async def echo(name: str, packages: Sequence[str], channel: Channel) -> AsyncGenerator[Bot]:
    """An echo bot on somebody else's package, installed into an environment of its own."""
    python = await asyncio.to_thread(_environment, name, packages)
    keys = channel.login.url + "/v1/.well-known/"
    keys += "openidconfiguration" if name == "stock_adapter" else "keys"
    process = await asyncio.create_subprocess_exec(
        python, str(ECHOES / f"{name}.py"), channel.login.app_id, keys,
        stdout=asyncio.subprocess.PIPE, stderr=None,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        yield Bot(pid=process.pid, url=f"http://127.0.0.1:{port}/api/messages")
    finally:
        process.terminate()
        await process.wait()


def _environment(name: str, packages: Sequence[str]) -> str:
    """The Python of an environment with these packages alone; made once for a machine."""
    folder = SCRATCH / name
    python = folder / "bin/python"
    if not (folder / "ok").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)  # noqa: S603
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)  # noqa: S603
        (folder / "ok").touch()
    return str(python)


@contextlib.asynccontextmanager
async def learnweek(
    channel: Channel, database_url: str, program: Sequence[str] = ("app.py",), **settings: str
) -> AsyncGenerator[Bot]:
    """The product as an operator starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *program,
        env={**os.environ, **environment(channel.login, database_url), "PORT": str(port), **settings},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await ready(f"http://127.0.0.1:{port}/readyz")
        yield Bot(pid=process.pid, url=f"http://127.0.0.1:{port}/api/messages")
    finally:
        with contextlib.suppress(ProcessLookupError):  # somebody may have killed it
            process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def replicas(
    channel: Channel, database_url: str, count: int, **settings: str
) -> AsyncGenerator[list[Bot]]:
    """So many of them on one database, started together."""
    async with contextlib.AsyncExitStack() as stack:
        starting = [learnweek(channel, database_url, **settings) for _ in range(count)]
        yield await asyncio.gather(*(stack.enter_async_context(each) for each in starting))


SECRET_KEY = "for a benchmark"


def environment(login: Login, database_url: str) -> Mapping[str, str]:
    return {
        "MICROSOFT_APP_ID": login.app_id,
        "MICROSOFT_APP_PASSWORD": SECRET,
        "MICROSOFT_APP_TENANT_ID": login.tenant,
        "BOT_OPENID_METADATA_URL": login.bot_metadata_url,
        "BOT_SERVICE_HOSTS": "127.0.0.1",
        "ENTRA_AUTHORITY": login.url,
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET_KEY,
        "PUBLIC_URL": "https://learnweek.example.org",
        "LOG_LEVEL": "ERROR",
    }


Each = Callable[[Person], Activity]
Send = Callable[[Activity], Awaitable[Any]]
