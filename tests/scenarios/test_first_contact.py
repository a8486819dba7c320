"""People who book in a channel and never had the bot: the app is added for them, and then they are told."""

from datetime import timedelta

import pytest

from learning.notices import Kind
from services.ports.storage import LedgerEntry
from tests.scenarios.world import GENERAL, ORGA, World, london, person_id, read
from tests.support.activities import Person, a_person
from tests.support.outgoing import Sent
from tests.support.troubles import FOREVER

NIA = a_person("Nia")
COMING = "I'm having Learnweek added to your chats"
CATALOGUE = "a1b2c3d4-0000-4000-8000-000000000001"


def in_the_catalogue(world: World, *people: Person) -> None:
    """The app is in the organisation's catalogue; adding it for these gives them a chat with it."""
    world.graph.apps.catalogue[world.login.app_id] = CATALOGUE
    by_id = {person.aad_id: person for person in people}
    world.graph.apps.when_added = lambda id: world.connector.chats.add_person(by_id[id])
    for person in people:
        world.graph.directory.add_user(person)


async def a_post(world: World) -> Sent:
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    await world.bot.move_to(london("2026-05-18T08:30"))
    return world.connector.sent_to(GENERAL)[-1]


async def books(world: World, post: Sent, person: Person = NIA, code: str = "PB1") -> str:
    """Press Book in the channel; the line that the presser sees."""
    session = (await world.session(code)).id
    return read(await world.teams.press(person, post, title="Book", having={"session": session}))


async def tries(world: World) -> list[LedgerEntry]:
    return await world.bot.outbox(Kind.OPEN_CHAT)


async def test_who_books_in_a_channel_gets_the_app_their_confirmation_and_their_nudges(
    world: World,
):
    in_the_catalogue(world, NIA)

    line = await books(world, await a_post(world))
    await world.bot.settled()
    await world.bot.move_to(london("2026-05-18T13:50"))

    assert "You're booked" in line
    assert COMING in line
    assert world.graph.apps.added == {NIA.aad_id: {CATALOGUE}}
    [bookings] = world.told(NIA, "Your bookings")
    assert "Your personal brand" in bookings.read
    assert len(world.told(NIA, "Your personal brand starts in 10 minutes")) == 1


async def test_teams_telling_of_the_new_chat_brings_the_welcome_once(world: World):
    in_the_catalogue(world, NIA)
    await books(world, await a_post(world))
    await world.bot.settled()

    await world.teams.install(NIA)
    again = await books(world, world.connector.sent_to(GENERAL)[-1], code="GM1")

    assert len(world.told(NIA, "Three things to try")) == 1
    assert again == "I've answered you in our own chat."
    assert len(await tries(world)) == 1


async def test_who_has_the_app_already_is_found_to_have_it(world: World):
    """Graph says 409: an administrator has added it, and Teams had not got round to it."""
    in_the_catalogue(world, NIA)
    world.graph.apps.added[NIA.aad_id].add(CATALOGUE)
    post = await a_post(world)
    await books(world, post)
    await world.bot.settled()
    [waiting] = await tries(world)
    world.connector.chats.add_person(NIA)
    await world.pass_time(timedelta(minutes=1))

    assert (waiting.state, waiting.last_error) == ("held_back", "Teams is still adding the app")
    assert [row.state for row in await tries(world)] == ["sent"]
    assert len(world.told(NIA, "Your bookings")) == 1


async def test_who_books_in_the_window_of_a_pasted_link_gets_the_app_too(world: World):
    in_the_catalogue(world, NIA)
    press = {"data": {"verb": "session.book", "session": (await world.session("PB1")).id}}

    booked = await world.teams.post(
        world.teams.activities.request("task/submit", press, NIA, where=GENERAL)
    )
    await world.bot.settled()

    assert "You're booked" in str(booked.body)
    assert world.graph.apps.added == {NIA.aad_id: {CATALOGUE}}
    assert len(world.told(NIA, "Your bookings")) == 1


async def test_while_teams_cannot_open_the_chat_the_confirmation_follows(world: World):
    post = await a_post(world)
    world.connector.chats.add_person(NIA)
    world.connector.fail_next(500, conversation=NIA.chat)

    await books(world, post)
    await world.bot.settled()

    assert len(world.told(NIA, "Your bookings")) == 1
    assert world.graph.apps.added == {}


async def test_while_graph_is_down_the_booking_stands_and_the_app_follows(world: World):
    in_the_catalogue(world, NIA)
    post = await a_post(world)
    world.graph.fail_next(503, times=FOREVER, path_contains="teamsApps")
    await books(world, post)
    await world.bot.settled()
    before = world.told(NIA, "Your bookings")
    world.graph.heal()
    await world.pass_time(timedelta(minutes=5))

    assert before == []
    assert await world.state(NIA, "PB1") == "booked"
    assert len(world.told(NIA, "Your bookings")) == 1


@pytest.mark.parametrize(
    ("denied", "error"),
    [
        ("appCatalogs", "Graph: 403 ErrorAccessDenied"),
        ("installedApps", "Graph: 403 ErrorAccessDenied"),
        ("", "the app is not in the organisation's catalogue"),
    ],
    ids=["no look at the catalogue", "no adding", "not in the catalogue"],
)
async def test_without_the_permission_it_is_tried_once_and_the_reason_is_told(
    world: World, denied: str, error: str
):
    in_the_catalogue(world, NIA)
    if denied:
        world.graph.deny(denied)
    else:
        world.graph.apps.catalogue.clear()
    post = await a_post(world)
    await books(world, post)
    await world.bot.settled()
    await books(world, post, code="GM1")
    await world.bot.move_to(london("2026-05-18T13:50"))

    assert [(r.state, r.attempts, r.last_error) for r in await tries(world)] == [
        ("given_up", 1, error)
    ]
    nia = await world.bot.core.people.find(person_id(NIA))
    assert nia is not None
    assert nia.unreachable == "ForbiddenOperationException"
    assert await world.state(NIA, "PB1") == "booked"
    world.graph.heal()


async def test_where_it_can_be_added_for_nobody_the_next_is_told_to_add_it_themselves(
    world: World,
):
    in_the_catalogue(world)
    world.graph.apps.catalogue.clear()
    post = await a_post(world)
    await books(world, post)
    await world.bot.settled()

    line = await books(world, post, person=a_person("Olu"))

    assert "add Learnweek to your own chats" in line
    assert COMING not in line
    assert len(await tries(world)) == 1


async def test_the_app_is_looked_up_in_the_catalogue_once(world: World):
    olu = a_person("Olu")
    in_the_catalogue(world, NIA, olu)
    post = await a_post(world)

    for person in (NIA, olu):
        await books(world, post, person)
        await world.bot.settled()

    asked = [path for _, path, _ in world.graph.log if "/teamsApps" in path]
    assert asked == ["/appCatalogs/teamsApps"]
    assert len(world.told(olu, "Your bookings")) == 1


async def test_it_is_tried_again_another_week(world: World):
    in_the_catalogue(world, NIA)
    world.graph.deny("installedApps")
    post = await a_post(world)
    await books(world, post)
    await world.bot.settled()
    world.graph.heal()
    await world.bot.publish(NEXT_WEEK)
    await world.bot.move_to(london("2026-05-26T09:00"))
    await books(world, world.connector.sent_to(GENERAL)[-1], code="NW1")
    await world.bot.settled()

    assert [row.state for row in await tries(world)] == ["given_up", "sent"]
    assert len(world.told(NIA, "Your bookings")) == 1


NEXT_WEEK = """\
code,title,starts,ends,capacity,format
NW1,Next week,2026-05-26T10:00,2026-05-26T11:00,,in_person
"""


async def test_who_only_looks_gets_no_app(world: World):
    in_the_catalogue(world, NIA)
    post = await a_post(world)
    session = (await world.session("PB1")).id

    line = read(await world.teams.press(NIA, post, title="Details", having={"session": session}))

    assert "add Learnweek to your own chats" in line
    assert await tries(world) == []
    assert world.graph.apps.added == {}


async def test_who_took_the_app_away_does_not_get_it_again(world: World):
    in_the_catalogue(world, NIA)
    await world.teams.install(NIA)
    await world.teams.uninstall(NIA)

    line = await books(world, await a_post(world))
    await world.bot.settled()

    assert "add Learnweek to your own chats" in line
    assert await tries(world) == []
    assert world.graph.apps.added == {}


async def test_who_gave_the_place_back_meanwhile_is_left_alone(world: World):
    in_the_catalogue(world, NIA)
    post = await a_post(world)
    world.graph.fail_next(503, times=FOREVER, path_contains="teamsApps")
    await books(world, post)
    await world.bot.settled()
    await world.bot.core.bookings.cancel(person_id(NIA), (await world.session("PB1")).id)
    world.graph.heal()
    await world.pass_time(timedelta(minutes=5))

    assert [(r.state, r.last_error) for r in await tries(world)] == [
        ("dropped", "nothing is booked")
    ]
    assert world.graph.apps.added == {}
