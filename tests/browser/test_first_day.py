"""Somebody who has never seen it: finds, books, is nudged, reads the highlights, cancels."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.browser import ChatPage, LaptopPage, picture
from tests.support.playground import Laptop, a_laptop

pytestmark = pytest.mark.browser


def test_a_newcomer_books_is_nudged_reads_the_highlights_and_cancels(
    laptop: Laptop, chat: ChatPage, behind: LaptopPage
):
    assert "08:15" in behind.move_clock(f"{laptop.day_of('DA1')}T08:15")
    welcome = chat.told("Three things to try")
    expect(chat.buttons(welcome)).to_have_text(
        ["What's on today", "What's on this week", "My bookings"]
    )

    listed = chat.ask("what's on today", "What's on today, ")
    chat.book(listed, "Digital accessibility")
    booked = chat.told("You're booked")
    expect(booked).to_contain_text("Digital accessibility: documents that everyone can read")
    assert "Teams would open this session’s meeting" in chat.follow(chat.join_link(booked))

    mine = chat.ask("my bookings", "Your bookings")
    expect(mine).to_contain_text("Digital accessibility")
    expect(chat.join_link(mine)).to_be_visible()

    assert "on their way: 1" in behind.press("Send the next nudges")
    nudge = chat.told("starts today at 10:30")
    expect(chat.join_link(nudge)).to_be_visible()

    chat.ask("send me highlights", "I'll send you the highlights each morning")
    assert "on their way: 1" in behind.press("Send today's highlights")
    expect(chat.told("Learning today")).to_contain_text("Neurodiversity at work")
    picture(behind.page, "laptop.png", *behind.first_screen, width=1100)

    chat.press(mine, "Cancel booking")
    expect(chat.told("Booking cancelled")).to_contain_text("Digital accessibility")
    chat.ask("my bookings", "You have no bookings yet")


def test_a_reload_and_a_restart_lose_nothing_and_welcome_nobody_twice(
    laptop: Laptop, chat: ChatPage, screen: BrowserContext
):
    chat.ask("book DA1", "You're booked")

    chat.reload()
    expect(chat.ask("my bookings", "Your bookings")).to_contain_text("Digital accessibility")
    expect(chat.messages.filter(has_text="Three things to try")).to_have_count(0)

    laptop.stop()  # so this test is the last of its file
    with a_laptop(laptop.output.parent) as again:
        behind = LaptopPage(screen.new_page(), again.url)
        chat = ChatPage(screen.new_page(), again.chat)
        expect(chat.ask("my bookings", "Your bookings")).to_contain_text("Digital accessibility")
        behind.press("Send the next nudges")
        chat.told("Digital accessibility: documents that everyone can read starts")
        expect(chat.messages.filter(has_text="Three things to try")).to_have_count(0)
