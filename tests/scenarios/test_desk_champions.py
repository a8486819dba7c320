"""Champions at the desk: finding colleagues, naming them, what their posts brought, and ending it."""

import re
from collections.abc import AsyncGenerator

import pytest

from tests.scenarios.champions import book_by_link, crowd, name, post_about
from tests.scenarios.world import ASHA, BO, ORGA, World, person_id
from tests.support.activities import Person, a_person
from tests.support.reader import Page, Reader, a_reader

PATH = "/desk/champions"
EVA = a_person("Eva")
"""A colleague who never wrote to the bot."""


@pytest.fixture
async def orla(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ORGA) as reader:
        yield reader


async def press(orla: Reader, what: str, person: Person, group: str) -> Page:
    """Press a button about somebody, and follow to the page that comes of it."""
    page = await orla.post(f"{PATH}/{what}", {"person": person_id(person), "group": group})
    if page.status != 303:
        return page
    return await orla.get(page.headers["Location"].partition("#")[0])


async def test_without_champions_the_page_says_how_to_begin(orla: Reader):
    page = await orla.get(PATH)

    assert page.status == 200
    assert "There are no champions yet" in page.words
    assert 'href="/desk/champions" aria-current="page"' in page.text


async def test_a_colleague_is_found_named_told_and_listed(world: World, orla: Reader):
    world.graph.directory.add_user(EVA, department="Housing")
    world.connector.chats.add_person(EVA)

    found = await orla.get(f"{PATH}?group=Housing&find=eva")
    assert "1 found" in found.words
    assert f'value="{person_id(EVA)}"' in found.text
    page = await press(orla, "add", EVA, "Housing")

    assert "Eva is a champion for Housing now. They have no chat with the app yet" in page.words
    assert "Gets no card: cannot be written to yet" in page.words
    await world.bot.settled()
    assert world.told(EVA, "You are a champion for Housing")
    assert "Gets no card" not in (await orla.get(PATH)).words
    assert "1 champion in 1 group" in (await orla.get(PATH)).words


async def test_naming_somebody_twice_changes_nothing(world: World, orla: Reader):
    first = await press(orla, "add", ASHA, "Housing")
    assert "Asha is a champion for Housing now, and is told." in first.words

    again = await press(orla, "add", ASHA, " housing ")

    assert "Asha is a champion for Housing already. Nothing was changed." in again.words
    await world.bot.settled()
    assert len(world.told(ASHA, "You are a champion")) == 1
    found = await orla.get(f"{PATH}?group=HOUSING&find=asha")
    assert "Champion for Housing" in found.words
    assert "/desk/champions/add" not in found.text


async def test_a_search_without_a_group_says_what_to_do_and_keeps_the_name(orla: Reader):
    page = await orla.get(f"{PATH}?find=Asha")

    assert page.status == 422
    assert "Say for which department or staff network" in page.words
    assert 'name="find" value="Asha"' in page.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"person": "nobody", "group": "Housing"}, "neither known to the bot nor in the directory"),
        ({"person": person_id(ASHA), "group": "x" * 150}, "may have 100 characters at most"),
        ({"person": person_id(ASHA), "group": " "}, "Say for which department"),
        ({}, "neither known"),
    ],
)
async def test_a_form_that_cannot_be_followed_changes_nothing_and_says_why(
    world: World, orla: Reader, fields: dict[str, str], said: str
):
    page = await orla.post(f"{PATH}/add", fields)

    assert (page.status, said in page.words) == (422, True)
    assert await world.bot.core.champions.overview() == []


async def test_each_group_shows_what_its_posts_brought(world: World, orla: Reader):
    await name(world)
    await name(world, "Bo")
    growth, personal = await post_about(world, "GM1"), await post_about(world, "PB1", BO)
    await crowd(world, "GM1", 5, growth)
    await book_by_link(world, await world.newcomer(), personal)

    words = (await orla.get(PATH)).words

    assert "Their posts brought 6 people." in words
    assert re.search(r"Asha .*?1 session 5 people Remove", words)
    assert re.search(r"Bo .*?1 session fewer than 5 people Remove", words)


async def test_ending_is_one_press_and_stands_in_the_list_of_changes(world: World, orla: Reader):
    await press(orla, "add", ASHA, "Housing")
    await press(orla, "add", ASHA, "Carers")

    page = await press(orla, "remove", ASHA, "Housing")

    assert "Asha is no longer a champion for Housing." in page.words
    assert await world.bot.core.champions.groups_of(person_id(ASHA)) == ["Carers"]
    again = await press(orla, "remove", ASHA, "Housing")
    assert "Asha is no champion for Housing. Nothing was changed." in again.words
    changes = (await orla.get("/desk/changes")).words
    assert re.search(r"No longer a champion .*Housing", changes)
    assert changes.count("Champion named") >= 2


async def test_a_booking_by_a_post_says_so_in_the_roster(world: World, orla: Reader):
    await name(world)
    await book_by_link(world, BO, await post_about(world, "GM1"))

    roster = await orla.get(f"/desk/sessions/{(await world.session('GM1')).id}/roster")

    assert "from a champion’s post" in roster.words
    assert "champion:" not in roster.text


async def test_what_champions_got_stands_among_the_deliveries(world: World, orla: Reader):
    await name(world)

    assert (
        "Messages to new champions of Monday 18 May" in (await orla.get("/desk/deliveries")).words
    )


async def test_a_group_named_with_signs_is_shown_as_it_was_typed(world: World, orla: Reader):
    page = await press(orla, "add", ASHA, "<b>R&D</b> “Café”")

    assert "Asha is a champion for <b>R&D</b> “Café” now" in page.text
    assert b"<b>R&D" not in page.body
