"""Importing a programme: all of it or nothing, everyone keeps their place, and is told once."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from integrations import spreadsheets
from learning.errors import LearningError, SessionWithdrawn
from learning.notices import Kind
from learning.people import PersonId
from learning.sessions import Details, Format, Session, SessionState
from services.programme import Import, WhichEdition
from tests.services.desk import Desk
from tests.support.databases import ON_SQLITE, run_sql

pytestmark = ON_SQLITE

HEADER = "code,title,starts,ends,capacity,format,location"
GM1 = "GM1,Growth mindset,2026-05-20T10:00,2026-05-20T11:00,2,teams,"
UB1 = "UB1,Unconscious bias,2026-05-21T14:00,2026-05-21T15:00,,in_person,Town Hall"
EDX = "EDX,edX courses,,,,self_paced,"
WEDNESDAY = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASHA, BO, CY, DI = (PersonId(name) for name in ("asha", "bo", "cy", "di"))


async def publish(desk: Desk, *rows: str, header: str = HEADER, **more) -> Import:
    text = "\n".join((header, *rows))
    return await desk.programme.import_table(
        spreadsheets.read_table("week.csv", text.encode()), **more
    )


async def sessions(desk: Desk, edition: str = "") -> dict[str, Session]:
    return {s.code: s for s in await desk.programme.sessions_of(edition)}


def counted(done: Import) -> tuple[int, int, int, int]:
    """Added, changed, unchanged, withdrawn."""
    changes = done.changes
    return tuple(map(len, (changes.added, changes.changed, changes.unchanged, changes.withdrawn)))  # pyright: ignore[reportReturnType] -- four lengths are four numbers


# --- what a file does ------------------------------------------------------------------------


async def test_a_first_file_makes_an_edition_of_its_sessions(desk: Desk):
    done = await publish(desk, GM1, UB1, EDX)

    assert (done.edition, counted(done)) == ("Learning at Work Week, May 2026", (3, 0, 0, 0))
    stored = await sessions(desk)
    assert [s.details for s in stored.values()] == [
        Details(
            code="GM1",
            title="Growth mindset",
            starts_at=WEDNESDAY,
            ends_at=WEDNESDAY + HOUR,
            capacity=2,
            format=Format.TEAMS,
        ),
        Details(
            code="UB1",
            title="Unconscious bias",
            starts_at=WEDNESDAY + 28 * HOUR,
            ends_at=WEDNESDAY + 29 * HOUR,
            format=Format.IN_PERSON,
            location="Town Hall",
        ),
        Details(code="EDX", title="edX courses", format=Format.SELF_PACED),
    ]
    assert [n.session_id for n in await desk.owed()] == [stored["GM1"].id]
    assert await desk.told(Kind.EVENT) == [None]


async def test_the_same_file_again_changes_nothing(desk: Desk):
    await publish(desk, GM1, UB1, EDX)
    before = await everything(desk)

    again = await publish(desk, GM1.replace("GM1", "gm1"), UB1, EDX)

    assert counted(again) == (0, 0, 3, 0)
    assert await everything(desk) == before


async def test_a_later_file_adds_changes_and_leaves_what_it_no_longer_has(desk: Desk):
    await publish(desk, GM1, UB1)
    before = await sessions(desk)

    done = await publish(desk, UB1.replace("Unconscious bias", "Bias"), EDX)

    assert counted(done) == (1, 1, 0, 1)
    after = await sessions(desk)
    assert after["GM1"] == before["GM1"]
    renamed = replace(before["UB1"].details, title="Bias")
    assert after["UB1"] == replace(
        before["UB1"], details=renamed, sequence=1, changed_at=desk.clock.now()
    )
    assert set(after) == {"GM1", "UB1", "EDX"}


async def test_a_file_with_any_fault_changes_nothing_at_all(desk: Desk):
    done = await publish(desk, GM1, UB1.replace("14:00", "16:00"))

    assert done.is_faulty
    assert await desk.programme.editions() == []
    assert await everything(desk) == (0, [], [])


async def test_a_failure_halfway_leaves_everything_as_it_was(desk: Desk):
    await publish(desk, GM1, UB1)
    await desk.book(await only(desk, "GM1"), "asha", "bo", "cy")
    before = await everything(desk)
    refuse = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    when = "BEFORE UPDATE ON sessions WHEN NEW.code = 'UB1'"
    await run_sql(desk.database, f"CREATE TRIGGER full {when} {refuse}")

    with pytest.raises(DBAPIError):
        await publish(desk, GM1.replace(",2,", ",3,"), UB1.replace("Town Hall", "Room 1"), EDX)

    assert await everything(desk) == before


async def test_a_dry_run_says_the_same_and_stores_nothing(desk: Desk):
    await publish(desk, GM1, UB1)
    await desk.book(await only(desk, "GM1"), "asha", "bo", "cy")
    before = await everything(desk)
    later = (GM1.replace(",2,", ",3,").replace("T1", "T2"), EDX)

    dry = await publish(desk, *later, dry_run=True)

    assert await everything(desk) == before
    assert str(dry) == str(await publish(desk, *later))
    new = await publish(desk, GM1, edition_name="Another", dry_run=True)
    assert (new.edition, counted(new)) == ("Another", (1, 0, 0, 0))
    assert len(await desk.programme.editions()) == 1


# --- those who are booked --------------------------------------------------------------------


async def test_a_changed_time_tells_everybody_concerned_once(desk: Desk):
    """Booked, offered a place or waiting; not those who gave it back."""
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy", "di", "gone")
    await desk.bookings.cancel(PersonId("gone"), session.id)
    desk.clock.set(WEDNESDAY - 8 * HOUR)
    await desk.bookings.cancel(ASHA, session.id)
    assert await desk.stands(session) == {"bo": "booked", "cy": "offered", "di": "waiting"}
    moved = GM1.replace("T10:00", "T15:00").replace("T11:00", "T16:00")

    await publish(desk, moved)
    await publish(desk, moved)
    desk.clock.advance(HOUR)
    await publish(desk, moved)

    told = await desk.owed(Kind.SESSION_CHANGED)
    assert [n.person_id for n in told] == [BO, CY, DI]
    assert {n.payload["was"] for n in told} == {WEDNESDAY.isoformat()}


async def test_a_changed_time_moves_the_nudges_of_those_who_are_booked(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy")

    await publish(desk, GM1.replace("T10:00", "T15:00").replace("T11:00", "T16:00"))

    starts = WEDNESDAY + 5 * HOUR
    assert {n.due_at for n in await desk.owed(Kind.NUDGE)} == {
        starts - 24 * HOUR,
        starts - HOUR,
        starts - timedelta(minutes=10),
    }
    assert await desk.nudged() == {ASHA: 3, BO: 3}
    assert {n.payload["starts"] for n in await desk.owed(Kind.NUDGE)} == {starts.isoformat()}


async def test_a_time_that_is_changed_back_nudges_as_before_and_tells_again(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha")
    before = await desk.owed(Kind.NUDGE)

    for row in (GM1.replace("2026-05-20", "2026-05-22"), GM1):
        desk.clock.advance(timedelta(minutes=1))
        await publish(desk, row)

    assert await desk.owed(Kind.NUDGE) == before
    assert await desk.told(Kind.SESSION_CHANGED) == [ASHA, ASHA]


@pytest.mark.parametrize(
    ("old", "new", "is_told"),
    [
        ("Growth mindset", "Mindset", False),
        (",2,", ",5,", False),
        ("teams,", "in_person,", True),
        ("teams,", "teams,Room 2", True),
        ("11:00", "11:30", True),
    ],
)
async def test_people_are_told_of_what_matters_to_them(
    desk: Desk, old: str, new: str, is_told: bool
):
    await publish(desk, GM1)
    await desk.book(await only(desk, "GM1"), "asha")

    await publish(desk, GM1.replace(old, new))

    assert await desk.told(Kind.SESSION_CHANGED) == ([ASHA] if is_told else [])


async def test_of_what_is_over_nobody_is_told(desk: Desk):
    await publish(desk, GM1)
    await desk.book(await only(desk, "GM1"), "asha")
    desk.clock.set(WEDNESDAY + 2 * HOUR)

    await publish(desk, GM1.replace("11:00", "10:30"))

    assert await desk.told(Kind.SESSION_CHANGED) == []


async def test_the_event_follows_every_change_even_that_of_there_being_one(desk: Desk):
    await publish(desk, GM1, UB1)

    for row in (
        GM1.replace("mindset", "mind-set"),
        GM1.replace("teams", "in_person"),
        GM1.replace("teams", "zoom"),
    ):
        await publish(desk, row, UB1.replace("Town Hall", "Room 1"))

    ours = (await only(desk, "GM1")).id
    owed = [(n.session_id, n.key) for n in await desk.owed(Kind.EVENT)]
    assert owed == [(ours, f"event:{ours}:{sequence}") for sequence in range(3)]


async def test_a_meeting_on_zoom_follows_every_change_and_its_end(desk: Desk):
    on_zoom = GM1.replace("teams", "zoom")
    for row in (on_zoom, on_zoom.replace("mindset", "mind-set"), GM1, on_zoom):
        await publish(desk, row, UB1)
    ours = (await only(desk, "GM1")).id
    await desk.programme.cancel_session(ours)

    owed = [n.key for n in await desk.owed(Kind.ZOOM_MEETING, Kind.EVENT)]
    zoom = [key for key in owed if key.startswith("zoom_meeting")]
    assert zoom == [f"zoom_meeting:{ours}:{sequence}" for sequence in range(5)]
    assert [key for key in owed if key not in zoom] == [f"event:{ours}:{n}" for n in (2, 3)]


# --- capacity --------------------------------------------------------------------------------


async def test_a_capacity_below_the_bookings_keeps_everybody(desk: Desk):
    await publish(desk, GM1.replace(",2,", ",3,"))
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy", "di")

    done = await publish(desk, GM1.replace(",2,", ",1,"))

    assert done.changes.keepers == ("GM1",)
    assert await desk.stands(session) == {
        "asha": "booked",
        "bo": "booked",
        "cy": "booked",
        "di": "waiting",
    }


async def test_a_place_that_was_kept_and_comes_free_is_not_given_again(desk: Desk):
    await publish(desk, GM1.replace(",2,", ",3,"))
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy", "di")
    await publish(desk, GM1.replace(",2,", ",1,"))

    await desk.bookings.cancel(ASHA, session.id)
    await desk.book(session, "new")
    assert await desk.stands(session) == {
        "bo": "booked",
        "cy": "booked",
        "di": "waiting",
        "new": "waiting",
    }
    await desk.bookings.cancel(BO, session.id)
    assert (await desk.stands(session))["di"] == "waiting"

    await desk.bookings.cancel(CY, session.id)
    assert await desk.stands(session) == {"di": "booked", "new": "waiting"}


@pytest.mark.parametrize(
    ("capacity", "booked"), [("3", 3), ("4", 4), ("", 5), ("2", 2), ("100", 5)]
)
async def test_a_larger_capacity_is_filled_from_the_queue_in_its_order(
    desk: Desk, capacity: str, booked: int
):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    names = ("asha", "bo", "cy", "di", "ed")
    await desk.book(session, *names)

    await publish(desk, GM1.replace(",2,", f",{capacity},"))

    states = ["booked"] * booked + ["waiting"] * (5 - booked)
    assert await desk.stands(session) == dict(zip(names, states, strict=True))
    assert await desk.told(Kind.PLACE_GIVEN) == list(names[2:booked])
    assert await desk.nudged() == Counter(dict.fromkeys(names[:booked], 3))
    after = await desk.session(session)
    assert (after.taken, after.waiting, after.next_no) == (booked, 5 - booked, 6)


async def test_a_larger_capacity_near_the_start_is_offered(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy", "di")
    desk.clock.set(WEDNESDAY - 8 * HOUR)

    await publish(desk, GM1.replace(",2,", ",3,"))

    assert await desk.stands(session) == {
        "asha": "booked",
        "bo": "booked",
        "cy": "offered",
        "di": "waiting",
    }
    assert await desk.told(Kind.PLACE_OFFERED) == [CY]


async def test_people_who_get_a_place_by_a_move_are_nudged_for_the_new_time(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy")

    await publish(desk, GM1.replace(",2,", ",3,").replace("2026-05-20", "2026-05-22"))

    starts = (WEDNESDAY + 48 * HOUR).isoformat()
    assert [n.payload["starts"] for n in await desk.owed(Kind.NUDGE)] == [starts] * 9
    assert await desk.nudged() == {ASHA: 3, BO: 3, CY: 3}


# --- editions --------------------------------------------------------------------------------


async def test_two_editions_have_the_same_codes_side_by_side(desk: Desk):
    await publish(desk, GM1, UB1, edition_name="Spring")
    autumn = GM1.replace("2026-05", "2026-10").replace("mindset", "mindset again")
    await publish(desk, autumn, edition_name="Autumn")
    spring = await sessions(desk, "Spring")
    await desk.book(spring["GM1"], "asha")

    done = await publish(desk, autumn.replace(",2,", ",9,"), edition_name="autumn")

    assert counted(done) == (0, 1, 0, 0)
    assert (await sessions(desk, "Spring"))["GM1"].title == "Growth mindset"
    assert (await sessions(desk, "Autumn"))["GM1"].details.capacity == 9
    assert await desk.stands((await sessions(desk, "Autumn"))["GM1"]) == {}


async def test_a_file_without_a_name_goes_to_the_edition_of_its_days(desk: Desk):
    await publish(desk, GM1)
    await publish(desk, GM1.replace("2026-05", "2026-10"))
    assert [e.name for e in await desk.programme.editions()] == [
        "Learning at Work Week, May 2026",
        "Learning at Work Week, October 2026",
    ]

    again = await publish(desk, GM1.replace("2026-05-20", "2026-10-19"))

    assert (again.edition, counted(again)) == (
        "Learning at Work Week, October 2026",
        (0, 1, 0, 0),
    )


async def test_a_file_that_could_be_of_two_editions_must_say_of_which(desk: Desk):
    await publish(desk, GM1, edition_name="Spring")
    await publish(desk, UB1, edition_name="Late spring")

    with pytest.raises(WhichEdition, match="“Spring”, “Late spring”"):
        await publish(desk, GM1)


async def test_without_a_name_an_edition_is_the_one_that_is_on_next_or_last(desk: Desk):
    with pytest.raises(LearningError, match="no edition yet"):
        await desk.programme.edition_named()
    await publish(desk, EDX, edition_name="Resources")
    await publish(desk, GM1, edition_name="Spring")
    await publish(desk, GM1.replace("2026-05", "2026-10"), edition_name="Autumn")

    found = []
    for day in ("2026-03-01", "2026-05-20", "2026-06-01", "2026-10-20", "2027-01-01"):
        desk.clock.set(datetime.fromisoformat(f"{day}T12:00+00:00"))
        found.append((await desk.programme.edition_named()).name)

    assert found == ["Spring", "Spring", "Autumn", "Autumn", "Autumn"]
    with pytest.raises(LearningError, match="“Resources”, “Spring”, “Autumn”"):
        await desk.programme.edition_named("Winter")


# --- cancelling ------------------------------------------------------------------------------


async def test_a_cancelled_session_tells_everybody_and_nudges_nobody(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy", "gone")
    await desk.bookings.cancel(PersonId("gone"), session.id)

    assert await desk.programme.cancel_session(session.id) == 3

    assert await desk.told(Kind.SESSION_CANCELLED) == [ASHA, BO, CY]
    assert await desk.nudged() == {}
    after = await desk.session(session)
    assert (after.state, after.sequence) == (SessionState.CANCELLED, 1)
    assert f"event:{session.id}:1" in [n.key for n in await desk.owed(Kind.EVENT)]
    with pytest.raises(SessionWithdrawn):
        await desk.book(session, "new")


async def test_cancelling_again_tells_nobody_again(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha")
    await desk.programme.cancel_session(session.id)
    before = await everything(desk)

    assert await desk.programme.cancel_session(session.id) == 0

    assert await everything(desk) == before


async def test_what_was_offered_or_about_to_be_said_is_overtaken_by_the_cancellation(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy")
    desk.clock.set(WEDNESDAY - 8 * HOUR)
    await desk.bookings.cancel(ASHA, session.id)
    await publish(desk, GM1.replace("11:00", "11:30"))

    await desk.programme.cancel_session(session.id)

    assert {n.kind for n in await desk.owed() if n.person_id} == {Kind.SESSION_CANCELLED}
    assert await desk.told(Kind.SESSION_CANCELLED) == [BO, CY]


async def test_who_had_a_place_on_what_is_cancelled_may_give_it_back(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy")
    await desk.programme.cancel_session(session.id)
    desk.clock.set(WEDNESDAY)

    await desk.bookings.cancel(ASHA, session.id)

    assert await desk.stands(session) == {"bo": "booked", "cy": "waiting"}
    assert await desk.told(Kind.PLACE_GIVEN) == []


async def test_cancelling_what_is_over_tells_nobody(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha")
    desk.clock.set(WEDNESDAY + 2 * HOUR)

    await desk.programme.cancel_session(session.id)

    assert await desk.told(Kind.SESSION_CANCELLED) == []


async def test_a_cancelled_session_stays_cancelled_when_its_file_comes_again(desk: Desk):
    await publish(desk, GM1)
    session = await only(desk, "GM1")
    await desk.book(session, "asha", "bo", "cy")
    await desk.programme.cancel_session(session.id)
    told = await desk.owed(Kind.SESSION_CANCELLED)

    await publish(desk, GM1.replace("T10:00", "T09:00").replace(",2,", ",9,"))

    after = await desk.session(session)
    assert (after.is_cancelled, after.details.capacity) == (True, 9)
    people_owed = [n for n in await desk.owed() if n.person_id]
    assert people_owed == told
    assert (await desk.stands(session))["cy"] == "waiting"


async def only(desk: Desk, code: str) -> Session:
    return (await sessions(desk))[code]


async def everything(desk: Desk) -> tuple:
    """The version, all sessions and all that is written to be sent."""
    async with desk.work(read_only=True) as uow:
        version = await uow.sessions.version()
        stored = await uow.sessions.all()
    return version, stored, await desk.owed()
