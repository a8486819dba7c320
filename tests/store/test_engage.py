"""What is kept about Viva Engage, and the pace that all replicas keep to."""

import asyncio
from datetime import date, timedelta

from learning.notices import Kind
from services.ports.engage import Answer, Listening, Part, Post
from store.engage import SqlCallLimit
from store.engine import Database
from store.unit_of_work import SqlWork
from tests.store.raw_rows import row
from tests.support.clocks import MONDAY, FixedClock
from tests.support.databases import run_sql

SECOND = timedelta(seconds=1)


async def next_look(work: SqlWork, at: timedelta) -> float | None:
    async with work() as uow:
        wait = await uow.engage.next_look(MONDAY + at, 15.0)
        await uow.commit()
    return wait


async def test_feeds_are_looked_at_once_a_minute_whoever_asks(
    database: Database, another: Database
):
    works = [SqlWork(database), SqlWork(another)]
    first = await asyncio.gather(*(next_look(w, 0 * SECOND) for w in works))

    assert sorted(first, key=str) == [0.0, None]
    assert await next_look(works[0], 30 * SECOND) is None
    assert await next_look(works[1], 60 * SECOND) == 1.0, "a tick that comes early waits"
    assert await next_look(works[0], 61 * SECOND) is None
    assert await next_look(works[0], 122 * SECOND) == 0.0


async def test_a_look_that_a_wrong_clock_reserved_holds_up_nobody(work: SqlWork):
    await next_look(work, timedelta(days=3))

    assert await next_look(work, 0 * SECOND) == 0.0


async def test_how_far_was_read_is_kept_beside_when_to_look(work: SqlWork):
    await next_look(work, 0 * SECOND)
    kept = Listening(answers=False, received=2**60, private=0, told=MONDAY)
    async with work() as uow:
        assert await uow.engage.listening() == Listening()
        await uow.engage.save(kept)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.engage.listening() == kept
    assert await next_look(work, 10 * SECOND) is None


async def test_posts_are_told_newest_first_with_those_that_were_deleted(work: SqlWork):
    day = date(2026, 5, 18)
    posts = [Post(message_id=9 - n, day=day, posted_at=MONDAY + n * SECOND) for n in range(3)]
    async with work() as uow:
        for post in [*posts, posts[0]]:
            await uow.engage.add_post(post)
        await uow.engage.deleted(9, MONDAY)
        await uow.commit()

    async with work(read_only=True) as uow:
        found = await uow.engage.posts(10)
    assert [p.message_id for p in found] == [7, 8, 9]
    assert [p.deleted_at for p in found] == [None, None, MONDAY]


async def test_an_answer_is_kept_part_by_part_and_forgotten_after_a_while(work: SqlWork):
    parts = (Part(text="for you", to=5), Part(text="for all"))
    answer = Answer(message_id=1, sender_id=5, written_at=MONDAY, parts=parts)
    async with work() as uow:
        assert await uow.engage.answer(1) is None
        await uow.engage.keep(answer)
        assert await uow.engage.answer(1) == answer
        await uow.engage.keep(Answer(message_id=1, sender_id=5, written_at=MONDAY, parts=parts[1:]))
        left = await uow.engage.answer(1)
        counted = [
            await uow.engage.answered(5, MONDAY),
            await uow.engage.answered(5, MONDAY + SECOND),
            await uow.engage.answered(6, MONDAY),
        ]
        await uow.engage.forget_old(MONDAY + SECOND)
        gone = await uow.engage.answer(1)

    assert left is not None
    assert left.parts == parts[1:]
    assert counted == [1, 0, 0]
    assert gone is None


async def test_ten_calls_in_half_a_minute_all_replicas_together(
    database: Database, another: Database
):
    clock = FixedClock()
    limits = [SqlCallLimit(each, clock, "Viva Engage") for each in (database, another)]

    at_once = await asyncio.gather(*(limits[n % 2].reserve(20) for n in range(10)))
    refused = await limits[0].reserve(20)
    clock.advance(12 * SECOND)
    later = [await limits[0].reserve(20), await limits[1].reserve(20)]
    clock.advance(31 * SECOND)
    after = [await limits[0].reserve(20) for _ in range(9)]

    assert at_once == [0.0] * 10
    assert refused == 31.0, "too long to wait: nothing is reserved"
    assert later == [19.0, 19.0]
    assert after[:8] == [0.0] * 8
    assert after[8] == 19.0


async def test_calls_of_a_wrong_clock_are_forgotten(database: Database):
    wrong, right = FixedClock(), FixedClock()
    wrong.advance(timedelta(days=1))
    for _ in range(10):
        await SqlCallLimit(database, wrong, "Viva Engage").reserve(20)

    assert await SqlCallLimit(database, right, "Viva Engage").reserve(20) == 0.0


async def test_what_was_held_back_is_released_and_nothing_else(database: Database, work: SqlWork):
    later = "'2026-05-18 09:00:00.000000'"
    await run_sql(
        database,
        *(
            row("outbox", id=n, key=f"'k{n}'", kind=f"'{kind}'", state=f"'{state}'", next_at=later)
            for n, (kind, state) in enumerate(
                [
                    (Kind.ENGAGE_POST, "held_back"),
                    (Kind.ENGAGE_ANSWER, "held_back"),
                    (Kind.ENGAGE_POST, "sent"),
                    (Kind.NUDGE, "held_back"),
                ],
                1,
            )
        ),
    )

    async with work() as uow:
        assert await uow.outbox.waiting(Kind.ENGAGE_POST, MONDAY) == 1
        released = await uow.outbox.release({Kind.ENGAGE_POST, Kind.ENGAGE_ANSWER}, MONDAY)
        assert await uow.outbox.is_written("k1")
        assert not await uow.outbox.is_written("k9")
        await uow.commit()

    assert released == 2
