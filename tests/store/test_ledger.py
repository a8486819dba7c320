"""Whatever became of its rows, the numbers of a mailing are those of the people it is for."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning import notices
from learning.mailings import Subject
from learning.notices import FanOut, Kind, Notice
from learning.people import Address, PersonId
from learning.sessions import SessionId
from services.ledger import Ledger
from store.engine import Database
from store.retention import SqlRetention
from store.unit_of_work import SqlWork
from tests.support.builders import queue
from tests.support.clocks import MONDAY, FixedClock
from tests.support.databases import run_sql
from tests.support.values import a_session

DAY = timedelta(days=1)
TODAY = date(2026, 5, 18)
CHAT = Address(service_url="https://smba.example.org/", conversation_id="a:1")
SETTLED = ("sent", "dropped", "given_up")
OPEN = ("queued", "leased", "held_back")
EMPTY = ("DELETE FROM outbox", "DELETE FROM mailing_totals")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One person's row of a mailing."""

    mailing: int
    state: str
    reason: str
    days: int


ANY_ROWS = st.lists(
    st.builds(
        Told,
        mailing=st.integers(0, 2),
        state=st.sampled_from(SETTLED + OPEN),
        reason=st.sampled_from(["", "ConversationBlockedByUser", "connector: 400"]),
        days=st.integers(0, 60),
    ),
    max_size=30,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_ROWS, st.sets(st.integers(0, 29)))
async def test_any_mix_adds_up_before_and_after_old_rows_are_counted_and_people_forgotten(
    work: SqlWork, database: Database, rows: list[Told], forgotten: set[int]
):
    await run_sql(database, *EMPTY)
    for number, told in enumerate(rows):
        await write(work, database, number, told)

    assert await standing(work) == expected(rows)
    for number in forgotten:
        await forget(work, number)
    await SqlRetention(database, FixedClock(), pause=0).count_old()

    left = [
        replace(told, reason="") if number in forgotten else told
        for number, told in enumerate(rows)
        if number not in forgotten or told.state not in ("queued", "held_back")
    ]
    assert await standing(work) == expected(left)


async def test_pages_of_a_fan_out_and_the_calendar_are_no_people(work: SqlWork, database: Database):
    page = FanOut(day=TODAY, zone=None, began=MONDAY)
    session = a_session()
    await queue(
        work,
        notices.person_highlights(PersonId("asha"), TODAY, MONDAY),
        [replace(page, after=PersonId(after)).notice(MONDAY) for after in ("", "b", "c")],
        notices.event(session, MONDAY),
        notices.attendees(session, MONDAY),
    )

    shown = await Ledger(work, FixedClock()).deliveries(9)

    assert [(m.subject, m.people) for m in shown.mailings] == [
        (Subject(kind=Kind.HIGHLIGHTS, day=TODAY), 1)
    ]
    assert shown.events.waiting == shown.events.all == 1


async def test_rows_that_name_no_mailing_are_left_out(work: SqlWork):
    """They were written by a version that knew of none."""
    await queue(work, replace(a_nudge(1), mailing=""), replace(a_nudge(2), mailing="later:kind"))

    assert (await Ledger(work, FixedClock()).deliveries(9)).mailings == ()


def a_nudge(number: int, days: int = 0) -> Notice:
    return notices.to_person(
        Kind.NUDGE, PersonId(f"p{number}"), a_session(id=SessionId(7)), MONDAY - days * DAY
    )


def notice(number: int, told: Told) -> Notice:
    """The same mailing for all, whenever their row is due: as a fan-out writes page by page."""
    person, due = PersonId(f"p{number}"), MONDAY - told.days * DAY
    match told.mailing:
        case 0:
            return notices.person_highlights(person, TODAY, due)
        case 1:
            return notices.to_person(Kind.PLACE_GIVEN, person, a_session(), due)
        case _:
            return replace(notices.open_chat(person, CHAT, due), mailing="open_chat:2026-21")


async def write(work: SqlWork, database: Database, number: int, told: Told) -> None:
    written = notice(number, told)
    await queue(work, written)
    await run_sql(
        database,
        "UPDATE outbox SET state = :state, last_error = :reason WHERE key = :key",
        "UPDATE outbox SET settled_at = due_at WHERE state IN ('sent', 'dropped', 'given_up')",
        state=told.state,
        reason=told.reason if told.state in ("given_up", "held_back") else "",
        key=written.key,
    )


async def forget(work: SqlWork, number: int) -> None:
    async with work() as uow:
        await uow.outbox.withdraw_person(PersonId(f"p{number}"))
        await uow.outbox.forget(PersonId(f"p{number}"), PersonId(f"forgotten:{uuid4().hex}"))
        await uow.commit()


KINDS = (Kind.HIGHLIGHTS, Kind.PLACE_GIVEN, Kind.OPEN_CHAT)


def expected(rows: list[Told]) -> dict[Kind, Counter[str]]:
    found: dict[Kind, Counter[str]] = {}
    for told in rows:
        state = f"given up: {told.reason}" if told.state == "given_up" else told.state
        found.setdefault(KINDS[told.mailing], Counter())[state] += 1
        found[KINDS[told.mailing]]["people"] += 1
    return found


async def standing(work: SqlWork) -> dict[Kind, Counter[str]]:
    """The numbers of each mailing as the ledger has them, those that are nought left out."""
    shown = await Ledger(work, FixedClock()).deliveries(9)
    return {
        m.subject.kind: +Counter(
            {
                "queued": m.queued,
                "leased": m.being_sent,
                "held_back": m.held_back,
                "sent": m.sent,
                "dropped": m.dropped,
                "people": m.people,
                **{f"given up: {reason}": n for reason, n in m.given_up.items()},
            }
        )
        for m in shown.mailings
    }
