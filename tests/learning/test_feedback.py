"""When people are asked how a session was, and what of their answers may be shown."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from learning import feedback
from learning.attendance import Outcome, Presence, Source
from learning.bookings import Booking, BookingState
from learning.feedback import Answer, Part, Release
from learning.notices import Kind, QuietHours
from learning.people import PersonId
from learning.sessions import Format, Session, SessionId, SessionState
from tests.support.values import ASHA, ELEVEN, LONDON, NINE, a_booking, a_session

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUIET = QuietHours(start=time(20, 0), end=time(7, 30))
GM1 = SessionId(1)


def an_answer(
    who: str,
    stars: int = 4,
    *,
    at: datetime = ELEVEN,
    helped: bool | None = True,
    comment: str = "",
) -> Answer:
    return Answer(
        session_id=GM1,
        who=who,
        stars=stars,
        helped=helped,
        comment=comment,
        given_at=at,
        changed_at=at,
    )


def people(count: int, *, at: datetime = ELEVEN) -> list[Answer]:
    return [an_answer(f"person {n}", at=at) for n in range(count)]


def an_outcome(state: Presence, source: Source) -> Outcome:
    return Outcome(session_id=GM1, who=ASHA, state=state, source=source, changed_at=ELEVEN)


# --- what may be shown -----------------------------------------------------------------------


def in_it(answers: list[Answer]) -> list[Answer]:
    """The same once what is shown was made of them."""
    return [replace(a, shown=a.mark) for a in answers]


def shown(*answers: Answer, at: datetime = ELEVEN) -> Release | None:
    return feedback.release(GM1, answers, at)


@pytest.mark.parametrize("count", range(5))
def test_fewer_than_five_answers_show_nothing(count: int):
    assert shown(*people(count)) is None


def test_five_answers_show_how_many_gave_what_and_nothing_of_who():
    answers = [
        an_answer("asha", 5, comment="zest, and room to talk", at=ELEVEN),
        an_answer("bo", 5, comment="A bit fast", at=ELEVEN + MINUTE, helped=False),
        an_answer("cy", 3, helped=None),
        an_answer("di", 4, comment="bring it back"),
        an_answer("em", 1, helped=False),
    ]

    release = shown(*answers, at=ELEVEN + HOUR)

    assert release == Release(
        session_id=GM1,
        stars=(1, 0, 1, 1, 2),
        helped=2,
        not_helped=2,
        comments=("A bit fast", "bring it back", "zest, and room to talk"),
        released_at=ELEVEN + HOUR,
    )
    assert release is not None
    assert (release.answers, release.average) == (5, 3.6)


def test_in_whatever_order_they_come_the_comments_stand_the_same():
    answers = [an_answer(f"{n}", comment=text) for n, text in enumerate("ecadb")]

    assert shown(*answers) == shown(*answers[::-1])


@pytest.mark.parametrize("newer", range(5))
def test_with_fewer_than_five_more_what_is_shown_stays_as_it_is(newer: int):
    more = [an_answer(f"newcomer {n}", 1) for n in range(newer)]

    assert shown(*in_it(people(5)), *more) is None


def test_five_more_change_it_together():
    more = [an_answer(f"newcomer {n}", 1) for n in range(5)]

    after = shown(*in_it(people(5)), *more)

    assert after is not None
    assert after.stars == (5, 0, 0, 5, 0)


def test_an_answer_that_is_changed_shows_only_once_five_have():
    before = in_it(people(8))
    changed = [replace(a, stars=1) for a in before]

    by_count = [shown(*changed[:n], *before[n:]) for n in range(1, 6)]

    assert by_count[:4] == [None] * 4
    assert by_count[4] is not None
    assert by_count[4].stars == (5, 0, 0, 3, 0)


def test_sending_the_same_again_or_changing_back_hides_nobody_elses_change():
    """Four whose answers are in the end as they were, and a fifth who changes: only that would be seen."""
    before = in_it(people(5))
    there = [said(a, stars=1) for a in before[:4]]
    back = [said(a, stars=4) for a in there[:2]] + [said(a, stars=4) for a in before[2:4]]
    fifth = said(before[4], stars=1)

    assert shown(*back, fifth) is None
    assert shown(*there, fifth) is not None


def said(before: Answer, *, stars: int) -> Answer:
    """The same person's answer, given once more with these stars."""
    return feedback.answered(
        before, GM1, PersonId(before.who), stars=stars, helped=True, comment="", now=ELEVEN + DAY
    )


def test_words_of_somebody_who_is_forgotten_go_and_their_stars_stay():
    release = shown(*(an_answer(f"{n}", comment="good") for n in range(5)))
    assert release is not None

    assert feedback.without(release, "good") == replace(release, comments=("good",) * 4)
    assert feedback.without(release, "other") == release


def test_that_somebody_was_forgotten_is_no_news():
    answers = in_it([an_answer(f"{n}", comment="good") for n in range(5)])
    others = [an_answer(f"newcomer {n}", 1, comment="bad") for n in range(3)]
    gone = [feedback.nobodys(a, PersonId(f"forgotten:{n}")) for n, a in enumerate(answers + others)]

    assert {a.comment for a in gone} == {""}
    assert [a.is_news for a in gone] == [False] * 5 + [True] * 3


# --- an answer -------------------------------------------------------------------------------


def test_an_answer_keeps_when_it_was_first_given():
    first = feedback.answered(None, GM1, ASHA, stars=2, helped=None, comment=" a  b ", now=NINE)
    later = feedback.answered(first, GM1, ASHA, stars=5, helped=True, comment="", now=ELEVEN)

    assert (first.comment, first.given_at, first.changed_at) == ("a b", NINE, NINE)
    assert (later.stars, later.comment, later.given_at, later.changed_at) == (5, "", NINE, ELEVEN)


def test_a_comment_has_a_longest_length():
    said = feedback.answered(None, GM1, ASHA, stars=2, helped=None, comment="x" * 900, now=NINE)

    assert len(said.comment) == 500


@pytest.mark.parametrize(
    ("booking", "outcome", "part"),
    [
        (None, None, Part.NONE),
        (a_booking(), None, Part.MAY_SAY_SO),
        (a_booking(BookingState.WAITING), None, Part.NONE),
        (None, an_outcome(Presence.ATTENDED, Source.TEAMS), Part.MAY_ANSWER),
        (a_booking(), an_outcome(Presence.BRIEFLY, Source.ZOOM), Part.MAY_ANSWER),
        (a_booking(), an_outcome(Presence.ATTENDED, Source.OWN_WORD), Part.MAY_ANSWER),
        (a_booking(), an_outcome(Presence.ABSENT, Source.OWN_WORD), Part.MAY_SAY_SO),
        (a_booking(), an_outcome(Presence.ABSENT, Source.BOOKING), Part.MAY_SAY_SO),
        (a_booking(), an_outcome(Presence.ABSENT, Source.CORRECTION), Part.NONE),
        (None, an_outcome(Presence.ABSENT, Source.OWN_WORD), Part.NONE),
    ],
)
def test_who_may_say_how_it_was(booking: Booking | None, outcome: Outcome | None, part: Part):
    assert feedback.part_in(booking, outcome) is part


# --- when ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "count"),
    [
        (14 * MINUTE, 0),
        (15 * MINUTE, 1),
        (129 * MINUTE, 1),
        (130 * MINUTE, 2),
        (25 * HOUR, 3),
        (7 * DAY - MINUTE, 3),
        (7 * DAY, 0),
    ],
)
def test_it_is_looked_three_times_who_is_to_be_asked(since: timedelta, count: int):
    assert len(feedback.looks(a_session(), ELEVEN + since)) == count


@pytest.mark.parametrize(
    "session",
    [
        a_session(state=SessionState.CANCELLED),
        a_session(format=Format.SELF_PACED),
        a_session(starts_at=None, ends_at=None),
    ],
)
def test_of_some_nobody_is_asked(session: Session):
    assert feedback.looks(session, ELEVEN + HOUR) == []
    assert not feedback.is_over(session, ELEVEN + HOUR)


def test_people_are_asked_and_reminded_outside_quiet_hours():
    session = a_session(starts_at=NINE + 10 * HOUR)  # to 21:00 in London
    at_once, again = feedback.asking(session, ASHA, QUIET, LONDON, NINE + 11 * HOUR + 15 * MINUTE)

    assert (at_once.kind, again.kind) == (Kind.FEEDBACK, Kind.FEEDBACK_REMINDER)
    assert at_once.due_at.astimezone(LONDON) == datetime(2026, 5, 20, 7, 30, tzinfo=LONDON)
    assert again.due_at.astimezone(LONDON) == datetime(2026, 5, 21, 10, 0, tzinfo=LONDON)


def test_they_are_reminded_by_their_own_clock():
    kolkata = ZoneInfo("Asia/Kolkata")
    at_once, again = feedback.asking(a_session(), ASHA, QUIET, kolkata, ELEVEN + 15 * MINUTE)

    assert at_once.due_at == ELEVEN + 15 * MINUTE
    assert again.due_at.astimezone(kolkata) == datetime(2026, 5, 20, 10, 0, tzinfo=kolkata)


def test_a_person_has_one_key_for_a_session_however_often_it_is_looked():
    keys = {
        tuple(n.key for n in feedback.asking(a_session(), ASHA, QUIET, LONDON, ELEVEN + after))
        for after in feedback.LOOKS
    }

    assert len(keys) == 1


def test_answers_are_taken_until_two_weeks_after_the_last_session():
    last = a_session(id=SessionId(2), starts_at=ELEVEN + 3 * DAY)
    off = a_session(id=SessionId(3), starts_at=ELEVEN + 30 * DAY, state=SessionState.CANCELLED)
    paced = a_session(id=SessionId(4), starts_at=None, ends_at=None)

    assert feedback.closes_at([a_session(), last, off, paced]) == ELEVEN + 17 * DAY + HOUR
    assert feedback.closes_at([paced]) is None
