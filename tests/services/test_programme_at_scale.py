"""Programmes of thousands, and two replicas that import at once, on either database."""

import asyncio

from integrations import spreadsheets
from learning.notices import Kind
from learning.programme_table import Table
from tests.services.desk import Desk

HEADER = "code,title,starts,ends,capacity,format"


def table(*rows: str) -> Table:
    return spreadsheets.read_table("week.csv", "\n".join((HEADER, *rows)).encode())


async def test_five_thousand_sessions_are_imported_and_found_unchanged(desk: Desk):
    rows = [
        f"S{n},Session {n},2026-05-{18 + n % 5}T{9 + n % 8:02}:00,"
        f"2026-05-{18 + n % 5}T{9 + n % 8:02}:45,{n % 50 + 1},teams"
        for n in range(5_000)
    ]

    first = await desk.programme.import_table(table(*rows))
    second = await desk.programme.import_table(table(*rows[:-1], rows[-1].replace(",50,", ",9,")))

    assert (len(first.changes.added), len(second.changes.unchanged)) == (5_000, 4_999)
    assert [c.session.code for c in second.changes.changed] == ["S4999"]
    assert len(await desk.owed(Kind.EVENT)) == 5_001


async def test_two_replicas_that_import_one_new_file_make_one_edition(desk: Desk, other_desk: Desk):
    week = table(
        "GM1,Growth mindset,2026-05-20T10:00,2026-05-20T11:00,2,teams",
        "UB1,Unconscious bias,2026-05-21T14:00,2026-05-21T15:00,,in_person",
    )

    done = await asyncio.gather(*(d.programme.import_table(week) for d in (desk, other_desk)))

    assert sorted(len(d.changes.added) for d in done) == [0, 2]
    assert sorted(len(d.changes.unchanged) for d in done) == [0, 2]
    assert len(await desk.programme.editions()) == 1


async def test_two_replicas_that_import_one_change_tell_everybody_once(
    desk: Desk, other_desk: Desk
):
    row = "GM1,Growth mindset,2026-05-20T10:00,2026-05-20T11:00,2,teams"
    await desk.programme.import_table(table(row))
    [session] = await desk.programme.sessions_of()
    await desk.book(session, "asha", "bo", "cy")
    moved = table(row.replace("T10:", "T15:").replace("T11:", "T16:"))

    await asyncio.gather(*(d.programme.import_table(moved) for d in (desk, other_desk)))

    assert await desk.told(Kind.SESSION_CHANGED) == ["asha", "bo", "cy"]
    assert (await desk.session(session)).sequence == 1


async def test_bookings_go_on_while_a_programme_is_imported(desk: Desk, other_desk: Desk):
    """Whoever comes first, capacity and queue are right in the end."""
    row = "GM1,Growth mindset,2026-05-20T10:00,2026-05-20T11:00,{},teams"
    await desk.programme.import_table(table(row.format(5)))
    [session] = await desk.programme.sessions_of()
    crowd = await desk.meet(*(f"person {n:02}" for n in range(20)))

    async def book() -> None:
        await asyncio.gather(*(desk.bookings.book(p, session.id) for p in crowd))

    async def resize() -> None:
        for capacity in (8, 3, 12, 6):
            await other_desk.programme.import_table(table(row.format(capacity)))

    await asyncio.gather(book(), resize())

    after = await desk.session(session)
    assert after.taken + after.waiting == 20
    assert after.taken >= 6
    assert (
        list((await desk.stands(session)).values())
        == ["booked"] * after.taken + ["waiting"] * after.waiting
    )
