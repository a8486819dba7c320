"""Highlights to thousands of people, as fast as Teams takes them, and as fast as we can.

`PEOPLE=100000 python -m tests.bench fanout` is the long run.
"""

import asyncio
import contextlib
import json
import os
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from tests.bench import bots, chat, crowd
from tests.bench.bots import Bot
from tests.bench.chat import Chat, Latencies
from tests.bench.region import Region
from tests.bench.stage import RATE, Sample, Stage, number, stage
from tests.bench.unlimited import RATE as UNLIMITED_RATE
from tests.support.databases import postgres
from tests.support.limits import PER_APP
from tests.support.now import now

PEOPLE = number("PEOPLE", 1000)
KILLED = number("KILLED", min(PEOPLE, 600))
UNLIMITED = number("UNLIMITED", 2000)
IDLE, AT_ONCE = 15.0, 20
FAN = "fan"
LIMIT = PER_APP[0][0]
"""Requests a second that Teams takes of one bot, its answers included."""

SHOWN = 6
"""Sessions on a card of highlights."""


def run() -> list[str]:
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, postgres() as server:

        def sqlite() -> contextlib.nullcontext[str]:
            return contextlib.nullcontext(f"sqlite:///{tempfile.mkdtemp(dir=folder)}/fanout.db")

        for name, copy, count in (
            ("SQLite, one replica", sqlite, 1),
            ("PostgreSQL, one replica", server.copy, 1),
            ("PostgreSQL, two replicas", server.copy, 2),
        ):
            with copy() as url:
                wrong += asyncio.run(_sent(name, url, count))
        for name, copy, count in (
            ("SQLite, killed and started again", sqlite, 1),
            ("PostgreSQL, one of two replicas killed", server.copy, 2),
        ):
            with copy() as url:
                wrong += asyncio.run(_killed(name, url, count))
        for name, copy in (("SQLite", sqlite), ("PostgreSQL", server.copy)):
            with copy() as url:
                wrong += asyncio.run(_unlimited(f"{name}, without limits", url))
    return wrong


# --- as fast as Teams takes them -----------------------------------------------------------------


async def _sent(name: str, url: str, count: int) -> list[str]:
    """The first half alone, the second beside people who chat, and their chat when all is sent."""
    async with stage(url) as there:
        people = await crowd.add_people(
            there.database, FAN, PEOPLE, there.region.service_url, highlights=True
        )
        async with there.replicas(count) as running:
            asking, stop = Chat(there.channel, running), asyncio.Event()
            await there.reached(FAN, 1)
            samples = [await there.sample(FAN, running)]
            await there.reached(FAN, PEOPLE // 2)
            samples.append(await there.sample(FAN, running))
            turns = asyncio.create_task(asking.asked(stop))
            await there.reached(FAN, PEOPLE)
            samples.append(await there.sample(FAN, running))
            stop.set()
            beside = await turns
            await there.settled()
            idle = await asking.asked_for(IDLE)
            megabytes = [bots.resident(bot.pid) for bot in running]
        return await _report(name, there, people, samples, (idle, beside), megabytes)


async def _report(
    name: str,
    there: Stage,
    people: Sequence[str],
    samples: Sequence[Sample],
    chats: tuple[Latencies, Latencies],
    megabytes: Sequence[int],
) -> list[str]:
    begun, half, end = samples
    idle, beside = chats
    taken = await there.region.taken(FAN)
    refusals = await there.region.refused(chat.POPULATION)
    spared = beside.spared(refusals)
    size = await _check_card(there.region)
    await chat.check_answer(there.region)
    lost, twice = set(people) - {who for who, _ in taken}, crowd.twice(taken)
    print(
        f"{name}: {len(people)} people, cards of {size} bytes, lost {len(lost)}, "
        f"twice {len(twice)}\n"
        f"  alone        {_speed(begun, half, RATE)}\n"
        f"  beside chat  {_speed(half, end, min(RATE, LIMIT - chat.RATE))}\n"
        f"  the chat     idle {idle}; beside {beside}: "
        f"{beside.percentile(0.99) / idle.percentile(0.99):.1f} times its p99; "
        f"without those that got a 429 {spared}: "
        f"{spared.percentile(0.99) / idle.percentile(0.99):.1f} times\n"
        f"  memory       {', '.join(f'{each} MB' for each in megabytes)}",
        flush=True,
    )
    return [
        *([f"{name}: {len(lost)} lost"] if lost else []),
        *([f"{name}: {len(twice)} came twice"] if twice else []),
        *(f"{name}: {error}" for error in (idle.errors + beside.errors)[:5]),
        *(f"{name}: {breach}" for breach in await crowd.breaches(there.database)),
    ]


def _speed(start: Sample, end: Sample, limit: float) -> str:
    taken, refused = end.taken - start.taken, end.refused - start.refused
    rate, cpu = taken / (end.at - start.at), end.cpu - start.cpu
    server = end.server_cpu - start.server_cpu
    return (
        f"{rate:5.1f}/s, {rate / limit:.3f} of the {limit:g}/s there are; "
        f"429s {100 * refused / max(1, taken + refused):.2f} %; "
        f"CPU {1000 * cpu / max(1, taken):.2f} ms each"
        + (f", of the server {1000 * server / max(1, taken):.2f} ms" if server else "")
    )


async def _check_card(region: Region) -> int:
    """The size of an activity; that it shows what highlights show."""
    activity = await region.last(FAN)
    card = json.dumps(activity["attachments"][0]["content"])
    listed = sum(f"part {part + 1}:" in card for part in range(crowd.TODAY))
    assert listed == SHOWN, f"a card of {len(card)} characters with {listed} sessions"
    figures = await region.figures(FAN)
    return figures.bytes // figures.taken


# --- killed half-way -----------------------------------------------------------------------------


async def _killed(name: str, url: str, count: int) -> list[str]:
    """With kill -9; a single replica is started again at once."""
    async with stage(url) as there:
        people = await crowd.add_people(
            there.database, FAN, KILLED, there.region.service_url, highlights=True
        )
        async with there.replicas(count) as running:
            await there.reached(FAN, KILLED // 2)
            killed = _kill(running[0])
            leased = await crowd.under_way(there.database)
            async with there.replicas(1) if count == 1 else contextlib.nullcontext():
                await there.reached(FAN, KILLED)
                await there.settled()
        taken = await there.region.taken(FAN)
        states = await crowd.states(there.database)
    lost, twice = set(people) - {who for who, _ in taken}, crowd.twice(taken)
    after = [(who, at) for who, at in taken if at > killed]
    held = [at for who, at in after if who in leased]
    print(
        f"{name}: {len(people)} people, lost {len(lost)}, twice {len(twice)} "
        f"of {len(leased)} that were in hand; "
        f"the next came after {after[0][1] - killed:.1f} s, "
        f"the last of those in hand after {max(held, default=killed) - killed:.1f} s, "
        f"the last of all after {after[-1][1] - killed:.1f} s; the outbox says {states}",
        flush=True,
    )
    strays = twice - leased
    return [
        *([f"{name}: {len(lost)} lost"] if lost else []),
        *([f"{name}: {len(strays)} came twice that were not in hand"] if strays else []),
    ]


def _kill(bot: Bot) -> float:
    """The moment at which it was."""
    os.kill(bot.pid, signal.SIGKILL)
    return now().timestamp()


# --- as fast as we can ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a number of posts took: a second's worth of them, and the CPU of each in milliseconds."""

    rate: float
    cpu: float


async def _unlimited(name: str, url: str) -> list[str]:
    """One process of ours beside one that posts the same bodies and does nothing else."""
    async with stage(url, "--unlimited") as there:
        people = await crowd.add_people(
            there.database, FAN, UNLIMITED, there.region.service_url, highlights=True
        )
        program = ("-m", "tests.bench.unlimited")
        async with bots.learnweek(there.channel, there.url, program, **crowd.SETTINGS) as bot:
            await there.reached(FAN, UNLIMITED // 10)
            begun = await there.sample(FAN, [bot])
            await there.reached(FAN, UNLIMITED)
            end = await there.sample(FAN, [bot])
            await there.settled()
        taken = await there.region.taken(FAN)
        size = await _check_card(there.region)
        raw = await _raw(there.region)
    lost, twice = set(people) - {who for who, _ in taken}, crowd.twice(taken)
    since = [at for _, at in taken[begun.taken :]]
    rate = len(since) / (since[-1] - since[0])
    print(
        f"{name} ({UNLIMITED_RATE:g}/s): {len(people)} people, cards of {size} bytes, "
        f"lost {len(lost)}, twice {len(twice)}; {rate:.0f}/s, "
        f"CPU {1000 * (end.cpu - begun.cpu) / len(since):.2f} ms each; yardstick, bare posts of the"
        f" same bodies: {raw.rate:.0f}/s, CPU {raw.cpu:.2f} ms each ({rate / raw.rate:.2f} of it)",
        flush=True,
    )
    return [
        *([f"{name}: {len(lost)} lost"] if lost else []),
        *([f"{name}: {len(twice)} came twice"] if twice else []),
    ]


async def _raw(region: Region) -> Spent:
    """The last body, posted as often as the product did, and so many at once."""
    body = json.dumps(await region.last(FAN), ensure_ascii=False).encode()
    places = asyncio.Semaphore(AT_ONCE)
    headers = {"Content-Type": "application/json", "Authorization": "Bearer good"}

    async with aiohttp.ClientSession() as http:

        async def one(number: int) -> None:
            url = f"{region.url}/v3/conversations/raw%3A{number}/activities"
            async with places, http.post(url, data=body, headers=headers) as answer:
                assert answer.status == 201, answer.status
                await answer.read()

        begun, before = time.perf_counter(), time.process_time()
        await asyncio.gather(*(one(number) for number in range(UNLIMITED)))
        seconds, cpu = time.perf_counter() - begun, time.process_time() - before
    return Spent(rate=UNLIMITED / seconds, cpu=1000 * cpu / UNLIMITED)
