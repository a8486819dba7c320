"""Somebody who has never seen it: finds, books, is nudged, reads the highlights, cancels."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import ChatPage, LaptopPage, picture

pytestmark = pytest.mark.browser


def test_a_newcomer_books_is_nudged_reads_the_highlights_and_cancels(
    chat: ChatPage, behind: LaptopPage
):
    welcome = chat.told("Three things to try")
    expect(welcome.get_by_role("button")).to_contain_text(
        ["What's on today", "What's on this week", "My bookings"]
    )

    listed = chat.ask("what's on today", "What's on today")
    chat.book(listed, "Digital accessibility")
    booked = chat.told("You're booked")
    expect(booked).to_contain_text("Digital accessibility: documents that everyone can read")
    expect(chat.link(booked, "Join")).to_be_visible()

    mine = chat.ask("my bookings", "Your bookings")
    expect(mine).to_contain_text("Digital accessibility")
    expect(chat.link(mine, "Join")).to_be_visible()

    assert behind.press("Send the next nudges") == "Sending 1 nudges."
    nudge = chat.told("starts today at 10:30")
    expect(chat.link(nudge, "Join")).to_be_visible()

    chat.ask("send me highlights", "I'll send you the highlights each morning")
    assert behind.press("Send today's highlights") == "Sending 1 highlights."
    chat.told("Learning today")

    chat.ask("cancel DA1", "Booking cancelled")
    chat.ask("my bookings", "You have no bookings yet")
