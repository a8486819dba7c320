"""How the sessions of an edition move to other days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from learning.copying import NothingToCopy, copied, faults, first_day_of
from learning.programme_file import read
from learning.sessions import Details, EditionId, Format, Session, SessionId, SessionState

LONDON = ZoneInfo("Europe/London")
MAY = date(2026, 5, 18)
HOUR = timedelta(hours=1)


def session(code: str, starts: str, **more: Any) -> Session:
    begins = datetime.fromisoformat(starts) if starts else None
    if begins is not None and begins.tzinfo is None:
        begins = begins.replace(tzinfo=LONDON)
    usual = Details(
        code=code,
        title=f"Session {code}",
        starts_at=begins,
        ends_at=begins + HOUR if begins else None,
        format=Format.IN_PERSON,
    )
    state = more.pop("state", SessionState.PUBLISHED)
    return Session(
        id=SessionId(1), edition_id=EditionId(1), details=replace(usual, **more), state=state
    )


MONDAY, FRIDAY = session("GM1", "2026-05-18T10:00"), session("RE1", "2026-05-22T14:00")


def moved(*sessions: Session, to: date) -> dict[str, Details]:
    copy = copied(sessions, to)
    reading = read(copy.table, "Europe/London")
    assert faults(copy, reading) == []
    return {d.code: d for d in reading.details}


def test_days_move_and_the_clock_stays_over_the_change_to_winter_time():
    found = moved(FRIDAY, MONDAY, to=date(2026, 10, 26))

    assert {c: d.starts_at for c, d in found.items()} == {
        "GM1": datetime(2026, 10, 26, 10, 0, tzinfo=UTC),  # in May it was 09:00
        "RE1": datetime(2026, 10, 30, 14, 0, tzinfo=UTC),
    }
    assert found["GM1"].ends_at == datetime(2026, 10, 26, 11, 0, tzinfo=UTC)


def test_the_first_day_is_that_of_the_first_session_which_takes_place():
    off = session("XX1", "2026-05-11T10:00", state=SessionState.CANCELLED)
    paced = session("EDX", "", format=Format.SELF_PACED)

    copy = copied([off, paced, MONDAY], date(2026, 10, 19))

    assert first_day_of([off, paced, MONDAY]) == MAY
    assert [row.cells[0] for row in copy.table.rows] == ["GM1"]
    assert copy.days == 154
    assert copy.table.notes == (
        "Called off and left out: 1.",
        "To take at any time, and not copied: 1.",
    )


def test_another_weekday_is_said_and_so_is_a_weekend():
    copy = copied([MONDAY, FRIDAY], date(2026, 10, 20))

    assert copy.table.notes == (
        "It began on a Monday and will on a Tuesday: every session moves by 155 days, "
        "and so to another weekday.",
        "On a Saturday or Sunday by that: RE1.",
    )
    assert copied([MONDAY, FRIDAY], date(2026, 10, 19)).table.notes == ()
    on_sunday = session("SU1", "2026-05-24T10:00")
    assert copied([MONDAY, on_sunday], date(2026, 10, 19)).table.notes == ()


def test_an_edition_may_move_back():
    assert "moves by 5 days" in copied([MONDAY], date(2026, 5, 13)).table.notes[0]


@pytest.mark.parametrize(
    ("format", "kept"),
    [
        (Format.TEAMS, ""),
        (Format.ZOOM, ""),
        (Format.ONLINE, "https://example.org/a"),
        (Format.IN_PERSON, "https://example.org/a"),
    ],
)
def test_links_of_meetings_are_made_anew_and_others_stay(format: Format, kept: str):
    linked = session("GM1", "2026-05-18T10:00", format=format, link="https://example.org/a")

    assert moved(linked, to=MAY)["GM1"].link == kept


def test_everything_else_stays_as_it_was():
    whole = session(
        "GM1",
        "2026-05-18T10:00",
        summary='One line.\nAnother; with signs, and "quotes".',
        strand="Everyone is a Leader",
        topics=("a", "b"),
        facilitators=("Ana",),
        timezone="Europe/Paris",
        capacity=12,
        location="Room 2",
        audience="Everybody",
        waiting_list=False,
    )

    assert moved(whole, to=MAY)["GM1"] == whole.details


def test_each_session_moves_by_the_calendar_of_its_own_zone():
    late = session("NY1", "2026-05-19T02:00", timezone="America/New_York")  # the 18th there

    found = moved(late, to=date(2026, 12, 7))

    assert found["NY1"].starts_at == datetime(2026, 12, 8, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("to", "trouble"),
    [
        (date(2026, 3, 29), "does not exist in Europe/London: the clocks go forward over it."),
        (date(2026, 10, 25), "happens twice in Europe/London: the clocks go back over it."),
    ],
)
def test_a_time_that_the_clocks_skip_or_repeat_is_a_fault_of_that_session(to: date, trouble: str):
    night = session("NS1", "2026-05-18T01:30")
    copy = copied([night], to)

    [fault, *_] = faults(copy, read(copy.table, "Europe/London"))

    assert fault.startswith("NS1 Session NS1, starts: ")
    assert trouble in fault


def test_which_of_two_repeated_hours_it_was_is_not_carried_along():
    night = session("NS1", "2026-10-25T01:30+00:00")  # the second time that it is 01:30 in London

    found = moved(night, to=date(2027, 5, 2))

    assert found["NS1"].starts_at == datetime(2027, 5, 2, 0, 30, tzinfo=UTC)


def test_of_nothing_there_is_no_copy():
    paced = session("EDX", "", format=Format.SELF_PACED)
    off = replace(MONDAY, state=SessionState.CANCELLED)

    with pytest.raises(NothingToCopy):
        copied([paced, off], MAY)
