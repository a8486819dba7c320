"""What people type about how a session was, and what must not be taken for it."""

import pytest

from language.commands import Command, GiveFeedback, SeeFeedback, WhatsOn
from language.context import Context
from language.feedback import about_feedback
from language.understanding import understand
from tests.language.test_phrases import CALENDAR, PHRASES

SAID: list[tuple[str, Command]] = [
    ("give feedback", GiveFeedback()),
    ("I'd like to give some feedback, please", GiveFeedback()),
    ("can I leave feedback?", GiveFeedback()),
    ("change my answer", GiveFeedback()),
    ("Feedback", GiveFeedback("", "Feedback")),
    ("rate GM1", GiveFeedback("GM1", "rate GM1")),
    ("feedback on GM1", GiveFeedback("GM1", "feedback on GM1")),
    ("give feedback for GM1", GiveFeedback("GM1", "give feedback for GM1")),
    ("change my answer for gm1", GiveFeedback("gm1", "change my answer for gm1")),
    (
        "feedback on growth mindset",
        GiveFeedback("growth mindset", "feedback on growth mindset"),
    ),
    (
        "rate the session growth mindset",
        GiveFeedback("growth mindset", "rate the session growth mindset"),
    ),
    ("feedback for GM1", SeeFeedback("GM1", "feedback for GM1")),
    ("show me the feedback for GM1", SeeFeedback("GM1")),
    ("What did people think of GM1?", SeeFeedback("GM1")),
    ("what did people say about growth mindset", SeeFeedback("growth mindset")),
    ("how did people rate GM1", SeeFeedback("GM1")),
]

OTHERS = (
    "giving feedback",
    "how to give feedback",
    "something on feedback",
    "feedback skills",
    "feedback that people can use",
    "sign me up for feedback that people can use",
    "give feedback to my team",
    "feedback on Tuesday",
    "feedback this week",
    "feedback on the 20th with the coaches",
    "second thoughts on feedback",
    "marking and feedback",
    "what did I book",
    "what people think of change",
)


@pytest.mark.parametrize(("said", "meant"), SAID)
def test_it_is_understood(said: str, meant: Command):
    assert understand(said, Context(calendar=CALENDAR)) == meant


@pytest.mark.parametrize("said", OTHERS)
def test_other_words_are_left_to_others(said: str):
    assert about_feedback(said, CALENDAR) is None


def test_a_topic_with_a_day_is_looked_for():
    on_tuesday = understand("feedback on Tuesday", Context(calendar=CALENDAR))

    assert isinstance(on_tuesday, WhatsOn)
    assert on_tuesday.about == "feedback"


@pytest.mark.parametrize("said", [said for said, _ in PHRASES])
def test_no_fixed_phrase_is_taken_away(said: str):
    assert about_feedback(said, CALENDAR) is None
