"""What the sender is promised: every due row to one of us, in order, and to another if we die."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from learning.notices import Kind
from services.ports.deliveries import Delivery, Outcome, Settlement
from services.ports.storage import LedgerEntry
from store.delivery_queue import LEASE, SqlDeliveryQueue
from store.engine import Database
from store.tables import outbox as table
from store.unit_of_work import SqlWork
from tests.support.builders import effect, notice, outbox, queue
from tests.support.clocks import MONDAY
from tests.support.databases import ON_POSTGRESQL, run_sql
from tests.support.deliveries import a_queue, claim, leases_run_out, settle

SECOND = timedelta(seconds=1)
LATER = MONDAY + timedelta(hours=1)


def keys(deliveries: list[Delivery]) -> list[str]:
    return [d.notice.key for d in deliveries]


def settled(
    delivery: Delivery, outcome: Outcome = Outcome.SENT, at: datetime = MONDAY
) -> Settlement:
    return Settlement(delivery=delivery, outcome=outcome, at=at)


# --- claiming --------------------------------------------------------------------------------


async def test_the_more_urgent_is_claimed_first_and_then_what_is_due_first(
    work: SqlWork, database: Database
):
    await queue(
        work,
        effect("event", of=1, due_at=MONDAY - 9 * SECOND),
        notice("highlights", kind=Kind.HIGHLIGHTS, due_at=MONDAY - 8 * SECOND),
        notice("second nudge", due_at=MONDAY - 2 * SECOND),
        notice("third nudge", due_at=MONDAY - 1 * SECOND),
        notice("first nudge", due_at=MONDAY - 3 * SECOND),
        notice("not due", due_at=MONDAY + SECOND),
        notice("due just now", due_at=MONDAY),
    )
    deliveries = a_queue(database)

    first = await claim(deliveries, MONDAY, 3)
    rest = await claim(deliveries, MONDAY, 9)

    assert keys(first) == ["first nudge", "second nudge", "third nudge"]
    assert keys(rest) == ["due just now", "highlights", "event"]


async def test_a_claim_says_what_is_to_be_sent_and_until_when_it_is_ours(
    work: SqlWork, database: Database
):
    given = notice("a", payload={"starts": "soon"})
    await queue(work, given)

    [delivery] = await claim(a_queue(database), MONDAY, 9)

    assert (delivery.notice, delivery.attempts) == (given, 1)
    assert LEASE - 20 < delivery.lease.left() <= LEASE


async def test_a_long_backlog_is_claimed_in_order_of_time(work: SqlWork, database: Database):
    """A row's place in the table says nothing of when it is due."""
    due = {str(n): MONDAY - SECOND * (n * 37 % 300) for n in range(300)}
    await queue(work, [notice(key, due_at=at) for key, at in due.items()])
    deliveries = a_queue(database)

    claimed = [keys(await claim(deliveries, MONDAY, 20)) for _ in range(16)]

    assert list(chain(*claimed)) == sorted(due, key=lambda key: due[key])


@ON_POSTGRESQL
async def test_no_more_is_claimed_than_was_asked_for_whatever_the_plan(
    work: SqlWork, database: Database, database_url: str
):
    """Planned as a nested loop, a limited subquery in an UPDATE may be run more than once."""
    name = sa.make_url(database_url).database
    for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
        await run_sql(database, f"ALTER DATABASE {name} SET enable_{way} = off")
    await database.close()
    await queue(work, [notice(str(n), due_at=MONDAY - n * 37 % 50 * SECOND) for n in range(50)])

    assert len(await claim(a_queue(database), MONDAY, 3)) == 3


async def test_a_claim_finds_its_rows_by_index_however_many_there_are(database: Database):
    run: list[tuple[str, Any]] = []

    def remember(_: object, __: object, sql: str, values: Any, *___: object) -> None:
        run.append((sql, values))

    engine = database.writing.sync_engine
    event.listen(engine, "before_cursor_execute", remember)
    await claim(a_queue(database), MONDAY, 20)
    event.remove(engine, "before_cursor_execute", remember)
    explain = "EXPLAIN " if database.writer is None else "EXPLAIN QUERY PLAN "
    plans: list[str] = []
    for sql, values in run:
        if "UPDATE outbox" not in sql:
            continue
        async with database.writing.begin() as db:
            if database.writer is None:
                await db.execute(sa.text("SET LOCAL enable_seqscan = off"))
            found = await db.exec_driver_sql(explain + sql, values)
            plans.append("\n".join(str(row[-1]) for row in found))

    take_over, *leases = plans
    assert "ix_outbox_leased" in take_over
    assert all("ix_outbox_open" in plan and "ix_outbox_lane" in plan for plan in leases)
    lines = [line for plan in plans for line in plan.splitlines() if "USING INDEX" not in line]
    assert not [line for line in lines if "SCAN outbox" in line or "Seq Scan" in line]


async def test_messages_can_be_left_where_they_are(work: SqlWork, database: Database):
    """As Teams asks at times; calendars and what only writes more rows go on."""
    await queue(
        work,
        effect("event", of=1),
        notice("nudge"),
        notice("highlights", kind=Kind.HIGHLIGHTS),
        notice("page", kind=Kind.FAN_OUT),
    )

    claimed = await a_queue(database).exchange((), MONDAY, 9, 0)

    assert keys(claimed) == ["page", "event"]


async def test_of_messages_no_more_are_claimed_than_there_is_room_for(
    work: SqlWork, database: Database
):
    await queue(
        work,
        effect("event", of=1),
        [notice(f"nudge {n}", due_at=MONDAY - n * SECOND) for n in (3, 2, 1)],
        notice("highlights", kind=Kind.HIGHLIGHTS),
        notice("page", kind=Kind.FAN_OUT),
    )

    claimed = await a_queue(database).exchange((), MONDAY, 9, 2)

    assert keys(claimed) == ["page", "nudge 3", "nudge 2", "event"]


async def test_two_replicas_never_claim_one_row(
    work: SqlWork, database: Database, another: Database
):
    await queue(work, [notice(str(n), due_at=MONDAY - n * SECOND) for n in range(200)])
    replicas = [a_queue(db) for db in (database, another, database, another)]

    async def drain(deliveries: SqlDeliveryQueue) -> list[str]:
        mine: list[str] = []
        while claimed := await claim(deliveries, MONDAY, 7):
            mine += keys(claimed)
            await settle(deliveries, [settled(d) for d in claimed])
        return mine

    everybody = await asyncio.gather(*map(drain, replicas))

    assert Counter(chain(*everybody)) == Counter(str(n) for n in range(200))
    assert set((await outbox(work)).values()) == {"sent"}


# --- lanes -----------------------------------------------------------------------------------


async def test_of_one_lane_only_one_is_under_way(work: SqlWork, database: Database):
    await queue(work, effect("1a", of=1), effect("1b", of=1), effect("2a", of=2), notice("nudge"))
    deliveries = a_queue(database)

    first = await claim(deliveries, MONDAY, 9)
    meanwhile = await claim(deliveries, MONDAY, 9)
    await settle(deliveries, [settled(d) for d in first])
    afterwards = await claim(deliveries, MONDAY, 9)

    assert (keys(first), keys(meanwhile), keys(afterwards)) == (["nudge", "1a", "2a"], [], ["1b"])


async def test_a_lane_goes_on_with_what_is_due_while_an_older_row_is_held_back(
    work: SqlWork, database: Database
):
    await queue(work, effect("held", of=1), effect("next", of=1))
    deliveries = a_queue(database)
    [held] = await claim(deliveries, MONDAY, 9)
    await settle(deliveries, [settled(held, Outcome.HELD_BACK, MONDAY + 5 * SECOND)])

    second = await claim(deliveries, MONDAY, 9)
    when_both_are_due = await claim(deliveries, MONDAY + 5 * SECOND, 9)

    assert (keys(second), keys(when_both_are_due)) == (["next"], [])


async def test_a_lane_is_not_given_to_another_replica_either(
    work: SqlWork, database: Database, another: Database
):
    rows = [effect(f"{lane} {n}", of=lane) for n in range(8) for lane in range(5)]
    await queue(work, rows)
    under_way: Counter[int | None] = Counter()
    together = 0

    async def drain(deliveries: SqlDeliveryQueue) -> list[str]:
        nonlocal together
        mine: list[str] = []
        while set((await outbox(work)).values()) != {"sent"}:
            claimed = await claim(deliveries, MONDAY, 3)
            under_way.update(d.notice.session_id for d in claimed)
            together = max(together, *under_way.values(), 0)
            await asyncio.sleep(0.002)
            under_way.subtract(d.notice.session_id for d in claimed)
            await settle(deliveries, [settled(d) for d in claimed])
            mine += keys(claimed)
        return mine

    everybody = await asyncio.gather(*(drain(a_queue(db)) for db in (database, another)))

    assert Counter(chain(*everybody)) == Counter(row.key for row in rows)
    assert together == 1


@ON_POSTGRESQL
async def test_a_replica_whose_clock_is_ahead_waits_for_the_lane_all_the_same(
    work: SqlWork, database: Database, another: Database
):
    """It takes the lane's first row for due while the other has just begun with the second."""
    ahead = MONDAY + 10 * SECOND
    await queue(
        work, effect("first", of=1, due_at=ahead), effect("second", of=1), notice("b", due_at=ahead)
    )
    async with another.writing.connect() as db:
        lease = "UPDATE outbox SET state = 'leased', leased_until = 1e12 WHERE key = 'second'"
        await db.execute(sa.text(lease))
        claiming = asyncio.create_task(claim(a_queue(database), ahead, 9))
        await asyncio.sleep(0.1)
        await db.commit()

    assert keys(await claiming) == ["b"]
    assert await outbox(work) == {"first": "queued", "second": "leased", "b": "leased"}


async def test_replicas_whose_clocks_differ_lose_nothing_and_do_nothing_together(
    work: SqlWork, database: Database, another: Database
):
    """Lanes begin with now the one, now the other row, so that the two meet in every order."""
    ahead = MONDAY + 10 * SECOND
    lanes = range(40)
    for lane in lanes:
        sooner, later = (MONDAY, ahead) if lane % 2 else (ahead, MONDAY)
        first_due, second_due = (sooner - lane * SECOND, later - (40 - lane) * SECOND)
        await queue(
            work,
            effect(f"{lane} a", of=lane, due_at=first_due),
            effect(f"{lane} b", of=lane, due_at=second_due),
        )
    claimed: list[Delivery] = []
    for _ in range(20):
        both = await asyncio.gather(
            claim(a_queue(database), MONDAY, 4), claim(a_queue(another), ahead, 4)
        )
        claimed += chain(*both)

    assert Counter(d.notice.session_id for d in claimed) == Counter(lanes)


# --- leases ----------------------------------------------------------------------------------


async def test_what_a_dead_replica_held_is_taken_over_after_its_lease(
    work: SqlWork, database: Database, another: Database
):
    await queue(work, notice("a"), effect("1a", of=1), effect("1b", of=1))
    await claim(a_queue(database), MONDAY, 9)
    survivor = a_queue(another)

    before = await claim(survivor, MONDAY, 9)
    await leases_run_out(database)
    after = await claim(survivor, MONDAY, 9)

    assert before == []
    assert [(d.notice.key, d.attempts) for d in after] == [("a", 2), ("1a", 2)]


async def test_what_was_taken_over_is_no_longer_settled_by_its_old_owner(
    work: SqlWork, database: Database, another: Database
):
    await queue(work, notice("a"))
    old, new = a_queue(database), a_queue(another)
    [late] = await claim(old, MONDAY, 9)
    await leases_run_out(database)
    [current] = await claim(new, MONDAY, 9)

    await settle(old, [settled(late, Outcome.GIVEN_UP, LATER)])
    assert await outbox(work) == {"a": "leased"}

    await settle(new, [settled(current)])
    await settle(old, [settled(late, Outcome.HELD_BACK, LATER)])
    assert await outbox(work) == {"a": "sent"}


async def test_nor_by_an_earlier_attempt_of_its_own(work: SqlWork, database: Database):
    await queue(work, notice("a"))
    deliveries = a_queue(database)
    [late] = await claim(deliveries, MONDAY, 9)
    await leases_run_out(database)
    [current] = await claim(deliveries, MONDAY, 9)

    await settle(deliveries, [settled(late, Outcome.HELD_BACK, LATER)])
    assert await outbox(work) == {"a": "leased"}

    await settle(deliveries, [settled(current)])
    assert await outbox(work) == {"a": "sent"}


async def test_what_ran_late_but_was_not_taken_over_is_settled(work: SqlWork, database: Database):
    await queue(work, notice("a"))
    deliveries = a_queue(database)
    [late] = await claim(deliveries, MONDAY, 9)

    await leases_run_out(database)
    await settle(deliveries, [settled(late, at=LATER)])

    assert await outbox(work) == {"a": "sent"}


async def test_what_was_withdrawn_in_the_meantime_is_settled_without_a_trace(
    work: SqlWork, database: Database
):
    await queue(work, notice("a"), notice("b"))
    deliveries = a_queue(database)
    a, b = await claim(deliveries, MONDAY, 9)
    await run_sql(database, "DELETE FROM outbox WHERE key = 'a'")

    await settle(deliveries, [settled(a), settled(b)])

    assert await outbox(work) == {"b": "sent"}


async def test_whose_clock_is_ahead_takes_nothing_over_before_its_time(
    work: SqlWork, database: Database, another: Database
):
    await queue(work, notice("a"))
    await claim(a_queue(database), MONDAY, 9)

    assert await claim(a_queue(another), MONDAY + timedelta(hours=1), 9) == []


async def test_nor_does_whose_clock_was_ahead_when_it_died_hold_anything_longer(
    work: SqlWork, database: Database, another: Database
):
    await queue(work, notice("a"))
    await claim(a_queue(database), MONDAY + timedelta(hours=1), 9)
    await leases_run_out(database)

    assert keys(await claim(a_queue(another), MONDAY, 9)) == ["a"]


async def test_a_lease_that_is_renewed_goes_on(
    work: SqlWork, database: Database, another: Database
):
    await queue(work, notice("renewed"), notice("not renewed"))
    holder = a_queue(database)
    claimed = {d.notice.key: d for d in await claim(holder, MONDAY, 9)}
    await leases_run_out(database)
    renewed = claimed["renewed"]
    renewed.lease.extend(0)

    await holder.renew([renewed], MONDAY)

    assert LEASE - 20 < renewed.lease.left() <= LEASE
    assert keys(await claim(a_queue(another), LATER, 9)) == ["not renewed"]


async def test_what_another_has_taken_over_is_not_renewed(
    work: SqlWork, database: Database, another: Database
):
    await queue(work, notice("a"))
    holder = a_queue(database)
    [mine] = await claim(holder, MONDAY, 9)
    await leases_run_out(database)
    [taken] = await claim(a_queue(another), MONDAY, 9)
    mine.lease.extend(0)
    theirs = await leased_until(database)

    await holder.renew([mine], MONDAY)

    assert mine.lease.left() < 0
    assert await leased_until(database) == theirs
    assert taken.lease.left() > 0
    await settle(holder, [settled(mine, Outcome.GIVEN_UP)])
    assert await outbox(work) == {"a": "leased"}


async def test_what_a_replica_of_the_version_before_holds_is_its_own_until_next_at(
    work: SqlWork, database: Database
):
    """It knows of no `leased_until`, and takes what it finds leased with `next_at` in the past."""
    await queue(work, notice("a"), notice("mine"))
    mine = a_queue(database)
    theirs = "UPDATE outbox SET state = 'leased', owner = 'old', next_at = '{}' WHERE key = 'a'"
    await run_sql(database, theirs.format(f"{MONDAY + 30 * SECOND:%Y-%m-%d %H:%M:%S.%f}"))

    before = await claim(mine, MONDAY, 9)
    due = await mine.next_due()
    after = await claim(mine, MONDAY + 31 * SECOND, 9)

    assert (keys(before), due, keys(after)) == (["mine"], MONDAY + 30 * SECOND, ["a"])


async def test_and_what_we_hold_such_a_replica_leaves_alone_for_as_long(
    work: SqlWork, database: Database
):
    await queue(work, notice("a"))
    mine = a_queue(database)

    [held] = await claim(mine, MONDAY, 9)
    assert await next_at(database) == MONDAY + timedelta(seconds=LEASE)
    await mine.renew([held], MONDAY + 20 * SECOND)
    assert await next_at(database) == MONDAY + timedelta(seconds=20 + LEASE)
    await settle(mine, [settled(held, Outcome.HELD_BACK)])
    assert await leased_until(database) is None


async def leased_until(database: Database) -> float | None:
    async with database.reading.connect() as db:
        return (await db.execute(sa.select(table.c.leased_until))).scalar_one()


async def next_at(database: Database) -> datetime:
    async with database.reading.connect() as db:
        return (await db.execute(sa.select(table.c.next_at))).scalar_one()


# --- settling --------------------------------------------------------------------------------


async def test_a_batch_is_settled_each_in_its_own_way(work: SqlWork, database: Database):
    given = [notice(outcome) for outcome in Outcome]
    await queue(work, given)
    deliveries = a_queue(database)
    claimed = {d.notice.key: d for d in await claim(deliveries, MONDAY, 9)}
    at = MONDAY + SECOND

    await settle(
        deliveries,
        [
            Settlement(
                delivery=claimed[outcome],
                outcome=outcome,
                at=at,
                reason=f"{outcome} " * 100,
                activity_id=f"1:{outcome}" if outcome is Outcome.SENT else "",
            )
            for outcome in Outcome
        ],
    )

    async with work(read_only=True) as uow:
        ledger = {row.notice.key: row for row in await uow.outbox.recent(9)}
    assert ledger == {
        outcome: LedgerEntry(
            id=claimed[outcome].id,
            notice=claimed[outcome].notice,
            state=outcome,
            attempts=1,
            last_error=(f"{outcome} " * 100)[:300],
            activity_id="1:sent" if outcome is Outcome.SENT else "",
            settled_at=None if outcome in (Outcome.HELD_BACK, Outcome.QUEUED) else at,
        )
        for outcome in Outcome
    }


async def test_signs_that_no_database_takes_keep_nothing_from_being_noted(
    work: SqlWork, database: Database
):
    await queue(work, notice("a"))
    deliveries = a_queue(database)
    [claimed] = await claim(deliveries, MONDAY, 9)
    odd = Settlement(
        delivery=claimed, outcome=Outcome.SENT, at=MONDAY, reason="\0\ud800", activity_id="1:\0a"
    )

    await settle(deliveries, [odd])

    async with work(read_only=True) as uow:
        [row] = await uow.outbox.recent(9)
    assert (row.state, row.last_error, row.activity_id) == ("sent", "?", "1:a")


async def test_settling_nothing_is_nothing(database: Database):
    await settle(a_queue(database), [])


async def test_what_is_held_back_comes_again_when_its_time_has_come(
    work: SqlWork, database: Database, another: Database
):
    await queue(work, notice("a"))
    deliveries = a_queue(database)
    [first] = await claim(deliveries, MONDAY, 9)
    await settle(deliveries, [settled(first, Outcome.HELD_BACK, MONDAY + 5 * SECOND)])

    too_early = await claim(a_queue(another), MONDAY + 4 * SECOND, 9)
    [again] = await claim(a_queue(another), MONDAY + 5 * SECOND, 9)

    assert too_early == []
    assert (again.notice, again.attempts) == (first.notice, 2)


async def test_what_ended_never_comes_again(work: SqlWork, database: Database):
    ends = [Outcome.SENT, Outcome.DROPPED, Outcome.GIVEN_UP]
    await queue(work, [notice(outcome) for outcome in ends])
    deliveries = a_queue(database)
    claimed = await claim(deliveries, MONDAY, 9)
    await settle(deliveries, [settled(d, Outcome(d.notice.key)) for d in claimed])

    assert await claim(deliveries, MONDAY + timedelta(days=30), 9) == []
    assert await deliveries.next_due() is None


# --- when to look again ----------------------------------------------------------------------


async def test_the_next_look_is_due_with_the_first_row_and_never_with_one_under_way(
    work: SqlWork, database: Database
):
    deliveries = a_queue(database)
    assert await deliveries.next_due() is None

    await queue(
        work,
        notice("nudge", due_at=MONDAY),
        notice("highlights", due_at=MONDAY + 5 * SECOND, kind=Kind.HIGHLIGHTS),
        effect("event", of=1, due_at=MONDAY + 40 * SECOND),
    )
    assert await deliveries.next_due() == MONDAY

    await claim(deliveries, MONDAY, 9)
    assert await deliveries.next_due() == MONDAY + 5 * SECOND

    await claim(deliveries, LATER, 9)
    assert await deliveries.next_due() is None


async def test_what_a_dead_replica_held_is_due_when_its_lease_has_run_out(
    work: SqlWork, database: Database, another: Database
):
    await queue(work, notice("a"))
    await claim(a_queue(database), MONDAY, 9)
    await leases_run_out(database)

    assert await a_queue(another).next_due() == MONDAY


async def test_what_waits_for_its_lane_is_no_reason_to_look(work: SqlWork, database: Database):
    await queue(work, effect("under way", of=1), effect("waits", of=1))
    deliveries = a_queue(database)
    await claim(deliveries, MONDAY, 9)

    assert await deliveries.next_due() is None
