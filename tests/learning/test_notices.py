"""When people are nudged, what is highlighted to whom, and what keeps a notice from being said twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import notices
from learning.notices import FanOut, Kind, Notice, NudgeRules, QuietHours
from learning.people import Address, PersonId
from learning.sessions import Format, SessionId
from tests.support.values import ASHA, LONDON, NINE, a_session

KOLKATA = ZoneInfo("Asia/Kolkata")
NEW_YORK = ZoneInfo("America/New_York")
DAY, HOUR, TEN_MINUTES = timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)
NEVER_QUIET = QuietHours(start=time(0), end=time(0))
NIGHT = QuietHours(start=time(20), end=time(7, 30))
LUNCH = QuietHours(start=time(12), end=time(13))
LONG_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def local(text: str, zone: ZoneInfo = LONDON) -> datetime:
    """The instant at which clocks in this zone say so."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def nudge_times(
    starts: str,
    *before: timedelta,
    quiet: QuietHours = NIGHT,
    zone: ZoneInfo = LONDON,
    now: datetime = LONG_BEFORE,
) -> list[str]:
    """The nudges before a start, both as clocks in the person's zone say."""
    rules = NudgeRules(before=before or (DAY, HOUR, TEN_MINUTES), quiet=quiet)
    times = rules.times(local(starts, zone), zone, now)
    return [f"{t.astimezone(zone):%a %H:%M}" for t in times]


@pytest.mark.parametrize(
    ("starts", "nudged"),
    [
        ("2026-05-19T10:00", ["Mon 10:00", "Tue 09:00", "Tue 09:50"]),
        ("2026-05-19T20:00", ["Tue 07:30", "Tue 19:00", "Tue 19:50"]),
        ("2026-05-19T19:59", ["Mon 19:59", "Tue 18:59", "Tue 19:49"]),
        # Too early: moved to the end of the quiet hours, where two become one.
        ("2026-05-19T08:00", ["Mon 08:00", "Tue 07:30", "Tue 07:50"]),
        ("2026-05-19T07:35", ["Mon 07:35", "Tue 07:30"]),
        # What would come at the start or after it is left out.
        ("2026-05-19T07:30", ["Mon 07:30"]),
        ("2026-05-19T06:00", ["Mon 07:30"]),
        ("2026-05-19T22:15", ["Tue 07:30"]),
        ("2026-05-19T00:30", ["Mon 07:30"]),
    ],
)
def test_nudges_keep_out_of_a_night_that_goes_over_midnight(starts: str, nudged: list[str]):
    assert nudge_times(starts) == nudged


@pytest.mark.parametrize(
    ("starts", "nudged"),
    [
        ("2026-05-19T12:30", ["Mon 13:00", "Tue 11:30"]),
        ("2026-05-19T13:05", ["Mon 13:05", "Tue 13:00"]),
        ("2026-05-19T13:30", ["Mon 13:30", "Tue 13:00", "Tue 13:20"]),
        ("2026-05-19T12:00", ["Mon 13:00", "Tue 11:00", "Tue 11:50"]),
        ("2026-05-19T02:00", ["Mon 02:00", "Tue 01:00", "Tue 01:50"]),
    ],
)
def test_nudges_keep_out_of_quiet_hours_within_one_day(starts: str, nudged: list[str]):
    assert nudge_times(starts, quiet=LUNCH) == nudged


def test_quiet_hours_that_are_off_move_nothing():
    assert nudge_times("2026-05-19T00:00", quiet=NEVER_QUIET) == [
        "Mon 00:00",
        "Mon 23:00",
        "Mon 23:50",
    ]


@pytest.mark.parametrize(
    ("booked", "nudged"),
    [
        ("2026-05-17T12:00", ["Mon 10:00", "Tue 09:00", "Tue 09:50"]),
        ("2026-05-18T10:00", ["Tue 09:00", "Tue 09:50"]),
        ("2026-05-19T09:30", ["Tue 09:50"]),
        ("2026-05-19T09:50", []),
        ("2026-05-19T11:00", []),
    ],
)
def test_a_late_booker_gets_the_nudges_that_lie_ahead(booked: str, nudged: list[str]):
    assert nudge_times("2026-05-19T10:00", now=local(booked)) == nudged


def test_a_nudge_that_the_night_holds_up_still_reaches_who_books_meanwhile():
    booked_at_midnight = local("2026-05-19T00:00")

    assert nudge_times("2026-05-19T08:00", timedelta(hours=10), now=booked_at_midnight) == [
        "Tue 07:30"
    ]


def test_quiet_hours_are_those_of_the_persons_own_zone():
    rules = NudgeRules(before=(HOUR,), quiet=NIGHT)
    noon_in_london = local("2026-05-19T12:00")

    times = {
        zone.key: rules.times(noon_in_london, zone, LONG_BEFORE)
        for zone in (LONDON, KOLKATA, NEW_YORK)
    }

    assert times == {
        "Europe/London": [local("2026-05-19T11:00")],
        "Asia/Kolkata": [local("2026-05-19T15:30", KOLKATA)],
        # It is six in the morning there, and the session begins before the night is over.
        "America/New_York": [],
    }


@pytest.mark.parametrize(
    ("starts", "nudged"),
    [
        # Clocks go forward on 29 March 2026 and back on 25 October.
        ("2026-03-29T08:30", ["Sat 08:30", "Sun 07:30", "Sun 08:20"]),
        ("2026-03-30T08:30", ["Sun 08:30", "Mon 07:30", "Mon 08:20"]),
        ("2026-10-25T08:30", ["Sat 08:30", "Sun 07:30", "Sun 08:20"]),
        ("2026-10-26T08:30", ["Sun 08:30", "Mon 07:30", "Mon 08:20"]),
    ],
)
def test_a_day_before_is_the_same_time_by_the_clock_when_the_clocks_change(
    starts: str, nudged: list[str]
):
    assert nudge_times(starts) == nudged


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_quiet_hours_end_by_the_clock_on_the_night_when_the_clocks_change(night: str):
    woken = NIGHT.shift(local(f"{night}T03:00"), LONDON)

    assert woken == local(f"{night}T07:30")


@pytest.mark.parametrize(
    ("starts", "nudged"),
    [
        # An hour is an hour, even across the change.
        ("2026-03-29T02:30", ["Sun 00:30"]),
        ("2026-10-25T02:30", ["Sun 01:30"]),
    ],
)
def test_an_hour_before_is_an_hour_when_the_clocks_change(starts: str, nudged: list[str]):
    assert nudge_times(starts, HOUR, quiet=NEVER_QUIET) == nudged


@given(
    starts=st.timedeltas(timedelta(0), timedelta(days=365)).map(LONG_BEFORE.__add__),
    ahead=st.timedeltas(timedelta(0), timedelta(days=3)),
    before=st.lists(st.timedeltas(timedelta(minutes=1), timedelta(days=3)), max_size=4),
    quiet=st.builds(QuietHours, start=st.times(), end=st.times()),
    zone=st.sampled_from([LONDON, KOLKATA, NEW_YORK, ZoneInfo("Australia/Lord_Howe")]),
)
def test_nudges_lie_between_now_and_the_start_in_order_and_out_of_quiet_hours(
    starts: datetime,
    ahead: timedelta,
    before: list[timedelta],
    quiet: QuietHours,
    zone: ZoneInfo,
):
    now = starts - ahead

    times = NudgeRules(before=tuple(before), quiet=quiet).times(starts, zone, now)

    assert times == sorted(set(times))
    assert len(times) <= len(before)
    assert all(now < t < starts for t in times)
    assert all(quiet.shift(t, zone) == t for t in times)


def test_nudges_of_one_place_are_notices_of_their_own():
    rules = NudgeRules(before=(HOUR, TEN_MINUTES), quiet=NIGHT)
    session = a_session(id=SessionId(7), starts_at=local("2026-05-19T11:00"))

    nudges = notices.nudges(session, ASHA, rules, LONDON, LONG_BEFORE)

    assert nudges == [
        Notice(
            kind=Kind.NUDGE,
            key="nudge:asha:7:2026-05-19T09:00:00+00:00",
            mailing="nudge:7:2026-05-19T09:00:00+00:00",
            due_at=local("2026-05-19T10:00"),
            person_id=ASHA,
            session_id=SessionId(7),
            payload={"starts": "2026-05-19T10:00:00+00:00"},
        ),
        Notice(
            kind=Kind.NUDGE,
            key="nudge:asha:7:2026-05-19T09:50:00+00:00",
            mailing="nudge:7:2026-05-19T09:50:00+00:00",
            due_at=local("2026-05-19T10:50"),
            person_id=ASHA,
            session_id=SessionId(7),
            payload={"starts": "2026-05-19T10:00:00+00:00"},
        ),
    ]


def test_nobody_is_nudged_towards_something_without_a_time():
    rules = NudgeRules(before=(HOUR,), quiet=NIGHT)

    assert notices.nudges(a_session(starts_at=None), ASHA, rules, LONDON, LONG_BEFORE) == []


def test_notices_about_different_things_never_share_a_key():
    session, later = a_session(id=SessionId(1)), NINE + HOUR
    today, tomorrow = date(2026, 5, 19), date(2026, 5, 20)
    different = [
        *(notices.to_person(kind, ASHA, session, NINE) for kind in notices.MESSAGES),
        notices.to_person(Kind.NUDGE, PersonId("bo"), session, NINE),
        notices.to_person(Kind.NUDGE, ASHA, a_session(id=SessionId(11)), NINE),
        notices.to_person(Kind.NUDGE, ASHA, session, later),
        notices.event(session, NINE),
        notices.event(replace(session, sequence=1), NINE),
        notices.attendees(session, NINE),
        notices.attendees(replace(session, roster_version=1), NINE),
        notices.channel_highlights("19:a", today, NINE),
        notices.channel_highlights("19:a", tomorrow, NINE),
        notices.channel_highlights("19:b", today, NINE),
        notices.person_highlights(ASHA, today, NINE),
        notices.person_highlights(ASHA, tomorrow, NINE),
        notices.once_more(notices.person_highlights(ASHA, today, NINE), NINE),
        notices.once_more(notices.person_highlights(ASHA, today, NINE), later),
        *(
            page.notice(NINE)
            for page in (
                FanOut(day=today, zone=None, began=NINE),
                FanOut(day=tomorrow, zone=None, began=NINE),
                FanOut(day=today, zone="Asia/Tokyo", began=NINE),
                FanOut(day=today, zone=None, began=NINE, after=ASHA),
                FanOut(day=today, zone=None, began=NINE, again=True),
                FanOut(day=today, zone=None, began=later, again=True),
            )
        ),
    ]

    assert len({n.key for n in different}) == len(different)


@pytest.mark.parametrize("later", [timedelta(seconds=1), HOUR])
def test_what_is_to_be_said_once_keeps_its_key_when_it_is_written_again_later(later: timedelta):
    session, day = a_session(), date(2026, 5, 19)

    def written(now: datetime) -> list[str]:
        return [
            notices.event(session, now).key,
            notices.attendees(session, now).key,
            notices.channel_highlights("19:a", day, now).key,
            notices.person_highlights(ASHA, day, now).key,
            FanOut(day=day, zone=None, began=now).notice(now).key,
        ]

    assert written(NINE) == written(NINE + later)


def test_a_persons_own_booking_comes_before_highlights_and_those_before_the_calendar():
    own = {kind for kind in Kind if notices.priority(kind) == 30}
    to_many = {kind for kind in Kind if notices.priority(kind) == 20}
    rest = {kind for kind in Kind if notices.priority(kind) == 10}

    assert own == {
        Kind.NUDGE,
        Kind.PLACE_GIVEN,
        Kind.PLACE_OFFERED,
        Kind.OFFER_LAPSED,
        Kind.SESSION_CHANGED,
        Kind.SESSION_CANCELLED,
        *notices.BY_ORGANISERS,
        Kind.MESSAGE,
        Kind.CHAMPION_NAMED,
        Kind.CHAMPION_CARD,
        Kind.COURSE_WELCOME,
        Kind.FEEDBACK_RESULT,
        Kind.COLLATION,
        Kind.OPEN_CHAT,
        Kind.HUB_FAULT,
        Kind.ENGAGE_SIGN_IN,
        Kind.SET_CARD,
        *notices.SET_MEETINGS,
    }
    assert to_many == {
        Kind.HIGHLIGHTS,
        Kind.CHANNEL_HIGHLIGHTS,
        Kind.FEEDBACK,
        Kind.FEEDBACK_REMINDER,
        Kind.RUNS_AGAIN,
        Kind.COURSE_NUDGE,
        Kind.THEME,
        Kind.IDEA_PLANNED,
    }
    assert rest == notices.SYSTEMS


def test_an_event_has_one_writer_and_messages_need_none():
    session = a_session(id=SessionId(7))

    lanes = [
        notices.event(session, NINE).lane,
        notices.attendees(session, NINE).lane,
        notices.zoom_meeting(session, NINE).lane,
        notices.zoom_registrants(session, NINE).lane,
        notices.zoom_again(session.id, NINE).lane,
        notices.to_person(Kind.NUDGE, ASHA, session, NINE).lane,
        notices.person_highlights(ASHA, date(2026, 5, 19), NINE).lane,
    ]

    assert lanes == [*["event:7"] * 2, *["zoom:7"] * 3, None, None]


@pytest.mark.parametrize(
    ("now", "was", "keys"),
    [
        (Format.TEAMS, None, ["event:7:3"]),
        (Format.ZOOM, None, ["zoom_meeting:7:3"]),
        (Format.ZOOM, Format.ZOOM, ["zoom_meeting:7:3"]),
        (Format.ZOOM, Format.TEAMS, ["event:7:3", "zoom_meeting:7:3"]),
        (Format.TEAMS, Format.ZOOM, ["event:7:3", "zoom_meeting:7:3"]),
        (Format.IN_PERSON, Format.ZOOM, ["zoom_meeting:7:3"]),
        (Format.ONLINE, Format.IN_PERSON, []),
    ],
)
def test_a_meeting_is_brought_up_to_date_where_it_is_and_where_it_was(
    now: Format, was: Format | None, keys: list[str]
):
    session = a_session(id=SessionId(7), sequence=3, format=now)
    before = a_session(id=SessionId(7), sequence=2, format=was) if was else None

    assert [n.key for n in notices.meetings(session, NINE, was=before)] == keys


def test_a_meeting_is_looked_after_once_more_within_an_hour_at_most():
    at = [NINE, NINE + timedelta(minutes=59), NINE + timedelta(minutes=60)]

    assert len({notices.zoom_again(SessionId(7), moment).key for moment in at}) == 2


WEEK = [date(2026, 5, day) for day in range(18, 23)]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-05-19T08:29", None),
        ("2026-05-19T08:30", date(2026, 5, 19)),
        ("2026-05-19T12:00", date(2026, 5, 19)),
        ("2026-05-19T17:59", date(2026, 5, 19)),
        ("2026-05-19T18:00", None),
        ("2026-05-20T00:00", None),
        ("2026-05-17T09:00", None),
        ("2026-05-23T09:00", None),
    ],
)
def test_highlights_are_due_in_the_morning_and_caught_up_until_the_evening(
    now: str, day: date | None
):
    assert notices.highlights_due(local(now), LONDON, time(8, 30), WEEK) == day


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (LONDON, date(2026, 5, 18)),
        (KOLKATA, date(2026, 5, 18)),
        (ZoneInfo("Pacific/Auckland"), None),
        (NEW_YORK, None),
    ],
)
def test_highlights_are_due_by_the_clock_of_the_zone(zone: ZoneInfo, day: date | None):
    monday_noon = local("2026-05-18T12:00")

    assert notices.highlights_due(monday_noon, zone, time(8, 30), WEEK) == day


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"])
def test_half_past_eight_stays_half_past_eight_when_the_clocks_change(day: str):
    due = date.fromisoformat(day)

    assert notices.highlights_due(local(f"{day}T08:29"), LONDON, time(8, 30), [due]) is None
    assert notices.highlights_due(local(f"{day}T08:30"), LONDON, time(8, 30), [due]) == due


def test_highlights_are_the_sessions_with_places_left_in_order_of_time():
    early, late = NINE, NINE + 5 * HOUR
    full_early = a_session(id=SessionId(1), starts_at=early, capacity=5, taken=5)
    free_late = a_session(id=SessionId(2), starts_at=late, capacity=5, taken=4)
    unlimited_early = a_session(id=SessionId(3), title="Zen", starts_at=early, capacity=None)
    queue_early = a_session(id=SessionId(4), starts_at=early, capacity=5, taken=4, waiting=1)
    todays = [full_early, free_late, unlimited_early, queue_early]

    assert notices.of_interest(todays, 2) == [unlimited_early, free_late]
    assert notices.of_interest(todays, 3) == [full_early, unlimited_early, free_late]
    assert notices.of_interest(todays, 9) == [full_early, queue_early, unlimited_early, free_late]
    assert notices.of_interest([], 3) == []


def test_a_chat_is_opened_with_somebody_once_a_week_whatever_they_book():
    near = Address(
        service_url="https://smba.example.org/uk/", conversation_id="19:g", tenant_id="t"
    )

    def asked(at: datetime) -> Notice:
        return notices.open_chat(ASHA, near, at)

    assert asked(NINE) == Notice(
        kind=Kind.OPEN_CHAT,
        key="open_chat:asha:2026-21",
        mailing="open_chat:2026-21",
        due_at=NINE,
        person_id=ASHA,
        payload={"service_url": "https://smba.example.org/uk/", "tenant_id": "t"},
    )
    assert asked(NINE + DAY).key == asked(NINE).key
    assert asked(NINE + 7 * DAY).key != asked(NINE).key
