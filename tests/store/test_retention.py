"""A row that was settled long ago is counted and removed, both or neither."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from learning.notices import Kind
from store import retention
from store.engine import Database
from store.retention import SqlRetention
from store.unit_of_work import SqlWork
from tests.support.builders import notice, outbox, queue
from tests.support.clocks import MONDAY, FixedClock
from tests.support.databases import read_sql, run_sql

DAY = timedelta(days=1)
LONG_AGO = MONDAY - 31 * DAY
BITE = 5
ROOT = Path(__file__).parents[2]
COUNTED = "SELECT coalesce(sum(count), 0) FROM mailing_totals"


@pytest.fixture
def small_bites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BITE", BITE)


async def test_what_was_settled_a_month_ago_is_counted_by_state_and_reason(
    work: SqlWork, database: Database
):
    for number in range(3):
        await written(work, database, f"a{number}", "sent", LONG_AGO + number * timedelta(hours=1))
    await written(work, database, "b", "given_up", LONG_AGO, reason="ConversationBlockedByUser")
    await run_sql(database, "UPDATE outbox SET session_id = 7")

    assert await count_old(database) == 4

    assert await outbox(work) == {}
    assert await totals(database) == [
        ("nudge:7:x", "given_up", "ConversationBlockedByUser", "nudge", 7, 1),
        ("nudge:7:x", "sent", "", "nudge", 7, 3),
    ]
    assert await last_due(database, "sent") == LONG_AGO + timedelta(hours=2)


async def test_later_nights_add_to_what_is_counted(work: SqlWork, database: Database):
    await written(work, database, "first", "sent", LONG_AGO)
    await count_old(database)
    await written(work, database, "second", "sent", LONG_AGO + timedelta(hours=1))
    await count_old(database)

    assert await totals(database) == [("nudge:7:x", "sent", "", "nudge", None, 2)]
    assert await last_due(database, "sent") == LONG_AGO + timedelta(hours=1)


async def test_what_is_open_young_or_due_ahead_stays(work: SqlWork, database: Database):
    """A nudge that was hurried would be written again while it is due ahead."""
    for state in ("queued", "leased", "held_back"):
        await written(work, database, state, state, LONG_AGO)
    await written(work, database, "young", "sent", MONDAY - 29 * DAY)
    await written(work, database, "hurried", "sent", MONDAY + DAY, settled=LONG_AGO)

    assert await count_old(database) == 0

    assert set(await outbox(work)) == {"queued", "leased", "held_back", "young", "hurried"}
    assert await totals(database) == []


async def test_pages_of_a_fan_out_and_rows_without_a_mailing_are_counted_by_their_kind(
    work: SqlWork, database: Database
):
    await written(work, database, "page", "sent", LONG_AGO, kind=Kind.FAN_OUT)
    await written(work, database, "older version", "sent", LONG_AGO, mailing="")

    await count_old(database)

    assert await totals(database) == [
        ("fan_out", "sent", "", "fan_out", None, 1),
        ("nudge", "sent", "", "nudge", None, 1),
    ]


def stop(counting: asyncio.Task[int]) -> None:
    counting.cancel()


def fail(_: asyncio.Task[int]) -> None:
    raise ConnectionError("the database went away")


@pytest.mark.usefixtures("small_bites")
@pytest.mark.parametrize("moment", ["before_cursor_execute", "after_cursor_execute", "commit"])
@pytest.mark.parametrize("happening", [stop, fail])
async def test_broken_off_at_any_moment_a_row_is_counted_or_still_there(
    work: SqlWork,
    database: Database,
    moment: str,
    happening: Callable[[asyncio.Task[int]], None],
):
    """The moments are those of three bites and of the look that finds no more."""
    for number in range(1, 10):
        await run_sql(database, "DELETE FROM outbox", "DELETE FROM mailing_totals")
        await many(work, database, 3 * BITE)

        await break_off(database, moment, number, happening)

        counted = await number_counted(database)
        assert counted + len(await outbox(work)) == 3 * BITE
        assert counted % BITE == 0

    await count_old(database)
    assert await number_counted(database) == 3 * BITE


COUNTING = """
import asyncio, sys
from store import retention
from store.engine import open_database
from tests.support.clocks import FixedClock

retention.BITE = 5
asyncio.run(retention.SqlRetention(open_database(sys.argv[1]), FixedClock(), pause=0).count_old())
"""


async def test_killed_in_the_middle_a_row_is_counted_or_still_there(
    work: SqlWork, database: Database, database_url: str
):
    await many(work, database, 5_000)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", COUNTING, database_url, cwd=ROOT
    )
    try:
        while not await number_counted(database):  # noqa: ASYNC110 -- another process calls nobody
            await asyncio.sleep(0.01)
    finally:
        process.kill()
        await process.wait()

    counted = await number_counted(database)
    assert 0 < counted < 5_000
    assert counted + len(await outbox(work)) == 5_000


@pytest.mark.usefixtures("small_bites")
async def test_replicas_that_count_at_once_count_each_row_once(
    work: SqlWork, database: Database, another: Database
):
    await many(work, database, 20 * BITE)

    shares = await asyncio.gather(*(count_old(d) for d in (database, another, database)))

    assert sum(shares) == await number_counted(database) == 20 * BITE
    assert await outbox(work) == {}


@pytest.mark.usefixtures("small_bites")
async def test_others_write_between_two_bites(work: SqlWork, database: Database):
    """On SQLite too, where there is one writer."""
    await many(work, database, 3 * BITE)
    task = asyncio.create_task(count_old(database, pause=3600))
    while not await number_counted(database):  # noqa: ASYNC110 -- a table calls nobody
        await asyncio.sleep(0.01)

    await queue(work, notice("meanwhile"))

    assert not task.done()
    assert await number_counted(database) == BITE
    assert "meanwhile" in await outbox(work)
    task.cancel()
    await asyncio.wait([task])


async def written(
    work: SqlWork,
    database: Database,
    key: str,
    state: str,
    due: datetime,
    *,
    settled: datetime | None = None,
    reason: str = "",
    kind: Kind = Kind.NUDGE,
    mailing: str = "nudge:7:x",
) -> None:
    """A row as the sender left it."""
    is_open = state in ("queued", "leased", "held_back")
    await queue(work, notice(key, due_at=due, kind=kind, mailing=mailing))
    await run_sql(
        database,
        f"UPDATE outbox SET state = '{state}', last_error = '{reason}' WHERE key = '{key}'",  # noqa: S608 -- our own
    )
    if not is_open:
        at = (settled or due).replace(tzinfo=None)
        zone = "" if database.near is not None else "+00:00"
        await run_sql(
            database,
            f"UPDATE outbox SET settled_at = '{at:%Y-%m-%d %H:%M:%S.%f}{zone}' WHERE key = '{key}'",  # noqa: S608 -- our own
        )


async def many(work: SqlWork, database: Database, count: int) -> None:
    sent = [notice(str(n), due_at=LONG_AGO, mailing=f"nudge:{n % 3}:x") for n in range(count)]
    await queue(work, sent)
    await run_sql(database, "UPDATE outbox SET state = 'sent', settled_at = due_at")


async def count_old(database: Database, pause: float = 0) -> int:
    return await SqlRetention(database, FixedClock(), pause=pause).count_old()


async def break_off(
    database: Database, moment: str, number: int, happening: Callable[[asyncio.Task[int]], None]
) -> None:
    """Let this happen when the connection comes to the moment for the nth time."""
    left = number
    counting = asyncio.create_task(count_old(database))

    def look(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            happening(counting)

    event.listen(database.writing.sync_engine, moment, look)
    await asyncio.wait([counting])
    event.remove(database.writing.sync_engine, moment, look)


async def number_counted(database: Database) -> int:
    return int((await read_sql(database, COUNTED))[0][0])


async def totals(database: Database) -> list[tuple[object, ...]]:
    return await read_sql(
        database,
        "SELECT mailing, state, reason, kind, session_id, count FROM mailing_totals ORDER BY 1, 2",
    )


async def last_due(database: Database, state: str) -> datetime:
    async with SqlWork(database)(read_only=True) as uow:
        [tally] = [t for t in await uow.ledger.totals() if t.state == state]
    return tally.last
