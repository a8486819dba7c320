"""What people did on a programme is kept long enough and then belongs to nobody; their words are gone."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

import store.course_tables as tables
from learning.people import FORGOTTEN, PersonId
from learning.retention import USUAL, Data
from store.person_columns import PERSON_COLUMNS
from store.purge import SqlPurge
from tests.services.desk import Desk
from tests.services.test_retention import a_night
from tests.support.any_rows import counts, put
from tests.support.builders import WEDNESDAY, details
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE, read_sql

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
ASHA, BO = "5c1e-asha", "7a2f-bo"

OF_A_COURSE = [
    table.name
    for table in tables.metadata.sorted_tables
    if any(value is table for value in vars(tables).values()) and table.name in PERSON_COLUMNS
]
"""Every table of courses that names people."""

WRITTEN_ONLY = {"course_answers", "reflections", "set_wishes", "dilemmas", "quotes"}


@pytest.fixture
async def programme(desk: Desk) -> None:
    """A course with Asha and Bo in every table; Bo was there a day later."""
    await desk.publish(details())
    await put(desk.database, "courses", {"code": "C", "edition_id": 1})
    await put(desk.database, "courses", {"code": "D", "edition_id": 1})
    for number, (who, at) in enumerate(((ASHA, MONDAY), (BO, MONDAY + DAY)), 1):
        await everywhere(desk, who, at, number)


async def everywhere(desk: Desk, who: str, at: datetime, number: int) -> None:
    for name in sorted(OF_A_COURSE, key=lambda each: each != "sets"):
        table = tables.metadata.tables[name]
        people = dict.fromkeys(PERSON_COLUMNS[name], who)
        words = {c: f"gAAAAA {who}" for c in ("sealed", "text") if c in table.c}
        ids = {"course_id": 1, "set_id": number, "commitment_id": number, "number": 1}
        await put(desk.database, name, ids | people | words, at)


async def test_every_table_of_courses_is_thought_of(desk: Desk, programme: None):
    desk.clock.set(MONDAY + USUAL[Data.COURSES] + SECOND)
    before = await counts(desk.database)

    assert await a_night(desk).purge() == 1
    assert await a_night(desk).purge() == 0

    left = await standing_in(desk, ASHA)
    assert left == set()
    assert await standing_in(desk, BO) == set(OF_A_COURSE)
    after = await counts(desk.database)
    gone = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert gone == dict.fromkeys(WRITTEN_ONLY, 1)
    stand_ins = {
        who
        for table in (
            "enrolments",
            "step_states",
            "commitments",
            "commitment_checks",
            "set_members",
        )
        for (who,) in await read_sql(desk.database, f"SELECT person_id FROM {table}")  # noqa: S608
        if who.startswith(FORGOTTEN)
    }
    assert len(stand_ins) == 1


async def test_whoever_did_anything_since_stays_as_a_whole(desk: Desk, programme: None):
    await put(
        desk.database,
        "step_states",
        {"course_id": 1, "person_id": ASHA, "step_id": "80-late"},
        MONDAY + 2 * DAY,
    )
    desk.clock.set(MONDAY + USUAL[Data.COURSES] + DAY + SECOND)

    assert await a_night(desk).purge() == 1

    assert await standing_in(desk, ASHA) == set(OF_A_COURSE)
    assert await standing_in(desk, BO) == set()


@ON_SQLITE
async def test_a_live_session_that_is_still_ahead_keeps_who_is_booked_on_it(desk: Desk):
    [live] = await desk.publish(details("LIVE", WEDNESDAY + 3 * USUAL[Data.COURSES]))
    await put(desk.database, "courses", {"code": "C", "edition_id": live.edition_id})
    await put(desk.database, "enrolments", {"course_id": 1, "person_id": "asha"})
    await desk.book(live, "asha")
    async with desk.database.turn(), desk.database.writing.begin() as db:
        await db.execute(sa.text("UPDATE sessions SET course_id = 1"))
    desk.clock.set(MONDAY + USUAL[Data.COURSES] + DAY)

    assert await a_night(desk).purge() == 0

    assert await read_sql(desk.database, "SELECT person_id FROM enrolments") == [("asha",)]


async def test_a_booking_that_is_kept_for_longer_holds_nothing_up(desk: Desk):
    [live] = await desk.publish(details("LIVE"))
    await put(desk.database, "courses", {"code": "C", "edition_id": live.edition_id})
    await put(desk.database, "enrolments", {"course_id": 1, "person_id": "asha"})
    await desk.book(live, "asha")
    async with desk.database.turn(), desk.database.writing.begin() as db:
        await db.execute(sa.text("UPDATE sessions SET course_id = 1"))
    desk.clock.set(WEDNESDAY + timedelta(hours=1) + USUAL[Data.COURSES] + SECOND)

    assert await SqlPurge(desk.database).bite(Data.COURSES, MONDAY + 3 * DAY) == 1
    assert await SqlPurge(desk.database).bite(Data.COURSES, MONDAY + 3 * DAY) == 0

    [(who,)] = await read_sql(desk.database, "SELECT person_id FROM enrolments")
    assert who.startswith(FORGOTTEN)
    assert await read_sql(desk.database, "SELECT person_id FROM bookings") == [("asha",)]


async def test_of_two_replicas_each_takes_different_people(desk: Desk):
    await desk.publish(details())
    await put(desk.database, "courses", {"code": "C", "edition_id": 1})
    for number in range(12):
        row = {"course_id": 1, "person_id": f"p{number:02}"}
        await put(desk.database, "enrolments", row)
        await put(desk.database, "step_states", row | {"step_id": "10"})
    desk.clock.set(MONDAY + USUAL[Data.COURSES] + SECOND)

    taken = await asyncio.gather(*(a_night(desk).purge() for _ in range(2)))

    assert sum(taken) == 12
    pairs = [
        {who for (who,) in await read_sql(desk.database, f"SELECT person_id FROM {table}")}  # noqa: S608
        for table in ("enrolments", "step_states")
    ]
    assert pairs[0] == pairs[1]
    assert len(pairs[0]) == 12


@ON_SQLITE
async def test_who_is_only_enrolled_is_not_forgotten_as_unseen(desk: Desk):
    await desk.publish(details())
    await desk.meet("asha")
    await put(desk.database, "courses", {"code": "C", "edition_id": 1})
    later = MONDAY + 2 * USUAL[Data.PEOPLE]
    await put(desk.database, "enrolments", {"course_id": 1, "person_id": "asha"}, later)
    purge = SqlPurge(desk.database)
    await purge.note_seen(MONDAY)

    assert await purge.unseen(later, besides=(), limit=9) == []
    await desk.people.forget(PersonId("asha"))
    assert await read_sql(desk.database, "SELECT count(*) FROM enrolments") == [(1,)]


async def standing_in(desk: Desk, who: str) -> set[str]:
    """In which of these tables somebody is named, or their words are."""
    found = set[str]()
    async with desk.database.reading.connect() as db:
        for name in OF_A_COURSE:
            rows: list[Any] = list(await db.execute(sa.select(tables.metadata.tables[name])))
            if any(who in repr(tuple(row)) for row in rows):
                found.add(name)
    return found
