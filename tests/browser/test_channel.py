"""A team's channel: what is for everybody is answered there, what is personal is not."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import ChatPage, LaptopPage, picture

pytestmark = pytest.mark.browser


def test_a_channel_gets_its_highlights_and_shows_nothing_personal(
    chat: ChatPage, behind: LaptopPage
):
    chat.told("Three things to try")
    chat.open("Learning champions - General")

    asked = chat.mention("post highlights here", "I'll post the highlights here")

    assert "on their way: 1" in behind.press("Send today's highlights")
    highlights = chat.post("Learning today")
    expect(highlights).to_contain_text("Neurodiversity at work")
    picture(chat.page, "channel.png", highlights, asked)

    thread = chat.mention("what's on today", "What's on today, ")
    chat.book(thread, "Digital accessibility: documents that everyone can read")
    expect(thread).to_contain_text("I've answered you in our own chat.")

    answer = chat.mention("my bookings", "I've answered you in our own chat.")
    expect(answer).not_to_contain_text("Digital accessibility")

    chat.open("Personal Chat")
    expect(chat.told("You're booked")).to_contain_text("Digital accessibility")
    expect(chat.told("Your bookings")).to_contain_text("Digital accessibility")
