"""`doctor` on the app registration: what signing in to the pages lacks, and where to mend it."""

from typing import Any

import pytest

from checkup import checks
from console.doctor import Off, Wrong
from tests.scenarios.world import World, a_world
from tests.support.graph_registrations import TEAMS, a_registration
from tests.support.login import APP_ID
from wiring.outside import connected

SITE = "https://learnweek.example.org"
URI = f"api://learnweek.example.org/botid-{APP_ID}"
BACK = f"{SITE}/hub/signed-in"


@pytest.fixture
async def registered(world: World) -> dict[str, Any]:
    """The registration in the stand-in, to be spoilt."""
    there = a_registration(APP_ID, SITE)
    world.graph.registrations.apps[APP_ID] = there
    return there


async def examined(world: World) -> str:
    async with connected(world.bot.core) as outside:
        found = checks(world.bot.core, outside)
        [check] = [each for each in found if each.part == "Signing in to the pages"]
        try:
            return f"ok: {await check.run()}"
        except (Off, Wrong) as problem:
            return f"{type(problem).__name__}: {problem}"


async def test_a_registration_that_lacks_nothing_is_fine(world: World, registered: dict[str, Any]):
    said = await examined(world)

    assert said == f"ok: people sign in inside Teams for {URI}, and outside by {BACK}"


async def test_ids_are_the_same_in_capitals(world: World, registered: dict[str, Any]):
    registered["identifierUris"] = [URI.upper().replace("API:", "api:")]
    registered["api"]["preAuthorizedApplications"][0]["appId"] = TEAMS[0].upper()

    assert (await examined(world)).startswith("ok")


async def test_another_host_is_told_with_the_command_that_keeps_it(
    world: World, registered: dict[str, Any]
):
    registered["identifierUris"] = [f"api://old.example.org/botid-{APP_ID}"]

    said = await examined(world)

    assert said == (
        f"Wrong: the application id URI {URI} is missing (it has api://old.example.org/botid-{APP_ID})."
        f" Run: az ad app update --id {APP_ID} --identifier-uris"
        f" api://old.example.org/botid-{APP_ID} {URI}. docs/teams-tab.md has every step."
    )


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda app: app.update(identifierUris=[]), "(it has none). Run: az ad app update"),
        (
            lambda app: app["api"].update(oauth2PermissionScopes=[]),
            "the scope access_as_user is missing. Add it in the Entra admin centre",
        ),
        (
            lambda app: app["api"]["oauth2PermissionScopes"][0].update(isEnabled=False),
            "the scope access_as_user is switched off",
        ),
        (
            lambda app: app["api"]["oauth2PermissionScopes"][0].update(value="access"),
            "the scope access_as_user is missing",
        ),
        (
            lambda app: app["api"]["preAuthorizedApplications"].pop(0),
            f"Teams on desktops and phones may not ask for access_as_user. Add {TEAMS[0]}",
        ),
        (
            lambda app: app["api"]["preAuthorizedApplications"].pop(1),
            f"Teams on the web may not ask for access_as_user. Add {TEAMS[1]}",
        ),
        (
            lambda app: app["api"]["preAuthorizedApplications"][1].update(
                delegatedPermissionIds=[]
            ),
            "Teams on the web may not ask for access_as_user",
        ),
        (
            lambda app: app["web"].update(redirectUris=["https://other.example/x"]),
            f"--web-redirect-uris https://other.example/x {BACK}.",
        ),
        (lambda app: app.update(web=None), f"--web-redirect-uris {BACK}."),
    ],
)
async def test_each_fault_is_told_by_itself_with_how_to_mend_it(
    world: World, registered: dict[str, Any], spoil: Any, words: str
):
    spoil(registered)

    said = await examined(world)

    assert said.startswith("Wrong: ")
    assert words in said
    faults = ("id URI api", "the scope access_as_user is", "may not ask", "redirect URI https")
    assert sum(fault in said for fault in faults) == 1


async def test_all_faults_are_told_at_once(world: World, registered: dict[str, Any]):
    registered |= {"identifierUris": [], "api": None, "web": {"redirectUris": []}}

    said = await examined(world)

    for fault in ("application id URI", "the scope access_as_user", "the redirect URI"):
        assert f"{fault} " in said


async def test_without_the_permission_it_says_what_to_check_by_hand(
    world: World, registered: dict[str, Any]
):
    world.graph.deny("/applications")

    said = await examined(world)

    world.graph.heal()
    assert said.startswith("Off: the app registration cannot be read (Graph: 403")
    assert "Grant Application.Read.All, or check by hand" in said
    for each in (URI, BACK, *TEAMS):
        assert each in said


async def test_a_registration_elsewhere_is_checked_there(world: World):
    said = await examined(world)

    assert said.startswith("Off: the app is registered in another organisation")
    assert URI in said


async def test_a_graph_that_does_not_answer_is_no_fault_of_the_registration(
    world: World, registered: dict[str, Any]
):
    world.graph.fail_next(503, path_contains="/applications", times=9)

    assert (await examined(world)).startswith("Off: the app registration cannot be read just now")
    world.graph.heal()


async def test_no_more_is_asked_of_graph_than_is_looked_at(
    world: World, registered: dict[str, Any]
):
    registered["displayName"] = "Learnweek"
    await examined(world)

    [asked] = [each for each in world.graph.log if each.path == "/applications"]
    assert (asked.method, asked.body) == ("GET", None)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"public_url": "http://learnweek.example.org"}, "Set PUBLIC_URL to such an address"),
        (
            {"microsoft_app_type": "MultiTenant", "microsoft_app_tenant_id": ""},
            "nobody can sign in",
        ),
    ],
)
async def test_what_is_not_set_is_said(story_database: str, setting: dict[str, Any], words: str):
    async with a_world(story_database, **setting) as world:
        said = await examined(world)

    assert said.startswith("Off: ")
    assert words in said
