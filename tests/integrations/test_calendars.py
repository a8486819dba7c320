"""Calendars of other programs read as programmes, and our sessions as a calendar."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from integrations.calendar_files import code_of
from integrations.calendars import sessions_ics
from integrations.spreadsheets import read_table
from learning import programme_file
from learning.errors import UnreadableFile
from learning.programme_changes import changes
from learning.programme_file import Reading
from learning.sessions import Details, EditionId, Format, Session, SessionId, SessionState

LONDON = "Europe/London"
NINE = datetime(2026, 5, 19, 9, 0, tzinfo=UTC)
GM1 = Details(
    code="GM1",
    title="Growth mindset: learn, fail; learn",
    summary="Not yet.\nBut soon, and with a line that is long enough to be folded by the writer.",
    topics=("growth mindset", "learning, slowly"),
    starts_at=NINE,
    ends_at=NINE + timedelta(hours=1),
    link="https://example.org/join?a=b,c;d",
    location="Room 2",
)


def a_calendar(*lines: str, before: str = "") -> bytes:
    """A calendar of one event with these properties; the event begins on line 4."""
    event = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{before}"
    return f"{head}{event}\r\nEND:VCALENDAR\r\n".encode()


def reading_of(data: bytes) -> Reading:
    return programme_file.read(read_table("week.ics", data, LONDON), LONDON)


def a_session(details: Details = GM1, **more: Any) -> Session:
    return Session(id=SessionId(7), edition_id=EditionId(3), details=details, **more)


def test_an_event_becomes_a_session():
    reading = reading_of(
        a_calendar(
            "UID:gm1@example.org",
            "SUMMARY:Growth mindset\\, again",
            "DESCRIPTION:Not yet.\\nBut",
            "  soon.",
            "DTSTART;TZID=Europe/Paris:20260519T110000",
            "DTEND;TZID=Europe/Paris:20260519T120000",
            "CATEGORIES:growth\\, mindset,learning",
            "CATEGORIES:a;b",
            "URL:https://example.org",
            "LOCATION:Room 2",
            "X-LEARNWEEK-CODE:GM1",
        )
    )

    assert reading == Reading(
        details=(
            Details(
                code="GM1",
                title="Growth mindset, again",
                summary="Not yet.\nBut soon.",
                starts_at=NINE,
                ends_at=NINE + timedelta(hours=1),
                topics=("growth, mindset", "learning", "a,b"),
                timezone="Europe/Paris",
                link="https://example.org",
                location="Room 2",
            ),
        ),
        lines={"GM1": 4},
        columns=frozenset(
            ["code", "title", "summary", "topics", "starts", "ends", "timezone", "link", "location"]
        ),
    )


NAMED = "X-WR-TIMEZONE:Europe/Paris\r\n"
VTIMEZONE = "\r\n".join(
    [
        "BEGIN:VTIMEZONE",
        "TZID:Somewhere",
        "BEGIN:STANDARD",
        "DTSTART:16010101T000000",
        "TZOFFSETFROM:+0330",
        "TZOFFSETTO:+0330",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]
)


@pytest.mark.parametrize(
    ("start", "end", "before", "zone"),
    [
        ("DTSTART:20260519T090000Z", "DTEND:20260519T100000Z", "", LONDON),
        ("DTSTART:20260519T090000Z", "DURATION:PT1H", NAMED, "Europe/Paris"),
        ("DTSTART:20260519T090000Z", "DURATION:PT1H", "", LONDON),
        ("DTSTART:20260519T100000", "DTEND:20260519T110000", "", LONDON),
        ("DTSTART:20260519T100000", "DURATION:PT60M", "", LONDON),
        ("DTSTART;TZID=GMT Standard Time:20260519T100000", "DURATION:PT1H", "", LONDON),
        ("DTSTART;TZID=europe/london:20260519T100000", "DTEND:20260519T100000Z", "", LONDON),
        ("DTSTART;TZID=Somewhere:20260519T123000", "DURATION:PT1H", VTIMEZONE, LONDON),
        ("DTSTART;TZID=/x.org/Europe/London:20260519T100000", "DURATION:PT1H", "", LONDON),
        ("DTSTART:20260519T100000", "DTEND;TZID=Europe/Paris:20260519T120000", "", LONDON),
        ("DTSTART;TZID=Europe/London:20260519T100000", "DTEND:20260519T110000", "", LONDON),
    ],
)
def test_the_many_ways_to_write_nine_to_ten(start: str, end: str, before: str, zone: str):
    reading = reading_of(a_calendar("UID:A", "SUMMARY:B", start, end, before=before))

    assert reading.faults == ()
    details = reading.details[0]
    assert (details.starts_at, details.ends_at) == (NINE, NINE + timedelta(hours=1))
    assert details.timezone == zone


@pytest.mark.parametrize(
    ("lines", "complaints"),
    [
        (
            ["UID:A", "SUMMARY:B", "DTSTART;VALUE=DATE:20260519", "DTEND;VALUE=DATE:20260520"],
            ['starts: "2026-05-19" has no time of day.', 'ends: "2026-05-20" has no time of day.'],
        ),
        (
            ["UID:A", "SUMMARY:B", "DTSTART:2026-13-19T10:00", "DTEND:20260519T110000"],
            ['starts: "2026-13-19T10:00" is not a date and time.'],
        ),
        (
            ["UID:A", "SUMMARY:B", "DTSTART;TZID=Nowhere:20260519T100000", "DURATION:PT1H"],
            ['timezone: "Nowhere" is not a time zone.'],
        ),
        (
            ["UID:A", "SUMMARY:B", "DTSTART;TZID=Europe/London:20260329T013000", "DURATION:PT1H"],
            ['starts: "2026-03-29T01:30:00" does not exist in Europe/London'],
        ),
        (
            ["UID:A", "SUMMARY:B", "DTSTART:20260519T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY"],
            ["starts: repeats. Make each time an event of its own."],
        ),
        (["UID:A", "SUMMARY:B", "DTSTART:20260519T100000"], ["ends: is missing."]),
        (["DTSTART:00010101T000000Z", "DURATION:P9W"], ["code", "title", "starts", "ends"]),
    ],
)
def test_what_a_programme_cannot_hold_is_a_fault(lines: list[str], complaints: list[str]):
    found = [str(fault) for fault in reading_of(a_calendar(*lines)).faults]

    assert len(found) == len(complaints)
    for fault, complaint in zip(found, complaints, strict=True):
        assert fault.startswith(f"line 4, {complaint}")


def test_a_zone_that_only_another_file_defined_is_unknown():
    lines = ("UID:A", "SUMMARY:B", "DTSTART;TZID=Somewhere:20260519T123000", "DURATION:PT1H")
    assert reading_of(a_calendar(*lines, before=VTIMEZONE)).faults == ()

    assert [fault.column for fault in reading_of(a_calendar(*lines)).faults] == ["timezone"]


@pytest.mark.parametrize("zone", ["Europe", "../../etc/passwd", "\x00"])
def test_a_zone_that_is_no_zone_is_refused_or_a_fault(zone: str):
    data = a_calendar("UID:A", "SUMMARY:B", f"DTSTART;TZID={zone}:20260519T100000")

    try:
        reading = reading_of(data)
    except UnreadableFile:
        return

    assert reading.faults != ()


def test_a_time_in_utc_is_told_apart_in_the_hour_that_the_clocks_repeat():
    reading = reading_of(
        a_calendar("UID:A", "SUMMARY:B", "DTSTART:20261025T013000Z", "DURATION:PT30M")
    )

    assert reading.faults == ()
    assert reading.details[0].starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_cancelled_event_is_left_out():
    reading = reading_of(a_calendar("UID:A", "SUMMARY:B", "STATUS:CANCELLED"))

    assert reading.details == ()
    assert reading.notes == (
        "line 4: the event is cancelled and was left out.",
        "The file has no sessions.",
    )


@pytest.mark.parametrize(
    ("uid", "code"),
    [
        ("GM1@example.org", "GM1"),
        ("week 1/a@example.org", "week-1-a"),
        ("040000008200E00074C5B7101A82E00800000000A0", "E792a16edb2"),
        ("@example.org", "E6437289664"),
        ("", ""),
    ],
)
def test_a_code_is_short_and_safe(uid: str, code: str):
    assert code_of(uid) == code


def test_our_sessions_are_a_calendar():
    cancelled = a_session(replace(GM1, code="UB1"), state=SessionState.CANCELLED, sequence=4)
    paced = a_session(Details(code="EDX", title="edX", format=Format.SELF_PACED))

    data = sessions_ics([a_session(), cancelled, paced], now=NINE, name="Our week")

    calendar = Calendar.from_ical(data)
    events = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert [str(event["UID"]) for event in events] == [
        "gm1@edition-3.learnweek",
        "ub1@edition-3.learnweek",
    ]
    assert [(str(event["STATUS"]), event["SEQUENCE"]) for event in events] == [
        ("CONFIRMED", 0),
        ("CANCELLED", 4),
    ]
    assert b"DTSTART;TZID=Europe/London:20260519T100000\r\n" in data
    assert data.count(b"BEGIN:VTIMEZONE") == 1
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_a_calendar_may_be_empty():
    assert reading_of(sessions_ics([], now=NINE)).notes == ("The file has no sessions.",)


@pytest.mark.parametrize("hour", [0, 1])
def test_importing_our_own_calendar_changes_nothing(hour: int):
    rich = replace(GM1, capacity=3, strand="Everyone has Talent", format=Format.ZOOM)
    # In the hour that the clocks repeat.
    at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    late = replace(GM1, code="Late", starts_at=at, ends_at=at + timedelta(minutes=20))
    sessions = [a_session(rich), a_session(late)]

    reading = reading_of(sessions_ics(sessions, now=NINE))

    assert reading.faults == ()
    assert len(changes(sessions, reading.details, reading.columns).unchanged) == 2


PROPERTIES = st.sampled_from(
    "UID SUMMARY DTSTART DTEND DURATION CATEGORIES URL STATUS RRULE X-WR-TIMEZONE TZID BEGIN END "
    "DTSTART;TZID=Europe/London DTSTART;VALUE=DATE DTSTART;VALUE=PERIOD DESCRIPTION".split()
)
VALUES = st.sampled_from(
    "20260519T100000Z 20260519T100000 20260519 99991231T235959Z 00010101T000000 PT1H -P9W P "
    "VEVENT VTIMEZONE VALARM CANCELLED Europe/London FREQ=DAILY 240000 a,b a;b".split()
) | st.text(max_size=9)


@given(st.lists(st.tuples(PROPERTIES, VALUES).map(":".join), max_size=9))
def test_any_event_is_read_or_refused(lines: list[str]):
    try:
        reading_of(a_calendar(*lines))
    except UnreadableFile:
        return
