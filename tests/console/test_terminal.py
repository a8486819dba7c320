"""The chat in a terminal: a real one, with a bot that really runs."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.support.playground import APP, Laptop, a_laptop, environment, free_port
from tests.support.terminal import CTRL_C, CTRL_D, Terminal, a_terminal


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    with a_laptop(tmp_path_factory.mktemp("laptop"), command="serve") as laptop:
        yield laptop


def chatting(port: int | str) -> AbstractContextManager[Terminal]:
    """`python app.py chat` with whatever answers at this port."""
    return a_terminal([sys.executable, APP, "chat"], env=environment(PORT=str(port)))


def test_a_newcomer_is_welcomed_once_books_and_cancels_in_the_terminal(laptop: Laptop):
    with chatting(laptop.port) as terminal:
        terminal.read("Three things to try")
        details = terminal.ask("DA1", "Digital accessibility")
        booked = terminal.ask("1", "You're booked")
        cancelled = terminal.ask("cancel it", "Booking cancelled")
        terminal.type(CTRL_D)
        left = terminal.rest()

    with chatting(laptop.port) as terminal:
        terminal.read("Type what's on today")
        again = terminal.ask("my bookings", "You have no bookings yet")
        terminal.type(CTRL_C)
        interrupted = terminal.rest()

    assert "[1] Book" in details
    assert "] Join" in booked
    assert "[1] Book" in cancelled
    assert left[0] == 0
    assert "Three things to try" not in again
    assert interrupted[0] == 130
    assert "Traceback" not in interrupted[1]


def test_what_a_card_asks_for_is_filled_in_before_a_button_is_pressed(laptop: Laptop):
    with chatting(laptop.port) as terminal:
        terminal.read("Type what's on today")
        asked = terminal.ask("plan my week", "Plan my week")
        filled = terminal.ask("about = mentoring", "about: mentoring")
        planned = terminal.ask("1", "Plan again")

    assert "(type about = …)" in asked
    assert "about: mentoring" in filled
    assert "Around mentoring." in planned
    assert "Around: mentoring" in planned


def test_without_a_bot_it_says_how_to_start_one():
    with chatting(free_port()) as terminal:
        code, shown = terminal.rest()

    assert code == 1
    assert "start the bot in another terminal with `make run`" in shown
    assert "Traceback" not in shown


def test_a_bot_that_goes_away_is_said_in_a_sentence(tmp_path: Path):
    with a_laptop(tmp_path, command="serve") as laptop, chatting(laptop.port) as terminal:
        terminal.read("Three things to try")
        laptop.stop()
        terminal.type("my bookings\n")
        code, shown = terminal.rest()

    assert code == 1
    assert "The bot no longer answers." in shown
    assert "Traceback" not in shown
