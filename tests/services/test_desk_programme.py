"""What organisers do to the programme: agreed to first, done once, and noted with who, before and after."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from console.files import import_file
from integrations import spreadsheets
from learning.errors import LearningError
from learning.notices import Kind
from learning.people import PersonId
from learning.programme_table import Table
from learning.sessions import Session
from services.change_log import ChangeLog
from services.drafts import Draft, Drafts, NoDraft
from services.errands import Errands
from services.ports.errands import ErrandState
from services.ports.journal import CONSOLE, NOBODY, Entry
from services.programme import ProgrammeChanged
from tests.services.desk import Desk
from tests.support.clocks import MONDAY
from tests.support.databases import run_sql

ORGA = PersonId("orga")
HEADER = "code,title,starts,ends,capacity,format,location"
GM1 = "GM1,Growth mindset,2026-05-20T10:00,2026-05-20T11:00,2,in_person,Room 1"
UB1 = "UB1,Unconscious bias,2026-05-21T14:00,2026-05-21T15:00,,in_person,Town Hall"


def table(*rows: str) -> Table:
    return spreadsheets.read_table("week.csv", "\n".join((HEADER, *rows)).encode())


async def sessions(desk: Desk) -> dict[str, Session]:
    return {s.code: s for s in await desk.programme.sessions_of()}


async def noted(desk: Desk) -> list[Entry]:
    async with desk.work(read_only=True) as uow:
        return await uow.journal.latest(1_000)


# --- the journal -----------------------------------------------------------------------------


async def test_a_publication_is_noted_with_each_session_it_added(desk: Desk):
    await desk.programme.import_table(table(GM1, UB1), edition_name="The week", by=ORGA)

    week, ub1, gm1 = await noted(desk)
    assert (week.what, week.subject, week.after) == ("published", "The week", {"added": "2"})
    assert (gm1.what, gm1.subject, gm1.by_id, gm1.at) == (
        "session added",
        "GM1 Growth mindset",
        ORGA,
        MONDAY,
    )
    assert (ub1.before, ub1.after) == (
        {},
        {
            "code": "UB1",
            "title": "Unconscious bias",
            "starts": "2026-05-21T14:00",
            "ends": "2026-05-21T15:00",
            "timezone": "Europe/London",
            "format": "in_person",
            "location": "Town Hall",
            "waiting_list": "yes",
        },
    )


async def test_a_change_is_noted_with_only_what_differs(desk: Desk):
    await desk.programme.import_table(table(GM1, UB1), by=ORGA)

    changed = GM1.replace("10:00", "10:30").replace(",2,", ",,")
    await desk.programme.import_table(table(changed, UB1), by=ORGA)

    newest = (await noted(desk))[0]
    assert (newest.what, newest.session_id) == (
        "session changed",
        (await sessions(desk))["GM1"].id,
    )
    assert newest.before == {"starts": "2026-05-20T10:00", "capacity": "2"}
    assert newest.after == {"starts": "2026-05-20T10:30", "capacity": ""}


async def test_a_session_called_off_is_noted_once(desk: Desk):
    await desk.programme.import_table(table(GM1))
    session = (await sessions(desk))["GM1"]

    for _ in range(2):
        await desk.programme.cancel_session(session.id, by=ORGA)

    assert [e.what.value for e in await noted(desk)] == ["session cancelled", "session added"]


async def test_what_is_not_stored_is_not_noted(desk: Desk):
    await desk.programme.import_table(table(GM1), dry_run=True, by=ORGA)
    await desk.programme.import_table(table(GM1.replace("10:00", "noon")), by=ORGA)

    assert await noted(desk) == []


async def test_a_change_and_its_note_are_stored_together_or_not_at_all(desk: Desk):
    await desk.programme.import_table(table(GM1), by=ORGA)
    await run_sql(desk.database, "DROP TABLE changes")

    with pytest.raises(DBAPIError):
        await desk.programme.import_table(table(GM1.replace("Room 1", "Room 2")), by=ORGA)

    assert (await sessions(desk))["GM1"].details.location == "Room 1"


async def test_the_command_line_is_named_as_such(desk: Desk, tmp_path: Path):
    file = tmp_path / "week.csv"
    file.write_text(f"{HEADER}\n{GM1}\n")

    await import_file(desk.programme, spreadsheets.read_table, file, "", dry_run=False)

    assert [e.by_id for e in await noted(desk)] == [CONSOLE]


async def test_changes_are_looked_up_by_page_with_names_of_who_is_known(desk: Desk):
    await desk.meet("orga")
    await desk.programme.import_table(table(GM1, UB1), by=ORGA)
    log = ChangeLog(desk.work)

    first = await log.latest(2)
    rest = await log.latest(2, skip=2)

    assert (len(first.entries), first.has_more) == (2, True)
    assert (len(rest.entries), rest.has_more) == (1, False)
    assert list(first.names) == [ORGA]
    await desk.people.forget(ORGA)
    assert (await log.latest(5)).names == {}


async def test_nobody_in_particular_is_nobody(desk: Desk):
    await desk.programme.import_table(table(GM1))

    assert [e.by_id for e in await noted(desk)] == [NOBODY]


# --- what was agreed to is what is done ------------------------------------------------------


async def test_exactly_what_was_agreed_to_is_stored(desk: Desk):
    await desk.programme.import_table(table(GM1, UB1))
    changed = table(GM1.replace("Room 1", "Room 2"), UB1)
    agreed = (await desk.programme.import_table(changed, dry_run=True)).mark

    await desk.programme.import_table(changed, mark=agreed)

    assert (await sessions(desk))["GM1"].details.location == "Room 2"
    with pytest.raises(ProgrammeChanged):
        await desk.programme.import_table(changed, mark=agreed)


@pytest.mark.parametrize(
    "meanwhile",
    [
        table(GM1.replace("Room 1", "Room 3"), UB1),
        table(GM1, UB1.replace("bias", "biases")),
        table(GM1, UB1, "NW1,New,2026-05-21T16:00,2026-05-21T17:00,,in_person,"),
    ],
    ids=["the same session", "one that was as in the file", "one that was to be added"],
)
async def test_a_programme_that_changed_since_is_left_alone(desk: Desk, meanwhile: Table):
    await desk.programme.import_table(table(GM1, UB1))
    new = "NW1,New,2026-05-21T16:00,2026-05-21T17:00,5,in_person,"
    wanted = table(GM1.replace("Room 1", "Room 2"), UB1, new)
    agreed = (await desk.programme.import_table(wanted, dry_run=True)).mark
    await desk.programme.import_table(meanwhile)
    before = await sessions(desk), len(await noted(desk))

    with pytest.raises(ProgrammeChanged):
        await desk.programme.import_table(wanted, mark=agreed)

    assert (await sessions(desk), len(await noted(desk))) == before


async def test_a_booking_meanwhile_does_not_unsettle_what_was_agreed_to(desk: Desk):
    await desk.programme.import_table(table(GM1, UB1))
    changed = table(GM1.replace("Room 1", "Room 2"), UB1)
    agreed = (await desk.programme.import_table(changed, dry_run=True)).mark
    await desk.book((await sessions(desk))["GM1"], "asha")

    await desk.programme.import_table(changed, mark=agreed)

    assert await desk.told(Kind.SESSION_CHANGED) == ["asha"]


async def test_two_replicas_that_publish_what_was_agreed_to_tell_everybody_once(
    desk: Desk, other_desk: Desk
):
    await desk.programme.import_table(table(GM1))
    await desk.book((await sessions(desk))["GM1"], "asha", "bo")
    changed = table(GM1.replace("Room 1", "Room 2"))
    agreed = (await desk.programme.import_table(changed, dry_run=True)).mark

    came = await asyncio.gather(
        *(d.programme.import_table(changed, mark=agreed) for d in (desk, other_desk)),
        return_exceptions=True,
    )

    assert Counter(type(each).__name__ for each in came) == {"Import": 1, "ProgrammeChanged": 1}
    assert await desk.told(Kind.SESSION_CHANGED) == ["asha", "bo"]


async def test_a_session_is_not_called_off_as_it_was_no_longer_seen(desk: Desk):
    await desk.programme.import_table(table(GM1))
    seen = (await sessions(desk))["GM1"]
    await desk.programme.import_table(table(GM1.replace("Room 1", "Room 2")))

    with pytest.raises(ProgrammeChanged):
        await desk.programme.cancel_session(seen.id, seen=seen.sequence)

    assert not (await sessions(desk))["GM1"].is_cancelled
    assert await desk.programme.cancel_session(seen.id, seen=seen.sequence + 1) == 0
    assert (await sessions(desk))["GM1"].is_cancelled


async def test_a_preview_waits_for_nobody_who_writes(desk: Desk, other_desk: Desk):
    await desk.programme.import_table(table(GM1))
    async with desk.work() as uow:
        await uow.editions.hold()
        [session] = (await sessions(desk)).values()
        await uow.sessions.get(session.id, lock=True)

        async with asyncio.timeout(5):
            found = await other_desk.programme.import_table(
                table(GM1.replace("Room 1", "Room 2")), dry_run=True
            )

    assert [change.fields for change in found.changes.changed] == [("location",)]


async def test_a_preview_of_a_new_edition_makes_none(desk: Desk):
    found = await desk.programme.import_table(table(GM1), edition_name="Autumn", dry_run=True)

    assert (found.edition, len(found.changes.added)) == ("Autumn", 1)
    assert await desk.programme.editions() == []


# --- who is told is who was said to be -------------------------------------------------------


async def test_as_many_are_told_as_was_said_before(desk: Desk):
    """Of more sessions than are written at once, in every state that a session can be in."""
    rows = [
        f"S{n:03},Session {n},2026-05-{19 + n % 3}T10:00,2026-05-{19 + n % 3}T11:00,2,in_person,Room"
        for n in range(130)
    ]
    await desk.programme.import_table(table(*rows))
    known = await sessions(desk)
    crowd = await desk.meet(*(f"person {n}" for n in range(4)))
    for code in ("S000", "S049", "S050", "S051", "S099", "S100", "S129"):
        for person_id in crowd:
            await desk.bookings.book(person_id, known[code].id, despite_clash=True)
    await desk.programme.cancel_session(known["S051"].id)
    changed = table(*(row.replace(",2,in_person,Room", ",3,in_person,Hall") for row in rows))
    progress: list[tuple[int, int]] = []

    said = (await desk.programme.import_table(changed, dry_run=True)).changes.changed
    await desk.programme.import_table(
        changed, progress=lambda done, total: progress.append((done, total))
    )

    now = desk.clock.now()
    assert len(said) == 130
    assert sum(c.told(now) for c in said) == 24
    assert len(await desk.told(Kind.SESSION_CHANGED)) == 24
    assert sum(c.given(now) for c in said) == 6
    assert len(await desk.owed(Kind.PLACE_GIVEN, Kind.PLACE_OFFERED)) == 6
    assert progress[0] == (0, 130)
    assert progress[-1] == (130, 130)
    assert progress == sorted(progress)


# --- drafts ----------------------------------------------------------------------------------


def drafts(desk: Desk) -> tuple[Drafts, Errands]:
    errands = Errands(desk.work, desk.clock)
    return Drafts(errands, desk.programme, spreadsheets.read_table), errands


def a_file(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows)).encode()


async def test_a_draft_is_the_same_for_every_replica_and_published_as_it_was_seen(
    desk: Desk, other_desk: Desk
):
    here, _ = drafts(desk)
    there, _ = drafts(other_desk)
    draft_id = await here.begin("week.csv", a_file(GM1, "bad,,row"), "The week", ORGA)
    read = await here.work(draft_id, 10)
    assert read.result == "3 faults in the file. Nothing was stored."

    draft_id = await here.begin("week.csv", a_file(GM1, UB1), "The week", ORGA)
    await here.work(draft_id, 10)
    draft = await there.find(draft_id)
    agreed = await there.preview(draft)
    work_id = await there.publish(draft, agreed.edition, agreed.mark, ORGA)

    done = await there.work(work_id, 10)
    assert (done.state, done.done, done.total) == (ErrandState.DONE, 2, 2)
    assert done.result == "The week: 2 added, 0 changed, 0 as they were."
    assert [e.by_id for e in await noted(desk)] == [ORGA] * 3


async def test_a_draft_keeps_every_cell_and_note(desk: Desk):
    text = (HEADER + ",colour\n" + GM1 + ',"red; ""blue"""\n').encode()
    here, _ = drafts(desk)
    draft_id = await here.begin("week.csv", text, "", ORGA)
    await here.work(draft_id, 10)

    draft = await here.find(draft_id)

    assert draft == Draft(
        file_name="week.csv", edition="", table=spreadsheets.read_table("week.csv", text)
    )


async def test_a_file_that_cannot_be_read_leaves_no_draft_and_says_why(desk: Desk):
    here, _ = drafts(desk)
    draft_id = await here.begin("week.pdf", b"%PDF-1.7", "", ORGA)

    work = await here.work(draft_id, 10)

    assert work.state is ErrandState.FAILED
    assert work.result.startswith("This is not a spreadsheet.")
    with pytest.raises(NoDraft):
        await here.find(draft_id)


async def test_other_work_is_no_draft(desk: Desk):
    here, errands = drafts(desk)
    assert issubclass(NoDraft, LearningError)

    with pytest.raises(NoDraft):
        await here.find("nothing")
    assert await errands.latest() == []
