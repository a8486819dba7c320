"""Deliveries make room for what the chat says, where the rate leaves too little beside it."""

import pytest

from bot.spoken import LIMIT, Spoken


@pytest.mark.parametrize(
    ("rate", "answers", "excess"),
    [
        (LIMIT, 0, 0),
        (LIMIT, 7, 7),
        (LIMIT - 8, 8, 0),
        (LIMIT - 8, 11, 3),
        (10_000.0, 5, 5),
    ],
)
def test_what_is_said_in_a_second_beyond_the_room_there_is(rate: float, answers: int, excess: int):
    spoken = Spoken(rate, lambda: 100.0)
    for _ in range(answers):
        spoken.answered()

    assert spoken.excess() == excess


def test_each_answer_counts_once_and_only_for_a_second():
    now = [100.0]
    spoken = Spoken(LIMIT, lambda: now[0])
    spoken.answered()
    before = (spoken.excess(), spoken.excess())
    spoken.answered()
    now[0] += 2

    assert (before, spoken.excess()) == ((1, 0), 0)
