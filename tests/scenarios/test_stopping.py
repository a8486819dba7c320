"""The real process, told to stop: what is under way is finished, and no hanging host holds it up."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.scenarios.process import (
    App,
    environment,
    half_a_minute_passes,
    outbox_states,
    published,
    until,
)
from tests.scenarios.world import ASHA, ORGA, Surroundings, surroundings
from tests.support.activities import Activity, a_person
from tests.support.teams import Answer, Teams

pytestmark = pytest.mark.alone

FOR_EVER = 60.0
"""Seconds; far longer than anybody waits."""


@pytest.fixture
async def around() -> AsyncGenerator[Surroundings]:
    async with surroundings() as around:
        yield around


@asynccontextmanager
async def a_booking(
    around: Surroundings, folder: Path, **settings: str
) -> AsyncGenerator[tuple[App, Teams]]:
    """The process, in which Asha is booked on the one session there is."""
    await published(folder, around)
    async with (
        App(environment(around, folder, **settings), folder) as app,
        Teams(app.bot_url, around.connector, around.login) as teams,
    ):
        await teams.install(ASHA)
        await teams.post(teams.activities.invoke("session.book", {"session": 1}, ASHA))
        around.connector.counts.clear()
        yield app, teams


async def call_off(teams: Teams) -> Answer:
    """An organiser cancels the session; everybody booked is told."""
    return await teams.post(teams.activities.invoke("organiser.cancel", {"session": 1}, ORGA))


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
async def test_what_is_under_way_is_finished_and_nothing_new_is_begun(
    around: Surroundings, tmp_path: Path, by: signal.Signals
):
    async with a_booking(around, tmp_path) as (app, teams):
        around.connector.delay = 1.5
        await call_off(teams)
        asking = asyncio.create_task(teams.say(ASHA, "help"))
        await until(lambda: around.connector.counts.total() == 2)

        stopping = asyncio.create_task(app.terminate(by))
        ready = await not_ready(app)
        refused = await delivered(around, app, teams.activities.message("what's on", ASHA))
        answer, code = await asking, await stopping

    assert ready["checks"]["turns"] == "stopping"
    assert refused == (503, "5")
    assert answer.status == 201
    assert "What you can ask me" in answer.read
    assert around.connector.counts.total() == 2
    assert outbox_states(tmp_path, "session_cancelled") == {"sent": 1}
    assert code == 0


async def test_what_only_waits_for_its_turn_is_queued_again(around: Surroundings, tmp_path: Path):
    crowd = [a_person(f"Person {number}") for number in range(6)]
    async with a_booking(around, tmp_path, SEND_RATE="0.5") as (app, teams):
        for person in crowd:
            await teams.install(person)
            await teams.post(teams.activities.invoke("session.book", {"session": 1}, person))
        around.connector.sent.clear()
        await call_off(teams)
        await until(lambda: len(around.connector.sent) == 1)

        code = await app.terminate()

    assert outbox_states(tmp_path, "session_cancelled") == {"sent": 1, "queued": 6}
    assert len(around.connector.sent) == 1
    assert code == 0


async def test_teams_that_hangs_holds_nobody_up_and_what_was_being_sent_is_sent_again(
    around: Surroundings, tmp_path: Path
):
    async with a_booking(around, tmp_path) as (app, teams):
        around.connector.delay = FOR_EVER
        await call_off(teams)
        asking = asyncio.create_task(teams.say(ASHA, "help"))
        await until(lambda: around.connector.counts.total() == 2)

        code = await app.terminate()
        with pytest.raises(aiohttp.ClientError):
            await asking
    states = outbox_states(tmp_path, "session_cancelled")
    around.connector.delay = 0.0
    around.connector.sent.clear()
    half_a_minute_passes(tmp_path)

    async with App(environment(around, tmp_path), tmp_path):
        await until(lambda: outbox_states(tmp_path, "session_cancelled") == {"sent": 1})

    assert (code, states) == (0, {"leased": 1})
    [told] = around.connector.sent_to(ASHA)
    assert "Growth mindset is cancelled" in told.read


async def test_a_sign_in_host_that_hangs_holds_nobody_up(around: Surroundings, tmp_path: Path):
    await published(tmp_path, around)
    around.login.fail_next(None, endpoint="token", delay=FOR_EVER)

    async with (
        App(environment(around, tmp_path), tmp_path) as app,
        Teams(app.bot_url, around.connector, around.login) as teams,
    ):
        asking = asyncio.create_task(teams.say(ASHA, "help"))
        await until(lambda: around.login.counts["token"] > 0)

        await app.terminate()
        with pytest.raises(aiohttp.ClientError):
            await asking


async def not_ready(app: App) -> Mapping[str, Any]:
    """Wait until it says that it is not ready; what it says."""
    async with asyncio.timeout(5), aiohttp.ClientSession() as http:
        while True:
            async with http.get(f"{app.url}/readyz") as answer:
                if answer.status == 503:
                    return await answer.json()


async def delivered(around: Surroundings, app: App, activity: Activity) -> tuple[int, str | None]:
    """The status of the answer, and how soon to try again."""
    token = around.login.channel_token(around.login.app_id, around.connector.service_url)
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(app.bot_url, json=activity, headers=headers) as answer,
    ):
        return answer.status, answer.headers.get("Retry-After")
