"""One edition with everything around it, from the SharePoint list to the end of the year.

Each service is down for two hours in turn. What was owed is done afterwards, in order and once.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import pytest

from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    DI,
    MONDAY,
    PEOPLE,
    Surroundings,
    World,
    a_bot,
    london,
    surroundings,
)
from tests.support.activities import Person, a_person
from tests.support.engage import COMMUNITY, SERVICE, Engage
from tests.support.graph_attendance import present
from tests.support.graph_lists import SITE, SharedList
from tests.support.product import settings_for
from tests.support.troubles import FOREVER
from tests.support.zoom import Zoom
from wiring.engage_checks import login as sign_in

CLIENT = "5c0f1d0e-0000-4000-8000-00000000e00a"
EDA = a_person("Eda")
"""She keeps the programme in the list."""

GROWTH: dict[str, Any] = {
    "SessionCode": "GM1",
    "Title": "Growth mindset",
    "SessionStarts": "2026-05-18T13:00:00Z",
    "SessionEnds": "2026-05-18T14:00:00Z",
    "SessionCapacity": 12,
    "SessionFormat": "teams",
}
NIGHT: dict[str, Any] = {
    "SessionCode": "NS1",
    "Title": "Time management for night teams",
    "SessionStarts": "2026-05-19T13:00:00Z",
    "SessionEnds": "2026-05-19T14:00:00Z",
    "SessionCapacity": 2,
    "SessionFormat": "zoom",
}
ACCESS: dict[str, Any] = {
    "SessionCode": "DA1",
    "Title": "Digital accessibility",
    "SessionStarts": "2026-05-21T08:10:00Z",
    "SessionEnds": "2026-05-21T09:10:00Z",
    "SessionCapacity": 20,
    "SessionFormat": "in_person",
    "SessionLocation": "Library",
}
STEP = timedelta(minutes=10)


class Service(Protocol):
    def fail_next(self, status: int, *, times: int = 1) -> None: ...
    def heal(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Week:
    """All that is around the bot; `items` are the sessions' numbers in the list, by code."""

    world: World
    around: Surroundings
    shared: SharedList
    zoom: Zoom
    engage: Engage
    items: dict[str, int]
    bo: int

    async def until(self, when: str, step: timedelta = timedelta(hours=1)) -> None:
        """Let the time come, step by step, with every job at each of them."""
        bot = self.world.bot
        end = london(when)
        while (now := bot.clock.now()) < end:
            await bot.move_to(min(now + step, end))

    @asynccontextmanager
    async def without(self, service: Service, until: str) -> AsyncGenerator[None]:
        """What happens while a service is down for two hours, and what it then catches up with."""
        service.fail_next(503, times=FOREVER)
        yield
        await self.until(until, STEP)
        service.heal()
        bot = self.world.bot
        for _ in range(4):
            await bot.move_to(bot.clock.now() + STEP)

    def listed(self, code: str) -> tuple[Any, Any]:
        item = self.items[code]
        return self.shared.column(item, "PlacesLeft"), self.shared.column(item, "BookingState")

    def times_told(self, person: Person, words: str) -> int:
        return len(self.world.told(person, words))


@asynccontextmanager
async def a_week(database_url: str) -> AsyncGenerator[Week]:
    async with surroundings() as around, Zoom() as zoom, Engage(around.login) as engage:
        around.login.register(CLIENT)
        lists = around.graph.lists
        lists.now = lambda: MONDAY
        shared = lists.programme()
        items = {each["SessionCode"]: shared.add(EDA, **each) for each in (GROWTH, NIGHT, ACCESS)}
        settings: dict[str, Any] = {
            "sharepoint_site_id": SITE,
            "sharepoint_list_id": shared.id,
            "engage_base_url": engage.base_url,
            "engage_community_id": str(COMMUNITY),
            "engage_client_id": CLIENT,
            **zoom.settings,
        }
        async with a_bot(around, database_url, **settings) as world:
            lists.now = engage.now = world.bot.clock.now
            lists.reach["https://learnweek.example.org"] = world.bot.url
            await world.know(*PEOPLE, EDA)
            given = settings_for(database_url, around.login, around.graph, **settings)
            command = asyncio.create_task(sign_in(given, world.bot.clock))
            async with asyncio.timeout(10):
                while not around.login.tokens.devices:  # noqa: ASYNC110 -- a ledger calls nobody
                    await asyncio.sleep(0.01)
            around.login.approve(SERVICE.email)
            assert await command == 0
            yield Week(
                world=world,
                around=around,
                shared=shared,
                zoom=zoom,
                engage=engage,
                items=items,
                bo=engage.add(BO),
            )


@pytest.mark.long
async def test_a_whole_edition_with_every_service_down_in_turn(story_database: str):
    async with a_week(story_database) as week:
        world, zoom = week.world, week.zoom
        await week.until("2026-05-18T08:40")
        assert [post.body for post in week.engage.posts if "Growth mindset" in post.body]
        for person, code in ((ASHA, "GM1"), (ASHA, "NS1"), (BO, "GM1"), (CY, "NS1"), (DI, "DA1")):
            await world.book(person, code)
        await week.until("2026-05-18T09:00")
        assert week.listed("NS1") == (0, "Waiting list")

        # Graph: no list, no calendar, nobody can be looked up.
        async with week.without(week.around.graph, until="2026-05-18T11:00"):
            assert "Growth mindset" in (await world.teams.say(ASHA, "what's on today")).only.read
            await world.book(DI, "GM1")
            await world.teams.say(BO, "cancel GM1")
            week.shared.edit(
                week.items["NS1"],
                EDA,
                SessionStarts="2026-05-19T14:00:00Z",
                SessionEnds="2026-05-19T15:00:00Z",
            )
            asked = week.engage.writes(week.bo, "book DA1")
        event = week.around.graph.event_of("Growth mindset")
        assert sorted(event.attendees) == sorted([ASHA.email, DI.email])
        assert [week.times_told(p, "has moved") for p in (ASHA, CY, DI)] == [1, 1, 0]
        assert zoom.meeting_of(NIGHT["Title"]).starts == london("2026-05-19T15:00")
        assert len(week.engage.below(asked)) == 1
        assert await world.state(BO, "DA1") == "booked"
        assert week.listed("DA1") == (18, "Open")

        # Zoom: bookings stand without a link.
        async with week.without(zoom, until="2026-05-18T13:40"):
            await world.teams.say(CY, "cancel NS1")
            await world.book(BO, "NS1")
            assert await world.state(BO, "NS1") == "booked"
        meeting = zoom.meeting_of(NIGHT["Title"])
        assert sorted(meeting.approved) == sorted([ASHA.email, BO.email])
        assert len(zoom.meetings) == 1

        # Growth mindset takes place. Teams' report is there when Graph is asked for it.
        await week.until("2026-05-18T15:05")
        begins, ends = london("2026-05-18T14:00"), london("2026-05-18T15:00")
        week.around.graph.attendance.ended(event, begins, ends, present(ASHA, (begins, ends)))

        # Viva Engage: Tuesday's post waits, and is one.
        await week.until("2026-05-19T08:00")
        async with week.without(week.engage, until="2026-05-19T10:00"):
            assert "Growth" not in (await world.teams.say(BO, "my bookings")).only.read
        assert len([p for p in week.engage.posts if NIGHT["Title"] in p.body]) == 1

        # Night teams take place on Zoom.
        await week.until("2026-05-19T16:05")
        begins, ends = london("2026-05-19T15:00"), london("2026-05-19T16:00")
        registrant = meeting.approved[ASHA.email].id
        meeting.row("Asha", begins, ends, registrant=registrant)

        # Teams: the nudge of a day before waits until it can be said.
        await week.until("2026-05-20T08:00")
        async with week.without(world.connector, until="2026-05-20T10:00"):
            pass
        assert [week.times_told(p, "Digital accessibility starts") for p in (BO, DI)] == [1, 1]

        # Entra: no new tokens. Wednesday's session is said to be there at the door.
        await week.until("2026-05-21T08:00")
        async with week.without(week.around.login, until="2026-05-21T10:00"):
            pass
        assert len([p for p in week.engage.posts if ACCESS["Title"] in p.body]) == 1

        await week.until("2026-05-22T17:00")
        await world.bot.move_to(london("2026-12-31T12:00"))
        assert await attendance(world) == {
            ("GM1", "Asha"): ("attended", "60"),
            ("GM1", "Di"): ("absent", "0"),
            ("NS1", "Asha"): ("attended", "60"),
            ("NS1", "Bo"): ("absent", "0"),
        }
        assert nothing_came_twice(world)


async def attendance(world: World) -> dict[tuple[str, str], tuple[str, str]]:
    """State and minutes by code and name, of those booked and of those who came."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for code in ("GM1", "NS1", "DA1"):
        whole = await world.bot.core.attendance.of((await world.session(code)).id)
        for each in whole.attendees:
            if each.outcome is not None:
                minutes = str(each.outcome.minutes)
                found[code, each.name] = (str(each.outcome.state), minutes)
    return found


def nothing_came_twice(world: World) -> bool:
    sent = [(s.conversation, s.read) for p in PEOPLE for s in world.connector.sent_to(p)]
    unasked = [each for each in sent if "starts in" in each[1] or "has moved" in each[1]]
    return len(unasked) == len(set(unasked))
