"""The nights after the week: what was kept long enough goes by itself, as it is set."""

from tests.scenarios.world import ASHA, BO, a_world, london, person_id
from tests.support.reader import a_reader


async def test_nobody_is_known_by_their_bookings_once_the_period_is_over(story_database: str):
    """Leaving the world fails if the counts no longer fit the bookings."""
    async with a_world(story_database, retention="bookings=30d,talk=1d") as world:
        await world.book(ASHA, "GM1")
        await world.book(BO, "GM1")
        taken = (await world.session("GM1")).taken
        await world.bot.move_to(london("2026-06-21T14:59"))
        before = await world.bookings("GM1")

        await world.bot.move_to(london("2026-06-21T15:01"))

        assert before == {"Asha": "booked", "Bo": "booked"}
        assert await world.bookings("GM1") == {"": "booked"}  # two, of whom neither has a name
        assert (await world.session("GM1")).taken == taken == 2
        async with a_reader(world.bot, ASHA) as asha:
            assert "that you had a place on" not in (await asha.get("/hub/mine")).words
        assert await world.bot.core.people.find(person_id(ASHA)) is not None


async def test_people_read_the_periods_that_are_set(story_database: str):
    async with (
        a_world(story_database, retention="bookings=5y,words=60d") as world,
        a_reader(world.bot) as somebody,
    ):
        page = await somebody.get("/hub/privacy")

    assert "5 years Bookings, places on waiting lists" in page.words
    assert "60 days Single words that people looked for" in page.words
    assert "2 years Stars and comments on sessions" in page.words
