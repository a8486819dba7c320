"""One version follows another while people book; and what a version says that was left behind."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import learning.people
from core import Core, opened
from integrations.clock import SystemClock
from store import migrate
from store.engine import Database
from tests.scenarios.process import APP, App, environment, run
from tests.scenarios.world import ASHA, Surroundings, person_id, surroundings
from tests.support import builders
from tests.support.activities import Person, a_person
from tests.support.balancer import Balancer
from tests.support.databases import ON_POSTGRESQL, ON_SQLITE, read_sql
from tests.support.now import now
from tests.support.product import settings_for
from tests.support.teams import Teams
from tests.support.versions import EXPANDS, NARROWS, LaterVersion

pytestmark = pytest.mark.alone

AT_ONCE = 2
PAUSE = 0.2
"""Seconds between what one of the crowd does and the next: a light load."""

PLACES = 40
FREED = "A place came free: you're booked"


@pytest.fixture
async def around() -> AsyncGenerator[Surroundings]:
    async with surroundings() as around:
        around.connector.skip_card_checks()
        yield around


@pytest.fixture
def later(tmp_path: Path) -> LaterVersion:
    return LaterVersion(tmp_path / "later")


class Crowd:
    """People who come one after the other and ask for a place on the one session, which is full.

    Each time the third has asked, somebody who has a place gives it back: the first in line gets it,
    and is told.
    """

    def __init__(self, teams: Teams, session: int, holders: list[Person]) -> None:
        self.came: list[Person] = []
        self.freed = 0
        self._teams = teams
        self._session = session
        self._holders = holders
        self._left = asyncio.Event()

    async def press_on(self) -> None:
        """Until they leave. A request that fails raises."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._come_and_go())

    def leave(self) -> None:
        self._left.set()

    async def come(self, count: int) -> None:
        """Wait until so many more have asked."""
        enough = len(self.came) + count
        async with asyncio.timeout(30):
            while len(self.came) < enough:  # noqa: ASYNC110 -- a list calls nobody
                await asyncio.sleep(0.02)

    async def _come_and_go(self) -> None:
        while not self._left.is_set():
            newcomer = a_person(f"Newcomer {len(self.came)}")
            self.came.append(newcomer)
            met = await self._teams.install(newcomer)
            assert met.status in (200, 201), met
            await self._press("session.book", newcomer)
            if len(self.came) % 3 == 0 and self.freed < PLACES:
                holder = self._holders[self.freed]
                self.freed += 1
                await self._press("session.cancel", holder)
            await asyncio.sleep(PAUSE)

    async def _press(self, verb: str, person: Person) -> None:
        pressed = self._teams.activities.invoke(verb, {"session": self._session}, person)
        answer = await self._teams.post(pressed)
        assert answer.status == 200, answer
        assert "something went wrong" not in str(answer.body).casefold(), answer


async def a_full_session(core: Core) -> tuple[int, list[Person]]:
    """A session the week after, and those who have its places."""
    row = builders.details(starts_at=now() + timedelta(days=9), capacity=PLACES)
    [session] = await builders.publish(core.work, row)
    holders = [a_person(f"Holder {number}") for number in range(PLACES)]
    known = [learning.people.Person(id=person_id(each), name=each.name) for each in holders]
    for each in await builders.meet(core.work, *known):
        await core.bookings.book(each, session.id)
    return session.id, holders


@ON_POSTGRESQL
async def test_replicas_are_replaced_one_after_the_other_while_people_book(
    around: Surroundings,
    database: Database,
    database_url: str,
    later: LaterVersion,
    tmp_path: Path,
):
    settings = environment(around, tmp_path, DATABASE_URL=database_url)
    later.add(EXPANDS)
    async with (
        opened(settings_for(database_url, around.login), SystemClock()) as core,
        Balancer() as balancer,
        Teams(balancer.url, around.connector, around.login) as teams,
        AsyncExitStack() as stack,
    ):
        session, holders = await a_full_session(core)
        crowd = Crowd(teams, session, holders)

        async def start(app: Path) -> App:
            replica = await stack.enter_async_context(App(settings, tmp_path, app=app))
            await balancer.take_in(replica.url)
            return replica

        replicas = list(await asyncio.gather(start(APP), start(APP)))
        async with asyncio.TaskGroup() as group:
            group.create_task(crowd.press_on())
            await crowd.come(10)
            migrated = await run(settings, tmp_path, "migrate", app=later.app)
            await crowd.come(10)
            codes: list[int] = []
            for old in tuple(replicas):
                replicas.append(await start(later.app))
                codes.append(await old.terminate())
                balancer.replicas.remove(old.url)
                await crowd.come(10)
            crowd.leave()
        await all_sent(database)
        audit = await run(settings, tmp_path, "audit", app=later.app)

    print(f"{len(crowd.came)} came, {crowd.freed} places came free, served: {balancer.served},")
    print(f"{balancer.passed_on} turns passed on to another replica")
    assert (migrated.code, codes) == (0, [0, 0]), migrated
    assert all(balancer.served[each.url] for each in replicas)
    assert await migrate.revision_of(database) == later.head
    live = "SELECT person_id, state FROM bookings WHERE state IN ('booked', 'waiting')"
    states = dict(await read_sql(database, live))
    gone = {person_id(each) for each in holders[: crowd.freed]}
    assert states.keys() == {person_id(each) for each in holders + crowd.came} - gone
    assert Counter(states.values())["booked"] == PLACES
    told = {each.name: times_told(around, each) for each in crowd.came}
    assert told == {each.name: states[person_id(each)] == "booked" for each in crowd.came}
    assert (audit.code, audit.text) == (0, "All rules are kept.\n")


@ON_POSTGRESQL
async def test_a_replica_that_stops_says_so_twice_to_a_balancer_that_looks_every_second(
    around: Surroundings, database_url: str, tmp_path: Path
):
    settings = environment(around, tmp_path, DATABASE_URL=database_url)
    async with App(settings, tmp_path) as idle:
        stopping = asyncio.create_task(idle.terminate())
        await asyncio.sleep(1)
        looks = [(await readiness(idle))[0]]
        await asyncio.sleep(1)
        looks.append((await readiness(idle))[0])
        code = await stopping

    assert (looks, code) == ([503, 503], 0)


@ON_POSTGRESQL
async def test_a_replica_that_was_left_behind_takes_no_turn_and_does_not_start_again(
    around: Surroundings, database_url: str, later: LaterVersion, tmp_path: Path
):
    settings = environment(around, tmp_path, DATABASE_URL=database_url)
    needed = later.add(EXPANDS)
    expanded = await run(settings, tmp_path, "migrate", app=later.app)
    async with (
        App(settings, tmp_path) as left_over,
        App(settings, tmp_path, app=later.app) as newer,
        Teams(left_over.bot_url, around.connector, around.login) as teams,
        Teams(newer.bot_url, around.connector, around.login) as newer_teams,
    ):
        before = await teams.say(ASHA, "help")
        later.add(NARROWS, oldest=needed)
        contracted = await run(settings, tmp_path, "migrate", app=later.app)
        status, checks = await readiness(left_over)
        refused = await teams.say(ASHA, "help")
        served = await newer_teams.say(ASHA, "help")
        newer_status, _ = await readiness(newer)
        stopped = await left_over.terminate()
    again, migrating, doctor = await asyncio.gather(
        run(settings, tmp_path),
        run(settings, tmp_path, "migrate"),
        run(on_a_laptop(settings), tmp_path, "doctor"),
    )

    reason = (
        f"database is at revision {later.head}, for versions from {needed} on; this one is"
        f" {migrate.HEAD}. Run the newer version."
    )
    assert (expanded.code, contracted.code) == (0, 0)
    assert (before.status, status, refused.status) == (201, 503, 503)
    assert checks["schema"] == f"the {reason}"
    assert (newer_status, served.status, stopped) == (200, 201, 0)
    assert (again.code, again.error) == (1, f"The {reason}\n")
    assert (migrating.code, migrating.error) == (1, f"The {reason}\n")
    assert doctor.code == 1
    assert f"WRONG  Database: {reason.removeprefix('database ')}" in doctor.text
    async with opened(settings_for(database_url, around.login), SystemClock()) as core:
        assert await migrate.revision_of(core.database) == later.head


@ON_SQLITE
async def test_an_older_version_says_what_it_thinks_of_a_newer_file(
    around: Surroundings,
    database: Database,
    database_url: str,
    later: LaterVersion,
    tmp_path: Path,
):
    settings = environment(around, tmp_path, DATABASE_URL=database_url)
    needed = later.add(EXPANDS)
    await later.migrate(database)

    on_expanded = await run(settings, tmp_path, "audit")
    migrating = await run(settings, tmp_path, "migrate")
    later.add(NARROWS, oldest=needed)
    await later.migrate(database)
    started, doctor = await asyncio.gather(
        run(settings, tmp_path), run(on_a_laptop(settings), tmp_path, "doctor")
    )

    assert on_expanded.code == 0
    assert migrating.text == (
        f"The database is at revision {needed}, newer than this version, which may run on it.\n"
    )
    assert started.code == 1
    assert started.error.endswith("Run the newer version.\n")
    assert "Traceback" not in started.error
    assert doctor.code == 1
    assert f"for versions from {needed} on" in doctor.text


def on_a_laptop(settings: dict[str, str]) -> dict[str, str]:
    """Nothing but the database is looked at."""
    return settings | {"MICROSOFT_APP_ID": ""}


async def all_sent(database: Database) -> None:
    """Until everything is sent that was due."""
    owed = "SELECT count(*) FROM outbox WHERE kind NOT IN ('nudge', 'profiles') AND state <> 'sent'"
    async with asyncio.timeout(60):
        while await read_sql(database, owed) != [(0,)]:  # noqa: ASYNC110 -- a table calls nobody
            await asyncio.sleep(0.05)


def times_told(around: Surroundings, person: Person) -> int:
    return sum(FREED in each.read for each in around.connector.sent_to(person))


async def readiness(app: App) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as http, http.get(f"{app.url}/readyz") as answer:
        return answer.status, (await answer.json())["checks"]
