"""A whole turn, "what's on today" with its card, beside others' echo of one line."""

import asyncio
import json
import tempfile
from collections.abc import Sequence
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
PEOPLE, WARM, TURNS = 50, 200, 1500


def run() -> None:
    sdk = asyncio.run(_yardsticks())
    with tempfile.TemporaryDirectory() as folder:
        _say("Learnweek, SQLite", asyncio.run(_ours(f"sqlite:///{folder}/turn.db")), sdk)
    with postgres() as server, server.copy() as url:
        _say("Learnweek, PostgreSQL", asyncio.run(_ours(url)), sdk)


async def _yardsticks() -> Cost:
    """The cost of the Agents SDK's echo, after saying what others cost."""
    async with bots.teams() as (channel, _):
        await _yardstick("bare aiohttp, no token checked", "bare_aiohttp", AIOHTTP, channel)
        await _yardstick("stock Bot Framework adapter", "stock_adapter", STOCK, channel)
        return await _yardstick("Agents SDK 1.9", "agents_sdk", AGENTS_SDK, channel)


def _say(name: str, cost: Cost, sdk: Cost | None = None) -> None:
    ratio = f"   {cost.cpu / sdk.cpu:.2f} of the Agents SDK's CPU" if sdk else ""
    print(f"{name:32} {cost}{ratio}", flush=True)


async def _yardstick(name: str, program: str, packages: Sequence[str], channel: Channel) -> Cost:
    async with bots.echo(program, packages, channel) as bot:
        cost = await _turns(channel, bot, "hello")
    _say(name, cost)
    return cost


async def _ours(database_url: str) -> Cost:
    async with bots.teams() as (channel, outlet):
        await publish(channel, database_url)
        async with bots.learnweek(channel, database_url) as bot:
            cost = await _turns(channel, bot, "what's on today")
        card = outlet.last[bots.people(1)[0].chat]["attachments"][0]["content"]
    sessions = sum('"Details"' in json.dumps(row) for row in card["body"])
    print(f"  its reply: a card of {len(json.dumps(card))} characters with {sessions} sessions")
    assert sessions, "the reply is not the list of the day"
    return cost


async def _turns(channel: Channel, bot: bots.Bot, text: str) -> Cost:
    people = bots.people(PEOPLE)
    said = [
        channel.activities.message(text, people[number % PEOPLE]) for number in range(WARM + TURNS)
    ]
    await channel.measure(bot, said[:WARM])
    return await channel.measure(bot, said[WARM:])


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
