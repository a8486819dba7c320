"""Every address has a rule for who may see it, and the rule holds however it is reached."""

import re
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from aiohttp import web

from hub.access import RULES, Access, NoRule, check_rules
from hub.visitors import LASTS
from tests.scenarios.world import ASHA, ORGA, World, a_world
from tests.support.reader import Reader, a_reader

CLOSED = [
    (m, p) for (m, p), access in RULES.items() if access in {Access.SIGNED_IN, Access.ORGANISERS}
]
ORGANISERS_ONLY = [(m, p) for (m, p), access in RULES.items() if access is Access.ORGANISERS]
CHANGING = [(m, p) for m, p in CLOSED if m != "GET"]
FOREIGN = "https://elsewhere.example"


def filled(path: str) -> str:
    return re.sub(r"{[^}]*}", "1", path)


@pytest.fixture
async def stranger(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot) as reader:
        yield reader


@pytest.fixture
async def asha(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ASHA) as reader:
        yield reader


@pytest.fixture
async def orga(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ORGA) as reader:
        yield reader


async def test_an_address_without_a_rule_is_not_served():
    application = web.Application()

    async def forgotten(_: web.Request) -> web.Response:
        return web.Response()

    application.router.add_get("/hub/forgotten", forgotten)

    with pytest.raises(NoRule, match="/hub/forgotten"):
        check_rules(application.router.routes())


async def test_no_rule_is_kept_for_an_address_that_is_gone(world: World):
    routes = world.bot.product.web.router.routes()
    served = {(r.method, r.resource.canonical) for r in routes if r.resource is not None}
    elsewhere = {("GET", "/laptop"), ("POST", "/hub/changes")}

    assert set(RULES) - served - elsewhere == set()


async def test_who_has_not_signed_in_is_asked_to(stranger: Reader):
    for method, path in CLOSED:
        page = await stranger.ask(method, filled(path))

        if method == "GET":
            asked = page.headers["Location"].partition("=")[0]
            assert (page.status, asked) == (303, "/hub/sign-in?to"), path
        else:
            assert (page.status, "Nothing was changed" in page.words) == (401, True), path


@pytest.mark.parametrize(
    ("came_from", "to"),
    [
        ("https://learnweek.example.org/hub/sessions/GM1?x=1", "/hub/sessions/GM1?x=1"),
        ("https://evil.example//evil.example", "/hub"),
        ("nonsense", "/hub"),
        ("https://[", "/hub"),
    ],
)
async def test_who_was_signed_out_meanwhile_is_led_back_to_where_they_pressed(
    stranger: Reader, came_from: str, to: str
):
    page = await stranger.ask("POST", "/hub/sign-out", {}, headers={"Referer": came_from})

    assert page.status == 401
    assert f'href="/hub/sign-in?to={to.replace("?", "%3F").replace("=", "%3D")}"' in page.text


async def test_what_is_for_organisers_is_refused_to_others(asha: Reader):
    for method, path in ORGANISERS_ONLY:
        form = {"form": asha.form} if method != "GET" else None
        page = await asha.ask(method, filled(path), form)

        is_refused = "for those who organise the week" in page.words
        assert (page.status, is_refused) == (403, True), path


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({"Origin": FOREIGN}, None),
        ({"Origin": "null"}, None),
        ({"Sec-Fetch-Site": "cross-site"}, None),
        ({"Sec-Fetch-Site": "same-site"}, None),
        ({}, ""),
        ({}, "0" * 32),
        ({}, "£"),
    ],
)
async def test_another_site_can_change_nothing(
    orga: Reader, headers: dict[str, str], form: str | None
):
    given = orga.form if form is None else form

    for method, path in CHANGING:
        page = await orga.ask(method, filled(path), {"form": given}, headers=headers)

        is_refused = "not come from one of our own pages" in page.words
        assert (page.status, is_refused) == (403, True), path


@pytest.mark.parametrize("at", ["https://Week.example.org:443/apps/week", "https://x.uk:8443"])
async def test_our_own_forms_are_ours_wherever_we_are_served(story_database: str, at: str):
    async with a_world(story_database, public_url=at) as world, a_reader(world.bot, ASHA) as asha:
        asha.origin = "https://week.example.org" if "Week" in at else at
        assert (await asha.post("/hub/sign-out")).status == 303

        asha.origin = "https://week.example.org:8443"
        assert (await asha.post("/hub/sign-out")).status == 403


async def test_one_person_s_form_is_not_another_s(asha: Reader, orga: Reader):
    page = await orga.ask("POST", "/hub/sign-out", {"form": asha.form})

    assert page.status == 403


async def test_a_cookie_lasts_a_working_day_and_is_worth_nothing_when_tampered_with(
    world: World, asha: Reader
):
    assert "Sign out" in (await asha.get("/hub")).words
    name, _, value = asha.cookie.partition("=")
    head, _, rest = value.partition(".")
    for other in (f"{head}.{rest[:-2]}AA", f"{head}..", "", "e30.e30.", value[::-1]):
        asha.cookie = f"{name}={other}"
        assert "Sign out" not in (await asha.get("/hub")).words

    asha.cookie = f"{name}={value}"
    world.bot.clock.set(world.bot.clock.now() + LASTS + timedelta(seconds=1))
    assert "Sign out" not in (await asha.get("/hub")).words


async def test_who_signs_out_is_out(asha: Reader):
    page = await asha.post("/hub/sign-out")

    assert (page.status, page.headers["Location"]) == (303, "/hub")
    assert re.fullmatch(
        r"__Host-learnweek=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=None; Partitioned",
        page.headers["Set-Cookie"],
    )
