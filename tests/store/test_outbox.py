"""Notices are written once, taken back while they are unsent, and looked at in the ledger."""

from dataclasses import replace
from datetime import timedelta

from learning.notices import Kind, Notice
from learning.people import PersonId
from learning.sessions import SessionId
from services.ports.deliveries import Outcome, Settlement
from services.ports.storage import LedgerEntry
from store.engine import Database
from store.unit_of_work import SqlWork
from tests.support.builders import notice, outbox, queue
from tests.support.clocks import MONDAY
from tests.support.databases import run_sql
from tests.support.deliveries import a_queue, claim, settle

HOUR = timedelta(hours=1)
ASHA, BO = PersonId("asha"), PersonId("bo")
FIRST, SECOND = SessionId(1), SessionId(2)


async def test_a_notice_keeps_every_field(work: SqlWork):
    full = Notice(
        kind=Kind.SESSION_CHANGED,
        key="k – «ŷ»",
        due_at=MONDAY + timedelta(microseconds=1),
        person_id=ASHA,
        channel_id="19:general",
        session_id=FIRST,
        payload={"was": "2026-05-18T08:00", "words": "学習", "list": [1, None, {"a": 1.5}]},
    )

    await queue(work, full)

    async with work(read_only=True) as uow:
        [row] = await uow.outbox.recent(9)
    assert row == LedgerEntry(
        id=row.id,
        notice=full,
        state="queued",
        attempts=0,
        last_error="",
        activity_id="",
        settled_at=None,
    )


async def test_a_key_is_written_once_whatever_comes_with_it(work: SqlWork):
    await queue(work, notice("a", payload={"n": 1}))

    await queue(work, [notice("a", payload={"n": 2}), notice("b"), notice("b")])

    async with work(read_only=True) as uow:
        rows = await uow.outbox.recent(9)
    assert [(row.notice.key, row.notice.payload) for row in rows] == [("b", {}), ("a", {"n": 1})]


async def test_what_was_sent_is_not_written_again(work: SqlWork, database: Database):
    await queue(work, notice("a"))
    await settle_all(database, Outcome.SENT)

    await queue(work, notice("a"))

    assert await outbox(work) == {"a": "sent"}


async def test_more_than_a_statement_holds_is_written_all_the_same(work: SqlWork):
    await queue(work, [notice(str(n)) for n in range(2_500)])

    assert len(await outbox(work)) == 2_500


async def test_withdrawing_takes_back_what_is_unsent_of_one_session_or_person(
    work: SqlWork,
):
    await queue(
        work,
        notice("asha 1", person_id=ASHA, session_id=FIRST),
        notice("bo 1", person_id=BO, session_id=FIRST),
        notice("asha 2", person_id=ASHA, session_id=SECOND),
        notice("another kind", person_id=ASHA, session_id=FIRST, kind=Kind.PLACE_GIVEN),
    )

    async with work() as uow:
        await uow.outbox.withdraw(Kind.NUDGE, FIRST, ASHA)
        await uow.commit()
    assert set(await outbox(work)) == {"bo 1", "asha 2", "another kind"}

    async with work() as uow:
        await uow.outbox.withdraw(Kind.NUDGE, FIRST)
        await uow.commit()
    assert set(await outbox(work)) == {"asha 2", "another kind"}

    async with work() as uow:
        await uow.outbox.withdraw_person(ASHA)
        await uow.commit()
    assert await outbox(work) == {}


async def test_withdrawing_from_a_channel_leaves_the_others(work: SqlWork):
    await queue(work, notice("a", channel_id="19:a"), notice("b", channel_id="19:b"))

    async with work() as uow:
        await uow.outbox.withdraw_channel("19:a")
        await uow.commit()

    assert set(await outbox(work)) == {"b"}


async def test_only_what_is_unsent_can_be_withdrawn(work: SqlWork, database: Database):
    for state in ("queued", "held_back", "leased", "sent", "dropped", "given_up"):
        await queue(work, notice(state, session_id=FIRST))
        await run_sql(database, "UPDATE outbox SET state = :state WHERE key = :state", state=state)

    async with work() as uow:
        await uow.outbox.withdraw(Kind.NUDGE, FIRST)
        await uow.commit()

    assert set(await outbox(work)) == {"leased", "sent", "dropped", "given_up"}


async def test_what_was_withdrawn_can_be_written_again(work: SqlWork):
    again = notice("a", session_id=FIRST)
    await queue(work, again)
    async with work() as uow:
        await uow.outbox.withdraw(Kind.NUDGE, FIRST)
        await uow.outbox.add([replace(again, payload={"n": 2})])
        await uow.commit()

    async with work(read_only=True) as uow:
        [row] = await uow.outbox.recent(9)
    assert row.notice.payload == {"n": 2}


async def test_hurry_makes_the_next_of_each_person_and_session_due(
    work: SqlWork, database: Database
):
    """Bo's second nudge falls on the hour of Asha's first, and is not hers."""
    await queue(
        work,
        nudge("asha 2", ASHA, FIRST, 2),
        nudge("asha 3", ASHA, FIRST, 3),
        nudge("bo 1", BO, FIRST, 1),
        nudge("bo 2", BO, FIRST, 2),
        nudge("bo elsewhere 2", BO, SECOND, 2),
        replace(nudge("another kind", BO, SECOND, 2), kind=Kind.PLACE_GIVEN),
        nudge("due already", BO, SECOND, -1),
    )

    async with work() as uow:
        hurried = await uow.outbox.hurry(Kind.NUDGE, MONDAY)
        await uow.commit()

    claimed = await claim(a_queue(database), MONDAY, 20)
    assert hurried == 3
    assert {d.notice.key for d in claimed} == {
        "asha 2",
        "bo 1",
        "bo elsewhere 2",
        "due already",
    }


async def test_hurrying_once_more_brings_the_one_after(work: SqlWork, database: Database):
    await queue(work, nudge("first", ASHA, FIRST, 1), nudge("second", ASHA, FIRST, 2))
    sent: list[str] = []

    for _ in range(3):
        async with work() as uow:
            await uow.outbox.hurry(Kind.NUDGE, MONDAY)
            await uow.commit()
        sent += await settle_all(database, Outcome.SENT)

    assert sent == ["first", "second"]


async def test_forgetting_keeps_the_row_and_takes_the_person_out(work: SqlWork, database: Database):
    await queue(
        work,
        notice("nudge:asha:1", person_id=ASHA, session_id=FIRST),
        notice("nudge:asha:2", person_id=ASHA, session_id=SECOND),
        notice("nudge:bo:1", person_id=BO, session_id=FIRST),
    )
    queue_of_asha = a_queue(database)
    for delivery in await claim(queue_of_asha, MONDAY, 9):
        await settle(
            queue_of_asha,
            [
                Settlement(
                    delivery=delivery,
                    outcome=Outcome.GIVEN_UP,
                    at=MONDAY,
                    reason="asha@example.org is not known",
                    activity_id="1:asha",
                )
            ],
        )

    async with work() as uow:
        await uow.outbox.forget(ASHA, PersonId("nobody"))
        await uow.commit()

    async with work(read_only=True) as uow:
        bo, *rest = await uow.outbox.recent(9)
    assert bo.notice.person_id == BO
    assert [row.notice.session_id for row in rest] == [SECOND, FIRST]
    assert {row.state for row in rest} == {"given_up"}
    assert "asha" not in str(rest)


async def test_the_ledger_shows_the_newest_first_and_counts_by_kind_and_state(
    work: SqlWork, database: Database
):
    await queue(work, notice("a"), notice("b"), notice("c", kind=Kind.PLACE_GIVEN))
    await settle_all(database, Outcome.SENT)
    await queue(work, notice("d"))

    async with work(read_only=True) as uow:
        newest = await uow.outbox.recent(2)
        counts = await uow.outbox.counts()

    assert [row.notice.key for row in newest] == ["d", "c"]
    assert counts == {("nudge", "sent"): 2, ("nudge", "queued"): 1, ("place_given", "sent"): 1}


def nudge(key: str, person_id: PersonId, session_id: SessionId, hours: int) -> Notice:
    return notice(key, due_at=MONDAY + hours * HOUR, person_id=person_id, session_id=session_id)


async def settle_all(database: Database, outcome: Outcome) -> list[str]:
    """Settle all that is due on Monday; the keys."""
    deliveries = a_queue(database)
    claimed = await claim(deliveries, MONDAY, 100)
    await settle(deliveries, [Settlement(delivery=d, outcome=outcome, at=MONDAY) for d in claimed])
    return [d.notice.key for d in claimed]
