"""Every session has an address, and a notice about it opens it in the tab."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

import config
from console.manifest import filled_manifest
from pages import session_page
from tests.hub.programmes import a_session
from tests.scenarios.world import ASHA, BO, World, london
from tests.support.outgoing import Sent
from tests.support.reader import a_reader

SEE = "See the session"


def links(sent: Sent) -> dict[str, str]:
    actions = sent.card.get("actions", [])
    return {a["title"]: a["url"] for a in actions if a["type"] == "Action.OpenUrl"}


async def test_a_nudge_opens_its_session_in_the_tab(world: World):
    await world.book(ASHA, "DA1")
    await world.bot.move_to(london("2026-05-18T09:30"))

    [nudge] = world.told(ASHA, "Digital accessibility starts")

    link = urlsplit(links(nudge)[SEE])
    app, tab = link.path.removeprefix("/l/entity/").split("/")
    manifest = filled_manifest(
        app_id=app, public_url="https://learnweek.example.org", version="1.0.0"
    )
    asked = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert (link.scheme, link.netloc, app) == ("https", "teams.microsoft.com", world.login.app_id)
    assert tab in [each["entityId"] for each in manifest["staticTabs"] if "contentUrl" in each]
    assert json.loads(asked["context"]) == {"subEntityId": "DA1"}
    assert asked["webUrl"] == "https://learnweek.example.org/hub/sessions/DA1"


async def test_who_is_given_a_place_sees_the_session_behind_it(world: World):
    await world.book(BO, "MC1")
    await world.book(ASHA, "MC1")
    await world.teams.say(BO, "cancel MC1")
    await world.teams.say(BO, "yes")
    await world.pass_time(timedelta(minutes=1))

    [told] = world.told(ASHA, "A place came free")

    assert "subEntityId%22%3A%22MC1" in links(told)[SEE]


async def test_the_address_of_each_session_is_a_page(world: World):
    programme = await world.bot.core.catalogue.programme()
    async with a_reader(world.bot) as reader:
        for session in programme.sessions:
            page = await reader.get(f"/hub/sessions/{session.code}")
            assert (page.status, session.title in page.words) == (200, True)


@pytest.mark.parametrize(
    ("code", "written"), [("GM1", "GM1"), ("A&B/C", "A%26B%2FC"), ("Été 1", "%C3%89t%C3%A9%201")]
)
def test_any_code_can_stand_in_an_address(code: str, written: str):
    settings = config.load(
        _env_file=None,
        microsoft_app_id="11111111-0000-4000-8000-000000000000",
        microsoft_app_password="p",
        microsoft_app_tenant_id="t",
        secret_key="k",
        public_url="https://week.example.org/apps",
    )
    laptop = config.load(_env_file=None, secret_key="k", public_url="http://localhost:3978")
    session = a_session(1, "Growth mindset", london("2026-05-18T10:00"), code=code)

    query = parse_qs(urlsplit(session_page(settings)(session)).query)

    assert query["webUrl"] == [f"https://week.example.org/apps/hub/sessions/{written}"]
    assert [json.loads(each) for each in query["context"]] == [{"subEntityId": code}]
    assert session_page(laptop)(session) == f"http://localhost:3978/hub/sessions/{written}"
