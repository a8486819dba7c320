"""A press on Book, from the request to the booked card, beside the bare transaction."""

import asyncio
import json
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from learning.people import Person, PersonId
from learning.sessions import Details, Session
from store import migrate
from store.engine import open_database
from store.unit_of_work import SqlWork
from tests.bench import bots, rush
from tests.bench.bots import Channel, Cost
from tests.support.databases import postgres

PEOPLE, SESSIONS, WARM, PRESSES = 50, 40, 200, 1500


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_on("SQLite", f"sqlite:///{folder}/press.db"))
    with postgres() as server, server.copy() as url:
        asyncio.run(_on("PostgreSQL", url))


async def _on(name: str, url: str) -> None:
    async with bots.teams() as (channel, _):
        offered = await _publish(channel, url)
        bare_cpu, bare = await _bare(url, offered)
        async with bots.learnweek(channel, url) as bot:
            cost = await _pressed(channel, bot, offered)
    print(f"{name}, the bare transaction   CPU {bare_cpu:5.2f} ms   p99 {bare:5.1f} ms")
    print(
        f"{name}, the press {cost}   {cost.cpu / bare_cpu:.1f} times the bare CPU, "
        f"{cost.percentile(0.99) / bare:.1f} times its p99",
        flush=True,
    )


async def _publish(channel: Channel, url: str) -> list[Session]:
    """Sessions that never clash, with room for everybody, and people who have said hello before."""
    database = open_database(url)
    await migrate.upgrade(database)
    start = datetime.now(UTC) + timedelta(days=7)  # noqa: TID251 -- a benchmark's own clock
    hours = [start + timedelta(hours=2 * number) for number in range(SESSIONS)]
    async with SqlWork(database)() as uow:
        edition = await uow.editions.add("Presses")
        details = [
            Details(
                code=f"P{number}",
                title=f"Session {number}",
                capacity=PEOPLE,
                starts_at=hour,
                ends_at=hour + timedelta(hours=1),
            )
            for number, hour in enumerate(hours)
        ]
        offered = await uow.sessions.add(edition.id, details)
        for number in range(PEOPLE):
            await uow.people.save(Person(id=PersonId(f"bare {number}")))
        await uow.commit()
    await database.close()
    return offered


async def _bare(url: str, offered: list[Session]) -> tuple[float, float]:
    """CPU and p99 in milliseconds of what a booking writes, one after the other."""
    database = open_database(url)
    latencies: list[float] = []
    before = time.process_time()
    for number in range(PEOPLE * 10):
        begun = time.perf_counter()
        person = PersonId(f"bare {number % PEOPLE}")
        await rush.bare_transaction(database, person, offered[number % SESSIONS].id, f"{number}")
        latencies.append(1000 * (time.perf_counter() - begun))
    spent = time.process_time() - before
    await database.close()
    return 1000 * spent / len(latencies), sorted(latencies)[int(0.99 * len(latencies))]


async def _pressed(channel: Channel, bot: bots.Bot, offered: list[Session]) -> Cost:
    people = bots.people(PEOPLE)
    wanted = [(person, session) for person in people for session in offered]
    random.Random(1).shuffle(wanted)
    presses = [
        channel.activities.invoke("session.book", {"session": session.id}, person)
        for person, session in wanted
    ]
    for person in people:
        await channel.post(bot.url, channel.activities.message("help", person))
    await channel.measure(bot, presses[:WARM], at_once=1)
    cost = await channel.measure(bot, presses[WARM : WARM + PRESSES], at_once=1)
    answer: Any = await channel.post(bot.url, presses[WARM + PRESSES])
    shown = json.dumps(answer["value"], ensure_ascii=False)
    assert "You're booked" in shown, shown[:300]
    return cost
