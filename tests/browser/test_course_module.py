"""A programme in the chat window: a module from its first screen to its result, and a questionnaire."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, expect

from store.engine import open_database
from store.tables import people
from store.unit_of_work import SqlWork
from tests.support.browser import ChatPage, LaptopPage, picture
from tests.support.courses import enrol, start, the_course
from tests.support.databases import sqlite_url
from tests.support.playground import Laptop

pytestmark = pytest.mark.browser

WHAT_COUNTS = (
    "What customers say about us",
    "Staying within the budget",
    "How fast we are",
    "No complaint goes wrong",
    "People get it right the first time",
)


async def put_on_the_course(database: Path, live: datetime) -> None:
    """The sample, with everybody who has been met on it."""
    opened = open_database(sqlite_url(database))
    try:
        async with opened.reading.connect() as db:
            everybody = list((await db.execute(sa.select(people.c.id))).scalars())
        work, now = SqlWork(opened), live - timedelta(days=18)
        running = await start(work, the_course(live, live + timedelta(days=7)), now)
        await enrol(work, running, everybody, now)
    finally:
        await opened.close()


def choose(card: Locator, **chosen: str) -> None:
    """Choose these answers, each by the beginning of its words."""
    for words in chosen.values():
        card.get_by_role("radio", name=words).check()


def test_a_module_is_gone_through_to_its_result_and_the_questionnaire_opens_with_a_place(
    laptop: Laptop, chat: ChatPage, behind: LaptopPage
):
    chat.told("Three things to try")
    day = datetime.fromisoformat(f"{laptop.day_of('DA1')}T09:00").replace(tzinfo=UTC)
    with ThreadPoolExecutor(1) as aside:  # the browser has a loop of its own in this thread
        database = laptop.output.parent / "var/learnweek.db"
        live = day + timedelta(days=18)
        aside.submit(asyncio.run, put_on_the_course(database, live)).result()

    mine = chat.ask("my programme", "The customer at the heart")
    picture(chat.page, "course.png", mine.locator(".ac-adaptiveCard"))
    chat.press(mine, "Start: Whose service is it?")
    first = chat.told("A morning at the counter")
    chat.press(first, "Save and go on")
    expect(chat.told("A morning at the counter")).to_contain_text("has no answer yet")
    choose(chat.told("A morning at the counter"), heard="5 · Every week or more")
    chat.press(chat.told("A morning at the counter"), "Save and go on")

    second = chat.told("The way in")
    choose(second, own_line="Within the last three months", first_person="1 · None or one")
    picture(chat.page, "course-module.png", second.locator(".ac-adaptiveCard"))
    chat.press(second, "Save and go on")
    third = chat.told("When it goes wrong")
    expect(third).to_contain_text("This is a good place to pause")
    choose(third, nobody_came="Whoever takes the call passes it on", say_sorry="3")
    chat.press(third, "Later")
    expect(chat.told("Saved. You are at screen 3 of 5")).to_be_visible()

    again = chat.ask("continue", "When it goes wrong")
    expect(again.get_by_role("radio", name="3")).to_be_checked()
    chat.press(again, "Save and go on")
    order = chat.told("Put in order what your service is judged by")
    places = order.get_by_role("combobox")
    for place, words in enumerate(WHAT_COUNTS):
        places.nth(place).click()
        chat.page.get_by_role("option", name=words).click()
    chat.press(order, "Save and go on")
    last = chat.told("For yourself")
    last.get_by_label("Where do I succeed").fill("One Tuesday in March.")
    chat.press(last, "Finish")
    result = chat.told("Only you see this result.")
    expect(result).to_contain_text("Strong at listening")
    expect(result).to_contain_text("weak at being easy to reach")
    drawn = result.get_by_role("img", name="listening: ")
    later = chat.buttons(result).get_by_text("Show it as a picture")
    expect(drawn.or_(later).first).to_be_visible()
    while later.count():
        later.click()
        expect(drawn.or_(later).first).to_be_visible()
    assert drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") == 600
    picture(chat.page, "course-result.png", result.locator(".ac-adaptiveCard"))

    mine = chat.ask("my programme", "1 of 9 done")
    mine.locator(".ac-container").filter(has_text=" 09:").get_by_role(
        "button", name="Book", exact=True
    ).first.click()
    chat.told("You're booked")
    mine = chat.ask("my programme", "You are booked")
    row = mine.locator(".ac-container").filter(has_text="Before we meet").last
    row.get_by_role("button", name="Start").click()
    asked = chat.told("How sure are you that your service is good to deal with")
    picture(chat.page, "course-questionnaire.png", asked.locator(".ac-adaptiveCard"))
    asked.get_by_role("radio", name="3", exact=True).check()
    chat.press(asked, "Finish")
    expect(chat.told("Before we meet · 1 of 1")).to_contain_text("has no answer yet")
