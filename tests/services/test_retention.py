"""What was kept long enough goes by itself: nobody is known by it any more, and every count stays."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from learning.attendance import FORGOTTEN_MARK, Outcome, Presence, Record, Source
from learning.people import FORGOTTEN, PersonId
from learning.retention import USUAL, YEAR, Data
from learning.sessions import Session
from services.ports.journal import Entry, What
from services.retention import RetentionService
from store import purge
from store.conversations import SqlConversationStore
from store.purge import SqlPurge
from store.tables import metadata
from tests.services.desk import Desk
from tests.support.any_rows import counts, put
from tests.support.builders import WEDNESDAY, details, person
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE, read_sql

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
ASHA, BO, ORLA = PersonId("asha"), PersonId("bo"), PersonId("orla")
THURSDAY = WEDNESDAY + DAY
END = THURSDAY + HOUR
"""When the last session of the edition ends."""


@pytest.fixture
async def week(desk: Desk) -> list[Session]:
    """Two sessions with two people on each, of whom it was noted who was there."""
    sessions = await desk.publish(details("GM1"), details("MC1", THURSDAY))
    for session in sessions:
        await desk.book(session, "asha", "bo")
        await attended(desk, session, ASHA, BO)
    return sessions


def a_night(desk: Desk, **more: Any) -> RetentionService:
    periods = {**USUAL, **more.pop("periods", {})}
    return RetentionService(
        SqlPurge(desk.database), desk.people, desk.clock, periods=periods, pause=0, **more
    )


# --- bookings, and who was there -----------------------------------------------------------------


async def test_an_edition_keeps_its_people_until_the_period_is_over(
    desk: Desk, week: list[Session]
):
    desk.clock.set(END + USUAL[Data.BOOKINGS])

    assert await a_night(desk).purge() == 0

    assert await named(desk, "bookings", "person_id") == ["asha", "bo"]
    assert await named(desk, "attendance", "who") == ["asha", "bo"]


async def test_then_nobody_is_known_by_it_and_every_count_stays(desk: Desk, week: list[Session]):
    before, figures = await counts(desk.database), await standing(desk)
    desk.clock.set(END + USUAL[Data.BOOKINGS] + SECOND)

    assert await a_night(desk).purge() == len((ASHA, BO, ORLA))

    for table, column in (
        ("bookings", "person_id"),
        ("attendance", "who"),
        ("attendance", "changed_by"),
        ("attendance_records", "who"),
        ("attendance_changes", "who"),
        ("attendance_changes", "changed_by"),
    ):
        assert [n for n in await named(desk, table, column) if n in ("asha", "bo", "orla")] == []
    assert await read_sql(desk.database, "SELECT DISTINCT why FROM attendance") == [("",)]
    after = await counts(desk.database)
    gone = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert set(gone) == {"people", "last_seen", "outbox"}
    assert await standing(desk) == figures
    assert await desk.breaches() == []


async def test_how_many_different_people_came_is_known_afterwards_too(
    desk: Desk, week: list[Session]
):
    """Each of them is one stand-in in the whole edition, and another one in the next."""
    [later] = await desk.publish(details("NEXT", THURSDAY + 180 * DAY), edition="Autumn")
    await desk.book(later, "asha")
    desk.clock.set(END + USUAL[Data.BOOKINGS] + 180 * DAY + SECOND)

    await a_night(desk).purge()

    booked = dict[str, set[str]]()
    rows = await read_sql(desk.database, "SELECT person_id, session_id FROM bookings")
    for who, session in rows:
        booked.setdefault(who, set()).add(session)
    assert sorted(len(theirs) for theirs in booked.values()) == [1, 2, 2]
    assert all(who.startswith(FORGOTTEN) for who in booked)
    there = await read_sql(desk.database, "SELECT DISTINCT who FROM attendance")
    assert {who for (who,) in there} <= set(booked)


async def test_an_edition_that_goes_on_for_years_loses_its_people_session_by_session(desk: Desk):
    first, second = await desk.publish(details("ONE"), details("TWO", WEDNESDAY + 3 * YEAR))
    for session in (first, second):
        await desk.book(session, "asha")
    desk.clock.set(WEDNESDAY + 3 * YEAR)

    assert await a_night(desk).purge() == 0
    desk.clock.advance(HOUR + SECOND)
    assert await a_night(desk).purge() == 1

    assert (await desk.bookings_of(first))[0].person_id.startswith(FORGOTTEN)
    assert (await desk.bookings_of(second))[0].person_id == ASHA


@ON_SQLITE
async def test_guests_and_marks_are_no_people(desk: Desk, week: list[Session]):
    """What stands for a guest names nobody, and a mark is known by no name."""
    guest = Outcome(
        session_id=week[0].id,
        who="guest:1",
        state=Presence.ATTENDED,
        source=Source.CHECK_IN,
        changed_at=MONDAY,
    )
    async with desk.work() as uow:
        await uow.attendance.save([guest])
        await uow.commit()
    desk.clock.set(END + USUAL[Data.BOOKINGS] + SECOND)

    await a_night(desk).purge()

    assert "guest:1" in await named(desk, "attendance", "who")


@ON_SQLITE
async def test_who_helped_or_edited_the_list_is_not_known_either(desk: Desk, week: list[Session]):
    helped = {"session_id": week[0].id, "person_id": "asha", "allowed_by": "orla"}
    await put(desk.database, "check_in_helpers", helped)
    await put(desk.database, "hub_items", {"session_id": week[0].id, "editor": "orla"})
    desk.clock.set(END + USUAL[Data.BOOKINGS] + SECOND)

    await a_night(desk).purge()

    assert await read_sql(desk.database, "SELECT * FROM check_in_helpers") == []
    assert await read_sql(desk.database, "SELECT editor FROM hub_items") == [(None,)]


@ON_SQLITE
async def test_many_people_leave_in_bites_and_two_replicas_take_each_of_them_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(purge, "PEOPLE_AT_ONCE", 3)
    [session] = await desk.publish(details(capacity=20))
    await desk.book(session, *(f"p{n}" for n in range(10)))
    desk.clock.set(WEDNESDAY + HOUR + USUAL[Data.BOOKINGS] + SECOND)

    first = SqlPurge(desk.database)
    before = desk.clock.now() - USUAL[Data.BOOKINGS]
    bites = [await first.bite(Data.BOOKINGS, before) for _ in range(5)]

    assert bites == [3, 3, 3, 1, 0]
    assert len(set(await named(desk, "bookings", "person_id"))) == 10


async def test_replicas_at_the_same_hour_leave_one_stand_in_for_each(
    desk: Desk, other_desk: Desk, week: list[Session]
):
    for each in (desk, other_desk):
        each.clock.set(END + USUAL[Data.BOOKINGS] + SECOND)

    await asyncio.gather(a_night(desk).purge(), a_night(other_desk).purge())

    there = await read_sql(desk.database, "SELECT id FROM people WHERE id LIKE 'forgotten:%'")
    assert {who for (who,) in there} == set(await named(desk, "bookings", "person_id"))


# --- what people said and wished for -------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "table", "since", "row", "left"),
    [
        (
            Data.FEEDBACK,
            "feedback",
            "changed_at",
            {
                "who": "asha",
                "stars": 4,
                "helped": True,
                "comment": "Good",
                "given_at": MONDAY,
                "changed_at": MONDAY,
            },
            {"who": FORGOTTEN, "stars": 4, "helped": True, "comment": ""},
        ),
        (
            Data.FEEDBACK,
            "feedback_releases",
            "released_at",
            {
                "stars": [0, 0, 0, 5, 0],
                "helped": 5,
                "not_helped": 0,
                "comments": ["Good"],
                "released_at": MONDAY,
            },
            {"comments": [], "helped": 5},
        ),
        (
            Data.IDEAS,
            "ideas",
            "made_at",
            {"text": "Sign language", "person_id": "asha", "made_at": MONDAY, "state": "open"},
            {"person_id": FORGOTTEN, "text": "Sign language"},
        ),
        (
            Data.IDEAS,
            "themes",
            "opened_at",
            {"question": "What?", "opened_by": "orla", "opened_at": MONDAY},
            {"opened_by": FORGOTTEN, "question": "What?"},
        ),
        (Data.WISHES, "wants_again", "asked_at", {"person_id": "asha", "asked_at": MONDAY}, None),
        (
            Data.WORDS,
            "missed_words",
            "asked_on",
            {"word": "welding", "mark": "m", "asked_on": MONDAY.date()},
            None,
        ),
        (
            Data.JOURNAL,
            "past_editions",
            "imported_at",
            {"name": "Then", "figures": {}, "imported_by": "orla", "imported_at": MONDAY},
            {"imported_by": "", "name": "Then"},
        ),
    ],
)
async def test_just_inside_its_period_it_stays_and_just_outside_it_goes(
    desk: Desk,
    data: Data,
    table: str,
    since: str,
    row: dict[str, Any],
    left: Mapping[str, Any] | None,
):
    [session] = await desk.publish(details())
    await put(desk.database, table, row | {"session_id": session.id})
    before = await only(desk, table)
    is_day = data is Data.WORDS
    desk.clock.set(MONDAY + USUAL[data])

    assert await a_night(desk).purge() == 0
    assert await only(desk, table) == before

    desk.clock.advance(DAY if is_day else SECOND)
    assert await a_night(desk).purge() == 1
    assert await a_night(desk).purge() == 0

    after = await only(desk, table)
    if left is None:
        assert after is None
    else:
        assert after is not None
        for name, value in left.items():
            found = str(after[name])[: len(FORGOTTEN)] if value == FORGOTTEN else after[name]
            assert found == value


async def test_who_supported_an_idea_is_not_known_for_ever(desk: Desk):
    await put(
        desk.database,
        "ideas",
        {"text": "Welding", "person_id": "asha", "made_at": MONDAY + DAY, "state": "open"},
    )
    [(idea,)] = await read_sql(desk.database, "SELECT id FROM ideas")
    for who in ("bo", "cy"):
        row = {"idea_id": idea, "person_id": who, "supported_at": MONDAY}
        await put(desk.database, "idea_supports", row)
    desk.clock.set(MONDAY + USUAL[Data.IDEAS] + SECOND)

    await a_night(desk).purge()

    supporters = await named(desk, "idea_supports", "person_id")
    assert len(supporters) == 2
    assert all(who.startswith(FORGOTTEN) for who in supporters)
    assert await named(desk, "ideas", "person_id") == ["asha"]


async def test_the_journal_is_trimmed_at_its_far_end(desk: Desk):
    async with desk.work() as uow:
        for at in (MONDAY, MONDAY + DAY):
            await uow.journal.note(
                Entry(at=at, by_id=ORLA, what=What.EXPORTED, subject="bookings", person_id=ASHA)
            )
        await uow.commit()
    desk.clock.set(MONDAY + USUAL[Data.JOURNAL] + SECOND)

    assert await a_night(desk).purge() == 1

    async with desk.work(read_only=True) as uow:
        assert [entry.at for entry in await uow.journal.latest(10)] == [MONDAY + DAY]


@ON_SQLITE
async def test_what_is_set_holds_instead_of_the_usual(desk: Desk, week: list[Session]):
    desk.clock.set(END + 30 * DAY + SECOND)

    assert await a_night(desk, periods={Data.BOOKINGS: 30 * DAY}).purge() == 3


# --- people of whom nothing else is kept ---------------------------------------------------------


async def test_who_has_not_been_seen_for_long_and_has_no_part_in_it_is_forgotten(desk: Desk):
    await desk.meet("asha")
    await a_night(desk).purge()
    desk.clock.advance(USUAL[Data.PEOPLE])
    assert await a_night(desk).purge() == 0

    desk.clock.advance(SECOND)
    assert await a_night(desk).purge() == 1

    assert await desk.people.find(ASHA) is None
    assert await read_sql(desk.database, "SELECT * FROM last_seen") == []


async def test_who_talks_now_and_then_stays_though_the_talk_is_forgotten(desk: Desk):
    await desk.meet("asha")
    await a_night(desk).purge()
    talk = SqlConversationStore(desk.database, desk.clock)
    desk.clock.advance(YEAR)
    await talk.save(ASHA, {"shown": {}}, 0)
    await a_night(desk).purge()
    desk.clock.advance(31 * DAY)
    assert await talk.forget_old() == 1

    desk.clock.set(MONDAY + YEAR + USUAL[Data.PEOPLE])
    await a_night(desk).purge()
    stayed = await desk.people.find(ASHA)
    desk.clock.advance(SECOND)
    await a_night(desk).purge()

    assert (stayed, await desk.people.find(ASHA)) == (person("asha"), None)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("champions", {"person_id": "asha", "group_name": "Housing", "named_by": "orla"}),
        ("champions", {"person_id": "orla", "group_name": "Housing", "named_by": "asha"}),
        ("wants_again", {"person_id": "asha"}),
        ("changes", {"by_id": "asha", "person_id": "", "what": "exported", "subject": "x"}),
    ],
)
async def test_who_has_a_part_in_the_week_stays(desk: Desk, table: str, row: dict[str, Any]):
    [session] = await desk.publish(details())
    await desk.meet("asha")
    await a_night(desk).purge()
    desk.clock.advance(YEAR)
    await put(desk.database, table, row | {"session_id": session.id}, now=desk.clock.now())
    desk.clock.advance(YEAR + DAY)

    await a_night(desk).purge()

    assert await desk.people.find(ASHA) == person("asha")


@ON_SQLITE
async def test_who_has_a_booking_named_organises_or_wants_highlights_stays(desk: Desk):
    [session] = await desk.publish(details())
    await desk.book(session, "bo")
    reads = person("cy", wants_highlights=True)
    gone = person("di", wants_highlights=True, unreachable="blocked")
    await desk.meet("asha", "orla", reads, gone)
    night = a_night(desk, organisers=[ORLA])
    await night.purge()
    desk.clock.advance(USUAL[Data.PEOPLE] + SECOND)

    assert await night.purge() == 2

    left = {i for (i,) in await read_sql(desk.database, "SELECT id FROM people")}
    assert left == {"bo", "cy", "orla"}


# --- helpers -------------------------------------------------------------------------------------


async def attended(desk: Desk, session: Session, *who: PersonId) -> None:
    async with desk.work() as uow:
        for each in who:
            outcome = Outcome(
                session_id=session.id,
                who=each,
                state=Presence.ATTENDED,
                source=Source.CORRECTION,
                changed_by=ORLA,
                why="she told me",
                changed_at=MONDAY,
            )
            await uow.attendance.save([outcome])
            await uow.attendance.keep(
                [
                    Record(
                        session_id=session.id,
                        system=system,
                        meeting="m",
                        report="r",
                        record=each,
                        who=each,
                    )
                    for system in ("teams", FORGOTTEN_MARK)
                ],
                MONDAY,
            )
        await uow.commit()


async def only(desk: Desk, table: str) -> Mapping[str, Any] | None:
    async with desk.database.reading.connect() as db:
        row = (await db.execute(sa.select(metadata.tables[table]))).mappings().one_or_none()
        return None if row is None else dict(row)


async def named(desk: Desk, table: str, column: str) -> list[str]:
    found = metadata.tables[table].c[column]
    async with desk.database.reading.connect() as db:
        return list((await db.execute(sa.select(found).distinct().order_by(found))).scalars())


async def standing(desk: Desk) -> list[tuple[Any, ...]]:
    """What a report counts."""
    return [
        *await read_sql(desk.database, "SELECT code, taken, waiting FROM sessions ORDER BY 1"),
        *await read_sql(
            desk.database,
            "SELECT session_id, state, count(*), count(DISTINCT person_id) FROM bookings"
            " GROUP BY 1, 2 ORDER BY 1, 2",
        ),
        *await read_sql(
            desk.database,
            "SELECT session_id, state, count(*), count(DISTINCT who) FROM attendance"
            " GROUP BY 1, 2 ORDER BY 1, 2",
        ),
    ]
