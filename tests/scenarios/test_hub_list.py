"""Organisers keep the programme in a SharePoint list, and people see there what the bot knows."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from learning.notices import Kind
from services.ports.journal import HUB_LIST
from services.ports.storage import LedgerEntry
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    MONDAY,
    ORGA,
    PEOPLE,
    World,
    a_bot,
    person_id,
    surroundings,
)
from tests.support.activities import Person, a_person
from tests.support.databases import ON_POSTGRESQL
from tests.support.graph_lists import RESYNC, SITE, Lists, SharedList
from tests.support.troubles import FOREVER

POLL = timedelta(minutes=5)
WRITTEN = timedelta(seconds=40)
"""Bookings gather half a minute before they are written."""

EDA = a_person("Eda")
"""She edits the list, and organises nothing else."""

GROWTH: Mapping[str, Any] = {
    "SessionCode": "GM1",
    "Title": "Growth mindset",
    "SessionStarts": "2026-05-19T09:00:00Z",
    "SessionEnds": "2026-05-19T10:00:00Z",
    "SessionCapacity": 12,
    "SessionFormat": "in_person",
    "SessionLocation": "Library",
}
MENTORING: Mapping[str, Any] = {
    "SessionCode": "MC1",
    "Title": "Mentoring or coaching",
    "SessionStarts": "2026-05-20T13:00:00Z",
    "SessionEnds": "2026-05-20T14:00:00Z",
    "SessionCapacity": 1,
    "SessionFormat": "in_person",
}


@dataclass(frozen=True, kw_only=True)
class Hub:
    """A small list, read; `growth` and `mentoring` are its items."""

    world: World
    lists: Lists
    shared: SharedList
    growth: int
    mentoring: int

    async def poll(self, times: int = 1) -> None:
        """Let the time come at which the list is looked at, and what is to be written be written."""
        for _ in range(times):
            await self.world.pass_time(POLL)
        await self.world.pass_time(WRITTEN)

    async def asked(self, who: Person = ORGA) -> str:
        return (await self.world.teams.say(who, "what is wrong with the hub list?")).only.read

    def column(self, name: str) -> Any:
        return self.shared.column(self.growth, name)

    @property
    def own(self) -> tuple[Any, Any]:
        """What the list says of growth mindset's places."""
        return self.column("PlacesLeft"), self.column("BookingState")

    async def rows(self, kind: Kind) -> list[LedgerEntry]:
        return await self.world.bot.outbox(kind)

    async def version(self) -> int:
        """Moves on with every change to the programme."""
        async with self.world.bot.core.work(read_only=True) as uow:
            return await uow.sessions.version()


@asynccontextmanager
async def a_hub(database_url: str, **settings: Any) -> AsyncGenerator[Hub]:
    async with surroundings() as around:
        lists = around.graph.lists
        lists.now = lambda: MONDAY
        shared = lists.programme()
        growth, mentoring = shared.add(EDA, **GROWTH), shared.add(EDA, **MENTORING)
        given: dict[str, Any] = {
            "sharepoint_site_id": SITE,
            "sharepoint_list_id": shared.id,
            "public_url": "http://learnweek.example.org",
        }
        async with a_bot(around, database_url, **(given | settings)) as world:
            lists.now = world.bot.clock.now
            lists.reach["https://learnweek.example.org"] = world.bot.url
            await world.know(*PEOPLE, EDA)
            await world.bot.settled()
            hub = Hub(world=world, lists=lists, shared=shared, growth=growth, mentoring=mentoring)
            await world.pass_time(WRITTEN)
            yield hub


@pytest.fixture
async def hub(story_database: str) -> AsyncGenerator[Hub]:
    async with a_hub(story_database) as hub:
        yield hub


# --- from the list to the programme ------------------------------------------------------------


async def test_what_is_in_the_list_is_what_is_on(hub: Hub):
    said = (await hub.world.teams.say(ASHA, "what's on tomorrow")).only.read

    assert "Growth mindset" in said
    assert "10:00" in said


async def test_an_edit_in_the_list_tells_everybody_booked_once(hub: Hub):
    await hub.world.book(ASHA, "GM1")
    hub.shared.edit(
        hub.growth,
        EDA,
        SessionStarts="2026-05-19T13:00:00Z",
        SessionEnds="2026-05-19T14:00:00Z",
    )

    await hub.poll(times=4)

    [told] = hub.world.told(ASHA, "has moved")
    assert "14:00" in told.read
    assert (await hub.world.session("GM1")).details.location == "Library"


async def test_new_items_are_new_sessions_and_a_renamed_column_changes_nothing(hub: Hub):
    hub.shared.rename_column("SessionStarts", "Beginn")
    hub.shared.add(EDA, **{**GROWTH, "SessionCode": "GM2", "Title": "Growing further"})
    hub.lists.repeats, hub.lists.page_size = True, 1

    await hub.poll()

    said = (await hub.world.teams.say(ASHA, "what's on tomorrow")).only.read
    assert "Growing further" in said
    assert "Growth mindset" in said


async def test_a_deleted_item_is_reported_and_its_session_stays(hub: Hub):
    await hub.world.book(ASHA, "MC1")
    hub.shared.delete(hub.mentoring)

    await hub.poll()

    assert await hub.world.state(ASHA, "MC1") == "booked"
    [told] = hub.world.told(ORGA, "is no longer in the hub list")
    assert "Mentoring or coaching" in told.read
    assert "Mentoring or coaching (MC1)" in await hub.asked()


async def test_an_item_out_of_the_recycle_bin_is_missing_no_longer(hub: Hub):
    hub.shared.delete(hub.mentoring)
    await hub.poll()
    hub.shared.restore(hub.mentoring)
    await hub.poll()

    assert "Nothing is wrong with the hub list" in await hub.asked()
    await hub.world.book(ASHA, "MC1")
    await hub.poll()
    assert hub.shared.column(hub.mentoring, "BookingState") == "Waiting list"


# --- faults ------------------------------------------------------------------------------------


async def test_a_fault_is_told_to_whoever_edited_the_item_and_nothing_is_taken_over(hub: Hub):
    await hub.world.book(ASHA, "GM1")
    hub.shared.edit(hub.mentoring, EDA, Title="Mentoring, improved")
    hub.shared.edit(hub.growth, EDA, SessionEnds="2026-05-19T08:00:00Z", SessionCapacity=0)

    await hub.poll(times=4)

    [told] = hub.world.told(EDA, "The hub list has 2 faults")
    assert "“Growth mindset” (item 1), SessionEnds: is not after the start" in told.read
    assert "nothing of the list is taken over" in told.read
    assert (await hub.world.session("MC1")).title == "Mentoring or coaching"
    assert hub.world.told(ASHA, "has changed") == []
    assert hub.world.told(ORGA, "The hub list") == []
    asked = await hub.asked()
    assert "The hub list has 2 faults" in asked
    assert "SessionCapacity" in asked
    sent = (await hub.world.teams.say(ORGA, "what was sent")).only.read
    assert "Faults in the hub list: Monday 18 May, 08:06\n1 person. 1 sent" in sent


async def test_each_version_of_a_faulty_item_is_told_once_and_a_good_one_clears_it(hub: Hub):
    hub.shared.edit(hub.growth, EDA, SessionCapacity=0)
    await hub.poll(times=3)
    hub.shared.edit(hub.growth, BO, SessionCapacity=-1)
    await hub.poll(times=3)
    hub.shared.edit(hub.growth, BO, SessionCapacity=20)
    await hub.poll()

    assert len(hub.world.told(EDA, "The hub list has 1 fault")) == 1
    assert len(hub.world.told(BO, "The hub list has 1 fault")) == 1
    assert "Nothing is wrong with the hub list" in await hub.asked()
    assert (await hub.world.session("GM1")).details.capacity == 20


async def test_a_fault_that_is_put_back_as_it_was_is_gone_without_an_import(hub: Hub):
    before = await hub.version()
    hub.shared.edit(hub.growth, EDA, SessionCapacity=0)
    await hub.poll()
    hub.shared.edit(hub.growth, EDA, SessionCapacity=12)
    await hub.poll()

    assert "Nothing is wrong with the hub list" in await hub.asked()
    assert await hub.version() == before


async def test_whoever_still_types_is_not_told_of_what_they_are_about_to_mend(hub: Hub):
    new = hub.shared.add(EDA, Title="Half an ite")
    await hub.world.pass_time(POLL)
    hub.shared.edit(new, EDA, **{**GROWTH, "SessionCode": "GM2"})
    await hub.poll()

    assert hub.world.told(EDA, "The hub list") == []
    assert (await hub.world.session("GM2")).title == "Growth mindset"


async def test_faults_of_somebody_we_do_not_know_go_to_the_organisers(hub: Hub):
    hub.shared.edit(hub.growth, a_person("A Stranger"), SessionCapacity=0)

    await hub.poll(times=2)

    assert len(hub.world.told(ORGA, "The hub list has 1 fault")) == 1


async def test_a_deleted_column_is_a_fault_that_says_so_and_empties_nothing(hub: Hub):
    hub.shared.remove_column("SessionCapacity")

    await hub.poll(times=3)

    [told] = hub.world.told(ORGA, "The hub list has 1 fault")
    assert "The column “Places” (SessionCapacity) is missing" in told.read
    assert (await hub.world.session("GM1")).details.capacity == 12


async def test_a_column_of_the_bot_that_was_deleted_and_added_again_is_filled_again(hub: Hub):
    hub.shared.remove_column("PlacesLeft")
    await hub.poll(times=2)
    hub.shared.add_column("PlacesLeft")
    await hub.poll()

    assert hub.own == (12, "Open")
    assert hub.shared.column(hub.mentoring, "PlacesLeft") == 1
    assert "Nothing is wrong with the hub list" in await hub.asked()


async def test_only_organisers_may_ask_what_is_wrong(hub: Hub):
    assert "Only organisers can do that" in await hub.asked(ASHA)


# --- from the bot to the list ------------------------------------------------------------------


async def test_many_bookings_are_one_change_to_the_item_and_none_to_the_programme(hub: Hub):
    before, patches = await hub.version(), len(hub.shared.patches)
    for person in (ASHA, BO, CY):
        await hub.world.book(person, "GM1")

    await hub.poll(times=4)

    assert hub.own == (9, "Open")
    assert len(hub.shared.patches) - patches == 1
    assert await hub.version() == before
    assert "book%20GM1" in hub.column("BookingLink")


async def test_the_item_says_when_a_session_is_full_called_off_and_over(hub: Hub):
    await hub.world.book(ASHA, "MC1")
    await hub.world.pass_time(WRITTEN)
    full = hub.shared.column(hub.mentoring, "BookingState")
    await hub.world.teams.say(ORGA, "cancel session MC1")
    await hub.world.bot.core.programme.cancel_session((await hub.world.session("MC1")).id)
    await hub.world.pass_time(WRITTEN)
    await hub.world.bot.move_to(MONDAY + timedelta(days=1, hours=4))
    await hub.world.pass_time(WRITTEN)

    assert (full, hub.shared.column(hub.mentoring, "BookingState")) == (
        "Waiting list",
        "Cancelled",
    )
    assert hub.own == (None, "Over")
    assert hub.column("BookingLink") is None


async def test_an_edit_and_our_write_at_the_same_time_both_stay(hub: Hub):
    """Booked, and edited before the booking is written: neither undoes the other."""
    await hub.world.book(ASHA, "GM1")
    hub.shared.edit(hub.growth, BO, Title="Growing minds")

    await hub.poll()

    assert hub.column("Title") == "Growing minds"
    assert hub.own == (11, "Open")
    assert (await hub.world.session("GM1")).title == "Growing minds"


async def test_an_edit_that_our_own_write_hides_is_still_its_editors(hub: Hub):
    await hub.world.book(ASHA, "GM1")
    hub.shared.edit(hub.growth, BO, SessionCapacity=0)
    await hub.world.pass_time(WRITTEN)
    written = hub.own

    await hub.poll(times=2)

    assert written == (11, "Open")
    assert len(hub.world.told(BO, "The hub list has 1 fault")) == 1
    assert hub.world.told(EDA, "The hub list") == []


async def test_what_somebody_types_into_the_bots_columns_is_put_right(hub: Hub):
    hub.shared.edit(hub.growth, EDA, PlacesLeft=99, BookingState="Party")

    await hub.poll()

    assert hub.own == (12, "Open")


async def test_of_each_column_the_last_edit_stays_whoever_made_it(hub: Hub):
    """A file moves the session, then somebody renames it in the list."""
    await hub.world.bot.publish(
        "code,title,starts,ends,capacity,format,location\n"
        "GM1,Growth mindset,2026-05-19T15:00,2026-05-19T16:00,12,in_person,Town Hall\n",
        edition="Learning at Work Week, May 2026",
    )
    hub.shared.edit(hub.growth, EDA, Title="Growing minds")

    await hub.poll(times=2)

    session = await hub.world.session("GM1")
    assert (session.title, session.details.location) == ("Growing minds", "Town Hall")
    assert session.starts_at is not None
    assert session.starts_at.isoformat() == "2026-05-19T14:00:00+00:00"


@ON_POSTGRESQL
async def test_a_rush_and_edits_beside_it_on_postgresql(database_url: str):
    async with a_hub(database_url) as hub:
        for person in (ASHA, BO, CY):
            await hub.world.book(person, "GM1")
        hub.shared.edit(hub.growth, EDA, SessionLocation="Town Hall")
        hub.shared.edit(hub.mentoring, EDA, SessionCapacity=0)
        await hub.poll(times=2)
        hub.shared.edit(hub.mentoring, EDA, SessionCapacity=2)
        await hub.poll()

        assert hub.own == (9, "Open")
        assert [len(hub.world.told(p, "has changed")) for p in (ASHA, BO, CY)] == [1, 1, 1]
        assert len(hub.world.told(EDA, "The hub list has 1 fault")) == 1
        assert (await hub.world.session("MC1")).details.capacity == 2


# --- when something goes wrong -----------------------------------------------------------------


@pytest.mark.parametrize("why", RESYNC)
async def test_a_link_that_is_too_old_loses_nothing_and_imports_nothing_twice(hub: Hub, why: str):
    before = await hub.version()
    hub.lists.expire(hub.shared.id, why)
    await hub.poll()
    same = await hub.version()
    hub.shared.edit(hub.growth, EDA, Title="Growing minds")
    hub.shared.delete(hub.mentoring)
    hub.lists.expire(hub.shared.id, why)
    await hub.poll()

    assert same == before
    assert (await hub.world.session("GM1")).title == "Growing minds"
    assert len(hub.world.told(ORGA, "is no longer in the hub list")) == 1


async def test_an_outage_of_two_hours_is_caught_up_with(hub: Hub):
    graph = hub.world.graph
    graph.fail_next(503, times=FOREVER, path_contains="/sites/")
    await hub.world.book(ASHA, "GM1")
    hub.shared.edit(hub.growth, EDA, Title="Growing minds")
    await hub.poll(times=24)
    down = await hub.asked()
    asked = len([each for each in graph.log if "/sites/" in each.path])
    graph.heal()

    await hub.poll(times=4)

    assert "The hub list cannot be read" in down
    assert (await hub.world.session("GM1")).title == "Growing minds"
    assert hub.own == (11, "Open")
    assert "Nothing is wrong with the hub list" in await hub.asked()
    assert asked < 100
    assert hub.world.told(EDA, "The hub list") == []


async def test_places_that_cannot_be_written_are_told_and_written_later(hub: Hub):
    hub.lists.role = "read"
    for person in (ASHA, BO):
        await hub.world.book(person, "GM1")
    await hub.poll(times=3)
    refused = await hub.asked()
    hub.lists.role = "write"

    await hub.poll(times=2)

    assert "Places left cannot be written: Graph: 403 accessDenied" in refused
    assert hub.own == (10, "Open")
    assert "Nothing is wrong with the hub list" in await hub.asked()


async def test_after_a_restart_nothing_is_imported_or_told_again(story_database: str):
    async with surroundings() as around:
        lists = around.graph.lists
        shared = lists.programme()
        item = shared.add(EDA, **GROWTH)
        given: dict[str, Any] = {
            "sharepoint_site_id": SITE,
            "sharepoint_list_id": shared.id,
            "public_url": "http://learnweek.example.org",
        }
        async with a_bot(around, story_database, **given) as world:
            await world.know(*PEOPLE, EDA)
            await world.pass_time(WRITTEN)
            await world.book(ASHA, "GM1")
            shared.edit(item, EDA, SessionLocation="Town Hall")
            await world.pass_time(POLL)
            shared.edit(item, EDA, SessionCapacity=0)
            await world.pass_time(2 * POLL)
            now = world.bot.clock.now()
        async with a_bot(around, story_database, at=now + POLL, **given) as world:
            await world.pass_time(2 * POLL)

            assert len(world.told(ASHA, "has changed")) == 1
            assert len(world.told(EDA, "The hub list has 1 fault")) == 1


# --- being told of changes ---------------------------------------------------------------------


@pytest.fixture
async def watched(story_database: str) -> AsyncGenerator[Hub]:
    """SharePoint could not reach the bot while it started, and tries again an hour later."""
    async with a_hub(story_database, public_url="https://learnweek.example.org") as hub:
        await hub.world.pass_time(timedelta(hours=1, minutes=5))
        yield hub


async def test_sharepoint_tells_of_a_change_and_it_is_there_at_once(watched: Hub):
    watched.shared.edit(watched.growth, EDA, Title="Growing minds")

    answers = [*await watched.lists.notify(), *await watched.lists.notify()]
    await watched.world.bot.move_to(watched.world.bot.clock.now() + timedelta(seconds=3))

    assert answers == [202, 202]
    assert (await watched.world.session("GM1")).title == "Growing minds"


async def test_a_subscription_is_renewed_before_it_ends(watched: Hub):
    [subscription] = watched.lists.subscriptions.values()
    first = subscription.body["expirationDateTime"]

    for _ in range(26):
        await watched.world.pass_time(timedelta(days=1))

    assert list(watched.lists.subscriptions.values()) == [subscription]
    assert (subscription.renewed, subscription.body["expirationDateTime"] > first) == (1, True)


async def test_nobody_else_can_have_the_list_read(watched: Hub):
    before = len(await watched.rows(Kind.HUB_READ))
    url = f"{watched.world.bot.url}/hub/changes"
    async with aiohttp.ClientSession() as http:
        answers = [
            (await http.post(url, json={"value": [{"clientState": "guessed"}]})).status,
            (await http.post(url, json={"value": "nonsense"})).status,
            (await http.post(url, data=b"{")).status,
            (await http.post(url, params={"validationToken": "x" * 5000})).status,
        ]
        echoed = await http.post(url, params={"validationToken": "<b>a&b</b>"})
        kind, text = echoed.content_type, await echoed.text()

    assert answers == [202, 400, 400, 400]
    assert (kind, text) == ("text/plain", "<b>a&b</b>")
    assert len(await watched.rows(Kind.HUB_READ)) == before


async def test_where_nobody_reaches_the_bot_the_list_is_polled_alone(hub: Hub):
    await hub.poll()

    assert hub.lists.subscriptions == {}
    assert "I look every few minutes" in await hub.asked()


async def test_without_a_list_there_is_nothing_to_ask_for(world: World):
    said = (await world.teams.say(ORGA, "hub list")).only.read

    assert "There is no hub list" in said
    assert await world.bot.outbox(Kind.HUB_READ, Kind.HUB_ITEM) == []
    async with aiohttp.ClientSession() as http:
        nothing = await http.post(f"{world.bot.url}/hub/changes", json={})
    assert nothing.status == 404


async def test_who_edited_is_forgotten_with_the_person(hub: Hub):
    await hub.world.bot.core.people.forget(person_id(EDA))

    async with hub.world.bot.core.work(read_only=True) as uow:
        items = await uow.hub.items(hub.world.bot.core.hub_key)

    assert {item.editor for item in items} == {None}


async def test_what_the_list_changes_is_noted_as_the_list_s_doing(hub: Hub):
    hub.shared.edit(hub.growth, EDA, SessionLocation="Town Hall")
    await hub.poll()

    async with hub.world.bot.core.work(read_only=True) as uow:
        [newest] = await uow.journal.latest(1)

    assert (newest.by_id, newest.what, newest.subject) == (
        HUB_LIST,
        "session changed",
        "GM1 Growth mindset",
    )
    assert (newest.before, newest.after) == ({"location": "Library"}, {"location": "Town Hall"})
