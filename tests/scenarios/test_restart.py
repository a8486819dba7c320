"""The real process, killed at the worst moment."""

from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

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
from tests.support.activities import Person, a_person
from tests.support.outgoing import Sent
from tests.support.teams import Teams

pytestmark = pytest.mark.alone

IN_FLIGHT = 20
"""Deliveries that one process has under way at once."""


@pytest.fixture
async def around() -> AsyncGenerator[Surroundings]:
    async with surroundings() as around:
        yield around


async def test_killed_between_commit_and_delivery_it_tells_everybody_after_a_restart(
    around: Surroundings, tmp_path: Path
):
    around.connector.skip_card_checks()
    crowd = [a_person(f"Person {number}") for number in range(30)]
    settings = environment(around, tmp_path)
    await published(tmp_path, around)

    async with App(settings, tmp_path) as first:
        print(f"ready after {first.seconds_to_ready:.1f} s")
        async with Teams(first.bot_url, around.connector, around.login) as teams:
            for person in crowd:
                await teams.install(person)
                await teams.post(teams.activities.invoke("session.book", {"session": 1}, person))
            around.connector.sent.clear()
            around.connector.counts.clear()
            around.connector.delay = 0.5
            await teams.post(teams.activities.invoke("organiser.cancel", {"session": 1}, ORGA))
            await until(lambda: around.connector.counts["send"] > 0)
            await first.kill()
    begun = around.connector.counts["send"]
    around.connector.delay = 0.0
    half_a_minute_passes(tmp_path)

    async with App(settings, tmp_path) as second:
        await until(lambda: all(told(around, person) for person in crowd))
        assert await second.terminate() == 0

    counts = Counter(len(told(around, person)) for person in crowd)
    assert set(counts) <= {1, 2}
    assert counts[2] <= begun <= IN_FLIGHT
    assert outbox_states(tmp_path, "session_cancelled") == {"sent": 30}


async def test_killed_before_the_calendar_is_told_it_invites_after_a_restart(
    around: Surroundings, tmp_path: Path
):
    settings = environment(around, tmp_path)
    await published(tmp_path, around)

    async with (
        App(settings, tmp_path) as first,
        Teams(first.bot_url, around.connector, around.login) as teams,
    ):
        await teams.install(ASHA)
        await teams.post(teams.activities.invoke("session.book", {"session": 1}, ASHA))
        await first.kill()
    half_a_minute_passes(tmp_path)

    async with App(settings, tmp_path):
        await until(lambda: any(event.attendees for event in around.graph.events))

    [event] = around.graph.events
    assert event.attendees == [ASHA.email]
    assert [mail.kind for mail in around.graph.mail] == ["invitation"]


async def test_the_log_holds_neither_words_nor_names_nor_secrets(
    around: Surroundings, tmp_path: Path
):
    settings = environment(around, tmp_path, LOG_LEVEL="DEBUG")
    await published(tmp_path, around)

    async with (
        App(settings, tmp_path) as running,
        Teams(running.bot_url, around.connector, around.login) as teams,
    ):
        await teams.install(ASHA)
        await teams.say(ASHA, "book the xylophone")
        await teams.say(ASHA, "book GM1")
        await teams.post(teams.activities.message("hello", ASHA), token="forged")
        await running.terminate()

    written = str(running.log).casefold()
    assert "booking placed" in written
    assert "activity refused" in written
    for secret in ("xylophone", "asha", ASHA.email, settings["MICROSOFT_APP_PASSWORD"], "bearer"):
        assert secret.casefold() not in written


def told(around: Surroundings, person: Person) -> list[Sent]:
    sent = around.connector.sent_to(person)
    return [each for each in sent if "Growth mindset is cancelled" in each.read]
