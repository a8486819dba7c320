"""The directory and the calendars of a machine without any."""

from datetime import timedelta

from integrations.laptop import Asks
from integrations.laptop_people import LaptopDiary, LaptopProfiles
from learning.people import PersonId
from tests.support.clocks import MONDAY, FixedClock
from tests.support.values import LONDON

ASHA, BO = PersonId("asha"), PersonId("bo")


async def test_everybody_works_somewhere_the_same_place_each_time():
    asks = Asks(FixedClock())
    profiles = LaptopProfiles(asks)

    first = await profiles.read([ASHA, BO], MONDAY)

    assert first == await profiles.read([ASHA, BO], MONDAY)
    assert all(p.department and p.office for p in first.profiles)
    assert [a.what for a in asks.newest] == 2 * [
        "read department, office, manager and language of 2 people"
    ]


async def test_everybody_is_taken_over_lunch_by_their_own_clock():
    asks = Asks(FixedClock())

    taken = await LaptopDiary(asks, LONDON).busy("a@example.org", MONDAY, MONDAY + timedelta(2))

    assert [f"{span.start.astimezone(LONDON):%d %H:%M}" for span in taken] == [
        "18 12:15",
        "19 12:15",
        "20 12:15",
    ]
    assert "a@example.org" in asks.newest[0].what
