"""Turns of phrase that mean something after a list or a card, or that carry two wishes; without a model."""

from datetime import time

import pytest

from language.commands import (
    Another,
    Book,
    Cancel,
    Command,
    Find,
    Human,
    MyBookings,
    Nudges,
    Resources,
    Several,
    Wanted,
    WhatsOn,
)
from language.context import Context
from language.understanding import understand
from language.when import read_when
from tests.language.test_phrases import CALENDAR
from tests.language.test_understanding import A_CARD, A_LIST, NOTHING, TODAY, found, on

NAMES = {
    "bullying": "Bullying",
    "bullying my van's in the garage": "",
    "budgets": "Reading budgets",
    "anything on budgets": "Reading budgets",
    "allyship": "Being an ally",
    "sign language": "Sign language",
    "angry families": "Angry families",
    "the angry families one": "Angry families",
}
NAMED = Context(calendar=CALENDAR, named=lambda text: NAMES.get(text, ""))


@pytest.mark.parametrize(
    ("text", "context", "command"),
    [
        ("ooh yes go on then", A_CARD, Book("that one")),
        ("yeah that'll do, count me in", A_CARD, Book("that one")),
        ("sorry, fat fingers. take me off again", A_CARD, Cancel("it")),
        ("got the dentist then. scrap that one", A_CARD, Cancel("it")),
        ("manager won't release me so you'll have to take my name off", A_CARD, Cancel("it")),
        ("that's my day off. is there a repeat", A_CARD, Another()),
        ("i'm on shift then. does it go out again", A_CARD, Another()),
        ("only 3 places?? have any gone already", A_CARD, found("that one")),
        ("so there's no set time?", A_CARD, found("that one")),
        ("the middle one, whereabouts is it", A_LIST, found("number 2")),
        ("second 1 pls x", A_LIST, found("second one pls")),
        ("the screen reader one. can i bring my own", A_LIST, found("the screen reader one")),
        ("the screen reader one. can i get on it", A_LIST, Book("the screen reader one")),
        ("stick me and my mate down for that", A_CARD, Book("that one")),
        ("cant do thursday mornings is it on again at all", A_CARD, Another()),
        ("ooh, who's running it", A_CARD, found("that one")),
        ("who takes the first of those", A_LIST, found("the first one")),
        ("the eleven o'clock one, yes please", A_LIST, Book("the eleven o'clock one")),
        ("the later date suits, book that", A_LIST, Book("the later one")),
        ("actually no take me off it, the forecast is grim", A_CARD, Cancel("it")),
        ("never in thursdays. do they run it again", A_CARD, Another()),
        ("which ones are at the depot", A_LIST, found("the depot one")),
        ("any of those not face to face", A_LIST, WhatsOn(TODAY, "", frozenset({Wanted.ONLINE}))),
    ],
)
def test_what_is_meant_of_what_was_shown(text: str, context: Context, command: Command):
    assert understand(text, context) == command


def test_only_the_afternoon_ones_are_those_of_the_day_asked_for():
    meant = understand("only the afternoon ones", A_LIST)

    assert isinstance(meant, WhatsOn)
    assert meant.when == on(18, time(12), time(17, 30))


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        (
            "what am i booked on and stop the reminders please they're doing my head in",
            (MyBookings(), Nudges(False)),
        ),
        (
            "turn the reminders back on and show me my bookings ta",
            (Nudges(True), MyBookings()),
        ),
        (
            "sign me up for allyship thurs and the sign language after it",
            (Book("allyship"), Book("sign language")),
        ),
        (
            "take me off monday's sleep one and put me on thursday's",
            (Cancel("monday's sleep one"), Book("thursday sleep")),
        ),
        (
            "who runs the angry families one and can i get on it",
            (found("the angry families one"), Book("the angry families one")),
        ),
        (
            "interview practice and anything on budgets",
            (found("interview practice"), found("budgets")),
        ),
        (
            "allyship and the sign language, both of them, get me on",
            (Book("allyship"), Book("sign language")),
        ),
        ("budgets and bullying. book em please", (Book("budgets"), Book("bullying"))),
    ],
)
def test_two_wishes_are_two(text: str, commands: tuple[Command, ...]):
    assert understand(text, NAMED) == Several(commands)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("cancel bullying my van's in the garage", Cancel("bullying")),
        ("am i down for anything tomorrow", MyBookings()),
        ("which ones did i say yes to again", MyBookings()),
        ("where do i get the handouts from the sessions", Resources()),
        ("anything left today or have i missed it all", WhatsOn(TODAY)),
    ],
)
def test_the_wish_is_told_from_what_surrounds_it(text: str, command: Command):
    meant = understand(text, NAMED)

    if isinstance(command, WhatsOn):
        assert isinstance(meant, WhatsOn)
        assert meant.when is not None
        assert (meant.when.first, meant.about) == (TODAY.first, "")
    else:
        assert meant == command


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("monday nite", time(18), None),
        ("monday before my shift starts at 1", None, time(13)),
        ("monday before i clock on at 9", None, time(9)),
        ("monday after 3 anything on safety", time(15), None),
        ("monday in the daytime", None, time(17)),
    ],
)
def test_times_around_a_shift(text: str, start: time | None, end: time | None):
    when, _ = read_when(text, CALENDAR)

    assert when is not None
    assert (when.start, when.end) == (start, end)


@pytest.mark.parametrize(
    "story",
    [
        "nearly nodded off at the wheel this morning. frightened myself",
        "i answer the phones, only started in august and get nothing but feuds",
        "right barney every night between her at 9 and him at 11, doing my head in",
        "first of every month i rebuild the same graphs by hand til nine at night",
    ],
)
def test_when_something_happened_is_no_day_to_look_for(story: str):
    assert understand(story, NOTHING) == found(story)


def test_whom_to_ring_is_asked_of_a_person():
    assert understand("is there an actual person i can ring about this", NOTHING) == Human()


def test_a_reason_names_no_session():
    text = "can't make the hoarding one now got a court date. take me off"

    assert understand(text, NOTHING) == Cancel("the hoarding one")


def test_just_those_after_a_time_are_of_the_day_asked_for():
    meant = understand("just the ones after 2", A_LIST)

    assert isinstance(meant, WhatsOn)
    assert meant.when == on(18, time(14))


def test_now_in_the_middle_of_a_story_is_no_day():
    assert read_when("she doesn't know her own daughter now and wanders off", CALENDAR)[0] is None
    assert isinstance(understand("what's on now", NOTHING), WhatsOn)
    assert isinstance(understand("she wanders off now and again at night", NOTHING), Find)
