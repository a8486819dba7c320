"""Thousands of people in the database, with what is to be sent to them, and what became of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from learning import notices
from learning.bookings import Booking, BookingState
from learning.notices import Kind
from learning.people import Address, Person, PersonId
from learning.sessions import Details, Session
from store import migrate, rows
from store.engine import Database
from store.tables import OPEN, bookings, people
from store.unit_of_work import SqlWork
from tests.bench import servers
from tests.support.databases import read_sql
from tests.support.login import TENANT
from tests.support.now import now

TODAY, LATER = 8, 10
"""Sessions this evening and in a week."""

SUMMARY = (
    "What changes when we take an hour for it? Bring a question of your own: we look at how others"
    " have gone about it, try it out in pairs, and each of us picks one thing to do differently."
)


def midday_zone() -> str:
    """Where it is about eleven: highlights are due there, and the evening is ahead."""
    ahead = 11 - now().hour
    return f"Etc/GMT{-ahead:+d}"


ZONE = midday_zone()
SETTINGS = {"TIMEZONE": ZONE, "HIGHLIGHTS_AT": "00:00"}


async def publish(database: Database, capacity: int | None = None) -> list[Session]:
    """Sessions this evening, which highlights and chat tell of, and later ones, which are returned.

    The later ones have so many places.
    """
    await migrate.upgrade(database)
    await servers.careful(database)
    today = now().astimezone(ZoneInfo(ZONE)).date()
    evening = datetime.combine(today, time(19), ZoneInfo(ZONE))
    week = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
    async with SqlWork(database)() as uow:
        edition = await uow.editions.add("Many people")
        await uow.sessions.add(
            edition.id,
            [_details("T", n, evening + timedelta(minutes=30 * n)) for n in range(TODAY)],
        )
        later = [
            replace(_details("L", n, week + timedelta(hours=2 * n)), capacity=capacity)
            for n in range(LATER)
        ]
        offered = await uow.sessions.add(edition.id, later)
        await uow.commit()
    return offered


def _details(code: str, number: int, starts: datetime) -> Details:
    return Details(
        code=f"{code}{number}",
        title=f"Growth mindset, part {number + 1}: not yet is an answer",
        summary=SUMMARY,
        strand="Everyone has Talent",
        topics=("growth mindset", "learning", "confidence"),
        facilitators=("Learning and development team",),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=25),
        timezone=ZONE,
    )


async def add_people(
    database: Database, population: str, count: int, service_url: str, *, highlights: bool = False
) -> list[PersonId]:
    """People whose chats' ids begin with the population's name."""
    added = [
        Person(
            id=PersonId(f"{population}:{number:06}"),
            name=f"Person {number}",
            address=Address(
                service_url=service_url,
                conversation_id=f"{population}:{number:06}",
                tenant_id=TENANT,
            ),
            wants_highlights=highlights,
        )
        for number in range(count)
    ]
    async with database.turn(), database.writing.begin() as db:
        await db.execute(sa.insert(people), [rows.person_columns(person) for person in added])
    return [person.id for person in added]


async def add_nudges(
    database: Database, offered: Sequence[Session], due: Sequence[tuple[PersonId, datetime]]
) -> None:
    """A booked place for each of them, and one nudge that is due then."""
    asked = now()
    sessions = {session.id: session for session in offered}
    booked: list[Booking] = []
    queued: list[notices.Notice] = []
    for number, (person, at) in enumerate(due):
        session = sessions[offered[number % len(offered)].id]
        booked.append(
            Booking(
                session_id=session.id,
                person_id=person,
                state=BookingState.BOOKED,
                queue_no=session.next_no,
                asked_at=asked,
                changed_at=asked,
            )
        )
        assert session.starts_at is not None
        starts = session.starts_at.isoformat()
        queued.append(notices.to_person(Kind.NUDGE, person, session, at, starts=starts))
        sessions[session.id] = replace(
            session, taken=session.taken + 1, next_no=session.next_no + 1
        )
    async with database.turn(), database.writing.begin() as db:
        await db.execute(sa.insert(bookings), [rows.booking_columns(each) for each in booked])
    async with SqlWork(database)() as uow:
        for session in sessions.values():
            await uow.sessions.save_counts(session)
        await uow.outbox.add(queued)
        await uow.commit()


async def left(database: Database, kind: Kind | None = None) -> int:
    """How many rows of the outbox, of one kind or any, are not yet settled."""
    found = await read_sql(
        database,
        f"SELECT kind, count(*) FROM outbox WHERE {OPEN} GROUP BY kind",  # noqa: S608
    )
    return sum(count for each, count in found if kind in (None, each))


async def states(database: Database) -> dict[str, int]:
    """How many rows of the outbox are in each state."""
    return dict(await read_sql(database, "SELECT state, count(*) FROM outbox GROUP BY state"))


async def under_way(database: Database) -> set[str]:
    """Whose notices somebody has leased."""
    found = await read_sql(database, "SELECT person_id FROM outbox WHERE state = 'leased'")
    return {person for (person,) in found if person}


async def breaches(database: Database) -> list[str]:
    async with SqlWork(database)(read_only=True) as uow:
        return await uow.audit(now())


def twice(taken: Sequence[tuple[str, float]]) -> set[str]:
    """To whom something came more than once."""
    return {who for who, count in Counter(who for who, _ in taken).items() if count > 1}
