"""Talk of several turns, and words that nobody foresaw."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import ChatPage, picture

pytestmark = pytest.mark.browser


def test_one_of_the_list_just_shown_is_booked_by_its_number(chat: ChatPage):
    listed = chat.ask("what's on today", "What's on today, ")
    third = chat.title(listed, 3)

    booked = chat.ask("book the third one", "You're booked")

    expect(booked).to_contain_text(third)
    picture(chat.page, "conversation.png", chat.messages.nth(-4), booked)


def test_which_one_is_asked_and_answered_and_a_clash_is_the_persons_choice(chat: ChatPage):
    asked = chat.ask("book conversations", "Which one would you like to book?")
    second = chat.title(asked, 2)
    expect(chat.ask("the second one", "You're booked")).to_contain_text(second)

    chat.ask("book DA1", "You're booked")
    clash = chat.ask("book presenting with confidence", "These two clash")
    expect(clash).to_contain_text("You already have Digital accessibility")
    expect(chat.ask("yes", "You're booked")).to_contain_text("Presenting with confidence")


def test_words_that_nobody_foresaw_get_a_way_on(chat: ChatPage):
    lost = chat.ask("sourdough baking", "Nothing surely fits “sourdough baking”")
    chat.press(lost, "What's on today")

    chat.told("What's on today, ")
    expect(chat.ask("help", "What you can ask me")).to_contain_text("my bookings")
