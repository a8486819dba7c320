"""A whole turn, "what's on today" with its card, beside others' echo of one line."""

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from core import opened
from integrations import spreadsheets
from integrations.clock import SystemClock
from integrations.laptop import from_today
from store import migrate
from store.engine import open_database
from tests.bench import bots
from tests.bench.bots import Channel, Cost
from tests.support.databases import postgres
from tests.support.product import settings_for

AIOHTTP = ("aiohttp==3.14.5",)
AGENTS_SDK = (
    "microsoft-agents-hosting-aiohttp==1.9.0",
    "microsoft-agents-authentication-msal==1.9.0",
    *AIOHTTP,
)
STOCK = ("botbuilder-integration-aiohttp==4.17.1", *AIOHTTP)
SAMPLE = Path("sample/week.csv")
PEOPLE, ROUNDS, TURNS = 50, 16, 100
"""Everybody takes turns, round by round, so that a busy moment of the machine is shared by all."""

SDK, SQLITE, POSTGRESQL = "Agents SDK 1.9", "Learnweek, SQLite", "Learnweek, PostgreSQL"


def run() -> None:
    with tempfile.TemporaryDirectory() as folder, postgres() as server, server.copy() as url:
        costs = asyncio.run(_measured({SQLITE: f"sqlite:///{folder}/turn.db", POSTGRESQL: url}))
    for name, cost in costs.items():
        ours = name in (SQLITE, POSTGRESQL)
        ratio = f"   {cost.cpu / costs[SDK].cpu:.2f} of the Agents SDK's CPU" if ours else ""
        print(f"{name:32} {cost}{ratio}", flush=True)


async def _measured(databases: Mapping[str, str]) -> dict[str, Cost]:
    """The cost of each echo and of our turn on each database; the first round warms up."""
    async with bots.teams() as (channel, outlet), contextlib.AsyncExitStack() as stack:
        all_bots = {
            "bare aiohttp, no token checked": bots.echo("bare_aiohttp", AIOHTTP, channel),
            "stock Bot Framework adapter": bots.echo("stock_adapter", STOCK, channel),
            SDK: bots.echo("agents_sdk", AGENTS_SDK, channel),
        }
        for name, url in databases.items():
            await publish(channel, url)
            all_bots[name] = bots.learnweek(channel, url)
        running = {name: await stack.enter_async_context(b) for name, b in all_bots.items()}
        costs: dict[str, list[Cost]] = {name: [] for name in running}
        for _ in range(1 + ROUNDS):
            for name, bot in running.items():
                text = "what's on today" if name in databases else "hello"
                costs[name].append(await _turns(channel, bot, text))
                if name in databases:
                    _check(outlet)
    return {name: Cost.of(rounds[1:]) for name, rounds in costs.items()}


async def _turns(channel: Channel, bot: bots.Bot, text: str) -> Cost:
    people = bots.people(PEOPLE)
    said = [channel.activities.message(text, people[n % PEOPLE]) for n in range(TURNS)]
    return await channel.measure(bot, said)


def _check(outlet: bots.Outlet) -> None:
    """That the reply was the whole list of the day."""
    card = outlet.last[bots.people(1)[0].chat]["attachments"][0]["content"]
    listed = sum('"Details"' in json.dumps(row) for row in card["body"])
    assert listed >= 7, f"a card of {len(json.dumps(card))} characters with {listed} sessions"


async def publish(channel: Channel, database_url: str) -> None:
    """The sample week, with tomorrow as its second day and something ahead today at any hour."""
    database = open_database(database_url)
    await migrate.upgrade(database)
    await database.close()
    clock = SystemClock()
    table = spreadsheets.read_table(SAMPLE.name, SAMPLE.read_bytes())  # noqa: ASYNC240 -- nothing waits
    async with opened(settings_for(database_url, channel.login), clock) as core:
        today = clock.now().astimezone(core.settings.zone).date()
        await core.programme.import_table(from_today(table, today), edition_name="Bench")
