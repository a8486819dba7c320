"""Signing in: by Teams in the tab, by Entra outside, by one press on a laptop; and what never signs in."""

import json
import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import config
from hub.access import RULES, Access
from hub.visitors import SIGNING_IN_LASTS
from services.organisers import REMEMBERED
from tests.scenarios.world import ASHA, BO, ORGA, World, a_world
from tests.support.activities import Person
from tests.support.login import APP_ID, Login
from tests.support.now import seconds
from tests.support.product import running, sqlite_url
from tests.support.reader import Page
from tests.support.signing_in import Browser, a_browser
from tests.support.troubles import DROPPED

FOREIGN = "1e0b7c55-0000-4000-8000-000000000bad"
OURS = f"api://learnweek.example.org/botid-{APP_ID}"
DESK = [p for (m, p), access in RULES.items() if access is Access.ORGANISERS and m == "GET"]


@pytest.fixture
async def browser(world: World) -> AsyncGenerator[Browser]:
    world.login.seat(ASHA)
    async with a_browser(world.bot) as browser:
        yield browser


def leads_to(page: Page) -> tuple[int, str]:
    return page.status, page.headers["Location"]


# Outside Teams


async def test_somebody_signs_in_and_is_known_on_every_page(browser: Browser):
    assert not await browser.is_signed_in()

    back = await browser.sign_in()

    assert leads_to(back) == (303, "/hub")
    assert list(browser.cookies) == ["__Host-learnweek"]
    assert "Signed in as Asha" in (await browser.get("/hub")).text


@pytest.mark.parametrize(
    "wanted", ["/desk", "/hub/mine", "/hub/sessions/GM1?from=mail", "/calendar/mine", "/hub?in=x"]
)
async def test_they_come_back_to_the_page_that_they_wanted(browser: Browser, wanted: str):
    assert leads_to(await browser.sign_in(quote(wanted, safe=""))) == (303, wanted)


async def test_a_page_for_organisers_asks_them_to_sign_in_and_is_shown_then(
    world: World, browser: Browser
):
    world.login.seat(ORGA)
    asked = await browser.get("/desk")
    assert leads_to(asked) == (303, "/hub/sign-in?to=%2Fdesk")

    assert leads_to(await browser.sign_in("%2Fdesk")) == (303, "/desk")

    assert (await browser.get("/desk")).status == 200


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "/\\evil.example",
        "/hub/../x",
        "%2F%2Fevil.example",
        "%252F%252Fevil.example",
        "https://evil.example/hub",
        "/hub%0d%0aSet-Cookie:%20a=b",
        "/hub%250d%250aSet-Cookie:%20a=b",
        "/hub/%2e%2e//evil.example",
    ],
)
async def test_signing_in_leads_nobody_to_another_site(browser: Browser, to: str):
    page = await browser.sign_in(to)

    assert leads_to(page) == (303, "/hub")
    assert page.headers.get("a") is None


async def test_an_answer_to_another_browser_s_question_signs_nobody_in(
    world: World, browser: Browser
):
    async with a_browser(world.bot) as other:
        await browser.at_entra("/hub/mine")

        page = await browser.come_back(await other.at_entra())

    assert page.status == 401
    assert "took too long, or was begun in another window" in page.words
    assert 'href="/hub/sign-in?to=/hub/mine"' in page.text
    assert not await browser.is_signed_in()
    assert browser.cookies == {}


async def test_an_answer_played_again_signs_nobody_in(world: World, browser: Browser):
    answer = await browser.at_entra()
    begun = dict(browser.cookies)
    await browser.come_back(answer)

    async with a_browser(world.bot) as thief:
        assert (await thief.come_back(answer)).status == 401
        thief.cookies = begun
        assert (await thief.come_back(answer)).status == 401
        assert not await thief.is_signed_in()


async def test_who_goes_back_to_where_they_came_from_stays_signed_in(browser: Browser):
    await browser.sign_in()

    assert leads_to(await browser.get("/hub/signed-in")) == (303, "/hub")
    assert await browser.is_signed_in()


async def test_who_takes_too_long_begins_again(world: World, browser: Browser):
    answer = await browser.at_entra()
    world.bot.clock.set(world.bot.clock.now() + SIGNING_IN_LASTS + timedelta(seconds=1))

    page = await browser.come_back(answer)

    assert (page.status, "Please sign in again" in page.words) == (401, True)
    assert leads_to(await browser.sign_in()) == (303, "/hub")


async def test_somebody_of_another_organisation_is_told_so(world: World, browser: Browser):
    world.login.seat(ASHA, tenant=FOREIGN)

    page = await browser.sign_in()

    assert (page.status, "belongs to another organisation" in page.words) == (401, True)
    assert not await browser.is_signed_in()


async def test_who_does_not_agree_reads_on_and_finds_the_chat(world: World, browser: Browser):
    world.login.refuse_at_browser("access_denied")

    page = await browser.sign_in()

    assert (page.status, "did not allow Learnweek to see who you are" in page.words) == (401, True)
    assert f'href="https://teams.microsoft.com/l/chat/0/0?users=28:{APP_ID}"' in page.text
    assert not await browser.is_signed_in()


@pytest.mark.parametrize("status", [503, DROPPED])
async def test_while_entra_is_down_people_are_told_to_come_back(
    world: World, browser: Browser, status: int
):
    world.login.fail_next(status, endpoint="metadata", times=2)
    page = await browser.get("/hub/sign-in?to=/desk")
    assert (page.status, "does not answer at the moment" in page.words) == (503, True)
    assert 'href="/hub/sign-in?to=/desk"' in page.text

    world.login.heal()
    answer = await browser.at_entra()
    world.login.fail_next(status, endpoint="token", times=2)
    page = await browser.come_back(answer)

    assert (page.status, "does not answer at the moment" in page.words) == (503, True)
    assert not await browser.is_signed_in()


async def test_who_is_taken_out_of_the_organisers_group_loses_the_desk_within_minutes(
    story_database: str,
):
    async with a_world(story_database, organisers="", organisers_group="the-team") as world:
        world.graph.directory.add_group("the-team", [ORGA])
        world.login.seat(ORGA)
        async with a_browser(world.bot) as browser:
            await browser.sign_in("/desk")
            assert (await browser.get("/desk")).status == 200
            world.graph.directory.groups["the-team"] = []
            assert (await browser.get("/desk")).status == 200

            world.bot.clock.set(world.bot.clock.now() + REMEMBERED)

            for path in DESK:
                page = await browser.get(re.sub(r"{[^}]*}", "1", path))
                assert (page.status, "for those who organise" in page.words) == (403, True), path
            assert await browser.is_signed_in()


# Inside Teams


def a_tab_token(login: Login, person: Person = ASHA, **claims: Any) -> str:
    given = {"name": person.name, "preferred_username": person.email, **claims}
    return login.tab_token(person.aad_id, given.pop("aud", OURS), **given)


async def show(browser: Browser, token: str) -> Page:
    return await browser.post("/hub/session", Authorization=f"Bearer {token}")


async def test_what_teams_gives_the_tab_is_changed_for_the_cookie(world: World, browser: Browser):
    assert json.loads((await browser.get("/hub/session")).text)["signed_in"] is False

    page = await show(browser, a_tab_token(world.login))

    told = json.loads(page.text)
    assert (page.status, told["name"]) == (200, "Asha")
    assert page.headers["Set-Cookie"].endswith(
        "; Path=/; Max-Age=28800; HttpOnly; Secure; SameSite=None; Partitioned"
    )
    assert page.headers["Cache-Control"] == "no-store"
    assert json.loads((await browser.get("/hub/session")).text)["signed_in"] is True
    assert "Signed in as Asha" in (await browser.get("/hub")).text
    assert leads_to(await browser.post("/hub/sign-out", {"form": told["form"]})) == (303, "/hub")
    assert not await browser.is_signed_in()


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": seconds() - 3600, "nbf": seconds() - 7200},
        {"nbf": seconds() + 3600},
        {"tid": FOREIGN, "iss": f"https://login.microsoftonline.com/{FOREIGN}/v2.0"},
        {"aud": "api://elsewhere.example/botid-1"},
        {"aud": "https://graph.microsoft.com"},
        {"scp": "User.Read"},
        {"scp": None, "idtyp": "app", "roles": ["access_as_user"]},
        {"oid": None},
    ],
)
async def test_a_token_that_is_not_for_us_or_not_of_ours_is_refused_without_a_reason(
    world: World,
    browser: Browser,
    capfd: pytest.CaptureFixture[str],
    claims: dict[str, Any],
):
    token = a_tab_token(world.login, **claims)

    await refused(browser, token, capfd)


@pytest.mark.parametrize("kind", ["stranger", "none", "HS256", "too long", "words"])
async def test_a_forged_token_is_refused_without_a_reason(
    world: World, browser: Browser, capfd: pytest.CaptureFixture[str], kind: str
):
    login = world.login
    claims = {"aud": OURS, "oid": ORGA.aad_id, "tid": login.tenant, "scp": "access_as_user"}
    claims |= {"iss": f"https://login.microsoftonline.com/{login.tenant}/v2.0"}
    times = {"nbf": seconds() - 60, "exp": seconds() + 3600}
    token = {
        "stranger": lambda: login.sign(claims | times, key=login.stranger),
        "none": lambda: login.sign(claims | times, algorithm="none"),
        "HS256": lambda: login.sign(claims | times, algorithm="HS256"),
        "too long": lambda: login.sign(claims | times | {"more": "x" * 5000}),
        "words": lambda: "please",
    }[kind]()

    await refused(browser, token, capfd)


async def refused(browser: Browser, token: str, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    page = await show(browser, token)

    assert (page.status, page.text) == (401, '{"error": "not signed in"}')
    assert "Set-Cookie" not in page.headers
    assert not await browser.is_signed_in()
    logged = "".join(capfd.readouterr())
    assert "tab token refused" in logged
    assert token not in logged


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Basic YTpi", "token"])
async def test_without_a_token_nobody_is_let_in(browser: Browser, given: str):
    page = await browser.post("/hub/session", Authorization=given)

    assert (page.status, browser.cookies) == (401, {})


async def test_a_header_without_end_is_not_read(world: World, browser: Browser):
    token = a_tab_token(world.login, more="x" * 20_000)

    assert (await show(browser, token)).status == 400
    assert browser.cookies == {}


async def test_while_entra_s_keys_cannot_be_had_the_tab_is_told_to_try_later(
    world: World, browser: Browser
):
    world.login.fail_next(503, endpoint="keys", times=2)
    assert (await show(browser, a_tab_token(world.login))).status == 503

    world.login.heal()
    assert (await show(browser, a_tab_token(world.login))).status == 200


async def test_another_site_cannot_have_a_browser_send_a_token(browser: Browser):
    """A browser asks first whether it may send the header, and is told no."""
    asked = await browser.reader.ask(
        "OPTIONS",
        "/hub/session",
        headers={
            "Origin": "https://evil.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        },
    )

    assert asked.status == 405
    assert not [name for name in asked.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/hub/sign-in?to=%2Fhub%2Fmine", {"Sec-Fetch-Dest": "iframe"}),
        ("/hub/sign-in?to=%2Fhub%2Fmine%3Fin%3Dteams%26theme%3Ddark", {}),
    ],
)
async def test_in_teams_the_page_signs_in_for_entra_shows_itself_in_no_frame(
    browser: Browser, path: str, headers: dict[str, str]
):
    page = await browser.get(path, **headers)

    assert (page.status, "Teams tells us who you are" in page.words) == (200, True)
    assert 'data-to="/hub/mine' in page.text
    assert 'href="/hub/sign-in?to=%2Fhub%2Fmine"' in page.text
    assert browser.cookies == {}


async def test_in_teams_too_nobody_is_led_to_another_site(browser: Browser):
    page = await browser.get(
        "/hub/sign-in?to=https://evil.example/%22%3E", **{"Sec-Fetch-Dest": "iframe"}
    )

    assert 'data-to="/hub"' in page.text
    assert "evil" not in page.text


async def test_people_of_the_chat_and_of_the_tab_are_the_same(world: World, browser: Browser):
    await world.book(BO, "GM1")

    await show(browser, a_tab_token(world.login, BO))

    assert "Growth mindset" in (await browser.get("/hub/mine")).words


# On a laptop


@pytest.fixture
async def laptop(tmp_path: Path) -> AsyncGenerator[Browser]:
    settings = config.load(
        _env_file=None,
        database_url=sqlite_url(tmp_path),
        secret_key="k",
        public_url="http://localhost:1",
    )
    async with running(settings) as bot, a_browser(bot) as browser:
        browser.reader.headers["Host"] = "localhost:1"
        browser.reader.headers["Origin"] = "http://localhost:1"
        yield browser


async def test_on_a_laptop_one_press_makes_one_the_person_of_the_chat_window(laptop: Browser):
    pressed = await laptop.get("/hub/sign-in?to=/desk")
    assert leads_to(pressed) == (303, "/hub/signed-in?code=laptop")

    assert leads_to(await laptop.get("/hub/signed-in?code=laptop")) == (303, "/desk")

    assert list(laptop.cookies) == ["learnweek"]
    assert "Signed in as Learner" in (await laptop.get("/hub")).text
    assert (await laptop.get("/desk")).status == 200


@pytest.mark.parametrize("path", ["/hub/sign-in", "/hub/signed-in?code=laptop"])
async def test_on_a_laptop_no_other_machine_s_name_signs_in(laptop: Browser, path: str):
    await laptop.get("/hub/sign-in")
    laptop.reader.headers["Host"] = "my-tunnel.example"

    page = await laptop.get(path)

    assert (page.status, "answers only to a browser on its own machine" in page.words) == (
        403,
        True,
    )
    assert "learnweek" not in laptop.cookies


async def test_on_a_laptop_no_tab_token_is_taken(laptop: Browser):
    async with Login() as login:
        assert (await show(laptop, a_tab_token(login))).status == 401
