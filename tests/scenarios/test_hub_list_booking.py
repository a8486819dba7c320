"""Booking beside each session of the programme's list."""

import re

import pytest

from tests.scenarios.test_hub_booking import offered, pressed, told
from tests.scenarios.world import ASHA, BO, World
from tests.support.reader import Page, a_reader


def row(page: Page, title: str) -> str:
    """What the list has of one session."""
    rows = re.findall(r"<li class=.*?</li>", page.text, re.DOTALL)
    return next(" ".join(re.sub(r"<[^>]*>", " ", r).split()) for r in rows if f">{title}</a>" in r)


@pytest.mark.parametrize("path", ["/hub", "/hub?view=grid", "/hub?q=mindset"])
async def test_each_session_has_its_button_for_who_has_signed_in(world: World, path: str):
    async with a_reader(world.bot) as stranger, a_reader(world.bot, ASHA) as asha:
        open_to_all, own = await stranger.get(path), await asha.get(path)
        again = await stranger.get(path)

    assert offered(open_to_all) == offered(again) == []
    assert "Book: Growth mindset" in offered(own)


async def test_what_one_has_is_shown_beside_it_and_to_nobody_else(world: World):
    await world.book(BO, "MC1")
    async with a_reader(world.bot, ASHA) as asha, a_reader(world.bot, BO) as bo:
        await pressed(asha, "GM1", "book")
        await pressed(asha, "MC1", "book")
        own, other = await asha.get("/hub"), await bo.get("/hub")

    assert "You’re booked Give the place back" in row(own, "Growth mindset")
    assert "Waiting, 1st in line Leave the waiting list" in row(own, "Mentoring or coaching")
    assert "You’re booked" not in row(other, "Growth mindset")
    assert "You’re booked Give the place back" in row(other, "Mentoring or coaching")
    assert own.headers["Cache-Control"] == "no-store"


async def test_what_is_pressed_in_the_list_is_told_on_the_session_s_page(world: World):
    async with a_reader(world.bot, ASHA) as asha:
        shown = await asha.get("/hub")
        session = str((await world.session("PB1")).id)
        assert 'action="/hub/sessions/PB1/book"' in shown.text

        page = await pressed(asha, "PB1", "book", session=session)

    assert told(page).startswith("You're booked")
