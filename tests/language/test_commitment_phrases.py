"""Words about commitments, timelines and quotes, and words that are about something else."""

from datetime import date

import pytest

from language.calendar import Calendar
from language.commands import (
    Command,
    Commit,
    Commitments,
    Quotes,
    ToCommitments,
    ToQuotes,
)
from language.commitments import about_commitments, read_day
from language.context import Context
from language.understanding import at_once

TODAY = date(2026, 5, 18)
"""A Monday."""

CALENDAR = Calendar(today=TODAY, days=(date(2026, 5, 29),))


@pytest.mark.parametrize(
    ("said", "text", "due_on"),
    [
        (
            "I will ring one customer a week by 31 March",
            "ring one customer a week",
            date(2027, 3, 31),
        ),
        ("I\u2019ll write to Two tenants by Friday.", "write to Two tenants", date(2026, 5, 22)),
        ("i am going to stand by them by the end of June", "stand by them", date(2026, 6, 30)),
        ("I commit to listening, by 1/7/2026", "listening", date(2026, 7, 1)),
        ("Please, I will listen by tomorrow please", "listen", date(2026, 5, 19)),
    ],
)
def test_i_will_by_a_day_is_a_commitment_as_it_was_typed(said: str, text: str, due_on: date):
    meant = at_once(said, Context(calendar=CALENDAR))

    assert isinstance(meant, Commit)
    assert (meant.text, meant.due_on) == (text, due_on)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("my commitments", Commitments(ToCommitments.LIST)),
        ("Show me my commitments, please", Commitments(ToCommitments.LIST)),
        ("what did I commit to?", Commitments(ToCommitments.LIST)),
        ("add a commitment", Commitments(ToCommitments.NEW)),
        ("add another commitment", Commitments(ToCommitments.NEW)),
        ("new commitment", Commitments(ToCommitments.NEW)),
        ("our commitments", Commitments(ToCommitments.OURS)),
        ("my timeline", Commitments(ToCommitments.TIMELINE)),
        ("show my programme timeline", Commitments(ToCommitments.TIMELINE)),
        ("give a quote", Quotes(ToQuotes.OPEN)),
        ("change my quote", Quotes(ToQuotes.OPEN)),
        ("revoke my quote", Quotes(ToQuotes.REVOKE)),
        ("take back my quote!", Quotes(ToQuotes.REVOKE)),
        ("I will be home by 5pm", None),
        ("I will be there by bus", None),
        ("I'll be ten minutes late by then", None),
        ("I will come on Friday", None),
        ("commitment and trust", None),
        ("how do I quote for a tender", None),
        ("project timeline planning", None),
        ("a session on keeping promises", None),
    ],
)
def test_other_words(said: str, meant: Command | None):
    assert about_commitments(said, CALENDAR) == meant


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("the end of May", date(2026, 5, 31)),
        ("may", date(2026, 5, 31)),
        ("april", date(2027, 4, 30)),
        ("the end of June 2027", date(2027, 6, 30)),
        ("the end of this week", date(2026, 5, 22)),
        ("next week", date(2026, 5, 29)),
        ("the end of next month", date(2026, 6, 30)),
        ("the end of the year", date(2026, 12, 31)),
        ("Christmas", date(2026, 12, 24)),
        ("in two weeks", date(2026, 6, 1)),
        ("19 May", date(2026, 5, 19)),
        ("5pm", None),
        ("the end of the day", None),
        ("", None),
    ],
)
def test_a_span_means_its_last_day(words: str, day: date | None):
    assert read_day(words, TODAY) == day


def test_over_a_weekend_this_week_is_the_one_to_come():
    assert read_day("this week", date(2026, 5, 23)) == date(2026, 5, 29)
    assert read_day("next month", date(2026, 12, 5)) == date(2027, 1, 31)
