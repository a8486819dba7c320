"""The last wall: what the database refuses whoever writes to it."""

import pytest
from sqlalchemy.exc import IntegrityError

from store.engine import Database
from tests.store.raw_rows import A_WEEK, row
from tests.support.databases import run_sql

BREACHES = {
    "a session without places": [row("sessions", id=2, code_key="'x'", capacity=0)],
    "more places taken than there are": [row("sessions", id=2, code_key="'x'", taken=13)],
    "more taken than were kept": [row("sessions", id=2, code_key="'x'", taken=15, kept=14)],
    "fewer than no places taken": [row("sessions", id=2, code_key="'x'", taken=-1)],
    "fewer than nobody waiting": [row("sessions", id=2, code_key="'x'", waiting=-1)],
    "one code twice in an edition": [row("sessions", id=2, code="'gm1'")],
    "a session of no edition": [row("sessions", id=2, edition_id=9)],
    "two editions of one name": [row("editions", id=2)],
    "two live bookings of one person": [
        row("bookings"),
        row("bookings", id=2, queue_no=2, state="'waiting'"),
    ],
    "an offer beside a booking": [
        row("bookings"),
        row("bookings", id=2, queue_no=2, state="'offered'"),
    ],
    "one number for two in a queue": [
        row("bookings", state="'cancelled'"),
        row("bookings", id=2, state="'cancelled'"),
    ],
    "a booking of nobody": [row("bookings", person_id="'nobody'")],
    "a booking of nothing": [row("bookings", session_id=9)],
    "a meeting of nothing": [row("meetings", session_id=9)],
    "one key for two notices": [row("outbox"), row("outbox", id=2, state="'sent'")],
    "two under way in one lane": [
        row("outbox", lane="'event:1'", state="'leased'"),
        row("outbox", id=2, key="'k2'", lane="'event:1'", state="'leased'"),
    ],
}

ALLOWED = {
    "one code in two editions": [
        row("editions", id=2, name="'2'"),
        row("sessions", id=2, edition_id=2),
    ],
    "no limit": [row("sessions", id=2, code_key="'x'", capacity="NULL", taken=500)],
    "places kept when a session shrank": [
        row("sessions", id=2, code_key="'x'", capacity=5, taken=12, kept=12)
    ],
    "a booking after a cancelled one": [
        row("bookings", state="'cancelled'"),
        row("bookings", id=2, queue_no=2),
    ],
    "waiting in a lane that is under way": [
        row("outbox", lane="'event:1'", state="'leased'"),
        row("outbox", id=2, key="'k2'", lane="'event:1'"),
    ],
    "any number under way in no lane": [
        row("outbox", state="'leased'"),
        row("outbox", id=2, key="'k2'", state="'leased'"),
    ],
}


@pytest.mark.parametrize("statements", BREACHES.values(), ids=BREACHES)
async def test_a_breach_is_refused(database: Database, statements: list[str]):
    *before, breach = statements
    await run_sql(database, *A_WEEK, *before)

    with pytest.raises(IntegrityError):
        await run_sql(database, breach)


@pytest.mark.parametrize("statements", ALLOWED.values(), ids=ALLOWED)
async def test_what_looks_like_a_breach_and_is_none_is_taken(
    database: Database, statements: list[str]
):
    await run_sql(database, *A_WEEK, *statements)
