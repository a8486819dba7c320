"""What is on, as the database has it now: nothing cancelled, nothing over, counts of this moment."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from language.calendar import Calendar, When
from learning.errors import NotFound
from learning.sessions import Format, Session, SessionId
from services.catalogue import Catalogue
from tests.services.desk import LONDON, Desk
from tests.support.builders import WEDNESDAY, details
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE

pytestmark = ON_SQLITE

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOKYO = ZoneInfo("Asia/Tokyo")


def codes(sessions: Iterable[Session]) -> list[str]:
    return [s.code for s in sessions]


def on(day: date, **more: Any) -> When:
    return When(first=day, last=day, **more)


# --- the copy in memory ----------------------------------------------------------------------


async def test_every_change_of_the_programme_is_seen_at_once_by_every_replica(
    desk: Desk, other_desk: Desk
):
    catalogues = (desk.catalogue, other_desk.catalogue)
    seen: list[list[list[str]]] = []

    async def look() -> None:
        seen.append([codes(list((await c.programme()).sessions)) for c in catalogues])

    await look()
    await desk.publish(details("A"))
    await look()
    await other_desk.publish(details("B"))
    await look()

    assert seen == [[[], []], [["A"], ["A"]], [["A", "B"], ["A", "B"]]]
    assert [e.name for e in (await desk.catalogue.programme()).editions]


async def test_the_seconds_of_the_clock_make_no_difference_to_what_words_mean(desk: Desk):
    await desk.publish(details())
    programme = await desk.catalogue.programme()

    desk.clock.set(MONDAY + timedelta(seconds=5))
    early = desk.catalogue.calendar(programme, LONDON)
    desk.clock.set(MONDAY + timedelta(seconds=50))
    late = desk.catalogue.calendar(programme, LONDON)
    desk.clock.set(MONDAY + timedelta(seconds=60))
    next_minute = desk.catalogue.calendar(programme, LONDON)

    assert early == late
    assert next_minute != late


async def test_a_booking_is_no_reason_to_read_the_programme_again(desk: Desk):
    [session] = await desk.publish(details())
    before = await desk.catalogue.programme()

    await desk.book(session, "asha")

    assert await desk.catalogue.programme() is before


async def test_but_what_is_shown_has_the_counts_of_this_moment(desk: Desk):
    [session] = await desk.publish(details(topics=("habits",), capacity=2))
    await desk.catalogue.programme()
    await desk.book(session, "asha")
    now = await desk.session(session)
    catalogue = desk.catalogue

    assert now.places_left == 1
    assert await catalogue.on(on(WEDNESDAY.date()), LONDON) == [now]
    assert [m.session for m in await catalogue.find("habits")] == [now]
    assert await catalogue.get(session.id) == now
    assert await catalogue.among([session.id]) == [now]


async def test_beside_each_session_stands_what_this_person_has_of_it_now(desk: Desk):
    sessions = await desk.publish(*(details(code, capacity=1) for code in "ABCD"))
    booked, waited_for, given_back, gone = sessions
    [asha] = await desk.meet("asha")
    await desk.book(waited_for, "bo")
    for session in (booked, waited_for, given_back):
        await desk.bookings.book(asha, session.id, despite_clash=True)
    await desk.bookings.cancel(asha, given_back.id)
    await desk.programme.cancel_session(gone.id)

    fresh, own = await desk.catalogue.standing(sessions, asha)
    _, others = await desk.catalogue.standing(sessions, None)

    assert [(s.code, s.taken, s.waiting) for s in fresh] == [("A", 1, 0), ("B", 1, 1), ("C", 0, 0)]
    assert {i: b.state for i, b in own.items()} == {booked.id: "booked", waited_for.id: "waiting"}
    assert others == {}


# --- days ------------------------------------------------------------------------------------


async def test_what_is_on_is_judged_in_the_readers_zone_and_sorted_by_time(desk: Desk):
    await desk.publish(
        details("LATE", datetime.fromisoformat("2026-05-20T22:00+00:00")),
        details("EARLY", WEDNESDAY - HOUR),
        details("SELF", None, format=Format.SELF_PACED),
        details("BEFORE", WEDNESDAY - DAY),
    )
    wednesday = on(date(2026, 5, 20))

    assert codes(await desk.catalogue.on(wednesday, LONDON)) == ["EARLY", "LATE"]
    assert codes(await desk.catalogue.on(wednesday, TOKYO)) == ["EARLY"]
    both_days = When(first=date(2026, 5, 19), last=date(2026, 5, 20))
    assert codes(await desk.catalogue.on(both_days, LONDON)) == ["BEFORE", "EARLY", "LATE"]


async def test_what_is_on_can_be_asked_for_by_time_of_day_and_subject(desk: Desk):
    await desk.publish(
        details("A", title="Growth mindset"),
        details("B", WEDNESDAY + 5 * HOUR, title="Growth of gardens"),
        details("C", WEDNESDAY + 6 * HOUR, title="Presenting"),
    )
    afternoon = on(date(2026, 5, 20), start=time(12), end=time(17))

    assert codes(await desk.catalogue.on(afternoon, LONDON)) == ["B", "C"]
    growth = await desk.catalogue.find("growth", when=afternoon, zone=LONDON)
    assert codes(m.session for m in growth) == ["B"]


async def test_what_is_cancelled_is_not_on(desk: Desk):
    first, _ = await desk.publish(details("A"), details("B"))
    await desk.catalogue.programme()
    await desk.programme.cancel_session(first.id)

    assert codes(await desk.catalogue.on(on(WEDNESDAY.date()), LONDON)) == ["B"]


@pytest.mark.parametrize(
    ("now", "after", "found"),
    [
        (MONDAY, date(2026, 5, 18), date(2026, 5, 20)),
        (WEDNESDAY - HOUR, date(2026, 5, 20), date(2026, 5, 20)),
        (WEDNESDAY, date(2026, 5, 20), date(2026, 5, 22)),
        (MONDAY, date(2026, 5, 21), date(2026, 5, 22)),
        (MONDAY, date(2026, 5, 23), None),
    ],
)
async def test_the_next_day_is_the_first_with_something_still_to_come(
    desk: Desk, now: datetime, after: date, found: date | None
):
    await desk.publish(details("A"), details("B", WEDNESDAY + 2 * DAY))
    desk.clock.set(now)

    assert await desk.catalogue.next_day(after, LONDON) == found


async def test_the_calendar_has_today_and_the_days_with_sessions(desk: Desk):
    [_, cancelled, _] = await desk.publish(
        details("A", datetime.fromisoformat("2026-05-20T22:00+00:00")),
        details("B", WEDNESDAY + 2 * DAY),
        details("C", None),
    )
    await desk.programme.cancel_session(cancelled.id)
    desk.clock.set(datetime.fromisoformat("2026-05-18T23:30+00:00"))

    programme = await desk.catalogue.programme()
    assert desk.catalogue.calendar(programme, LONDON) == Calendar(
        today=date(2026, 5, 19), days=frozenset({date(2026, 5, 20)}), now=time(0, 30)
    )
    assert desk.catalogue.calendar(programme, TOKYO) == Calendar(
        today=date(2026, 5, 19), days=frozenset({date(2026, 5, 21)}), now=time(8, 30)
    )


# --- finding ---------------------------------------------------------------------------------


async def test_what_can_still_be_attended_is_found_before_what_is_over(desk: Desk):
    await desk.publish(details("OLD", MONDAY - DAY, title="Growth mindset"), edition="Spring")
    await desk.publish(details("NEW", title="Growth mindset"), edition="Summer")

    ahead = await desk.catalogue.find("growth mindset")
    desk.clock.set(WEDNESDAY + DAY)
    afterwards = await desk.catalogue.find("growth mindset")

    assert [m.session.code for m in ahead] == ["NEW"]
    assert [m.session.code for m in afterwards] == ["NEW", "OLD"]
    assert await desk.catalogue.find("quantum gravity") == []


async def test_a_code_in_any_case_is_that_of_the_edition_ahead(desk: Desk):
    [old] = await desk.publish(details("GM1", MONDAY - DAY), edition="Spring")
    [new] = await desk.publish(details("GM1"), edition="Summer")

    assert await desk.catalogue.coded("gm1") == new
    await desk.programme.cancel_session(new.id)
    found = await desk.catalogue.coded("gm1")
    assert found is not None
    assert found.id in (old.id, new.id)
    assert await desk.catalogue.coded("XX9") is None


async def test_sessions_by_id_come_in_the_order_asked_for_without_those_that_are_not_there(
    desk: Desk,
):
    first, second = await desk.publish(details("A"), details("B"))

    found = await desk.catalogue.among([second.id, SessionId(99), first.id])

    assert found == [second, first]
    with pytest.raises(NotFound):
        await desk.catalogue.get(SessionId(99))


async def test_instead_of_a_full_session_the_next_best_with_places_is_offered(desk: Desk):
    """Like it before unlike it; never itself, what is full, begun or cancelled."""
    rows = {
        "FULL": details("FULL", title="Growth mindset", capacity=1),
        "LIKE": details("LIKE", WEDNESDAY + 9 * DAY, title="Growth mindset for teams"),
        "LIKE FULL": details("LF", title="Growth mindset at home", capacity=1),
        "BEGUN": details("BEGUN", MONDAY - HOUR, title="Growth mindset again"),
        "CANCELLED": details("CA", title="Growth mindset once more"),
        "SOON": details("SOON", WEDNESDAY - DAY, title="Spreadsheets"),
        "LATER": details("LATER", WEDNESDAY + DAY, title="Presenting"),
    }
    sessions = dict(zip(rows, await desk.publish(*rows.values()), strict=True))
    for full in ("FULL", "LIKE FULL"):
        await desk.book(sessions[full], "asha", despite_clash=True)
    await desk.catalogue.programme()
    await desk.programme.cancel_session(sessions["CANCELLED"].id)

    assert codes(await desk.catalogue.instead(sessions["FULL"])) == ["LIKE", "SOON"]
    assert codes(await desk.catalogue.instead(sessions["FULL"], limit=1)) == ["LIKE"]


async def test_resources_are_what_can_be_taken_at_any_time(desk: Desk):
    rows = [
        details("B", None, title="edX", format=Format.SELF_PACED),
        details("A", title="Growth mindset"),
        details("C", None, title="Alison", format=Format.SELF_PACED),
        details("D", None, title="Gone", format=Format.SELF_PACED),
    ]
    sessions = await desk.publish(*rows)
    await desk.programme.cancel_session(sessions[3].id)

    assert codes(await desk.catalogue.resources()) == ["C", "B"]


async def test_an_empty_programme_answers_everything_with_nothing(desk: Desk):
    catalogue = Catalogue(desk.work, desk.clock)

    assert (await catalogue.programme()).sessions == ()
    assert await catalogue.on(on(WEDNESDAY.date()), LONDON) == []
    assert await catalogue.find("anything") == []
    assert await catalogue.coded("GM1") is None
    assert await catalogue.resources() == []
    assert await catalogue.next_day(date(2026, 5, 18), LONDON) is None


async def test_what_a_meeting_adds_to_a_session_is_seen(desk: Desk):
    [session] = await desk.publish(details())
    await desk.catalogue.programme()
    met = replace(session, join_url="https://teams.example.org/1")
    async with desk.work() as uow:
        await uow.sessions.save(met)
        await uow.commit()

    assert await desk.catalogue.coded("GM1") == met
