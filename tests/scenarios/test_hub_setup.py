"""An administrator sets the hub list up, and is told which permission is missing."""

from typing import Any

import pytest

from tests.scenarios.process import Ran
from tests.scenarios.test_commands import Command, around, command
from tests.scenarios.world import ASHA, MONDAY, Surroundings, a_bot
from tests.support.graph_lists import SITE

__all__ = ["around", "command"]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAREPOINT_SITE_ID", SITE)


@pytest.fixture
def consented(around: Surroundings) -> Surroundings:
    """The token says that an administrator consented; `role` is what else they granted."""
    around.login.tokens.roles = ["Sites.Selected"]
    return around


def hub_line(found: Ran) -> str:
    """What doctor says of the list, all its lines."""
    _, _, after = found.text.partition("SharePoint hub list: ")
    return after.partition("\nok ")[0].partition("\noff ")[0].partition("\nWRONG")[0]


@pytest.mark.usefixtures("site")
async def test_set_up_makes_everything_and_says_what_to_set(
    command: Command, consented: Surroundings
):
    consented.graph.lists.role = "owner"

    made = await command("hub-setup")
    again = await command("hub-setup")

    [shared] = consented.graph.lists.lists.values()
    assert (made.code, again.code) == (0, 0)
    assert f"Set SHAREPOINT_LIST_ID={shared.id}" in made.text
    assert "made: the list" in made.text
    assert "Everything was there already." in again.text
    assert len(consented.graph.lists.pages) == 1


@pytest.mark.usefixtures("site")
async def test_set_up_with_too_small_a_grant_names_the_one_that_is_needed(
    command: Command, consented: Surroundings
):
    refused = await command("hub-setup")

    assert refused.code == 1
    assert "may not make the list" in refused.text
    assert f"/sites/{SITE}/permissions" in refused.text
    assert '"roles": ["owner"]' in refused.text
    assert consented.graph.lists.lists == {}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ([], "An administrator consents to the application permission Sites.Selected"),
        (["Sites.Selected"], "consented to, and that alone opens no site"),
        (None, "Then one grants the app this one site"),
    ],
)
async def test_no_consent_and_no_grant_are_told_apart(
    command: Command, around: Surroundings, roles: list[str] | None, words: str
):
    around.login.tokens.roles = roles
    around.graph.lists.role = None

    refused = await command("hub-setup")
    found = await command("doctor")

    assert (refused.code, found.code) == (1, 1)
    assert words in refused.text
    assert words in hub_line(found)
    assert ('"roles": ["write"]' in refused.text) == (roles != [])


async def test_without_settings_it_says_which(command: Command, around: Surroundings):
    refused = await command("hub-setup")
    found = await command("doctor")

    assert refused.code == 1
    assert "Set SHAREPOINT_SITE_ID" in refused.text
    assert "off    SharePoint hub list: the programme comes from files alone" in found.text


@pytest.mark.parametrize("site", ["example.sharepoint.com:/sites/learning", "https://example.org"])
async def test_an_address_is_no_id(
    command: Command, around: Surroundings, monkeypatch: pytest.MonkeyPatch, site: str
):
    monkeypatch.setenv("SHAREPOINT_SITE_ID", site)

    refused = await command("hub-setup")
    found = await command("doctor")

    assert (refused.code, found.code) == (1, 1)
    assert "Set SHAREPOINT_SITE_ID to the `id`" in refused.text
    assert "is an address" in hub_line(found)
    assert [each for each in around.graph.log if each.path.startswith("/sites")] == []


@pytest.mark.usefixtures("site")
async def test_doctor_follows_the_list_from_its_making_to_its_reading(
    command: Command,
    consented: Surroundings,
    monkeypatch: pytest.MonkeyPatch,
    story_database: str,
):
    lists = consented.graph.lists
    lists.role = "owner"
    before = hub_line(await command("doctor"))
    await command("hub-setup")
    [shared] = lists.lists.values()
    monkeypatch.setenv("SHAREPOINT_LIST_ID", shared.id)
    unread = hub_line(await command("doctor"))
    given: dict[str, Any] = {"sharepoint_site_id": SITE, "sharepoint_list_id": shared.id}
    lists.now = lambda: MONDAY
    shared.add(ASHA, Title="No code")
    async with a_bot(consented, story_database, **given) as world:
        await world.bot.settled()
    read = hub_line(await command("doctor"))
    shared.remove_column("SessionCapacity")
    lacking = hub_line(await command("doctor"))
    monkeypatch.setenv("SHAREPOINT_LIST_ID", "another")
    nowhere = hub_line(await command("doctor"))

    assert "Run `python app.py hub-setup` to have the list made" in before
    assert "not read yet" in unread
    assert "last read on 18.05.2026 at 08:00" in read
    assert "SharePoint does not tell of changes yet (Graph: 400 InvalidRequest)" in read
    assert "3 faults in it" in read
    assert "the list lacks Places" in lacking
    assert "the site has no list another" in nowhere


@pytest.mark.usefixtures("site")
async def test_an_outage_is_not_taken_for_a_missing_permission(
    command: Command, consented: Surroundings
):
    consented.graph.fail_next(503, path_contains="/sites/", times=9)

    refused = await command("hub-setup")

    assert refused.code == 1
    assert "SharePoint did not answer" in refused.text
    assert "permissions" not in refused.text
