"""The booking rush: 1,000 people press for 10 sessions of 15 places, on both databases."""

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from integrations.clock import SystemClock
from learning.notices import NudgeRules, QuietHours
from learning.people import Person, PersonId
from learning.sessions import Details, Session, SessionId
from services.booking import BookingService
from services.places import Places
from store import migrate
from store.engine import Database, open_database
from store.tables import bookings, outbox, people, sessions
from store.unit_of_work import SqlWork
from tests.bench.servers import careful
from tests.support.databases import postgres

PEOPLE, SESSIONS, CAPACITY, AT_ONCE = 1000, 10, 15, 64
RULES = NudgeRules(
    before=(timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)),
    quiet=QuietHours(start=clock_time(20), end=clock_time(7, 30)),
)


def run() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        wrong = asyncio.run(_on("SQLite", f"sqlite:///{Path(folder) / 'rush.db'}"))
    with postgres() as server, server.copy() as url:
        return wrong + asyncio.run(_on("PostgreSQL", url))


async def _on(name: str, url: str) -> list[str]:
    database = open_database(url)
    await migrate.upgrade(database)
    await careful(database)
    work = SqlWork(database)
    offered = await _prepare(work)
    presses = [(PersonId(f"p{i}"), offered[i % SESSIONS]) for i in range(PEOPLE)]
    random.Random(1).shuffle(presses)
    service = BookingService(work, SystemClock(), Places(RULES, ZoneInfo("Europe/London")))
    booked = await _rate([_press(service, p, s) for p, s in presses])
    async with work(read_only=True) as uow:
        breaches = await uow.audit(datetime.now(UTC))  # noqa: TID251 -- a benchmark's own clock
        taken = sum(s.taken for s in await uow.sessions.all())
    bare = await bare_rate(database, [(p, s.id) for p, s in presses])
    await database.close()
    print(
        f"{name}: {booked:.0f} bookings/s; yardstick, the bare transaction: {bare:.0f}/s "
        f"({booked / bare:.2f} of it); {taken} booked of {SESSIONS * CAPACITY} places, "
        f"{PEOPLE - taken} waiting, {len(breaches)} breaches",
        flush=True,
    )
    if taken != SESSIONS * CAPACITY:
        breaches.append(f"{taken} booked of {SESSIONS * CAPACITY} places")
    return [f"{name}: {each}" for each in breaches]


async def _prepare(work: SqlWork) -> list[Session]:
    start = datetime.now(UTC) + timedelta(days=7)  # noqa: TID251 -- a benchmark's own clock
    async with work() as uow:
        edition = await uow.editions.add("Rush")
        details = [
            Details(
                code=f"R{i}",
                title=f"Session {i}",
                capacity=CAPACITY,
                starts_at=start + timedelta(hours=2 * i),
                ends_at=start + timedelta(hours=2 * i + 1),
            )
            for i in range(SESSIONS)
        ]
        added = await uow.sessions.add(edition.id, details)
        for i in range(PEOPLE):
            await uow.people.save(Person(id=PersonId(f"p{i}")))
        await uow.commit()
    return added


async def _press(service: BookingService, person: PersonId, session: Session) -> None:
    await service.book(person, session.id)


async def bare_rate(database: Database, presses: Sequence[tuple[PersonId, SessionId]]) -> float:
    return await _rate([bare_transaction(database, *each) for each in presses])


async def bare_transaction(
    database: Database, person: PersonId, session_id: SessionId, unique: str = ""
) -> None:
    """What a booking writes, without a rule: lock, insert, count, queue, commit."""
    now = datetime.now(UTC)  # noqa: TID251 -- a benchmark's own clock
    async with database.turn(), database.writing.begin() as db:
        row = sa.select(sessions.c.next_no).where(sessions.c.id == session_id).with_for_update()
        number = (await db.execute(row)).scalar_one()
        await db.execute(
            sa.update(bookings)
            .where(bookings.c.session_id == session_id, bookings.c.person_id == person)
            .values(changed_at=now)
        )
        await db.execute(
            sa.update(sessions).where(sessions.c.id == session_id).values(next_no=number + 1)
        )
        await db.execute(sa.update(people).where(people.c.id == person).values(unreachable=""))
        await db.execute(
            sa.insert(outbox).values(
                kind="nudge",
                key=f"bare:{person}:{unique}",
                priority=30,
                payload={},
                due_at=now + timedelta(days=6),
                next_at=now + timedelta(days=6),
                state="queued",
                attempts=0,
                owner="",
                last_error="",
                activity_id="",
            )
        )


async def _rate(jobs: list[Awaitable[None]]) -> float:
    """Jobs done in a second, so many under way at once."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(job: Awaitable[None]) -> None:
        async with places:
            await job

    begun = time.perf_counter()
    await asyncio.gather(*(one(job) for job in jobs))
    return len(jobs) / (time.perf_counter() - begun)
