"""The speed limit is one for all replicas, by the database's clock."""

import asyncio
import time
from itertools import pairwise

import pytest

from store.engine import Database
from store.pace import SqlPace

RATE = 50.0
GAP = 1 / RATE
SLACK = 0.5
"""How long asking may take: what was reserved is nearer by as much."""


def gaps(turns: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(turns)]


async def test_turns_are_spaced_by_the_rate_from_now_on(database: Database):
    first, *rest = await SqlPace(database, rate=RATE).slots(10)

    assert 0 <= first <= rest[0] <= GAP
    assert gaps(rest) == pytest.approx([GAP] * 8)


async def test_what_was_sent_without_asking_takes_turns_as_well(database: Database):
    pace = SqlPace(database, rate=RATE, beside=lambda: 25)

    first, second = await pace.slots(2)

    assert 25 * GAP - SLACK <= first <= 26 * GAP
    assert second - first == pytest.approx(GAP)


async def test_whoever_asks_next_comes_after(database: Database):
    pace = SqlPace(database, rate=RATE)
    before = time.monotonic()
    await pace.slots(50)
    [turn] = await pace.slots(1)

    passed = time.monotonic() - before
    assert 50 * GAP - passed <= turn <= 50 * GAP + 0.001


async def test_a_second_replica_has_no_turns_of_its_own(database: Database, another: Database):
    replicas = [SqlPace(database, rate=RATE), SqlPace(another, rate=RATE)]
    instants: list[float] = []

    async def reserve(pace: SqlPace) -> None:
        for _ in range(10):
            turns = await pace.slots(3)
            instants.extend(time.monotonic() + turn for turn in turns)

    began = time.monotonic()
    await asyncio.gather(*map(reserve, replicas))

    assert len(instants) == 60
    assert max(instants) - began >= 59 * GAP - 0.001


async def test_time_that_nobody_used_is_not_saved_up(database: Database):
    pace = SqlPace(database, rate=RATE)
    await pace.slots(1)
    await asyncio.sleep(10 * GAP)

    first, *rest = await pace.slots(10)

    assert 0 <= first <= rest[0] <= GAP
    assert gaps(rest) == pytest.approx([GAP] * 8)


async def test_there_is_room_for_half_a_second_and_none_while_everybody_is_held_up(
    database: Database, another: Database
):
    ours, theirs = SqlPace(database, rate=RATE), SqlPace(another, rate=RATE)
    at_first = await ours.room()
    await theirs.slots(200)
    taken = await ours.room()
    await ours.hold(100)

    assert (at_first, taken, await theirs.room()) == (25, 0, 0)


async def test_a_slow_rate_has_room_for_one(database: Database):
    assert await SqlPace(database, rate=0.1).room() == 1


async def test_a_hold_keeps_every_replica_back(database: Database, another: Database):
    await SqlPace(database, rate=RATE).slots(1)
    await SqlPace(database, rate=RATE).hold(5)

    first, second = await SqlPace(another, rate=RATE).slots(2)

    assert 5 - SLACK <= first <= 5
    assert second - first == pytest.approx(GAP)


async def test_a_hold_may_be_the_first_thing_that_happens(database: Database):
    pace = SqlPace(database, rate=RATE)
    await pace.hold(5)

    [turn] = await pace.slots(1)

    assert 5 - SLACK <= turn <= 5


async def test_a_shorter_hold_does_not_end_a_longer_one(database: Database):
    pace = SqlPace(database, rate=RATE)
    await pace.hold(5)
    await pace.hold(1)

    [turn] = await pace.slots(1)

    assert turn > 4
