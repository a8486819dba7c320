"""`python -m tests.bench.soak --minutes 10`: a mixed load for long, and what it leaves behind."""

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from typing import Any

import aiohttp
from aiohttp import web
from typing_extensions import override

from core import opened
from integrations.clock import SystemClock
from integrations.logs import configure_logs
from tests.bench import bots
from tests.bench.bots import Bot, Channel, Outlet
from tests.bench.mix import Mix, bookable
from tests.bench.turn import publish
from tests.support.activities import Activity
from tests.support.login import Login
from tests.support.product import settings_for

PEOPLE, AT_ONCE, CROWD, SHARE = 200, 8, 64, 0.6
MEASURED = 6000
"""Activities from which the highest rate is measured, after a quarter as many to warm up: half a
minute, because what jobs and deliveries take belongs to it."""

EVERY = 10.0
WARM = 60.0
"""Seconds between looks at the memory, and until the first figure that is shown of it."""

ALLOWED = 3.0
"""Megabytes of growth in the second half, by the fitted line, that count as none. In the first half
the pages that SQLite keeps and the answers remembered for redeliveries come to their bounds."""

POOLED = 30
"""Files of the two pools of SQLite: a busier moment may have filled them meanwhile, to no more."""

REST = 25.0
"""Seconds after which idle connections are closed, and all that is left over is a leak."""


@dataclass(slots=True)
class Tally:
    """What came of the load. Latencies are counted from when each was due, not from when it began."""

    latencies: list[float] = field(default_factory=list)
    minutes: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list[float]))
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)

    def add(self, minute: int, latency: float) -> None:
        self.latencies.append(latency)
        self.minutes[minute].append(latency)

    def slope(self) -> float:
        """Megabytes a minute, by a line through the samples of the second half."""
        warm = [(at, size) for at, size in self.memory if at >= self.memory[-1][0] / 2]
        times, sizes = zip(*warm, strict=True)
        return 60 * linear_regression(times, sizes).slope if len(warm) > 1 else 0.0

    def growth(self) -> float:
        """Megabytes by which that line rises to the end."""
        return self.slope() * self.memory[-1][0] / 2 / 60


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds open."""

    tasks: int
    threads: int
    files: int

    def exceeds(self, other: "Held") -> bool:
        return (
            self.tasks > other.tasks
            or self.threads > other.threads
            or self.files > other.files + POOLED
        )


class Listening(Outlet):
    """Counts apologies, which are errors although the turn is answered as any other."""

    apologies = 0

    @override
    async def _take(self, request: web.Request) -> web.Response:
        self.apologies += b"something went wrong" in await request.read()
        return await super()._take(request)


class Soak:
    def __init__(self, login: Login, service_url: str, bot: Bot, ahead: list[int]) -> None:
        self._login = login
        self._service_url = service_url
        self._bot = bot
        self._ahead = ahead
        self._people = bots.people(PEOPLE)
        self.tally = Tally()
        self._begun = 0.0

    async def fastest(self) -> float:
        """Activities a second with always so many under way."""
        async with self._channel() as (channel, mix):
            installed = [channel.activities.installation_update(p) for p in self._people]
            await channel.measure(self._bot, installed)
            some = [mix.next(self._people) for _ in range(MEASURED)]
            warm = [mix.next(self._people) for _ in range(MEASURED // 4)]
            await channel.measure(self._bot, warm, at_once=CROWD)
            cost = await channel.measure(self._bot, some, at_once=AT_ONCE)
        return cost.per_second

    async def load(self, rate: float, seconds: float) -> None:
        """Each activity when it is due, however many are under way; memory is looked at beside it."""
        async with self._channel() as (channel, mix), asyncio.TaskGroup() as group:
            begun, count = time.perf_counter(), 0
            self._begun = begun
            watching = group.create_task(self._watch(begun))
            while (elapsed := time.perf_counter() - begun) < seconds:
                while count < elapsed * rate:
                    activity = mix.next(self._people)
                    group.create_task(self._one(channel, activity, begun + count / rate))
                    count += 1
                await asyncio.sleep(0.002)
            watching.cancel()
        self.tally.memory.append((seconds, megabytes(self._bot.pid)))

    async def held(self, at_most: Held | None = None) -> Held:
        """What it holds when at rest; given what it should be, that is waited for."""
        end = time.perf_counter() + REST
        while True:
            await asyncio.sleep(1)
            figures = await self.figures()
            process = Path(f"/proc/{self._bot.pid}")
            found = Held(
                tasks=int(figures["learnweek_tasks"]),
                threads=len(list((process / "task").iterdir())),
                files=len(list((process / "fd").iterdir())),
            )
            late = time.perf_counter() > end
            if late or (at_most is not None and not found.exceeds(at_most)):
                return found

    async def figures(self) -> dict[str, float]:
        async with (
            aiohttp.ClientSession() as http,
            http.get(self._bot.url.replace("/api/messages", "/metrics")) as answer,
        ):
            lines = (await answer.text()).splitlines()
        named = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in named}

    async def _one(self, channel: Channel, activity: Activity, due: float) -> None:
        try:
            answer: Any = await channel.post(self._bot.url, activity)
            if isinstance(answer, dict) and answer.get("statusCode", 200) >= 400:
                self.tally.errors.append(str(answer)[:200])
        except (AssertionError, aiohttp.ClientError, TimeoutError) as error:
            self.tally.errors.append(f"{type(error).__name__}: {str(error)[:200]}")
        minute = int((due - self._begun) // 60)
        self.tally.add(minute, 1000 * (time.perf_counter() - due))

    async def _watch(self, begun: float) -> None:
        while True:
            self.tally.memory.append((time.perf_counter() - begun, megabytes(self._bot.pid)))
            await asyncio.sleep(EVERY)

    @contextlib.asynccontextmanager
    async def _channel(self) -> AsyncGenerator[tuple[Channel, Mix]]:
        """With connections of its own, closed afterwards; its token is good for an hour."""
        connections = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connections) as http:
            channel = Channel(http, self._login, self._service_url)
            yield channel, Mix(channel.activities, self._ahead)


def percentile(latencies: list[float], share: float) -> float:
    return sorted(latencies)[min(int(share * len(latencies)), len(latencies) - 1)]


def megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a soak found; `wrong` says what of it must not be."""

    tally: Tally
    apologies: int
    cpu: float
    before: Held
    after: Held
    states: Mapping[tuple[str, str], int]
    breaches: list[str]

    def wrong(self) -> list[str]:
        growth = self.tally.growth()
        given_up = sum(n for (_, state), n in self.states.items() if state == "given_up")
        return [
            *self.tally.errors[:10],
            *([f"{self.apologies} apologies"] if self.apologies else []),
            *([f"{given_up} deliveries given up"] if given_up else []),
            *([f"memory grew by {growth:.1f} MB"] if growth > ALLOWED else []),
            *(["more is held at rest than before"] if self.after.exceeds(self.before) else []),
            *self.breaches,
        ]

    def __str__(self) -> str:
        tally = self.tally
        sent = sum(n for (_, state), n in self.states.items() if state == "sent")
        each = [percentile(some, 0.99) for _, some in sorted(tally.minutes.items())]
        count, (_, end) = len(tally.latencies), tally.memory[-1]
        _, warm = min(tally.memory, key=lambda sample: abs(sample[0] - WARM))
        return (
            f"requests    {count}, errors {len(tally.errors)}, apologies {self.apologies}\n"
            f"latency     p50 {percentile(tally.latencies, 0.5):.1f} ms, "
            f"p99 {percentile(tally.latencies, 0.99):.1f} ms, "
            f"p99 each minute: {' '.join(f'{p99:.0f}' for p99 in each)}\n"
            f"CPU         {1000 * self.cpu / count:.2f} ms each\n"
            f"deliveries  {sent} sent\n"
            f"memory      {warm:.1f} MB after a minute, {end:.1f} MB at the end, "
            f"{tally.slope():+.2f} MB a minute in the second half, {tally.growth():+.1f} MB\n"
            f"            each {EVERY:g} s: {' '.join(f'{size:.0f}' for _, size in tally.memory)}\n"
            f"at rest     before: {self.before}; after: {self.after}\n"
            f"audit       {len(self.breaches)} breaches"
        )


async def run(minutes: float, folder: Path) -> Found:
    database_url = f"sqlite:///{folder / 'soak.db'}"
    outlet = Listening()
    async with Login() as login, outlet as service_url, aiohttp.ClientSession() as http:
        channel = Channel(http, login, service_url)
        await publish(channel, database_url)
        nowhere = {"GRAPH_BASE_URL": "http://127.0.0.1:9/v1.0"}
        async with bots.learnweek(channel, database_url, **nowhere) as bot:
            soak = Soak(login, service_url, bot, await bookable(database_url))
            fastest = await soak.fastest()
            before = await soak.held()
            rate, spent = SHARE * fastest, bot.cpu()
            print(f"{fastest:.0f}/s at most; {minutes:g} minutes at {rate:.0f}/s", flush=True)
            await soak.load(rate, 60 * minutes)
            spent = bot.cpu() - spent
            after = await soak.held(before)
        states, breaches = await _left(database_url, login)
    return Found(
        tally=soak.tally,
        apologies=outlet.apologies,
        cpu=spent,
        before=before,
        after=after,
        states=states,
        breaches=breaches,
    )


async def _left(database_url: str, login: Login) -> tuple[Mapping[tuple[str, str], int], list[str]]:
    """The outbox by kind and state, and the rules that are broken."""
    async with (
        opened(settings_for(database_url, login), SystemClock()) as core,
        core.work(read_only=True) as uow,
    ):
        return await uow.outbox.counts(), await uow.audit(core.clock.now())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="below an hour")
    minutes: float = parser.parse_args().minutes
    configure_logs(json=False, level="ERROR")
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(run(minutes, Path(folder)))
    wrong = found.wrong()
    print(found, "\n".join(wrong) or "nothing wrong", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
