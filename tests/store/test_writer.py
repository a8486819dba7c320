"""One writer at a time, in order, notes first; whoever gives up takes nobody's turn."""

import asyncio

import pytest

from store.writer import Writer


class Desk:
    """Where writers queue; each stays until told to go."""

    def __init__(self) -> None:
        self.writer = Writer()
        self.wrote: list[str] = []
        self._go: dict[str, asyncio.Event] = {}

    async def write(self, name: str, *, first: bool = False) -> None:
        self._go[name] = asyncio.Event()
        async with self.writer.turn(first=first):
            self.wrote.append(name)
            await self._go[name].wait()

    async def comes(self, name: str, *, first: bool = False) -> asyncio.Task[None]:
        task = asyncio.create_task(self.write(name, first=first))
        await asyncio.sleep(0)
        return task

    async def go(self, name: str) -> None:
        self._go[name].set()
        for _ in range(5):
            await asyncio.sleep(0)


async def test_each_writes_alone_in_the_order_of_asking():
    desk = Desk()
    for name in ("a", "b", "c"):
        await desk.comes(name)

    seen = [list(desk.wrote)]
    for name in ("a", "b"):
        await desk.go(name)
        seen.append(list(desk.wrote))

    assert seen == [["a"], ["a", "b"], ["a", "b", "c"]]
    await desk.go("c")


async def test_a_note_goes_before_all_who_wait():
    desk = Desk()
    for name in ("a", "b", "c"):
        await desk.comes(name)
    await desk.comes("note", first=True)

    for name in ("a", "note", "b", "c"):
        await desk.go(name)

    assert desk.wrote == ["a", "note", "b", "c"]


async def test_who_gives_up_waiting_is_passed_over():
    desk = Desk()
    await desk.comes("a")
    gone = await desk.comes("gone")
    await desk.comes("b")
    gone.cancel()

    for name in ("a", "b"):
        await desk.go(name)

    assert desk.wrote == ["a", "b"]


async def test_who_gives_up_when_the_turn_has_just_come_hands_it_on():
    desk = Desk()
    await desk.comes("a")
    gone = await desk.comes("gone")
    await desk.comes("b")

    desk._go["a"].set()
    await asyncio.sleep(0)
    gone.cancel()
    for _ in range(5):
        await asyncio.sleep(0)

    assert desk.wrote == ["a", "b"]
    await desk.go("b")


async def test_who_gives_up_while_the_turn_is_handed_on_takes_it_from_nobody():
    desk = Desk()
    await desk.comes("a")
    gone = await desk.comes("gone")
    await desk.comes("b")

    gone.cancel()
    await desk.go("a")

    assert desk.wrote == ["a", "b"]
    await desk.go("b")


async def test_a_failure_hands_on_as_well():
    writer = Writer()
    with pytest.raises(ConnectionError):
        async with writer.turn():
            raise ConnectionError

    async with asyncio.timeout(5), writer.turn():
        pass
