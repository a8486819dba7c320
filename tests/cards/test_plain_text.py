"""That every card can be read as plain text, and what its buttons become there."""

import re

import pytest

from cards import bookings, sessions, talk
from cards.kit import Card, card, execute, facts, heading, open_url, text
from cards.plain_text import LONGEST, Place, joined, plain_text, sessions_in
from learning.bookings import BookingState
from tests.cards.test_cards import PLAIN
from tests.support.card_parts import parts
from tests.support.values import LONDON, NINE, a_booking, a_session

CHAT = "https://teams.microsoft.com/l/chat/0/0?users=28:bot&message={text}"
CODES = {n: f"C{n}" for n in range(1, 60)}
HERE = Place(chat=CHAT, codes=CODES)

WORDLESS = {"organiser.cancel", "organiser.ask_cancel"}
"""Buttons that have no words: what they do is done in Teams."""


@pytest.mark.parametrize("name", PLAIN)
def test_every_card_reads_well_as_plain_text(name: str):
    shown = plain_text(PLAIN[name], HERE)

    assert shown.strip() == shown
    assert shown
    assert len(shown) <= LONGEST + 2
    assert "\u200b" not in shown
    assert not re.search(r"\\[*_\[`]|\{text\}|\n\n\n| $", shown, re.MULTILINE)


@pytest.mark.parametrize("name", PLAIN)
def test_nothing_that_a_card_says_is_left_out(name: str):
    shown = plain_text(PLAIN[name], HERE)

    for path, part in parts(PLAIN[name].content):
        if path.endswith(".fallback"):
            continue
        if part["type"] == "TextBlock" and len(shown) < LONGEST - 1000:
            assert part["text"].removeprefix("\u200b").split("\\")[0] in shown


@pytest.mark.parametrize("name", PLAIN)
def test_every_link_opens_something(name: str):
    shown = plain_text(PLAIN[name], HERE)

    links = re.findall(r"https://teams\.microsoft\.com/l/chat/\S+", shown)
    assert all(re.search(r"&message=[\w%.'-]+$", link) for link in links), links


def test_a_booking_says_what_to_do_next():
    session = a_session(location="")
    made = bookings.booking_card(
        session, a_booking(BookingState.BOOKED), position=0, zone=LONDON, now=NINE
    )

    shown = plain_text(made, Place(chat=CHAT, codes={session.id: "GM1"}))

    assert shown.splitlines()[0] == "You're booked"
    assert f"Cancel: {CHAT.format(text='cancel%20GM1')}" in shown
    assert f"My bookings: {CHAT.format(text='my%20bookings')}" in shown


def test_a_list_has_one_link_for_each_session_and_a_word_for_more():
    many = [a_session(id=n) for n in range(1, 12)]
    made = sessions.list_card("What's on", many, {}, zone=LONDON, now=NINE, more={"about": "x"})

    shown = plain_text(made, HERE)

    assert shown.count("Book: ") == 8
    assert "Details" not in shown
    assert shown.endswith("Show 3 more: answer “more”")
    assert plain_text(made, Place(chat=CHAT, codes=CODES, alone=False)).endswith(
        "Show 3 more: mention me and say “more”"
    )


def test_where_there_is_no_chat_to_open_the_words_are_told():
    made = talk.say("Well.", actions=[execute("My bookings", "bookings.show")])

    assert plain_text(made, Place()) == (
        "Well.\n\nMy bookings: say “my bookings” to Learnweek in Teams"
    )


def test_what_people_wrote_is_shown_as_they_wrote_it():
    made = card(
        "s",
        heading("1. *Stars* & [brackets] `ticks` snake_case _under_"),
        text("- a dash"),
        facts(("Where", "Room #2 *new*")),
        actions=[open_url("Join", "https://example.org/a?b=c&d=e")],
    )

    assert plain_text(made, HERE).splitlines() == [
        "1. *Stars* & [brackets] `ticks` snake_case _under_",
        "",
        "- a dash",
        "",
        "Where: Room #2 *new*",
        "",
        "Join: https://example.org/a?b=c&d=e",
    ]


def test_a_question_between_two_names_the_words_that_answer_it():
    asked = bookings.clash_card(a_session(id=1), [a_session(id=2)], zone=LONDON)

    shown = plain_text(asked, HERE)

    assert "Book anyway: answer “yes”" in shown
    assert "answer “swap”" in shown
    assert "Leave it: answer “no”" in shown


def test_of_several_swaps_none_is_offered_as_words_do_not_tell_which():
    others = [a_session(id=2), a_session(id=3)]

    assert "swap" not in plain_text(bookings.clash_card(a_session(id=1), others, zone=LONDON), HERE)


def test_nobody_is_called_by_what_somebody_typed():
    assert plain_text(talk.say("I found nothing for “[[user:1]]”."), HERE) == (
        "I found nothing for “[ [user:1]]”."
    )


def test_a_text_that_is_too_long_ends_with_a_whole_paragraph():
    shown = joined(["word " * 400] * 9)

    assert len(shown) <= LONGEST
    assert shown.endswith("\n\n…")


def test_the_sessions_of_a_card_are_those_of_its_buttons():
    made = sessions.list_card("On", [a_session(id=4), a_session(id=7)], {}, zone=LONDON, now=NINE)

    assert sessions_in(made) == {4, 7}


def test_every_button_becomes_a_line_or_is_known_to_have_no_words():
    for name, made in PLAIN.items():
        verbs = {a["verb"] for _, a in parts(made.content) if a["type"] == "Action.Execute"}
        for verb in verbs - WORDLESS:
            alone = Card("s", {"body": [], "actions": _of(made, verb)[:1]})
            assert plain_text(alone, HERE), (name, verb)


def _of(made: Card, verb: str) -> list[dict[str, object]]:
    found = [a for _, a in parts(made.content) if a.get("verb") == verb]
    return [a for a in found if a["type"] == "Action.Execute"]
