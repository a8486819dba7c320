"""A set's meeting in the chat window: a dilemma, the guide with its timer, notes for whoever leads next."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect

from learning.people import PersonId
from store.engine import open_database
from store.tables import people
from store.unit_of_work import SqlWork
from tests.support import builders
from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, ChatPage, picture
from tests.support.courses import a_set, enrol, start, the_course
from tests.support.databases import sqlite_url
from tests.support.playground import Laptop

pytestmark = pytest.mark.browser

OTHERS = tuple(PersonId(name) for name in ("asha", "bo", "cy"))
DILEMMA = "Two of my teams answer the same letters, and neither feels it is theirs."


async def put_into_a_set(database: Path, day: datetime) -> None:
    """Whoever has been met leads a set whose fourth meeting is at ten; another set has two members."""
    opened = open_database(sqlite_url(database))
    try:
        async with opened.reading.connect() as db:
            [me] = (await db.execute(sa.select(people.c.id))).scalars()
        work, long_ago = SqlWork(opened), day - timedelta(weeks=16)
        await builders.meet(work, *(replace(builders.person(n), address=None) for n in OTHERS))
        running = await start(work, the_course(day - timedelta(weeks=15)), long_ago)
        await enrol(work, running, [me, *OTHERS], long_ago)
        dates = [day + timedelta(hours=10), day + timedelta(weeks=4, hours=10)]
        own = await a_set(work, running, [me, OTHERS[0]], long_ago, meetings=dates, first=4)
        await a_set(work, running, OTHERS[1:], long_ago, meetings=dates, first=4, name="Set 2")
        async with work() as uow:
            [meeting, _] = await uow.sets.meetings(own.id)
            await uow.sets.save_meeting(replace(meeting, facilitator_id=me))
            await uow.commit()
    finally:
        await opened.close()


def test_a_meeting_is_led_by_its_guide_and_small_sets_are_shown_at_the_desk(
    laptop: Laptop, chat: ChatPage, screen: BrowserContext
):
    chat.told("Three things to try")
    day = datetime.fromisoformat(f"{laptop.day_of('DA1')}T00:00").replace(tzinfo=UTC)
    with ThreadPoolExecutor(1) as aside:  # the browser has a loop of its own in this thread
        database = laptop.output.parent / "var/learnweek.db"
        aside.submit(asyncio.run, put_into_a_set(database, day)).result()
    chat.ask("bring a dilemma", "What are you stuck with")
    form = chat.told("What are you stuck with")
    form.get_by_role("textbox").fill(DILEMMA)
    chat.press(form, "Save")
    chat.told("Your dilemma is brought")
    laptop.move_clock(f"{laptop.day_of('DA1')}T11:30")

    ready = chat.ask("guide", "Start the meeting")
    chat.press(ready, "Start the meeting")
    arrive = chat.told("Each says in a sentence how they are")
    expect(arrive).to_contain_text("10 minutes left")
    expect(arrive).to_contain_text("Whose dilemma comes next?")
    chat.press(arrive, "Next: Present")
    present = chat.told("Your dilemma")
    expect(present).to_contain_text(DILEMMA)
    chat.press(present, "5 more minutes")
    expect(chat.told("One member tells of their dilemma")).to_contain_text("15 minutes left")
    picture(chat.page, "guide.png", chat.told("Your dilemma").locator(".ac-adaptiveCard"))
    chat.press(chat.told("Your dilemma"), "Finish the meeting")
    over = chat.told("The meeting is over")
    over.get_by_role("textbox").fill("Begin with the letters.")
    chat.press(over, "Hand over")
    chat.told("Your notes are kept for whoever leads next.")

    page = screen.new_page()
    page.goto(f"{laptop.url}/hub/sign-in?to=/desk/courses/CUSTOMER/merging")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sets that have become too small")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Set 1")
    for width, look in LOOKS:
        scheme: Any = look
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert serious_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Merge Set 1 into Set 2").click()
    expect(page.get_by_role("status")).to_contain_text("Set 1 goes on in Set 2.")
