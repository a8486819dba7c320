"""One look serves a crowd, and nobody gets what was seen before they asked."""

import asyncio

import pytest

from hub.together import Together


class Database:
    """Counts how often it is looked at; each look waits to be let through."""

    def __init__(self) -> None:
        self.looks = 0
        self.gates: list[asyncio.Event] = []

    async def look(self) -> int:
        self.looks += 1
        number, gate = self.looks, asyncio.Event()
        self.gates.append(gate)
        await gate.wait()
        if number == 13:
            raise ConnectionError
        return number


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_comes_while_a_look_is_under_way_shares_the_next():
    database = Database()
    together = Together(database.look)
    first = asyncio.create_task(together.ask())
    await settled()
    crowd = [asyncio.create_task(together.ask()) for _ in range(100)]
    await settled()
    begun = database.looks

    database.gates[0].set()
    await settled()
    database.gates[1].set()

    assert begun == 1
    assert await first == 1
    assert set(await asyncio.gather(*crowd)) == {2}
    assert database.looks == 2


async def test_who_comes_later_looks_anew():
    database = Database()
    together = Together(database.look)
    for number in (1, 2):
        asking = asyncio.create_task(together.ask())
        await settled()
        database.gates[-1].set()
        assert await asking == number


async def test_who_gives_up_takes_nothing_from_others():
    database = Database()
    together = Together(database.look)
    one, other = asyncio.create_task(together.ask()), asyncio.create_task(together.ask())
    await settled()
    one.cancel()
    await settled()
    database.gates[0].set()

    assert await other == 1
    assert one.cancelled()


async def test_a_look_that_fails_fails_those_who_asked_and_nobody_after_them():
    database = Database()
    database.looks = 12
    together = Together(database.look)
    failing = asyncio.create_task(together.ask())
    await settled()
    after = asyncio.create_task(together.ask())
    await settled()
    database.gates[0].set()
    await settled()
    database.gates[1].set()

    with pytest.raises(ConnectionError):
        await failing
    assert await after == 14
