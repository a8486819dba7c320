"""Each check finds the breach that it is for, and nothing else; a week in order has none."""

from datetime import timedelta

import pytest

from store.audit import CHECKS
from store.course_audit import COURSE_CHECKS
from store.engine import Database
from store.unit_of_work import SqlWork
from tests.store.raw_rows import NOW, row
from tests.support.builders import WEDNESDAY
from tests.support.clocks import MONDAY
from tests.support.databases import run_sql

NAMES = ("asha", "bo", "cy", "di", "ed")

A_FULL_WEEK = (
    row("editions"),
    *(row("people", id=f"'{name}'") for name in NAMES),
    row("sessions", capacity=2, taken=2, waiting=2, next_no=6),
    row("bookings", id=1, person_id="'asha'", queue_no=1),
    row("bookings", id=2, person_id="'ed'", queue_no=2, state="'cancelled'"),
    row("bookings", id=3, person_id="'bo'", queue_no=3),
    row("bookings", id=4, person_id="'cy'", queue_no=4, state="'waiting'"),
    row("bookings", id=5, person_id="'di'", queue_no=5, state="'waiting'"),
    row("outbox", id=1, person_id="'asha'", session_id=1),
    row("outbox", id=2, key="'k2'", person_id="'asha'", session_id=1, state="'sent'"),
    # One place, offered; the other, kept when the session shrank, was given back since.
    row("sessions", id=2, code="'UB1'", code_key="'ub1'", capacity=1, taken=2, kept=2, waiting=1),
    row("bookings", id=6, session_id=2, person_id="'asha'", queue_no=1),
    row(
        "bookings",
        id=7,
        session_id=2,
        person_id="'bo'",
        queue_no=2,
        state="'offered'",
        offered_until="'2026-05-19 09:00:00.000000'",
    ),
    row("bookings", id=8, session_id=2, person_id="'cy'", queue_no=3, state="'waiting'"),
    # Cancelled with a place free and somebody waiting: nobody is to have it.
    row("sessions", id=3, code="'PB1'", code_key="'pb1'", state="'cancelled'", waiting=1),
    row("bookings", id=9, session_id=3, person_id="'di'", queue_no=1, state="'waiting'"),
    # A programme with a set; the live session is Asha's, and Bo left the set.
    row("courses"),
    *(row("enrolments", person_id=f"'{name}'") for name in NAMES),
    row("sessions", id=4, code="'SH1'", code_key="'sh1'", course_id=1, taken=1, next_no=2),
    row("bookings", id=10, session_id=4, person_id="'asha'", queue_no=1),
    row("sets"),
    row("set_members"),
    row("set_members", person_id="'bo'", left_at=NOW),
    row("set_members", person_id="'cy'"),
    row("set_meetings"),
    row("set_meetings", id=2, number=2, facilitator_id="'asha'"),
    row("set_meetings", id=3, number=3, facilitator_id="''"),
    row("set_meetings", id=4, number=4, facilitator_id="'ed'", state="'over'"),
    row("person_profiles", person_id="'asha'", manager_id="'bo'"),
    row("dilemmas", sealed="'gAAAAAB'"),
    row("quotes", text="''", revoked_at=NOW),
)

WITHOUT_THE_WALL = {
    "sqlite": ["PRAGMA ignore_check_constraints = ON"],
    "postgresql": ["ALTER TABLE sessions DROP CONSTRAINT ck_sessions_not_overbooked"],
}
"""The breaches are tried where the database itself no longer refuses them."""

BREACHES = {
    "more places are taken than there are": ["UPDATE sessions SET capacity = 1 WHERE code = 'GM1'"],
    "the count of taken places differs from the bookings": [
        "UPDATE sessions SET taken = 1 WHERE code = 'GM1'"
    ],
    "the count of people waiting differs from the queue": [
        "UPDATE sessions SET waiting = 3 WHERE code = 'GM1'"
    ],
    "a place is free while somebody waits": ["UPDATE sessions SET capacity = 3 WHERE code = 'GM1'"],
    "somebody overtook the queue": ["UPDATE bookings SET queue_no = 9 WHERE id = 3"],
    "one person has two live bookings": [
        "DROP INDEX uq_bookings_live",
        "UPDATE bookings SET person_id = 'asha' WHERE id = 3",
    ],
    "an offered place has no end": [
        "UPDATE bookings SET state = 'offered' WHERE id = 3",
    ],
    "a nudge is queued for somebody who has no place": [
        row("outbox", id=3, key="'k3'", person_id="'cy'", session_id=1, state="'held_back'"),
    ],
    "two notices carry one key": [
        "CREATE TABLE loose AS SELECT * FROM outbox",
        "DROP TABLE outbox",
        "ALTER TABLE loose RENAME TO outbox",
        "UPDATE outbox SET key = 'k1'",
    ],
    "somebody who is not on the programme has a place on its live session": [
        "UPDATE enrolments SET left_at = enrolled_at WHERE person_id = 'asha'"
    ],
    "somebody is in two action learning sets": [
        row("sets", id=2),
        row("set_members", set_id=2),
    ],
    "somebody is in an action learning set with their own manager": [
        "UPDATE set_members SET left_at = NULL WHERE person_id = 'bo'"
    ],
    "a meeting ahead is led by somebody who is not of its set": [
        "UPDATE set_members SET left_at = joined_at WHERE person_id = 'asha'"
    ],
    "what people wrote in a programme is not sealed": ["UPDATE dilemmas SET sealed = 'My team'"],
    "a quote that was taken back still has its words": ["UPDATE quotes SET text = 'It helped.'"],
}


NAMED = {
    "two notices carry one key": "nudge",
    "somebody who is not on the programme has a place on its live session": "SH1",
    "what people wrote in a programme is not sealed": "dilemmas",
}
"""What a line names that names neither the session nor the programme."""


async def breaches(work: SqlWork) -> list[str]:
    async with work(read_only=True) as uow:
        return await uow.audit(MONDAY)


async def test_a_week_in_order_has_no_breach(database: Database, work: SqlWork):
    await run_sql(database, *A_FULL_WEEK)

    assert await breaches(work) == []


def test_every_check_is_tried():
    assert set(BREACHES) == set(CHECKS)


@pytest.mark.parametrize("rule", CHECKS)
async def test_a_breach_is_found_by_its_check_and_no_other(
    database: Database, work: SqlWork, rule: str
):
    loosened = WITHOUT_THE_WALL[database.writing.dialect.name]
    await run_sql(database, *A_FULL_WEEK, *loosened, *BREACHES[rule])

    what = "CUSTOMER" if rule in COURSE_CHECKS else "GM1"
    assert await breaches(work) == [f"{NAMED.get(rule, what)}: {rule}"]


async def test_after_the_start_a_free_place_stays_free(database: Database, work: SqlWork):
    await run_sql(database, *A_FULL_WEEK, "UPDATE sessions SET capacity = 3 WHERE code = 'GM1'")

    async with work(read_only=True) as uow:
        before = await uow.audit(WEDNESDAY - timedelta(seconds=1))
        after = await uow.audit(WEDNESDAY)

    assert before == ["GM1: a place is free while somebody waits"]
    assert after == []
