"""A few seconds of chaos on either database, and that its books would show what went wrong."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chaos import ledger
from tests.chaos.outcome import Outcome
from tests.chaos.plan import SHORT_BAG, Size, drawn
from tests.chaos.start import run

A_FEW_SECONDS = Size(
    seconds=16, people=40, crowd=30, big=4, small=4, offered=2, soon=3, rate=8, bag=SHORT_BAG,
    wishes=False, spared=0.0,
)  # fmt: skip
SEED = 83

pytestmark = [pytest.mark.alone, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outcomes(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[dict[str, Outcome]]:
    """Both at once, as most of the time is spent on waiting for leases to run out."""
    sqlite, postgresql = await asyncio.gather(
        one("sqlite", 1, tmp_path_factory.mktemp("sqlite")),
        one("postgresql", 2, tmp_path_factory.mktemp("postgresql")),
    )
    yield {"sqlite": sqlite, "postgresql": postgresql}


async def one(database: str, replicas: int, folder: Path) -> Outcome:
    plan = drawn(SEED, A_FEW_SECONDS, replicas=replicas, database_restarts=False)
    outcome = await run(plan, database, folder, print)
    print(outcome)
    return outcome


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_everybody_hears_everything_whatever_fails(
    outcomes: dict[str, Outcome], database: str
):
    outcome = outcomes[database]

    assert outcome.breaches == []
    assert outcome.found.sent > 60
    assert {happened.fault.kind for happened in outcome.happened} == set(SHORT_BAG)


async def test_a_notice_that_never_arrived_would_show(outcomes: dict[str, Outcome]):
    books = outcomes["postgresql"].books
    sent = next(
        row for row in books.rows if row.state == "sent" and row.kind == "session_cancelled"
    )

    found = ledger.audited(
        replace(books, taken=[each for each in books.taken if each.id != sent.activity_id])
    )

    assert f"LOST: sent, but nothing arrived: {sent}" in found.breaches


async def test_a_notice_that_came_twice_for_no_reason_would_show(outcomes: dict[str, Outcome]):
    books = outcomes["postgresql"].books
    sent = next(row for row in books.rows if row.state == "sent" and not row.claims[1:])
    arrived = next(each for each in books.taken if each.id == sent.activity_id)
    again = replace(arrived, id="again", lost=False)

    found = ledger.audited(replace(books, taken=[*books.taken, again], happened=[]))

    assert any(words.startswith("TWICE without a cause") for words in found.breaches)


async def test_a_booking_that_is_gone_would_show(outcomes: dict[str, Outcome]):
    books = outcomes["postgresql"].books
    gone = next(b for b in books.live if books.sessions[b.session_id].code.startswith("X"))

    found = ledger.audited(replace(books, live=[each for each in books.live if each != gone]))

    assert any(gone.person_id in words and "You're booked" in words for words in found.breaches)


async def test_the_same_seed_draws_the_same_plan():
    plans = [drawn(SEED, Size(seconds=300), replicas=2, database_restarts=True) for _ in range(2)]

    assert plans[0] == plans[1]
