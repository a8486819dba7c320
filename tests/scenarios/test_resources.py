"""What may be taken at any time: found beside sessions, on the hub, and at the end of the highlights."""

from collections.abc import AsyncGenerator

import pytest
from aiohttp import ClientSession

from tests.scenarios.world import ASHA, BO, GENERAL, ORGA, WEEK, World, a_world, london
from tests.support.card_parts import shown_text

RESOURCES = """\
code,title,topics,facilitators,starts,ends,capacity,format,location,link,waiting_list
PY1,Python for everybody,python;data,edX,,,,self_paced,,https://www.edx.org/python,
EN1,English conversation,English,Adult Education Service,,,,self_paced,,https://waes.example.org,
ME1,Finding a mentor,mentoring,Google,,,,self_paced,,https://grow.example.org,
"""


@pytest.fixture
async def world(story_database: str) -> AsyncGenerator[World]:
    async with a_world(story_database) as world:
        await world.bot.publish(RESOURCES, edition="Resources")
        await world.bot.settled()
        yield world


# --- in the chat -------------------------------------------------------------------------------


async def test_where_nothing_is_on_about_it_a_resource_is_named(world: World):
    found = await world.teams.say(ASHA, "python")

    assert "Nothing on “python” this week\nBut this can be taken at any time:" in found.read
    assert "1. Python for everybody" in found.read
    assert "Any time · In your own time · edX" in found.read
    assert "https://www.edx.org/python" in str(found.card)


async def test_after_the_week_it_is_nothing_in_the_programme(world: World):
    await world.bot.move_to(london("2026-05-30T10:00"))

    found = await world.teams.say(ASHA, "find python")

    assert "Nothing on “python” in the programme" in found.read


async def test_a_day_without_it_is_named_and_a_resource_is_there_on_any(world: World):
    found = await world.teams.say(ASHA, "python on Tuesday")

    assert "Nothing on “python” tomorrow" in found.read
    assert "Python for everybody" in found.read


async def test_where_sessions_fit_the_resources_come_after_them_and_are_marked(world: World):
    found = await world.teams.say(ASHA, "find mentoring")

    lines = found.read.splitlines()
    order = [
        lines.index(line)
        for line in lines
        if line.endswith(("Mentoring or coaching", "Mentoring circles", "Finding a mentor"))
    ]
    assert [lines[i] for i in order][-1].endswith("3. Finding a mentor")
    assert lines[order[-1] - 1] == "At any time"
    assert "Nothing on" not in found.read


async def test_beside_the_one_session_that_fits_they_stand_too(world: World):
    found = await world.teams.say(ASHA, "find circles for mentoring")

    assert "Tuesday 19 May, 14:00 to 15:00" in found.read
    assert found.read.count("Book") == 1
    assert "At any time\nFinding a mentor" in found.read


async def test_whoever_names_a_resource_is_shown_it(world: World):
    found = await world.teams.say(ASHA, "Python for everybody")

    assert "Nothing on" not in found.read
    assert "With edX" in found.read


async def test_a_subject_of_neither_is_of_neither(world: World):
    found = await world.teams.say(ASHA, "find juggling")

    assert "Nothing surely fits “juggling”" in found.read


async def test_the_list_of_resources_names_their_platforms(world: World):
    found = await world.teams.say(ASHA, "resources")

    assert "Python for everybody\nedX" in found.read
    assert "English conversation\nAdult Education Service" in found.read


# --- on the hub --------------------------------------------------------------------------------


async def test_the_hub_has_them_in_a_section_of_their_own_with_platform_and_link(world: World):
    async with ClientSession() as http, http.get(f"{world.bot.url}/hub") as response:
        page = await response.text()

    section = page.partition('<aside aria-labelledby="resources">')[2].partition("</aside>")[0]
    assert 'href="https://www.edx.org/python"' in section
    assert '<p class="platform">edX</p>' in section
    assert section.count('<p class="platform">') == 3  # those of the week's edX courses say it


# --- in the highlights -------------------------------------------------------------------------


async def highlights(world: World, day: str) -> list[str]:
    """What Asha and Bo get that morning."""
    await world.bot.move_to(london(f"{day}T08:30"))
    return [world.told(person, "Learning today")[-1].read for person in (ASHA, BO)]


async def test_the_highlights_end_with_a_resource_or_two_the_same_for_everybody(world: World):
    for person in (ASHA, BO):
        await world.teams.say(person, "send me highlights")

    on_monday = await highlights(world, "2026-05-18")
    on_tuesday = await highlights(world, "2026-05-19")

    ends = [read.partition("Or at any time\n")[2] for read in on_monday]
    assert ends[0] == ends[1]
    assert sum(title in ends[0] for title in titles()) == 2
    assert "Finding a mentor" in on_tuesday[0].partition("Or at any time\n")[2]
    assert "English conversation" not in on_tuesday[0].partition("Or at any time\n")[2]


def titles() -> list[str]:
    rows = [*RESOURCES.splitlines()[1:], *WEEK.splitlines()[-1:]]
    return [row.split(",")[1] for row in rows]


async def test_in_a_channel_they_stay_on_each_viewers_own_card(world: World):
    await world.teams.say(ORGA, "post highlights here", where=GENERAL)
    await world.bot.move_to(london("2026-05-18T08:30"))
    [posted] = [s for s in world.connector.sent_to(GENERAL) if "Learning today" in s.read]

    own = await world.teams.refresh(ASHA, posted)

    assert "Or at any time" in posted.read
    assert shown_text(own["value"]).partition("Or at any time")[2].strip() != ""
