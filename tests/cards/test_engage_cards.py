"""What organisers see of Viva Engage, and the post as the community reads it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cards import engage, organisers
from cards.engage import Standing
from cards.kit import Card
from cards.notices import Today
from learning.sessions import Session
from tests.support.card_parts import buttons, shown_text
from tests.support.contracts import card_faults
from tests.support.values import HOUR, LONDON, NINE, TEN, a_session

CHAT = "https://teams.microsoft.com/l/chat/0/0?users=28:bot&message={text}"
WELL = Standing(
    account="learning@example.org",
    needed_since=None,
    answers=True,
    waiting=0,
    last_post=NINE,
    last_post_id=2000337346863105,
)
NEEDED = replace(WELL, needed_since=NINE, waiting=1)
NEVER = replace(WELL, account="", last_post=None, last_post_id=None, answers=False)

CARDS: dict[str, Card] = {
    "works": engage.status_card(WELL, zone=LONDON),
    "sign-in needed": engage.status_card(NEEDED, zone=LONDON),
    "never signed in": engage.status_card(NEVER, zone=LONDON),
    "preview": engage.preview_card("Learning today\n\n*Stars*\n10:00\n\nThe whole programme"),
    "ask delete": engage.ask_delete_card(2000337346863105, NINE, zone=LONDON),
    "sign in": engage.sign_in_card(NINE, zone=LONDON),
    "organiser help": organisers.organiser_help_card(),
}


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_one_that_teams_and_the_house_take(name: str):
    assert card_faults(CARDS[name].content) == []
    assert "\n" not in CARDS[name].summary


def titles(card: Card) -> list[str]:
    return [each["title"] for each in buttons(card.content)]


def test_an_organiser_sees_how_it_stands_and_what_to_do():
    assert titles(CARDS["works"]) == [
        "Preview the post",
        "Post now",
        "Stop answering",
        "Delete the last post",
    ]
    assert "Signed in as learning@example.org" in shown_text(CARDS["works"].content)


def test_where_sign_in_is_needed_the_card_says_since_when_and_how():
    shown = shown_text(CARDS["sign-in needed"].content)

    assert "Sign-in is needed since Tuesday 19 May, 10:00. Run python app.py engage-login." in shown
    assert "Waiting 1 post to go out" in shown


def test_before_anybody_signed_in_there_is_nothing_to_delete():
    assert "Nobody has signed in yet" in CARDS["never signed in"].summary
    assert titles(CARDS["never signed in"]) == ["Preview the post", "Post now", "Answer again"]


def test_a_preview_shows_what_is_posted_as_it_is_posted():
    assert "\\*Stars\\*" in shown_text(CARDS["preview"].content)


def post(*sessions: Session, more: int = 0, answers: bool = True, chat: str = CHAT) -> list[str]:
    today = Today(day=date(2026, 5, 19), sessions=sessions, more=more, zone=LONDON, now=NINE)
    text = engage.post_text(today, chat=chat, hub="https://x.example/hub", answers=answers)
    return text.splitlines()


def test_a_post_is_read_from_top_to_bottom():
    first = a_session(id=1, code="GM1", starts_at=TEN, summary="What helps. And what does not.")
    full = a_session(id=2, code="É 2", starts_at=TEN + HOUR, capacity=5, taken=5)

    assert post(first, full, more=3) == [
        engage.title_of(date(2026, 5, 19)),
        "",
        first.title,
        *post(first)[3:5],
        f"Book: {CHAT.format(text='book%20GM1')}",
        "",
        full.title,
        *post(full)[3:4],
        f"Join the waiting list: {CHAT.format(text='book%20%C3%89%202')}",
        "and 3 more today",
        "",
        "The whole programme: https://x.example/hub",
        "Mention me here, or write to me, and ask: what's on tomorrow?",
    ]


def test_where_nobody_is_answered_nobody_is_asked_to_ask():
    assert post(a_session(), answers=False)[-1] == "The whole programme: https://x.example/hub"


def test_on_a_laptop_the_words_are_told_as_there_is_no_chat_to_open():
    assert any("Book: say “book" in line for line in post(a_session(), chat=""))


def test_a_title_cannot_call_anybody_by():
    shown = "\n".join(post(a_session(title="Meet [[user:1]]", starts_at=TEN + timedelta())))

    assert "Meet [ [user:1]]" in shown
