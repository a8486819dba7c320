"""All that is kept about one person is shown to them, and none of it is left once they are forgotten."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from learning.notices import FanOut, Kind
from learning.people import Person, PersonId
from learning.profiles import ProfilePage
from services.ports.personal import Part
from store.engine import Database
from store.person_columns import PERSON_COLUMNS
from store.personal import NOT_PERSONAL, NOT_SHOWN, OF_OTHERS, WRITTEN
from store.tables import metadata
from tests.services.desk import Desk
from tests.support.any_rows import counts, put
from tests.support.builders import WEDNESDAY, address, details, person, queue
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE, read_sql

ASHA = Person(
    id=PersonId("5c1e6f0a-asha"),
    name="Asha Ünforgettable",
    email="asha.u@example.org",
    teams_id="29:asha-teams",
    address=address("asha-chat"),
    wants_highlights=True,
)
SECRETS = (ASHA.id, ASHA.name, ASHA.email, ASHA.teams_id, "asha-chat")
BO = PersonId("bo-0001")
USUAL: dict[str, Any] = {
    "idea_id": 1,
    "kind": "message",
    "settled_at": MONDAY,
    "state": "cancelled",
    "what": "exported",
}


STATES: dict[str, dict[str, Any]] = {
    "errands": {"file_name": "bookings.csv", "file": f"{ASHA.id};{ASHA.email}".encode()},
    "feedback_releases": {"stars": [0, 0, 0, 1, 0]},
    "attendance": {"state": "attended", "source": "teams"},
    "attendance_changes": {"state": "attended", "source": "correction"},
}


async def everywhere(desk: Desk) -> None:
    """Asha in every column that names people, and her name and address wherever people write."""
    [session] = await desk.publish(details())
    await desk.meet(ASHA, person(BO))
    usual = USUAL | {"session_id": session.id, "edition_id": session.edition_id}
    for table in metadata.sorted_tables:
        columns = PERSON_COLUMNS.get(table.name, ())
        texts = {c: written(table.c[c]) for name, c in WRITTEN if name == table.name}
        for column in columns or ("",):
            named = {c: str(ASHA.id) if c == column else str(BO) for c in columns}
            if table.name not in {"editions", "sessions", "people"}:
                await put(
                    desk.database, table.name, usual | named | texts | STATES.get(table.name, {})
                )


def written(column: sa.Column[Any]) -> Any:
    said = f"Asked {ASHA.name.upper()} ({ASHA.email}), account {ASHA.id}."
    return {"Room": [said, said]} if isinstance(column.type, sa.JSON) else said


async def test_every_table_is_shown_or_left_out_for_a_reason():
    """Whoever adds a table says here what it holds of people."""
    assert set(PERSON_COLUMNS) | set(NOT_PERSONAL) == set(metadata.tables)
    assert set(PERSON_COLUMNS) & set(NOT_PERSONAL) == set()
    for name, columns in PERSON_COLUMNS.items():
        assert set(columns) <= set(metadata.tables[name].c.keys())
    for table in metadata.tables.values():
        for column in table.c:
            if column.name.endswith(("_by", "by_id", "person_id")) or column.name in {
                "who",
                "editor",
            }:
                assert column.name in PERSON_COLUMNS[table.name], f"{column} names people"
    assert all(reason for reason in (*NOT_PERSONAL.values(), *NOT_SHOWN.values()))


async def test_wherever_people_write_they_may_have_written_of_somebody():
    """Whoever adds a column of text says here that no person is named in it, or has it scrubbed."""
    columns = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, sa.Text | sa.JSON)
    }
    ids = {"meeting", "report", "record", "meeting_id", "event_id", "registrant_id", "activity_id"}
    addresses = {"service_url", "conversation_id", "join_url", "link", "watch_url"}
    figures = {"times", "figures", "patterns", "spans", "stars", "sealed"}
    is_programme = {"sessions", "hub_items", "hub_list", "courses"}
    choices = {("set_wishes", "can"), ("set_wishes", "prefers"), ("quotes", "places")}

    assert {
        (table, name)
        for table, name in columns
        if table not in is_programme and name not in ids | addresses | figures
    } - choices | {("attendance", "name")} == set(WRITTEN)


async def test_what_is_shown_is_every_column_of_everything_about_them(desk: Desk):
    await everywhere(desk)

    parts = {part.table: part for part in await held(desk, ASHA.id)}

    assert set(parts) == set(PERSON_COLUMNS)
    for name, part in parts.items():
        columns = {f"{name}.{c.name}" for c in metadata.tables[name].c} - set(NOT_SHOWN)
        told = {f"{name}.{'session_id' if c == 'session' else c}" for c in part.rows[0]}
        assert told == columns
        others = [c for c in PERSON_COLUMNS[name] if f"{name}.{c}" not in OF_OTHERS]
        if name != "people":
            assert len(part.rows) == len(others)
            assert all("you" in row.values() for row in part.rows)
    assert str(BO) not in str([p.rows for p in parts.values() if p.table != "person_profiles"])
    assert parts["bookings"].rows[0]["session"] == "GM1: Session GM1"
    assert parts["feedback"].rows[0]["given_at"] == "2026-05-18T08:00:00+00:00"


async def test_of_a_stranger_there_is_nothing(desk: Desk):
    await everywhere(desk)

    assert await held(desk, PersonId("nobody-0000")) == []


async def test_forgetting_takes_every_trace_out_of_every_table_and_leaves_the_counts(desk: Desk):
    await everywhere(desk)
    before = await counts(desk.database)
    assert set(SECRETS) - await found(desk.database, *SECRETS) == set()

    await desk.people.forget(ASHA.id)

    assert await found(desk.database, *SECRETS) == set()
    after = await counts(desk.database)
    gone = {name: before[name] - after[name] for name in before if before[name] > after[name]}
    assert gone == {
        "calendar_keys": 1,
        "champions": 1,
        "check_in_helpers": 1,
        "conversation_state": 1,
        "course_answers": 1,
        "dilemmas": 1,
        "last_seen": 1,
        "person_profiles": 1,
        "quotes": 1,
        "reflections": 1,
        "set_wishes": 1,
        "wants_again": 1,
    }
    assert await held(desk, ASHA.id) == []


@ON_SQLITE
async def test_a_name_of_one_word_is_left_in_what_others_wrote(desk: Desk):
    """It may mean anybody, and any thing."""
    await desk.meet(replace(person("asha"), name="May"))
    await put(desk.database, "ideas", {"text": "Start in May", "state": "open"})

    await desk.people.forget(PersonId("asha"))

    assert await read_sql(desk.database, "SELECT text FROM ideas") == [("Start in May",)]


async def test_a_name_is_taken_out_as_a_whole_and_in_any_case(desk: Desk):
    await desk.meet(replace(person("asha-1"), name="Ann Lee"))
    await put(desk.database, "ideas", {"text": "With ANN LEE, not Joann Leeds", "state": "open"})

    await desk.people.forget(PersonId("asha-1"))

    found_now = await read_sql(desk.database, "SELECT text FROM ideas")
    assert found_now == [("With [removed], not Joann Leeds",)]


async def test_pages_of_a_fan_out_go_on_after_who_is_forgotten(desk: Desk):
    """The next page begins after somebody: it must still come to everybody else, once."""
    for name in ("a-person", "c-person"):
        await desk.meet(person(name, wants_highlights=True))
    page = FanOut(day=WEDNESDAY.date(), zone=None, began=MONDAY, after=PersonId("b-person"))
    weekend = ProfilePage(saturday=WEDNESDAY.date(), after=PersonId("b-person"))
    await queue(desk.work, page.notice(MONDAY), weekend.notice(MONDAY))

    await desk.people.forget(PersonId("b-person"))

    assert await found(desk.database, "b-person") == set()
    [row] = await desk.owed(Kind.FAN_OUT)
    left = FanOut.of(row)
    async with desk.work(read_only=True) as uow:
        still = await uow.people.wanting_highlights(None, after=left.after, limit=9)
    assert still == ["c-person"]


async def held(desk: Desk, person_id: PersonId) -> list[Part]:
    async with desk.work(read_only=True) as uow:
        return await uow.personal.of_person(person_id)


async def found(database: Database, *secrets: str) -> set[str]:
    """Which of these stand anywhere in the database."""
    there = set[str]()
    async with database.reading.connect() as db:
        for table in metadata.tables.values():
            for row in await db.execute(sa.select(table)):
                told = repr(tuple(row)).casefold()
                there |= {s for s in secrets if s.casefold() in told}
    return there
