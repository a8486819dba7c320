"""Reminders of a programme and the answers for those who lead, as cards that Teams takes."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import orjson
import pytest

from cards.collation import choice_card, collation_card
from cards.course_nudges import MOST_DATES, booking_nudge_card, step_nudge_card
from cards.kit import Card
from learning.courses.collating import Collated, Collation, Line
from learning.courses.definition import Course, Question, QuestionKind, Step, StepKind
from learning.sessions import CourseId, EditionId, Session, SessionId
from tests.support.builders import details
from tests.support.card_parts import buttons, shown_text
from tests.support.contracts import card_faults

LONDON = ZoneInfo("Europe/London")
LIVE = datetime(2027, 3, 10, 9, 30, tzinfo=UTC)
TODAY = date(2027, 2, 23)
COURSE = Course(code="CUSTOMER", title="The customer at the heart")
MODULE = Step(id="10", kind=StepKind.MODULE, title="Whose *service* is it?", order=10, minutes=1)
MOST_BYTES = 28 * 1024


def a_session(number: int = 1) -> Session:
    return Session(
        id=SessionId(number),
        edition_id=EditionId(1),
        details=details(f"SHOES-{number}", LIVE + timedelta(weeks=number)),
    )


def a_collation(*figures: Collated, **more: object) -> Collation:
    values: dict[str, object] = {
        "course": COURSE,
        "course_id": CourseId(1),
        "step": Step(id="40", kind=StepKind.QUESTIONNAIRE, title="Before we meet", order=40),
        "session": a_session(),
        "asked": 12,
        "handed_in": 9,
        "answers": 9 if figures else 0,
        "figures": figures,
        "closes_on": date(2027, 3, 9),
    }
    return Collation(**(values | more))  # pyright: ignore[reportArgumentType]


def words(*texts: str, ask: str = "What do you hope for?") -> Collated:
    question = Question(id="hope", kind=QuestionKind.TEXT, ask=ask)
    return Collated(question=question, count=len(texts), texts=texts)


SCALE = Collated(
    question=Question(id="sure", kind=QuestionKind.SCALE, ask="How sure are you?"),
    count=9,
    lines=(Line(text="1 · not", count=2), Line(text="5 · quite", count=7)),
    mean=Fraction(37, 9),
)
RANKED = Collated(
    question=Question(id="order", kind=QuestionKind.RANKING, ask="What counts?"),
    count=9,
    lines=(Line(text="Speed", count=6, place=Fraction(4, 3)),),
)

NUDGE = step_nudge_card(
    CourseId(1), COURSE, MODULE, due=TODAY + timedelta(days=1), closes=None, today=TODAY
)
BOOK = booking_nudge_card(
    CourseId(1), COURSE, MODULE, [a_session(n) for n in range(1, 7)], zone=LONDON
)


@pytest.mark.parametrize(
    "card",
    [
        NUDGE,
        BOOK,
        collation_card(a_collation(SCALE, RANKED, words("Tea")), zone=LONDON),
        collation_card(a_collation(), zone=LONDON),
        collation_card(a_collation(is_closed=True), zone=LONDON),
        choice_card([a_collation(), a_collation(SCALE)], zone=LONDON),
    ],
)
def test_teams_takes_the_card_and_a_notification_says_what_it_is(card: Card):
    assert card_faults(card.content) == []
    assert card.summary
    assert len(orjson.dumps(card.content)) < MOST_BYTES


@pytest.mark.parametrize(
    ("due", "closes", "said"),
    [
        (None, None, "It is open now."),
        (1, None, "It is due by tomorrow."),
        (0, 3, "It is due by today. It closes at the end of Friday 26 February."),
        (-2, None, "It was due on Sunday 21 February and is still open."),
        (None, 0, "It is open now. It closes at the end of today."),
    ],
)
def test_a_reminder_says_why_now(due: int | None, closes: int | None, said: str):
    def on(offset: int | None) -> date | None:
        return None if offset is None else TODAY + timedelta(days=offset)

    card = step_nudge_card(CourseId(1), COURSE, MODULE, due=on(due), closes=on(closes), today=TODAY)

    assert said in shown_text(card.content)
    assert "About 1 minute" in shown_text(card.content)


def test_each_kind_of_step_is_opened_where_it_is():
    def first(kind: StepKind, *, begun: bool = False) -> tuple[str, str]:
        step = Step(id="x", kind=kind, title="T", order=1)
        card = step_nudge_card(
            CourseId(1), COURSE, step, due=None, closes=None, today=TODAY, begun=begun
        )
        button = buttons(card.content)[0]
        return button["title"], button["verb"]

    assert first(StepKind.MODULE) == ("Start", "course.step")
    assert first(StepKind.FOLLOW_UP, begun=True) == ("Go on", "course.step")
    assert first(StepKind.SETS) == ("Put myself forward", "set.open")
    assert first(StepKind.QUOTE) == ("Write a sentence", "quote.open")


def test_of_many_dates_the_next_are_on_the_card_and_the_rest_in_the_programme():
    assert sum(b["verb"] == "session.book" for b in buttons(BOOK.content)) == MOST_DATES
    assert "There are more dates in your programme." in shown_text(BOOK.content)


def test_answers_that_do_not_fit_come_page_by_page_and_none_is_left_out():
    texts = [f"answer {n} " + "long " * 380 for n in range(16)]
    found = a_collation(SCALE, words(*texts[:8]), words(*texts[8:], ask="And then?"))
    read, start, pages = "", 0, 0

    while True:
        card = collation_card(found, zone=LONDON, start=start)
        assert len(orjson.dumps(card.content)) < MOST_BYTES
        read += shown_text(card.content)
        pages += 1
        more = [b for b in buttons(card.content) if b["title"] == "More answers"]
        if not more:
            break
        start = more[0]["data"]["start"]

    assert pages > 1
    assert [read.count(f"answer {n} ") for n in range(16)] == [1] * 16


def test_what_is_not_shown_yet_says_why():
    def said(**more: object) -> str:
        return shown_text(collation_card(a_collation(**more), zone=LONDON).content)

    assert "open until the end of Monday 8 March" in said()
    assert "there are too few" in said(is_closed=True)
    assert "9 of 12 people have answered" in said()


def test_what_people_typed_is_shown_as_typed():
    card = collation_card(a_collation(words("*Not* [a](link)")), zone=LONDON)

    assert "\\*Not\\* \\[a](link)" in orjson.dumps(card.content).decode().replace("\\\\", "\\")
