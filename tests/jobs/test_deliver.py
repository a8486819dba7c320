"""The sender on the real outbox: each notice once, late rather than never, and no failure spreads."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from typing_extensions import override

from integrations.clock import steady
from jobs import deliver
from jobs.deliver import GIVE_UP_AFTER, LONGEST_DELAY, PLACES, Deliverer, NoLongerNeeded
from learning.notices import Kind
from services.ports.deliveries import Delivery, Settlement
from services.ports.storage import LedgerEntry
from services.ports.systems import Rejected, Throttled, Unavailable, Unreachable
from store.delivery_queue import LEASE, SqlDeliveryQueue
from store.engine import Database, open_database
from store.pace import SqlPace
from store.unit_of_work import SqlWork
from tests.support.builders import effect, notice, outbox, queue
from tests.support.clocks import MONDAY, FixedClock
from tests.support.databases import ON_SQLITE
from tests.support.deliveries import a_queue, claim, leases_run_out

SECOND = timedelta(seconds=1)
A_DAY = 86_400.0
PATIENCE = 20
"""Seconds in which anything that is going to happen has happened, on the slowest machine."""


@dataclass(slots=True)
class World:
    """Where notices end up. `troubles` are what goes wrong with a notice, one for each try."""

    got: list[str] = field(default_factory=list)
    troubles: dict[str, list[Exception]] = field(default_factory=dict)
    doors: dict[str, asyncio.Event] = field(default_factory=dict)
    inside: int = 0
    most_inside: int = 0

    async def bring_about(self, delivery: Delivery) -> str:
        key = delivery.notice.key
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        try:
            if key in self.doors:
                await self.doors[key].wait()
            await asyncio.sleep(0)
            if self.troubles.get(key):
                raise self.troubles[key].pop(0)
        finally:
            self.inside -= 1
        self.got.append(key)
        return f"1:{key}"


@dataclass(slots=True)
class FreePace:
    """Lets everything through, after a `wait`; notes how many asked and what held them up.

    `meanwhile` happens once, before those who asked first have their turn.
    """

    asked: int = 0
    free: int = 1000
    holds: list[float] = field(default_factory=list)
    wait: float = 0.0
    meanwhile: Callable[[], None] | None = None

    async def slots(self, count: int) -> list[float]:
        self.asked += count
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        return [self.wait] * count

    async def room(self) -> int:
        return self.free

    async def hold(self, seconds: float) -> None:
        self.holds.append(seconds)


class Shaky(SqlDeliveryQueue):
    """A queue whose database is away for the next call of each of these."""

    away: list[str]

    @override
    async def next_due(self) -> datetime | None:
        self._check("next_due")
        return await super().next_due()

    @override
    async def exchange(
        self, settled: Sequence[Settlement], now: datetime, limit: int, messages: int
    ) -> list[Delivery]:
        self._check("settle" if settled else "claim")
        return await super().exchange(settled, now, limit, messages)

    def _check(self, what: str) -> None:
        if what in self.away:
            self.away.remove(what)
            raise ConnectionError("the database went away")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@dataclass(slots=True)
class Sleep:
    """The steady clock of a machine that was asleep for so many seconds."""

    seconds: float = 0.0

    def steady(self) -> float:
        return steady() + self.seconds


@pytest.fixture
def sleep() -> Sleep:
    return Sleep()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def pace() -> FreePace:
    return FreePace()


@pytest.fixture
def deliverer(
    database: Database,
    world: World,
    pace: FreePace,
    clock: FixedClock,
    sleep: Sleep,
    work: SqlWork,
) -> Deliverer:
    deliverer = a_deliverer(SqlDeliveryQueue(database, sleep.steady), world, pace, clock)
    work.wake = deliverer.wake
    return deliverer


def a_deliverer(queue: SqlDeliveryQueue, world: World, pace, clock: FixedClock) -> Deliverer:
    return Deliverer(queue, dict.fromkeys(Kind, world.bring_about), pace, clock)


@asynccontextmanager
async def running(*deliverers: Deliverer) -> AsyncGenerator[None]:
    """Senders at work; leaving lets them finish what is under way."""
    async with asyncio.TaskGroup() as group:
        for each in deliverers:
            group.create_task(each.run())
        try:
            yield
        finally:
            for each in deliverers:
                each.stop()


async def until(work: SqlWork, **states: str) -> None:
    """Wait until these notices are in these states."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if states.items() <= (await outbox(work)).items():
                return
            await asyncio.sleep(0.01)


async def under_way(world: World, count: int) -> None:
    """Wait until so many are being brought about at once."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if world.inside == count:
                return
            await asyncio.sleep(0.01)


async def ledger(work: SqlWork) -> dict[str, LedgerEntry]:
    async with work(read_only=True) as uow:
        return {row.notice.key: row for row in await uow.outbox.recent(1000)}


async def attempt(deliverer: Deliverer, work: SqlWork, key: str, attempts: int) -> LedgerEntry:
    """Look again, and wait until this notice was tried so many times."""
    deliverer.wake()
    async with asyncio.timeout(PATIENCE):
        while True:
            row = (await ledger(work))[key]
            if row.attempts == attempts and row.state != "leased":
                return row
            await asyncio.sleep(0.01)


# --- once ------------------------------------------------------------------------------------


async def test_what_is_due_is_sent_once_and_noted_with_its_activity(
    work: SqlWork, world: World, deliverer: Deliverer
):
    await queue(work, notice("a"), notice("b", kind=Kind.HIGHLIGHTS), effect("c", of=1))

    async with running(deliverer):
        await until(work, a="sent", b="sent", c="sent")

    assert sorted(world.got) == ["a", "b", "c"]
    rows = await ledger(work)
    assert {key: (row.activity_id, row.settled_at) for key, row in rows.items()} == {
        key: (f"1:{key}", MONDAY) for key in "abc"
    }


async def test_two_replicas_send_each_once_between_them(
    work: SqlWork, database_url: str, world: World, deliverer: Deliverer, clock: FixedClock
):
    await queue(work, [notice(str(n)) for n in range(150)])
    database = open_database(database_url)
    other = a_deliverer(a_queue(database), world, FreePace(), clock)

    async with running(deliverer, other):
        await until(work, **{str(n): "sent" for n in range(150)})
    await database.close()

    assert sorted(world.got) == sorted(str(n) for n in range(150))


@ON_SQLITE
async def test_the_more_urgent_goes_first(work: SqlWork, world: World, deliverer: Deliverer):
    late = MONDAY - SECOND
    await queue(
        work,
        effect("event", of=1, due_at=late),
        notice("highlights", kind=Kind.HIGHLIGHTS, due_at=late),
        notice("nudge"),
        notice("older nudge", due_at=late),
    )

    async with running(deliverer):
        await until(work, event="sent")

    assert world.got == ["older nudge", "nudge", "highlights", "event"]


@ON_SQLITE
async def test_what_is_not_due_waits_for_its_time(
    work: SqlWork, world: World, deliverer: Deliverer, clock: FixedClock
):
    await queue(work, notice("a", due_at=MONDAY + SECOND), notice("b"))

    async with running(deliverer):
        await until(work, b="sent")
        assert world.got == ["b"]
        clock.advance(SECOND)
        deliverer.wake()
        await until(work, a="sent")


@ON_SQLITE
async def test_a_commit_that_makes_something_due_wakes_the_sender(
    work: SqlWork, world: World, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deliver, "POLL", 10 * PATIENCE)

    async with running(deliverer):
        await asyncio.sleep(0.1)
        await queue(work, notice("a"))
        await until(work, a="sent")


@ON_SQLITE
async def test_what_another_replica_wrote_is_found_without_being_woken(
    work: SqlWork, world: World, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deliver, "POLL", 0.05)
    work.wake = lambda due: None

    async with running(deliverer):
        await asyncio.sleep(0.1)
        await queue(work, notice("a"))
        await until(work, a="sent")


@ON_SQLITE
async def test_no_more_are_under_way_than_there_are_places(
    work: SqlWork, world: World, deliverer: Deliverer
):
    await queue(work, [notice(str(n)) for n in range(3 * PLACES)])

    async with running(deliverer):
        await until(work, **{str(n): "sent" for n in range(3 * PLACES)})

    assert world.most_inside <= PLACES


@ON_SQLITE
async def test_of_one_event_only_one_is_under_way(
    work: SqlWork, world: World, deliverer: Deliverer
):
    await queue(work, [effect(str(n), of=1) for n in range(5)])

    async with running(deliverer):
        await until(work, **{str(n): "sent" for n in range(5)})

    assert (world.got, world.most_inside) == (["0", "1", "2", "3", "4"], 1)


# --- when it does not work -------------------------------------------------------------------


@ON_SQLITE
async def test_what_could_not_be_sent_is_held_back_for_longer_each_time(
    work: SqlWork, world: World, deliverer: Deliverer, clock: FixedClock
):
    await queue(work, notice("a"))
    world.troubles["a"] = [Unavailable("connector: 503")] * 12
    delays: list[float] = []

    async with running(deliverer):
        for attempts in range(1, 13):
            row = await attempt(deliverer, work, "a", attempts)
            assert (row.state, row.last_error) == ("held_back", "connector: 503")
            delays.append(await held_for(deliverer, clock))
        row = await attempt(deliverer, work, "a", 13)

    assert row.state == "sent"
    growing = [min(LONGEST_DELAY, 2.0**n) for n in range(1, 13)]
    assert all(least <= delay <= least * 1.2 for delay, least in zip(delays, growing, strict=True))
    assert world.got == ["a"]


@ON_SQLITE
@pytest.mark.parametrize("trouble", [Unavailable, Throttled])
@pytest.mark.parametrize(("said", "least"), [(42.0, 42.0), (1_000_000.0, A_DAY)])
async def test_who_says_when_to_try_again_is_obeyed_up_to_a_day(
    work: SqlWork,
    world: World,
    deliverer: Deliverer,
    clock: FixedClock,
    trouble: type[Unavailable],
    said: float,
    least: float,
):
    await queue(work, notice("a"))
    world.troubles["a"] = [trouble("connector: 429", retry_after=said)]

    async with running(deliverer):
        await attempt(deliverer, work, "a", 1)
        delay = await held_for(deliverer, clock)
        await attempt(deliverer, work, "a", 2)

    assert least <= delay <= least * 1.2
    assert world.got == ["a"]


@ON_SQLITE
async def test_after_a_day_it_is_given_up(
    work: SqlWork, world: World, deliverer: Deliverer, clock: FixedClock
):
    await queue(work, notice("a"))
    world.troubles["a"] = [Unavailable("connector: 503")] * 3

    async with running(deliverer):
        await attempt(deliverer, work, "a", 1)
        clock.set(MONDAY + GIVE_UP_AFTER)
        last_chance = await attempt(deliverer, work, "a", 2)
        clock.advance(timedelta(hours=1))
        end = await attempt(deliverer, work, "a", 3)

    assert last_chance.state == "held_back"
    assert (end.state, end.last_error) == ("given_up", "connector: 503")
    assert end.settled_at == clock.now()


@ON_SQLITE
async def test_what_is_old_when_it_begins_is_tried_more_than_once(
    work: SqlWork, world: World, deliverer: Deliverer, clock: FixedClock
):
    await queue(work, notice("a"))
    world.troubles["a"] = [Unavailable("connector: 503")]
    clock.set(MONDAY + 2 * GIVE_UP_AFTER)

    async with running(deliverer):
        await attempt(deliverer, work, "a", 1)
        clock.advance(timedelta(hours=1))
        end = await attempt(deliverer, work, "a", 2)

    assert (end.state, world.got) == ("sent", ["a"])


@ON_SQLITE
@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Rejected("connector: 400"), "given_up"),
        (Unreachable("BotNotInConversationRoster"), "given_up"),
        (NoLongerNeeded("no longer booked"), "dropped"),
    ],
)
async def test_what_is_refused_or_no_longer_true_is_not_tried_again(
    work: SqlWork,
    world: World,
    deliverer: Deliverer,
    clock: FixedClock,
    trouble: Exception,
    state: str,
):
    await queue(work, notice("a"))
    world.troubles["a"] = [trouble]

    async with running(deliverer):
        row = await attempt(deliverer, work, "a", 1)
        clock.advance(timedelta(days=2))
        deliverer.wake()
        await asyncio.sleep(0.1)

    assert (row.state, row.last_error, row.settled_at) == (state, str(trouble), MONDAY)
    assert (await ledger(work))["a"] == row
    assert world.got == []


@ON_SQLITE
async def test_one_failure_never_stops_the_rest(work: SqlWork, world: World, deliverer: Deliverer):
    await queue(work, [notice(str(n)) for n in range(60)])
    world.troubles = {
        "3": [ValueError("a bug of ours, with somebody@example.org in it")],
        "4": [Rejected("connector: 400")],
        "5": [Unavailable("connector: 503")],
        "6": [NoLongerNeeded("over")],
    }
    sent = [str(n) for n in range(60) if str(n) not in world.troubles]

    async with running(deliverer):
        await until(work, **dict.fromkeys(sent, "sent"))

    assert sorted(world.got) == sorted(sent)
    rows = await ledger(work)
    assert [rows[str(n)].state for n in range(3, 7)] == [
        "held_back",
        "given_up",
        "held_back",
        "dropped",
    ]
    assert rows["3"].last_error == "ValueError"


@ON_SQLITE
async def test_a_kind_that_nobody_brings_about_is_held_back(
    work: SqlWork, database: Database, world: World, pace: FreePace, clock: FixedClock
):
    effects = {Kind.NUDGE: world.bring_about}
    deliverer = Deliverer(a_queue(database), effects, pace, clock)
    await queue(work, notice("nudge"), effect("event", of=1))

    async with running(deliverer):
        await until(work, nudge="sent", event="held_back")


@ON_SQLITE
async def test_what_waits_for_its_lane_follows_at_once(
    work: SqlWork, world: World, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deliver, "POLL", 10 * PATIENCE)
    monkeypatch.setattr(deliver, "BREATH", 10 * PATIENCE)
    await queue(work, [effect(f"{n}", of=1) for n in range(9)])

    async with running(deliverer):
        await until(work, **{f"{n}": "sent" for n in range(9)})


# --- pace ------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize(
    ("said", "held"), [(42.0, 42.0), (None, 1.0), (1_000_000.0, LONGEST_DELAY)]
)
async def test_being_throttled_holds_everybody_up(
    work: SqlWork,
    world: World,
    deliverer: Deliverer,
    pace: FreePace,
    said: float | None,
    held: float,
):
    await queue(work, notice("a"))
    world.troubles["a"] = [Throttled("connector: 429", retry_after=said)]

    async with running(deliverer):
        await until(work, a="held_back")

    assert pace.holds == [held]


@ON_SQLITE
async def test_other_troubles_hold_nobody_up(
    work: SqlWork, world: World, deliverer: Deliverer, pace: FreePace
):
    await queue(work, notice("a"))
    world.troubles["a"] = [Unavailable("connector: 503", retry_after=42.0)]

    async with running(deliverer):
        await until(work, a="held_back")

    assert pace.holds == []


@ON_SQLITE
async def test_only_messages_take_turns(
    work: SqlWork, world: World, deliverer: Deliverer, pace: FreePace
):
    await queue(work, notice("a"), notice("b", kind=Kind.CHANNEL_HIGHLIGHTS))
    await queue(work, effect("c", of=1), effect("d", of=2))

    async with running(deliverer):
        await until(work, a="sent", b="sent", c="sent", d="sent")

    assert pace.asked == 2


@ON_SQLITE
async def test_what_could_be_given_no_turn_is_queued_again_at_once(
    work: SqlWork, world: World, deliverer: Deliverer, pace: FreePace
):
    await queue(work, notice("a"))

    def goes_away() -> None:
        raise ConnectionError("the database went away")

    pace.meanwhile = goes_away
    async with running(deliverer):
        await until(work, a="sent")

    assert (await ledger(work))["a"].attempts == 2


@ON_SQLITE
async def test_while_everybody_is_held_up_messages_stay_where_they_are(
    work: SqlWork, world: World, deliverer: Deliverer, pace: FreePace
):
    pace.free = 0
    await queue(work, notice("a"), effect("b", of=1))

    async with running(deliverer):
        await until(work, b="sent")
        assert await outbox(work) == {"a": "queued", "b": "sent"}
        pace.free = 1000
        await until(work, a="sent")


async def test_messages_are_sent_no_faster_than_the_rate(
    work: SqlWork, database: Database, world: World, clock: FixedClock
):
    rate = 50.0
    queued = a_queue(database)
    deliverer = a_deliverer(queued, world, SqlPace(database, rate=rate), clock)
    await queue(work, [notice(str(n)) for n in range(30)])
    loop = asyncio.get_running_loop()
    began = loop.time()

    async with running(deliverer):
        await until(work, **{str(n): "sent" for n in range(30)})

    assert loop.time() - began >= 29 / rate - 0.01


# --- leases ----------------------------------------------------------------------------------


async def test_who_slept_while_waiting_for_a_turn_leaves_it_to_another(
    work: SqlWork,
    database: Database,
    world: World,
    deliverer: Deliverer,
    pace: FreePace,
    sleep: Sleep,
    clock: FixedClock,
):
    await queue(work, notice("a"))

    def slept() -> None:
        sleep.seconds = LEASE

    pace.meanwhile = slept
    async with running(deliverer):
        await until(work, a="leased")
        await asyncio.sleep(0.1)
        assert (world.got, await outbox(work)) == ([], {"a": "leased"})

        await leases_run_out(database)
        async with running(a_deliverer(a_queue(database), world, FreePace(), clock)):
            await until(work, a="sent")

    assert world.got == ["a"]
    assert (await ledger(work))["a"].attempts == 2


async def test_what_takes_long_is_not_taken_over(
    work: SqlWork,
    database: Database,
    world: World,
    deliverer: Deliverer,
    sleep: Sleep,
    clock: FixedClock,
):
    await queue(work, notice("a"))
    world.doors["a"] = asyncio.Event()
    async with running(deliverer):
        await under_way(world, 1)
        await leases_run_out(database)
        sleep.seconds = LEASE * 0.6
        await renewed(database)

        async with running(a_deliverer(a_queue(database), world, FreePace(), clock)):
            await asyncio.sleep(0.1)
            world.doors["a"].set()
            await until(work, a="sent")

    assert world.got == ["a"]
    assert (await ledger(work))["a"].attempts == 1


async def test_what_a_dead_replica_held_is_sent_after_its_lease(
    work: SqlWork, database: Database, world: World, deliverer: Deliverer
):
    await queue(work, notice("a"))
    await claim(a_queue(database), MONDAY, 1)

    async with running(deliverer):
        await asyncio.sleep(0.05)
        assert world.got == []
        await leases_run_out(database)
        await until(work, a="sent")


# --- when the database goes away -------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize("away", ["claim", "next_due", "settle"])
async def test_a_database_that_goes_away_is_waited_for(
    work: SqlWork,
    database: Database,
    world: World,
    pace: FreePace,
    clock: FixedClock,
    away: str,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(deliver, "POLL", 0.02)
    shaky = Shaky(database, steady)
    shaky.away = [away] * 3
    deliverer = a_deliverer(shaky, world, pace, clock)
    await queue(work, notice("a"), notice("b"))

    async with running(deliverer):
        await until(work, a="sent", b="sent")

    assert shaky.away == []
    assert sorted(world.got) == ["a", "b"]


# --- stopping --------------------------------------------------------------------------------


@ON_SQLITE
async def test_stopping_finishes_what_is_under_way_and_begins_nothing_more(
    work: SqlWork, world: World, deliverer: Deliverer
):
    await queue(work, notice("a"), notice("b"))
    world.doors["a"] = asyncio.Event()
    world.troubles["b"] = [Unavailable("connector: 503")]

    async with running(deliverer):
        await until(work, a="leased", b="held_back")
        deliverer.stop()
        await queue(work, notice("too late"))
        await asyncio.sleep(0.05)
        assert await outbox(work) == {"a": "leased", "b": "held_back", "too late": "queued"}
        world.doors["a"].set()

    assert await outbox(work) == {"a": "sent", "b": "held_back", "too late": "queued"}


@ON_SQLITE
async def test_what_only_waits_for_its_turn_when_stopped_is_queued_again(
    work: SqlWork, world: World, deliverer: Deliverer, pace: FreePace
):
    await queue(work, notice("a"), notice("b"))
    pace.wait = 10 * PATIENCE

    async with running(deliverer):
        await until(work, a="leased", b="leased")
        deliverer.stop()
        await until(work, a="queued", b="queued")

    assert world.got == []


@ON_SQLITE
async def test_when_stopped_one_that_hangs_keeps_no_other_from_being_noted_as_sent(
    work: SqlWork, world: World, deliverer: Deliverer
):
    await queue(work, notice("a"), notice("b"))
    world.doors = {"a": asyncio.Event(), "b": asyncio.Event()}

    async with running(deliverer):
        await until(work, a="leased", b="leased")
        await under_way(world, 2)
        deliverer.stop()
        world.doors["b"].set()
        await until(work, a="leased", b="sent")
        world.doors["a"].set()

    assert await outbox(work) == {"a": "sent", "b": "sent"}


@ON_SQLITE
async def test_what_is_broken_off_stays_leased_and_is_sent_when_the_lease_has_run_out(
    work: SqlWork, database: Database, world: World, pace: FreePace, clock: FixedClock
):
    await queue(work, notice("a"))
    world.doors["a"] = asyncio.Event()
    first = asyncio.create_task(a_deliverer(a_queue(database), world, pace, clock).run())
    await until(work, a="leased")
    await under_way(world, 1)
    first.cancel()
    await asyncio.wait({first})
    await asyncio.sleep(0.05)
    assert (world.inside, world.got, await outbox(work)) == (0, [], {"a": "leased"})

    world.doors["a"].set()
    await leases_run_out(database)
    async with running(a_deliverer(a_queue(database), world, pace, clock)):
        await until(work, a="sent")

    assert world.got == ["a"]


@ON_SQLITE
async def test_a_sender_that_is_stopped_before_it_began_does_nothing(
    work: SqlWork, world: World, deliverer: Deliverer
):
    await queue(work, notice("a"))
    deliverer.stop()

    async with asyncio.timeout(PATIENCE):
        await deliverer.run()

    assert await outbox(work) == {"a": "queued"}


async def renewed(database: Database) -> None:
    """Wait until a lease is no longer at its end."""
    fresh = sa.text("SELECT count(*) FROM outbox WHERE state = 'leased' AND leased_until > 1")
    async with asyncio.timeout(PATIENCE):
        while True:
            async with database.reading.connect() as db:
                if (await db.execute(fresh)).scalar_one():
                    return
            await asyncio.sleep(0.01)


async def held_for(deliverer: Deliverer, clock: FixedClock) -> float:
    """Seconds until the notice comes again; the clock is moved there."""
    due = await deliverer._queue.next_due()
    assert due is not None
    delay = (due - clock.now()).total_seconds()
    clock.set(due)
    return delay
