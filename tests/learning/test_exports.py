"""Rows for spreadsheets, and that our own export imports as unchanged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import programme_file
from learning.bookings import Booking, BookingState
from learning.exports import booking_rows, session_rows
from learning.people import Person, PersonId
from learning.programme_changes import changes
from learning.programme_table import Row, Table
from learning.sessions import Details, EditionId, Format, Session, SessionId, SessionState

NINE = datetime(2026, 5, 19, 9, 0, tzinfo=UTC)
GM1 = Details(
    code="GM1",
    title="Growth mindset",
    summary="Not yet.\nBut soon.",
    strand="Everyone has Talent",
    topics=("growth mindset", "learning"),
    facilitators=("Coaches",),
    starts_at=NINE,
    ends_at=NINE + timedelta(hours=1),
    capacity=15,
    format=Format.ONLINE,
    link="https://example.org",
    location="Anywhere",
    audience="Everyone",
    waiting_list=False,
)


def a_session(details: Details = GM1, **more: Any) -> Session:
    return Session(id=SessionId(7), edition_id=EditionId(1), details=details, **more)


def a_booking(queue_no: int, state: BookingState, session_id: int = 7) -> Booking:
    return Booking(
        session_id=SessionId(session_id),
        person_id=PersonId(f"p{queue_no}"),
        state=state,
        queue_no=queue_no,
        asked_at=NINE - timedelta(days=1, seconds=5),
        changed_at=NINE,
    )


def read_again(sessions: list[Session]) -> programme_file.Reading:
    header, rows = session_rows(sessions)
    lines = [Row(line=n, cells=tuple(map(str, row))) for n, row in enumerate(rows, start=2)]
    return programme_file.read(Table(header=header, rows=tuple(lines)), "Europe/London")


def test_session_rows_are_a_programme_file_and_more():
    header, rows = session_rows([a_session(taken=12, waiting=3, state=SessionState.CANCELLED)])

    assert dict(zip(header, rows[0], strict=True)) == {
        "code": "GM1",
        "title": "Growth mindset",
        "summary": "Not yet.\nBut soon.",
        "strand": "Everyone has Talent",
        "topics": "growth mindset; learning",
        "facilitators": "Coaches",
        "starts": "2026-05-19T10:00",
        "ends": "2026-05-19T11:00",
        "timezone": "Europe/London",
        "capacity": 15,
        "format": "online",
        "link": "https://example.org",
        "location": "Anywhere",
        "audience": "Everyone",
        "waiting_list": "no",
        "state": "cancelled",
        "booked": 12,
        "waiting": 3,
    }


@pytest.mark.parametrize(
    "details",
    [
        GM1,
        Details(code="EDX", title="edX", format=Format.SELF_PACED),
        replace(GM1, capacity=None, timezone="America/New_York"),
        # The hour that the clocks repeat, both times round.
        replace(GM1, starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ends_at=NINE),
        replace(GM1, starts_at=datetime(2026, 10, 25, 1, 30, 9, tzinfo=UTC), ends_at=NINE),
    ],
)
def test_importing_an_export_changes_nothing(details: Details):
    if details.starts_at is not None:
        details = replace(details, ends_at=details.starts_at + timedelta(hours=1))
    sessions = [a_session(details)]

    reading = read_again(sessions)

    assert reading.faults == ()
    assert changes(sessions, reading.details).unchanged == (SessionId(7),)


words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
names = st.lists(words.filter(lambda word: ";" not in word), max_size=4).map(tuple)


@given(title=words, summary=words, strand=words, topics=names, facilitators=names, location=words)
def test_importing_an_export_of_any_words_changes_nothing(**texts: Any):
    sessions = [a_session(replace(GM1, **texts))]

    assert changes(sessions, read_again(sessions).details).unchanged == (SessionId(7),)


def test_booking_rows_count_the_queue_of_each_session():
    asha = Person(id=PersonId("a"), name="Asha", email="asha@example.org")
    other = replace(a_session(replace(GM1, code="UB1")), id=SessionId(8))
    entries = [
        (a_session(), a_booking(4, BookingState.WAITING), asha),
        (a_session(), a_booking(2, BookingState.WAITING), asha),
        (a_session(), a_booking(1, BookingState.BOOKED), asha),
        (other, a_booking(5, BookingState.WAITING, session_id=8), asha),
    ]

    header, rows = booking_rows(entries)

    assert dict(zip(header, rows[0], strict=True)) == {
        "code": "GM1",
        "title": "Growth mindset",
        "starts": "2026-05-19T10:00",
        "person": "Asha",
        "email": "asha@example.org",
        "state": "waiting",
        "position": 2,
        "asked_at": "2026-05-18T09:59:55",
        "source": "chat",
    }
    assert [row[header.index("position")] for row in rows] == [2, 1, "", 1]
