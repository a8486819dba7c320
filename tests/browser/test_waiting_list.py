"""Two people in the queue for a session with three places, all of them taken."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import ChatPage
from tests.support.playground import Colleague, Laptop, until

pytestmark = pytest.mark.browser

CLINIC = "/hub/sessions/CC1"


def test_the_first_in_the_queue_gets_the_place_that_comes_free(laptop: Laptop, chat: ChatPage):
    others = [Colleague(laptop.chat, f"colleague-{number}") for number in (1, 2, 3, 4)]
    for other in others[:3]:
        other.say("book CC1")
    until(lambda: "Full" in laptop.read(CLINIC), "the clinic is full")

    waiting = chat.ask("book CC1", "You're on the waiting list")
    expect(waiting).to_contain_text("You are 1st on the waiting list")
    others[3].say("book CC1")
    until(lambda: "Full, 2 waiting" in laptop.read(CLINIC), "a second person waits")
    others[0].say("cancel CC1")

    given = chat.told("A place came free: you're booked")
    expect(given).to_contain_text("Career conversations")
    expect(chat.join_link(given)).to_be_visible()
    until(lambda: "Full, 1 waiting" in laptop.read(CLINIC), "the other still waits")
    expect(chat.ask("my bookings", "Your bookings")).to_contain_text("Booked")
