"""Which one thing somebody is reminded of on a day, and when reminders are written."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.courses.definition import Step, StepKind
from learning.courses.reminders import (
    CAUGHT_UP,
    Task,
    booking_task,
    chosen,
    is_due,
    mailing,
    other_task,
    reminded,
    reminder,
    step_tasks,
    told_of,
)
from learning.courses.schedule import Situation
from learning.mailings import Subject
from learning.notices import Kind, QuietHours
from learning.people import PersonId
from learning.sessions import CourseId, EditionId, Session, SessionId
from tests.support.builders import details

LONDON = ZoneInfo("Europe/London")
COURSE, OTHER = CourseId(1), CourseId(2)
ASHA = PersonId("asha")
LIVE_DAY = date(2027, 3, 10)
"""A Wednesday."""

MONDAY = date(2027, 2, 1)
QUIET = QuietHours(start=time(20), end=time(7, 30))


def a_step(id_: str = "10-first", kind: StepKind = StepKind.MODULE, **more: Any) -> Step:
    values: dict[str, Any] = {"id": id_, "kind": kind, "title": "A step", "order": 1}
    return Step(**(values | more))


def a_task(about: str = "10-first", *, due: date = MONDAY, days: set[date], **more: Any) -> Task:
    values: dict[str, Any] = {"course_id": COURSE, "about": about, "due": due} | more
    return Task(**values, days=frozenset(days))


def live_on(*days: date, left: int | None = None) -> list[Session]:
    return [
        Session(
            id=SessionId(n),
            edition_id=EditionId(1),
            details=details(
                f"SHOES-{n}",
                datetime.combine(day, time(9, 30), tzinfo=LONDON).astimezone(UTC),
                capacity=left,
            ),
        )
        for n, day in enumerate(days, 1)
    ]


def at(day: date, clock: time = time(9)) -> datetime:
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)


def test_of_all_that_is_to_be_spoken_of_the_most_overdue_comes_first():
    early = a_task("20-second", due=MONDAY - timedelta(days=3), days={MONDAY}, course_id=OTHER)
    late = a_task("10-first", due=MONDAY + timedelta(days=3), days={MONDAY})
    silent = a_task("30-third", due=MONDAY - timedelta(days=9), days={MONDAY + timedelta(days=1)})

    assert chosen([late, early, silent], {}, MONDAY) == early


def test_what_was_passed_over_has_its_turn_on_the_next_day():
    first = a_task("10-first", due=MONDAY, days={MONDAY})
    second = a_task("20-second", due=MONDAY + timedelta(days=1), days={MONDAY})
    told = {(COURSE, "10-first"): MONDAY}

    assert chosen([first, second], told, MONDAY + timedelta(days=1)) == second
    told[(COURSE, "20-second")] = MONDAY + timedelta(days=1)
    assert chosen([first, second], told, MONDAY + timedelta(days=2)) is None


def test_nothing_is_said_at_a_weekend_and_monday_speaks_of_what_opened_then():
    saturday = MONDAY - timedelta(days=2)
    opened = a_task(days={saturday})

    assert [chosen([opened], {}, saturday + timedelta(days=n)) for n in range(3)] == [
        None,
        None,
        opened,
    ]


def test_what_was_missed_is_caught_up_within_a_week_and_then_left():
    missed = a_task(days={MONDAY})

    assert chosen([missed], {}, MONDAY + timedelta(days=4)) == missed
    assert chosen([missed], {}, MONDAY + CAUGHT_UP) is None


def test_a_newer_day_speaks_again_of_what_was_said_before():
    task = a_task(days={MONDAY, MONDAY + timedelta(days=3)})
    told = {(COURSE, task.about): MONDAY}

    assert chosen([task], told, MONDAY + timedelta(days=2)) is None
    assert chosen([task], told, MONDAY + timedelta(days=3)) == task


@given(
    st.lists(st.sets(st.integers(0, 40), min_size=1, max_size=4), min_size=1, max_size=6),
    st.sets(st.integers(0, 60)),
)
def test_over_weeks_nobody_hears_of_a_thing_more_often_than_it_speaks(
    all_days: list[set[int]], away: set[int]
):
    """However often the bot was away; and whatever spoke while it was there long enough was heard."""
    tasks = [
        a_task(f"{n}", days={MONDAY + timedelta(days=d) for d in days})
        for n, days in enumerate(all_days)
    ]
    told: dict[tuple[CourseId, str], date] = {}
    heard = dict.fromkeys((t.about for t in tasks), 0)
    for day in (MONDAY + timedelta(days=n) for n in range(60)):
        if (day - MONDAY).days in away:
            continue
        if (task := chosen(tasks, told, day)) is not None:
            assert day.weekday() < 5
            told[COURSE, task.about] = day
            heard[task.about] += 1

    assert all(heard[t.about] <= len(t.days) for t in tasks)
    if not away and len(tasks) < 5:
        assert all(heard.values())


def test_open_steps_speak_on_the_days_of_their_file_and_those_done_do_not():
    steps = [
        a_step("10-first", opens=-42, due=-14),
        a_step("20-second", opens=-42, due=-14, order=2),
        a_step("50-live", StepKind.LIVE, order=3),
        a_step("60-later", opens=5, order=4),
    ]
    situation = Situation(live_day=LIVE_DAY, done=frozenset({"20-second"}))

    [task] = step_tasks(COURSE, steps, situation, LIVE_DAY - timedelta(days=20))

    assert task == Task(
        course_id=COURSE,
        about="10-first",
        due=LIVE_DAY - timedelta(days=14),
        order=1,
        days=frozenset({LIVE_DAY - timedelta(days=42), LIVE_DAY - timedelta(days=15)}),
    )


def test_who_has_no_place_is_asked_to_choose_a_date_on_set_days_before_the_next_one():
    live = a_step("50-live", StepKind.LIVE)
    sessions = live_on(LIVE_DAY, LIVE_DAY + timedelta(days=7))
    before = LIVE_DAY - timedelta(days=10)

    first = booking_task(COURSE, live, sessions, LONDON, at(before))
    after = booking_task(COURSE, live, sessions, LONDON, at(LIVE_DAY, time(10)))

    assert first is not None
    assert first.days == {LIVE_DAY - timedelta(days=n) for n in (28, 14, 7, 3)}
    assert first.due == LIVE_DAY
    assert after is not None
    assert after.due == LIVE_DAY + timedelta(days=7)
    assert booking_task(COURSE, live, sessions, LONDON, at(LIVE_DAY + timedelta(days=8))) is None


def test_the_file_s_own_days_for_choosing_a_date_win():
    live = a_step("50-live", StepKind.LIVE, opens=-60, due=-20, remind=(-30,))

    early = booking_task(COURSE, live, live_on(LIVE_DAY), LONDON, at(LIVE_DAY - timedelta(days=61)))
    task = booking_task(COURSE, live, live_on(LIVE_DAY), LONDON, at(LIVE_DAY - timedelta(days=40)))

    assert early is None
    assert task is not None
    assert task.days == {LIVE_DAY - timedelta(days=n) for n in (60, 30, 21)}
    assert task.due == LIVE_DAY - timedelta(days=20)


def test_when_places_become_few_it_is_said_once_a_week():
    live, sessions = a_step("50-live", StepKind.LIVE), live_on(LIVE_DAY, left=3)
    told: dict[tuple[CourseId, str], date] = {}
    said = list[int]()
    for n in range(60, 40, -1):
        today = LIVE_DAY - timedelta(days=n)
        task = booking_task(COURSE, live, sessions, LONDON, at(today))
        if task and chosen([task], told, today):
            told[COURSE, "50-live"] = today
            said.append(n)

    # 60 days before is a Saturday.
    assert said == [58, 51, 44]


def test_something_else_is_spoken_of_three_times_at_most():
    task = other_task(COURSE, "check-in", MONDAY)

    assert task.days == {MONDAY + timedelta(days=n) for n in (0, 3, 8)}
    assert not task.is_step


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(MONDAY, time(8, 59)), None),
        (at(MONDAY, time(9)), MONDAY),
        (at(MONDAY, time(17, 59)), MONDAY),
        (at(MONDAY, time(18)), None),
        (at(MONDAY - timedelta(days=1), time(9)), None),
    ],
)
def test_reminders_are_written_in_working_hours_on_working_days(moment: datetime, day: date | None):
    assert is_due(moment, LONDON) == day


def test_a_reminder_s_key_says_whom_and_when_and_nothing_of_what():
    task = a_task(days={MONDAY})

    notice = reminder(task, "CUSTOMER", ASHA, MONDAY, QUIET, LONDON)

    assert notice.key == "course_nudge:asha:2027-02-01"
    assert notice.due_at == at(MONDAY)
    assert told_of([notice]) == {(COURSE, "10-first"): MONDAY}
    assert Subject.of(notice.mailing) == Subject(
        kind=Kind.COURSE_NUDGE, day=MONDAY, about="CUSTOMER/10-first"
    )


def test_quiet_hours_move_a_reminder_to_their_end():
    quiet = QuietHours(start=time(19), end=time(10))

    notice = reminder(a_task(days={MONDAY}), "C", ASHA, MONDAY, quiet, LONDON)

    assert notice.due_at == at(MONDAY, time(10))


def test_reminders_are_counted_by_step_over_all_days():
    tuesday = MONDAY + timedelta(days=1)
    counts = [
        (mailing(MONDAY, "CUSTOMER", "10-first"), 3),
        (mailing(tuesday, "CUSTOMER", "10-first"), 2),
        (mailing(tuesday, "CUSTOMER", "40-before"), 1),
        (mailing(tuesday, "OTHER", "10-first"), 9),
        ("nudge:1:2027-02-01", 7),
    ]

    assert reminded(counts, "CUSTOMER") == {"10-first": 5, "40-before": 1}
