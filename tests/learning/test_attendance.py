"""Who was there, worked out from what systems and people say."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import attendance
from learning.attendance import (
    Named,
    Outcome,
    Presence,
    Record,
    Source,
    Span,
    called,
    is_at_the_door,
    may_be_checked_in,
    overlaps,
    polls,
    seconds_there,
    settled,
    united,
)
from learning.people import PersonId
from learning.sessions import Format, Session, SessionState
from tests.support.values import ELEVEN, HOUR, NINE, TEN, a_session

MINUTE = timedelta(minutes=1)
ASHA, BO = PersonId("asha"), PersonId("bo")
SESSION = a_session(format=Format.TEAMS)
"""An hour from TEN."""

A_DAY_LATER = ELEVEN + timedelta(days=1)


def at(begin: int, end: int) -> Span:
    """So many minutes after the start."""
    return TEN + begin * MINUTE, TEN + end * MINUTE


def record(who: str, *spans: Span, report: str = "r", **more: object) -> Record:
    usual = Record(
        session_id=SESSION.id,
        system=Source.TEAMS,
        meeting="m",
        report=report,
        record=f"{who}-{report}",
        who=who,
        spans=spans,
    )
    return replace(usual, **more)


def outcome(who: str, state: Presence, source: Source = Source.TEAMS, **more: object) -> Outcome:
    usual = Outcome(
        session_id=SESSION.id, who=who, state=state, source=source, changed_at=A_DAY_LATER
    )
    return replace(usual, **more)


def states(
    records: Sequence[Record],
    *,
    booked: Sequence[PersonId] = (),
    standing: Sequence[Outcome] = (),
    share: float = 0.5,
    now: datetime = A_DAY_LATER,
) -> dict[str, str]:
    found = settled(SESSION, records, booked, standing, share=share, now=now)
    return {each.who: str(each.state) for each in found}


# --- how long --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spans", "minutes"),
    [
        ([at(0, 60)], 60),
        ([at(0, 20), at(30, 60)], 50),
        ([at(0, 40), at(20, 60)], 60),  # two devices at once
        ([at(0, 40), at(0, 40), at(10, 20)], 40),
        ([at(-60, -30)], 0),  # tried the link out beforehand
        ([at(-30, 30)], 35),  # five minutes before the start count
        ([at(-30, 90)], 60),  # and never more than the session
        ([at(58, 120)], 7),
        ([at(30, 20)], 0),  # a clock that went backwards
        ([], 0),
    ],
)
def test_presence_is_united_and_cut_to_the_sessions_time(spans: list[Span], minutes: int):
    assert seconds_there(SESSION, [record(ASHA, *spans)]) == minutes * 60


def test_what_several_reports_say_is_added_up_without_counting_anything_twice():
    reports = [
        record(ASHA, at(0, 20), report="first"),
        record(ASHA, at(15, 40), report="second"),
        record(ASHA, at(50, 60), report="third"),
    ]

    assert seconds_there(SESSION, reports) == 50 * 60


def test_a_system_that_tells_no_times_is_believed_as_far_as_the_session_lasts():
    assert seconds_there(SESSION, [record(ASHA, seconds=600)]) == 600
    assert seconds_there(SESSION, [record(ASHA, seconds=36_000)]) == 3_600


@given(
    st.lists(
        st.tuples(st.integers(-120, 180), st.integers(-120, 180)).map(lambda p: at(*p)), max_size=8
    )
)
def test_united_time_is_in_order_apart_and_covers_the_same_minutes(spans: list[Span]):
    def minutes(of: Sequence[Span]) -> set[datetime]:
        return {begin + n * MINUTE for begin, end in of for n in range((end - begin) // MINUTE)}

    whole = united(spans)

    assert minutes(whole) == minutes(spans)
    assert all(a < b for a, b in whole)
    assert all(first[1] < second[0] for first, second in itertools.pairwise(whole))


# --- what comes of it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "share", "state"),
    [
        (60, 0.5, Presence.ATTENDED),
        (30, 0.5, Presence.ATTENDED),
        (29, 0.5, Presence.BRIEFLY),
        (1, 0.5, Presence.BRIEFLY),
        (29, 0.25, Presence.ATTENDED),
        (59, 1.0, Presence.BRIEFLY),
        (60, 1.0, Presence.ATTENDED),
    ],
)
def test_who_was_there_for_the_share_of_the_session_attended_it(
    minutes: int, share: float, state: Presence
):
    assert states([record(ASHA, at(0, minutes))], booked=[ASHA], share=share) == {ASHA: state}


def test_who_came_without_booking_counts():
    assert states([record(ASHA, at(0, 60)), record("guest:1", at(0, 5))]) == {
        ASHA: "attended",
        "guest:1": "briefly",
    }


def test_who_booked_and_was_not_seen_is_absent_only_once_all_has_been_asked():
    seen = [record(ASHA, at(0, 60))]

    before = states(seen, booked=[ASHA, BO], now=A_DAY_LATER - MINUTE)
    after = states(seen, booked=[ASHA, BO])

    assert before == {ASHA: "attended"}
    assert after == {ASHA: "attended", BO: "absent"}


def test_where_nobody_kept_a_record_nobody_is_called_absent():
    assert states([], booked=[ASHA, BO]) == {}


def test_who_was_only_there_at_another_time_was_not_there():
    seen = [record(ASHA, at(-60, -30)), record(BO, at(0, 60))]

    assert states(seen, booked=[ASHA]) == {BO: "attended", ASHA: "absent"}
    assert states(seen, booked=[]) == {BO: "attended"}


def test_the_organisers_own_account_counts_only_if_it_booked():
    host = record(ASHA, at(0, 60), is_organiser=True)

    assert states([host]) == {}
    assert states([host], booked=[ASHA]) == {ASHA: "attended"}


@pytest.mark.parametrize("source", sorted(attendance.BY_HAND))
def test_what_people_say_outranks_what_a_system_says_later(source: Source):
    said = outcome(ASHA, Presence.ABSENT, source, changed_by="orla", why="the paper list")

    found = settled(SESSION, [record(ASHA, at(0, 60))], [ASHA], [said], share=0.5, now=A_DAY_LATER)

    assert found == [said]


def test_somebody_checked_in_is_a_record_by_which_the_others_are_absent():
    here = outcome(ASHA, Presence.ATTENDED, Source.CHECK_IN)

    assert states([], booked=[ASHA, BO], standing=[here]) == {ASHA: "attended", BO: "absent"}


def test_what_a_system_said_before_is_worked_out_anew():
    """A moved session: who was there at the old time was not there."""
    before = [outcome(ASHA, Presence.ATTENDED), outcome(BO, Presence.ABSENT, Source.BOOKING)]

    assert states([record(BO, at(0, 60))], standing=before) == {BO: "attended"}


def test_marks_of_the_forgotten_are_nobodys_presence():
    mark = record("forgotten:1", system=attendance.FORGOTTEN_MARK)

    assert states([mark]) == {}


# --- their own word --------------------------------------------------------------------------


def test_what_somebody_says_of_themselves_stands_unless_they_were_seen():
    yes = outcome(ASHA, Presence.ATTENDED, Source.OWN_WORD)
    no = outcome(BO, Presence.ABSENT, Source.OWN_WORD)

    seen = states([record(ASHA, at(0, 10)), record(BO, at(0, 60))], standing=[yes, no])
    unseen = states([record("cy", at(0, 60))], booked=[ASHA, BO], standing=[yes, no])

    assert seen == {ASHA: "briefly", BO: "attended"}
    assert unseen == {"cy": "attended", ASHA: "attended", BO: "absent"}


def test_their_own_word_is_no_record_by_which_others_are_absent():
    yes = outcome(ASHA, Presence.ATTENDED, Source.OWN_WORD)

    assert states([], booked=[ASHA, BO], standing=[yes]) == {ASHA: "attended"}


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        (Source.TEAMS, False),
        (Source.DOOR, False),
        (Source.CHECK_IN, False),
        (Source.CORRECTION, False),
        (Source.OWN_WORD, True),
        (Source.BOOKING, True),
    ],
)
def test_their_own_word_outranks_only_that_nobody_saw_them(source: Source, counts: bool):
    assert attendance.takes_own_word(outcome(ASHA, Presence.ABSENT, source)) is counts
    assert attendance.takes_own_word(None)


# --- when ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "tells"),
    [
        (at(0, 60)[0], at(0, 60)[1], True),
        (at(-120, 0)[0], at(-10, 0)[0], False),
        (at(70, 0)[0], at(90, 0)[0], False),
        (at(-120, 0)[0], at(1, 0)[0], True),
        (None, None, True),
        (None, at(-10, 0)[0], False),
    ],
)
def test_a_report_of_another_time_tells_nothing_of_the_session(
    begin: datetime | None, end: datetime | None, tells: bool
):
    assert overlaps(SESSION, begin, end) is tells


@pytest.mark.parametrize(
    ("now", "open"),
    [
        (TEN - 31 * MINUTE, False),
        (TEN - 30 * MINUTE, True),
        (TEN, True),
        (ELEVEN + 15 * MINUTE, True),
        (ELEVEN + 16 * MINUTE, False),
    ],
)
def test_the_door_is_open_from_before_the_start_until_after_the_end(now: datetime, open: bool):
    assert is_at_the_door(SESSION, now) is open


@pytest.mark.parametrize(
    ("session", "now", "may"),
    [
        (SESSION, TEN - HOUR - MINUTE, False),
        (SESSION, TEN - HOUR, True),
        (SESSION, ELEVEN + timedelta(days=90), True),
        (a_session(state=SessionState.CANCELLED), TEN, False),
        (a_session(starts_at=None, ends_at=None, format=Format.SELF_PACED), NINE, False),
    ],
)
def test_others_may_be_checked_in_from_an_hour_before(session: Session, now: datetime, may: bool):
    assert may_be_checked_in(session, now) is may


def test_systems_are_asked_four_times_and_what_has_none_is_settled_once():
    assert len(polls(SESSION)) == len(polls(a_session(format=Format.ZOOM))) == 4
    assert polls(a_session(format=Format.IN_PERSON)) == (timedelta(days=1),)


# --- names -----------------------------------------------------------------------------------

ANA = Named(who="1", name="Ana Silva", email="ana.silva@example.org")
ANA_TOO = Named(who="2", name="Ana Maria Costa", email="ana.costa@example.org")
ANABEL = Named(who="3", name="Anabel Ruiz", email="a.ruiz@example.org")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Ana Silva", [ANA]),
        ("ana  silva", [ANA]),
        ("silva", [ANA]),
        ("Ana", [ANA, ANA_TOO, ANABEL]),
        ("maria costa", [ANA_TOO]),
        ("a.ruiz@example.org", [ANABEL]),
        ("Eva", []),
        ("", []),
    ],
)
def test_a_name_means_whoever_is_called_so_or_whose_name_begins_so(words: str, found: list[Named]):
    assert called(words, [ANA, ANA_TOO, ANABEL, ANA]) == found
