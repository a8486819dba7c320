"""Long work: how far it is, how it ended, and that nobody who does it is believed alive for ever."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from learning.errors import LearningError, NotFound
from learning.people import PersonId
from services import errands
from services.errands import BROKEN_OFF, FAULT, KEPT, SILENT, Errands, Run, Stopping
from services.ports.errands import Done, ErrandKind, ErrandState, Progress
from tests.services.desk import Desk
from tests.support.databases import ON_SQLITE

ORLA = PersonId("orla")
TITLE = "Bookings of the week as CSV"
SECOND = timedelta(seconds=1)


class Slow:
    """Work that is a third done and goes on when it is let."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = asyncio.Event(), asyncio.Event()

    async def __call__(self, progress: Progress) -> Done:
        progress(1, 3)
        self.has_begun.set()
        await self.may_end.wait()
        progress(3, 3)
        return Done(words="3 rows.", file_name="bookings.csv", file=b"a,b\r\n")


@pytest.fixture
async def work_here(desk: Desk) -> AsyncGenerator[Errands]:
    here = Errands(desk.work, desk.clock)
    yield here
    with contextlib.suppress(TimeoutError):  # what a failed test leaves under way is broken off
        async with asyncio.timeout(5):
            await here.finish()


@pytest.fixture
def elsewhere(other_desk: Desk) -> Errands:
    return Errands(other_desk.work, other_desk.clock)


async def begin(here: Errands, run: Run, *, once: bool = False) -> str:
    return await here.begin(ErrandKind.EXPORT, TITLE, ORLA, run, once=once)


async def test_every_replica_shows_how_far_it_is_and_what_came_of_it(
    work_here: Errands, elsewhere: Errands, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(errands, "BEAT", 0.01)
    slow = Slow()
    errand_id = await begin(work_here, slow)
    await slow.has_begun.wait()

    here = await work_here.find(errand_id)
    assert (here.state, here.done, here.total) == (ErrandState.RUNNING, 1, 3)
    async with asyncio.timeout(20):
        while (await elsewhere.find(errand_id)).total != 3:  # noqa: ASYNC110 -- a table calls nobody
            await asyncio.sleep(0.01)
    with pytest.raises(NotFound):
        await elsewhere.file(errand_id)

    slow.may_end.set()
    await work_here.finish()
    there = await elsewhere.find(errand_id)
    assert (there.state, there.done, there.result) == (ErrandState.DONE, 3, "3 rows.")
    assert [e.id for e in await elsewhere.latest()] == [errand_id]
    assert await elsewhere.file(errand_id) == ("bookings.csv", b"a,b\r\n")


async def test_a_rule_that_says_no_and_a_fault_of_ours_end_in_a_sentence(work_here: Errands):
    async def refused(_: Progress) -> Done:
        raise LearningError("There is no edition yet.")

    async def faulty(_: Progress) -> Done:
        raise ZeroDivisionError

    ids = [await begin(work_here, refused), await begin(work_here, faulty)]
    await work_here.finish()

    ended = [await work_here.find(i) for i in ids]
    assert [(e.state, e.result) for e in ended] == [
        (ErrandState.FAILED, "There is no edition yet."),
        (ErrandState.FAILED, FAULT),
    ]


async def test_what_a_dead_process_did_is_shown_as_broken_off(
    desk: Desk, other_desk: Desk, work_here: Errands, elsewhere: Errands
):
    slow = Slow()
    errand_id = await begin(work_here, slow)
    await slow.has_begun.wait()

    other_desk.clock.set(desk.clock.now() + SILENT)
    assert (await elsewhere.find(errand_id)).is_running
    other_desk.clock.advance(SECOND)
    dead = await elsewhere.find(errand_id)
    assert (dead.state, dead.result) == (ErrandState.BROKEN_OFF, BROKEN_OFF)

    desk.clock.set(other_desk.clock.now())
    assert (await work_here.find(errand_id)).is_running, "whoever does it knows better"
    slow.may_end.set()


@ON_SQLITE
async def test_at_a_stop_it_is_waited_for_and_nothing_more_is_begun(work_here: Errands):
    slow = Slow()
    errand_id = await begin(work_here, slow)
    await slow.has_begun.wait()
    finishing = asyncio.create_task(work_here.finish())
    await asyncio.sleep(0)

    with pytest.raises(Stopping):
        await begin(work_here, slow)
    assert not finishing.done()
    slow.may_end.set()
    await finishing

    assert (await work_here.find(errand_id)).state is ErrandState.DONE


async def test_what_does_not_end_in_time_is_broken_off_and_says_so_at_once(
    work_here: Errands, elsewhere: Errands
):
    slow = Slow()
    errand_id = await begin(work_here, slow)
    await slow.has_begun.wait()
    finishing = asyncio.create_task(work_here.finish())
    await asyncio.sleep(0)

    finishing.cancel()
    await asyncio.wait([finishing])

    broken = await elsewhere.find(errand_id)
    assert (broken.state, broken.done, broken.total, broken.result) == (
        ErrandState.BROKEN_OFF,
        1,
        3,
        BROKEN_OFF,
    )


async def test_pressed_twice_it_is_the_one_that_is_under_way(
    work_here: Errands, elsewhere: Errands
):
    slow = Slow()
    first = await begin(work_here, slow, once=True)

    assert await begin(work_here, slow, once=True) == first
    assert await begin(elsewhere, slow, once=True) == first

    slow.may_end.set()
    await work_here.finish()
    second = await begin(elsewhere, slow, once=True)
    assert second != first
    await elsewhere.finish()


@ON_SQLITE
async def test_after_a_day_it_is_gone_with_its_file(desk: Desk, work_here: Errands):
    slow = Slow()
    slow.may_end.set()
    errand_id = await begin(work_here, slow)
    await work_here.finish()

    desk.clock.advance(KEPT)
    assert await work_here.forget_old() == 0
    desk.clock.advance(SECOND)
    assert await work_here.forget_old() == 1
    with pytest.raises(NotFound):
        await work_here.find(errand_id)
