"""The main story: ask what is on, book from the card, get the meeting, be nudged, read the highlights."""

from tests.scenarios.world import ASHA, BO, World, a_world, london, read
from tests.support.activities import a_person


async def test_a_session_is_booked_from_the_list_of_what_is_on(world: World):
    listed = await world.teams.say(ASHA, "what's on today")
    booked = await world.teams.press(ASHA, listed.only, title="Book", having={"session": 1})

    assert "What's on today, Monday 18 May" in listed.read
    assert "You're booked" in read(booked)
    assert await world.state(ASHA, "GM1") == "booked"
