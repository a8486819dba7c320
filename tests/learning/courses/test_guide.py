"""The rounds of a set's meeting, one dilemma after the other."""

from datetime import UTC, datetime, timedelta

import pytest

from learning.courses import guide
from learning.courses.definition import Round, SetPlan
from learning.people import PersonId

ROUNDS = tuple(
    Round(title=title, minutes=minutes, say=f"Say {title}.")
    for title, minutes in (("Arrive", 10), ("Present", 10), ("Questions only", 25), ("Commit", 5))
)
TEN = datetime(2027, 3, 8, 10, 0, tzinfo=UTC)


def test_all_but_the_arrival_comes_once_for_each_dilemma():
    found = [guide.place(ROUNDS, number) for number in range(6)]

    assert [(p.round.title, p.turn) for p in found] == [
        ("Arrive", None),
        ("Present", 0),
        ("Questions only", 0),
        ("Commit", 0),
        ("Present", 1),
        ("Questions only", 1),
    ]
    assert [n for n, p in enumerate(found) if p.begins_turn] == [1, 4]
    assert [n for n, p in enumerate(found) if p.ends_turn] == [3]
    assert guide.one_dilemma(ROUNDS) == 40


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("Hello", "Tell", "Ask"), ["Hello", "Tell", "Ask", "Tell"]),
        (("Talk",), ["Talk", "Talk", "Talk", "Talk"]),
        (("PRESENT", "Ask"), ["PRESENT", "Ask", "PRESENT", "Ask"]),
    ],
)
def test_rounds_of_other_names_repeat_from_the_second_on(titles: tuple[str], expected: list[str]):
    rounds = [Round(title=each, minutes=5, say="") for each in titles]

    assert [guide.place(rounds, n).round.title for n in range(4)] == expected


def test_a_file_without_rounds_has_the_usual_ones():
    plan = SetPlan(fewest=5, most=8, meetings=6, every=28, self_facilitating_from=4, rounds=())

    assert guide.place(guide.rounds_of(plan), 0).round.title == "Present"


def test_a_round_ends_by_its_minutes_and_more_time_counts_from_now_when_it_is_over():
    end = guide.ends_at(ROUNDS, 2, TEN)

    assert end == TEN + timedelta(minutes=25)
    assert guide.more_time(end, TEN) == TEN + timedelta(minutes=30)
    assert guide.more_time(end, TEN + timedelta(minutes=40)) == TEN + timedelta(minutes=45)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(600, 10), (541, 10), (1, 1), (0, 0), (-59, 0), (-60, -1)]
)
def test_begun_minutes_are_left_and_full_ones_are_over(seconds: int, minutes: int):
    assert guide.minutes_left(TEN + timedelta(seconds=seconds), TEN) == minutes


def test_who_presented_least_comes_first_and_then_who_brought_theirs_first():
    asha, bo, cy = (PersonId(name) for name in ("asha", "bo", "cy"))
    brought = [(asha, TEN), (bo, TEN + timedelta(hours=1)), (cy, TEN - timedelta(hours=1))]

    assert guide.presenters(brought, [cy, cy, asha]) == [bo, asha, cy]
    assert guide.presenters(brought, []) == [cy, asha, bo]
