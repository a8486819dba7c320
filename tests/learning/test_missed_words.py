"""Which words of a question are kept when nothing was found for it."""

from datetime import date

import pytest

from learning.half_years import half_year, half_years
from learning.missed_words import content_words, without_names


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Is there anything about welding?", ["welding"]),
        ("welding WELDING Welding", ["welding"]),
        ("What’s on about carers’ leave?", ["carers", "leave"]),
        ("managing someone's return from sick leave", ["managing", "someone", "return", "sick", "leave"]),
        ("a course on R and UX", []),
        ("can you help me find a session tomorrow please", []),
        ("my number is 07700 900123, I am AB12345C", ["number"]),
        ("write to asha.b@example.org or see https://example.org/asha", ["write", "see"]),
        ("one two three four five six seven eight", ["two", "three", "four", "five", "six", "seven"]),
        ("é" * 41, []),
        ("", []),
    ],
)  # fmt: skip
def test_only_single_words_that_say_what_was_looked_for_are_kept(question: str, words: list[str]):
    assert content_words(question) == words


def test_parts_of_peoples_names_are_left_out():
    people = ["Asha Begum", "bo.larsen@example.org"]

    assert without_names(["welding", "asha", "larsen", "begum"], people) == ["welding"]


@pytest.mark.parametrize(
    ("day", "since"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 6, 30), date(2026, 1, 1)),
        (date(2026, 7, 1), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2026, 7, 1)),
    ],
)
def test_a_day_is_in_one_half_year(day: date, since: date):
    assert half_year(day) == since


def test_half_years_go_from_the_first_day_to_the_last():
    may, july = date(2026, 5, 18), date(2026, 7, 2)

    assert half_years(may, may) == (date(2026, 1, 1), date(2026, 6, 30))
    assert half_years(may, july) == (date(2026, 1, 1), date(2026, 12, 31))
