"""An edition is copied to later dates, at the desk and in a terminal."""

import re
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from typing import Any

import pytest

from console.copying import copy_edition
from learning.notices import Kind
from learning.sessions import Session
from services.copying import EditionCopies
from tests.scenarios.test_desk_programme import (
    fields_of_publish,
    journal,
    path_of,
    seen,
)
from tests.scenarios.world import (
    ASHA,
    BO,
    ORGA,
    World,
    a_bot,
    london,
    person_id,
    surroundings,
)
from tests.support.reader import Page, Reader, a_reader

FORM = "/desk/editions/copy"
MONDAY = date(2026, 10, 19)


@pytest.fixture
async def orga(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ORGA) as reader:
        yield reader


async def asked(orga: Reader, edition: str, name: str, starts: str) -> Page:
    """Fill the form in; the preview, or the form again."""
    sent = await orga.post(FORM, {"edition": edition, "name": name, "starts": starts})
    return await seen(orga, sent)


async def sessions(world: World, edition: str) -> dict[str, Session]:
    return {s.code: s for s in await world.bot.core.programme.sessions_of(edition)}


async def editions(world: World) -> list[str]:
    return [e.name for e in await world.bot.core.programme.editions()]


async def in_terminal(world: World, starts: date, *, to: str = "Autumn", **more: Any) -> int:
    copies = EditionCopies(world.bot.core.programme, timezone="Europe/London")
    given = {"dry_run": False} | more
    return await copy_edition(copies, "The week", to, starts, **given)


async def test_an_edition_is_previewed_with_its_new_dates_and_then_published(
    world: World, orga: Reader
):
    await world.bot.core.programme.cancel_session((await world.session("DA1")).id)
    await world.book(ASHA, "GM1")
    first = await orga.get("/desk")
    link = re.findall(rf'href="({FORM}[^"]*)"', first.text)[0]
    form = await orga.get(link)

    preview = await asked(orga, "The week", "Autumn 2026", "2026-10-19")

    assert "The week (from Monday 18 May 2026)" in form.words
    assert "What this copy would add" in preview.words
    assert "Copy of The week in Autumn 2026 , a new edition" in preview.words
    for words in (
        "Growth mindset GM1 Monday 19 October 2026, 10:00",
        "Time management for night teams NS1 Tuesday 20 October 2026, 22:00",
        "Resilience RE1 Friday 23 October 2026, 14:00",
        "Called off and left out: 1.",
        "To take at any time, and not copied: 1.",
    ):
        assert words in preview.words
    assert "Whoever asked to hear when one of these runs again" in preview.words
    assert "Not in the file" not in preview.words
    assert "Digital accessibility" not in preview.words
    assert "It should go into another edition" not in preview.words
    assert await editions(world) == ["The week"]

    done = await seen(orga, await orga.post(path_of(preview), fields_of_publish(preview)))

    assert "Copy of The week is published. Autumn 2026: 8 added" in done.words
    copied = await sessions(world, "Autumn 2026")
    assert set(copied) == {"GM1", "PB1", "MC1", "MC2", "NS1", "PC1", "RE1", "LS1"}
    assert copied["GM1"].starts_at == london("2026-10-19T10:00")
    assert (copied["GM1"].taken, copied["GM1"].details.capacity) == (0, 12)
    assert copied["RE1"].link == "https://example.org/resilience"
    assert (person_id(ORGA), "published", "Autumn 2026") in await journal(world)
    assert (await sessions(world, "The week"))["GM1"].starts_at == london("2026-05-18T10:00")


async def test_a_second_press_of_publish_makes_nothing_twice(world: World, orga: Reader):
    preview = await asked(orga, "The week", "Autumn", "2026-10-19")
    fields = fields_of_publish(preview)

    first = await seen(orga, await orga.post(path_of(preview), fields))
    second = await seen(orga, await orga.post(path_of(preview), fields))

    assert "9 added" in first.words
    assert "Everything is as the copy has it already." in second.words
    assert len(await sessions(world, "Autumn")) == 9


async def test_another_weekday_and_a_weekend_are_pointed_out(world: World, orga: Reader):
    preview = await asked(orga, "The week", "Autumn", "2026-10-20")

    assert (
        "It began on a Monday and will on a Tuesday: every session moves by 155 days"
        in preview.words
    )
    assert "On a Saturday or Sunday by that: LS1, RE1." in preview.words
    assert "Growth mindset GM1 Tuesday 20 October 2026, 10:00" in preview.words


@pytest.mark.parametrize(
    ("name", "starts", "words"),
    [
        ("the WEEK", "2026-10-19", "There is an edition “the WEEK” already."),
        ("", "2026-10-19", "Give the new edition a name of at most 100 characters."),
        ("Autumn", "", "Choose the first day, such as 2026-10-19."),
        ("Autumn", "soon", "Choose the first day, such as 2026-10-19."),
        ("Autumn", "9026-10-19", "The first day is in the year 9026."),
    ],
)
async def test_a_fault_is_said_at_the_form_and_what_was_typed_stays(
    world: World, orga: Reader, name: str, starts: str, words: str
):
    page = await orga.post(FORM, {"edition": "The week", "name": name, "starts": starts})

    assert page.status == 422
    assert "This needs another look Nothing was stored." in page.words
    assert words in page.words
    assert f'name="name" value="{name}"' in page.text
    assert f'name="starts" value="{starts}"' in page.text
    assert await editions(world) == ["The week"]


async def test_a_time_that_the_clocks_skip_names_its_session(world: World, orga: Reader):
    night = "code,title,starts,ends,format\nNS1,Nights,2026-05-18T01:30,2026-05-18T02:30,in_person"
    await world.bot.publish(night, "Nights")

    page = await asked(orga, "Nights", "Spring", "2027-03-28")

    assert "NS1 Nights, starts:" in page.words
    assert "does not exist in Europe/London: the clocks go forward over it" in page.words
    assert await editions(world) == ["The week", "Nights"]


async def test_a_name_that_was_taken_meanwhile_is_not_published_into(world: World, orga: Reader):
    preview = await asked(orga, "The week", "Autumn", "2026-10-19")
    other = "code,title,starts,ends,format\nXX1,Other,2026-10-19T10:00,2026-10-19T11:00,in_person"
    await world.bot.publish(other, "Autumn")

    done = await seen(orga, await orga.post(path_of(preview), fields_of_publish(preview)))

    assert "There is an edition “Autumn” already." in done.words
    assert set(await sessions(world, "Autumn")) == {"XX1"}


async def test_without_a_dated_edition_the_page_says_where_to_begin(story_database: str):
    async with (
        surroundings() as around,
        a_bot(around, story_database) as world,
        a_reader(world.bot, ORGA) as orga,
    ):
        assert "There is no edition with dates to copy yet." in (await orga.get(FORM)).words


async def test_in_a_terminal_it_is_done_or_only_said(world: World, capsys: Any):
    dry = await in_terminal(world, MONDAY, dry_run=True)
    said = capsys.readouterr().out
    after_dry = await editions(world)
    real = await in_terminal(world, MONDAY)
    again = await in_terminal(world, MONDAY)

    assert (dry, real, again) == (0, 0, 1)
    assert "Autumn: 9 sessions\n- GM1 Growth mindset: Monday 19 October 2026, 10:00\n" in said
    assert "note: To take at any time, and not copied: 1.\nDry run: nothing was stored.\n" in said
    assert after_dry == ["The week"]
    assert "There is an edition “Autumn” already." in capsys.readouterr().err
    assert len(await sessions(world, "Autumn")) == 9
    assert ("console", "published", "Autumn") in await journal(world)


async def test_who_asked_for_it_hears_of_a_copy(world: World):
    await world.bot.move_to(london("2026-05-23T09:00"))
    await world.teams.say(ASHA, "tell me when GM1 runs again")

    await in_terminal(world, MONDAY)
    await world.pass_time(timedelta(minutes=1))

    assert len(world.told(ASHA, "Growth mindset runs again")) == 2  # the promise and the news
    assert world.told(BO, "runs again") == []
    assert len(await world.bot.outbox(Kind.RUNS_AGAIN)) == 1
