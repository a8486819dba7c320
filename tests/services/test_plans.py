"""Plan my week: what is proposed to whom, and what comes of booking it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from language.calendar import When
from learning.bookings import BookingState
from learning.people import Person, PersonId
from learning.plans import Looked, Outcome, Result, Span
from learning.sessions import Details, Format, Session
from services import plans
from services.addresses import Addresses
from services.plans import PlanService
from services.ports.systems import Rejected, Unavailable
from tests.services.desk import LONDON, Desk
from tests.support.builders import WEDNESDAY, details, person
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE
from tests.support.outside_people import FakeDiary

pytestmark = ON_SQLITE

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ASHA = person("asha", email="asha@example.org")


def about(code: str, *topics: str, at: datetime = WEDNESDAY, **more: Any) -> Details:
    given: dict[str, Any] = {"location": "Library", **more}
    return details(code, at, title=f"{topics[0].title()} {code}", topics=topics, **given)


def resource(code: str, *topics: str) -> Details:
    return details(code, None, title=f"{code} courses", topics=topics, format=Format.SELF_PACED)


@pytest.fixture
def diary() -> FakeDiary:
    return FakeDiary()


@pytest.fixture
def planning(desk: Desk, diary: FakeDiary) -> PlanService:
    return a_planning(desk, diary)


def a_planning(desk: Desk, diary: FakeDiary | None) -> PlanService:
    addresses = Addresses(desk.directory, desk.people)
    return PlanService(desk.catalogue, desk.bookings, desk.people, addresses, diary, desk.clock)


@pytest.fixture
async def asha(desk: Desk) -> Person:
    await desk.meet(ASHA)
    return ASHA


def codes(sessions: Sequence[Session]) -> list[str]:
    return [s.code for s in sessions]


# --- what is proposed --------------------------------------------------------------------------


async def test_a_plan_is_of_each_interest_and_in_order_of_time(
    desk: Desk, planning: PlanService, asha: Person
):
    await desk.publish(
        about("E1", "excel", at=WEDNESDAY + DAY),
        about("L1", "leadership"),
        about("K1", "knitting", at=WEDNESDAY + 3 * HOUR),
    )

    proposal = await planning.propose(asha, ("leadership", "excel"), LONDON)

    assert codes(proposal.sessions) == ["L1", "E1"]
    assert proposal.missing == ()


async def test_what_clashes_is_never_proposed_together(
    desk: Desk, planning: PlanService, asha: Person
):
    await desk.publish(
        about("A1", "leadership"),
        about("A2", "leadership", at=WEDNESDAY + HOUR / 2),
        about("A3", "leadership", at=WEDNESDAY + HOUR),
        about("A4", "leadership", at=WEDNESDAY + HOUR, location="Town Hall"),
    )

    proposal = await planning.propose(asha, ("leadership",), LONDON)

    assert codes(proposal.sessions) == ["A1", "A3"]


async def test_what_is_in_the_calendar_is_kept_clear_of_and_the_plan_says_so(
    desk: Desk, planning: PlanService, diary: FakeDiary, asha: Person
):
    await desk.publish(about("A1", "excel"), about("A2", "excel", at=WEDNESDAY + 4 * HOUR))
    diary.taken[asha.email] = [Span(start=WEDNESDAY, end=WEDNESDAY + HOUR / 4)]

    proposal = await planning.propose(asha, ("excel",), LONDON)

    assert codes(proposal.sessions) == ["A2"]
    assert proposal.looked is Looked.CALENDAR
    [(address, start, end)] = diary.asked
    assert address == asha.email
    assert (start, end) == (MONDAY, datetime(2026, 5, 24, 23, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("trouble", "looked"),
    [
        (Rejected("Graph: 403"), Looked.NOT_ALLOWED),
        (Unavailable("Graph: 503"), Looked.NOT_NOW),
    ],
)
async def test_without_the_calendar_there_is_a_plan_around_ones_bookings(
    desk: Desk,
    planning: PlanService,
    diary: FakeDiary,
    asha: Person,
    trouble: Exception,
    looked: Looked,
):
    mine, _, _ = await desk.publish(
        about("M1", "knitting"),
        about("A1", "excel"),
        about("A2", "excel", at=WEDNESDAY + 4 * HOUR),
    )
    await desk.bookings.book(asha.id, mine.id)
    diary.trouble = trouble

    proposal = await planning.propose(asha, ("excel",), LONDON)

    assert codes(proposal.sessions) == ["A2"]
    assert proposal.looked is looked


async def test_a_calendar_that_does_not_answer_is_not_waited_for(
    desk: Desk,
    planning: PlanService,
    diary: FakeDiary,
    asha: Person,
    monkeypatch: pytest.MonkeyPatch,
):
    await desk.publish(about("A1", "excel"))
    monkeypatch.setattr(plans, "PATIENCE", 0.01)
    diary.is_slow = True

    proposal = await planning.propose(asha, ("excel",), LONDON)

    assert (codes(proposal.sessions), proposal.looked) == (["A1"], Looked.NOT_NOW)


async def test_where_calendars_are_not_asked_or_no_address_is_known_the_plan_says_so(
    desk: Desk, planning: PlanService, diary: FakeDiary
):
    [session] = await desk.publish(about("A1", "excel"))
    nobody = person("nobody")
    await desk.meet(nobody)

    unknown = await planning.propose(nobody, ("excel",), LONDON)
    off = await a_planning(desk, None).propose(ASHA, ("excel",), LONDON)

    assert (unknown.looked, off.looked) == (Looked.NOT_ALLOWED, Looked.NOT_ALLOWED)
    assert codes(unknown.sessions) == [session.code]
    assert diary.asked == []


async def test_what_one_has_waits_for_or_cannot_get_is_not_proposed(
    desk: Desk, planning: PlanService, asha: Person
):
    mine, waits, full, _, gone, _ = await desk.publish(
        about("A1", "excel", at=WEDNESDAY),
        about("A2", "excel", at=WEDNESDAY + 2 * HOUR, capacity=1),
        about("A3", "excel", at=WEDNESDAY + 4 * HOUR, capacity=1),
        about("A4", "excel", at=MONDAY - HOUR),
        about("A5", "excel", at=WEDNESDAY + 6 * HOUR),
        about("A6", "excel", at=WEDNESDAY + DAY),
    )
    await desk.bookings.book(asha.id, mine.id)
    await desk.book(waits, "bo")
    await desk.bookings.book(asha.id, waits.id)
    await desk.book(full, "bo", despite_clash=True)
    await desk.programme.cancel_session(gone.id)

    proposal = await planning.propose(asha, ("excel",), LONDON)

    assert codes(proposal.sessions) == ["A6"]
    assert codes(proposal.full) == ["A3"]


async def test_no_more_are_proposed_than_are_wanted_and_those_of_several_strands(
    desk: Desk, planning: PlanService, asha: Person
):
    await desk.publish(
        *(about(f"A{n}", "excel", at=WEDNESDAY + n * HOUR, strand="Figures") for n in range(4)),
        about("B1", "excel", at=WEDNESDAY + DAY, strand="Words"),
    )

    proposal = await planning.propose(asha, ("excel",), LONDON, most=2)

    assert len(proposal.sessions) == 2
    assert "B1" in codes(proposal.sessions)


async def test_of_what_nothing_is_on_about_a_resource_is_named(
    desk: Desk, planning: PlanService, asha: Person
):
    await desk.publish(about("A1", "excel"), resource("EDX", "python"))

    proposal = await planning.propose(asha, ("excel", "python", "juggling"), LONDON)

    assert codes(proposal.sessions) == ["A1"]
    assert proposal.missing == ("python", "juggling")
    assert codes(proposal.resources) == ["EDX"]


@pytest.mark.parametrize(
    ("when", "found"),
    [
        (None, ["A1", "A2"]),
        (When(first=date(2026, 5, 21), last=date(2026, 5, 21)), ["A2"]),
        (When(first=date(2026, 5, 20), last=date(2026, 5, 20), start=time(12)), []),
        (When(first=date(2026, 5, 25), last=date(2026, 5, 31)), ["A3"]),
        (When(first=date(2026, 5, 11), last=date(2026, 5, 12)), []),
        (When(first=date(9999, 12, 31), last=date(9999, 12, 31)), []),
        (When(first=date(1, 1, 1), last=date(9999, 12, 31)), ["A1", "A2", "A3"]),
    ],
)
async def test_the_days_are_those_asked_for_else_those_left_of_the_week(
    desk: Desk, planning: PlanService, asha: Person, when: When | None, found: list[str]
):
    await desk.publish(
        about("A1", "excel"),
        about("A2", "excel", at=WEDNESDAY + DAY),
        about("A3", "excel", at=WEDNESDAY + 7 * DAY),
    )

    proposal = await planning.propose(asha, ("excel",), LONDON, when=when)

    assert codes(proposal.sessions) == found


async def test_where_this_week_is_over_the_next_one_with_sessions_is_planned(
    desk: Desk, planning: PlanService, asha: Person
):
    await desk.publish(about("A3", "excel", at=WEDNESDAY + 21 * DAY))

    there = await planning.propose(asha, ("excel",), LONDON)
    desk.clock.advance(timedelta(days=90))
    over = await planning.propose(asha, ("excel",), LONDON)

    assert codes(there.sessions) == ["A3"]
    assert (over.sessions, over.missing) == ((), ("excel",))


# --- what it goes by ---------------------------------------------------------------------------


async def test_what_somebody_booked_most_is_what_they_like(
    desk: Desk, planning: PlanService, asha: Person
):
    some = await desk.publish(
        about("A1", "excel", "data"),
        about("A2", "mentoring", "data", at=WEDNESDAY + DAY),
        about("A3", "knitting", at=WEDNESDAY + 2 * DAY),
    )
    for session in some:
        await desk.bookings.book(asha.id, session.id)
    await desk.bookings.cancel(asha.id, some[2].id)

    assert await planning.liked(asha.id) == ("data", "mentoring", "excel")
    assert await planning.liked(PersonId("nobody")) == ()


async def test_strands_and_topics_of_what_lies_ahead_are_there_to_choose_from(
    desk: Desk, planning: PlanService
):
    await desk.publish(
        about("A1", "excel", "data", strand="Figures"),
        about("A2", "data", at=WEDNESDAY + DAY, strand="Words"),
        about("A3", "history", at=MONDAY - HOUR, strand="Past"),
        resource("EDX", "science"),
    )

    assert await planning.subjects(3) == ["Figures", "Words", "data"]
    assert await planning.subjects(9) == ["Figures", "Words", "data", "excel"]


async def test_a_topic_with_an_and_in_its_name_stays_whole(desk: Desk, planning: PlanService):
    await desk.publish(about("A1", "Diversity and inclusion"))

    found = await planning.interests("diversity and inclusion, excel and data")

    assert found == ("diversity and inclusion", "excel", "data")


# --- booking it --------------------------------------------------------------------------------


async def test_all_of_a_plan_is_booked_and_a_second_press_changes_nothing(
    desk: Desk, planning: PlanService, asha: Person
):
    some = await desk.publish(about("A1", "excel"), about("A2", "excel", at=WEDNESDAY + DAY))
    ids = [s.id for s in some]

    first = await planning.book(asha.id, ids)
    again = await planning.book(asha.id, ids)

    assert results(first) == {"A1": Result.BOOKED, "A2": Result.BOOKED}
    assert results(again) == {"A1": Result.HAD, "A2": Result.HAD}
    assert [len(await desk.bookings_of(s)) for s in some] == [1, 1]


async def test_each_session_has_an_outcome_of_its_own(
    desk: Desk, planning: PlanService, asha: Person
):
    full, clashes, called_off, over, mine, good = await desk.publish(
        about("A1", "excel", capacity=1),
        about("A2", "excel", at=WEDNESDAY + DAY),
        about("A3", "excel", at=WEDNESDAY + 2 * DAY),
        about("A4", "excel", at=MONDAY - HOUR),
        about("A5", "excel", at=WEDNESDAY + DAY + HOUR / 2),
        about("A6", "excel", at=WEDNESDAY + 2 * HOUR),
    )
    await desk.book(full, "bo")
    await desk.bookings.book(asha.id, mine.id)
    await desk.programme.cancel_session(called_off.id)
    every = [s.id for s in (full, clashes, called_off, over, mine, good)]

    found = await planning.book(asha.id, [*every, type(full.id)(999_999), good.id])

    assert results(found) == {
        "A1": Result.GONE,
        "A2": Result.REFUSED,
        "A3": Result.REFUSED,
        "A4": Result.REFUSED,
        "A5": Result.HAD,
        "A6": Result.BOOKED,
    }
    assert await desk.stands(full) == {"bo": BookingState.BOOKED}
    assert all(o.reason for o in found if o.result is Result.REFUSED)


def results(outcomes: Sequence[Outcome]) -> dict[str, Result]:
    return {o.session.code: o.result for o in outcomes}
