"""What people are told that organisers did, and what organisers write to them."""

import orjson
import pytest

from cards import desk
from cards.kit import Card
from learning.bookings import BookingState
from learning.sessions import SessionId
from services.messages import LONGEST
from tests.support.card_parts import buttons, shown_text
from tests.support.contracts import CARD_BYTES, card_faults
from tests.support.values import LONDON, NINE, a_booking, a_session

SESSION = a_session(id=SessionId(7), title="Growth mindset")
LEFT = a_session(id=SessionId(8), title="Resilience")
BOOKED, WAITING, OFFERED = (
    a_booking(state, session_id=SESSION.id)
    for state in (BookingState.BOOKED, BookingState.WAITING, BookingState.OFFERED)
)

CARDS: dict[str, Card] = {
    "booked": desk.added_card(SESSION, BOOKED, zone=LONDON),
    "waiting": desk.added_card(SESSION, WAITING, zone=LONDON),
    "offered": desk.added_card(SESSION, OFFERED, zone=LONDON),
    "moved": desk.moved_card(LEFT, SESSION, BOOKED, zone=LONDON),
    "moved from what is gone": desk.moved_card(None, SESSION, WAITING, zone=LONDON),
    "taken off": desk.taken_off_card(SESSION, zone=LONDON, now=NINE),
    "message": desk.message_card(SESSION, "Bring *a* pen.\nUpstairs.\n\n\n- Room 1", zone=LONDON),
    "all lines": desk.message_card(SESSION, "\n".join("x" * (LONGEST // 2)), zone=LONDON),
    "all stars": desk.message_card(SESSION, "*" * LONGEST, zone=LONDON),
    "all faces": desk.message_card(SESSION, "🦉" * LONGEST, zone=LONDON),
}


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_one_that_teams_and_the_house_take(name: str):
    assert card_faults(CARDS[name].content) == []
    assert "\n" not in CARDS[name].summary
    assert len(orjson.dumps(CARDS[name].content)) < CARD_BYTES


@pytest.mark.parametrize(
    ("name", "stands", "button"),
    [
        ("booked", "You have a place", "Give it back"),
        ("waiting", "You are on the waiting list", "Leave the waiting list"),
        ("offered", "A place is held for you", "Give it back"),
        ("moved", "You have a place: Growth mindset", "Give it back"),
        ("moved from what is gone", "a session that is gone", "Leave the waiting list"),
        ("taken off", "You are no longer booked", "Book"),
    ],
)
def test_it_says_how_they_stand_who_did_it_and_what_they_can_do(
    name: str, stands: str, button: str
):
    shown = shown_text(CARDS[name].content)

    assert stands in shown
    assert "The learning team has" in shown
    assert button in [each["title"] for each in buttons(CARDS[name].content)]


def test_a_message_is_shown_as_it_was_typed_each_line_on_its_own():
    texts = [each.get("text", "") for each in CARDS["message"].content["body"]]

    assert texts[0] == "Growth mindset"
    assert texts[1].endswith("· From the learning team")
    assert texts[2] == "Bring \\*a\\* pen.\n\nUpstairs.\n\n- Room 1"
    assert CARDS["message"].summary == "Growth mindset: Bring *a* pen. Upstairs. - Room 1"
