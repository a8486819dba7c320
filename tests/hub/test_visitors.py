"""The cookie by which our pages know who looks at them, as a browser gets it and sends it back."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import jwt
import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import BaseTestServer, TestServer

from hub.sign_in import own_path
from hub.visitors import LASTS, SIGNING_IN_LASTS, Visitors
from learning.people import PersonId
from services.ports.sign_in import SignedIn
from tests.hub.programmes import StillClock

SECRET = "a long random text"
ASHA = SignedIn(person_id=PersonId("asha"), name="Asha Ö.", email="asha@x.uk", tenant_id="t")


class Site:
    """Two pages: one lets in, the other says who is there."""

    def __init__(self, http: ClientSession, server: BaseTestServer) -> None:
        self._http = http
        self._server = server

    async def cookies(self, path: str) -> list[str]:
        """The cookies that a page sets."""
        return (await self.enter(path))[0]

    async def enter(self, path: str = "/in") -> tuple[list[str], str]:
        """The cookies that a page sets, and what it says: the form of who was let in."""
        async with self._http.get(self._server.make_url(path)) as response:
            return response.headers.getall("Set-Cookie", []), await response.text()

    async def says(self, path: str, *cookies: str) -> str:
        headers = {"Cookie": "; ".join(each.partition(";")[0] for each in cookies)}
        async with self._http.get(self._server.make_url(path), headers=headers) as response:
            return await response.text()


@asynccontextmanager
async def a_site(
    *, is_https: bool = True, secret: str = SECRET, clock: StillClock | None = None
) -> AsyncGenerator[Site]:
    visitors = Visitors(secret, clock or StillClock(), is_https=is_https)

    async def enter(_: web.Request) -> web.Response:
        response = web.Response()
        response.text = visitors.let_in(response, ASHA).form
        return response

    async def leave(_: web.Request) -> web.Response:
        response = web.Response()
        visitors.let_out(response)
        return response

    async def who(request: web.Request) -> web.Response:
        visitor = visitors.read(request)
        return web.Response(text=visitor.name if visitor else "nobody")

    async def own(request: web.Request) -> web.Response:
        visitor = visitors.read(request)
        is_own = visitor and visitors.is_own_form(visitor, request.query["form"])
        return web.Response(text="own" if is_own else "foreign")

    async def begin(_: web.Request) -> web.Response:
        response = web.Response()
        visitors.keep(response, {"flow": "1", "to": "/desk"})
        return response

    async def begun(request: web.Request) -> web.Response:
        return web.Response(text=str(visitors.kept(request)))

    application = web.Application()
    for name, handler in {"in": enter, "out": leave, "who": who, "own": own}.items():
        application.router.add_get(f"/{name}", handler)
    application.router.add_get("/begin", begin)
    application.router.add_get("/begun", begun)
    async with (
        TestServer(application) as server,
        ClientSession(cookie_jar=DummyCookieJar()) as http,
    ):
        yield Site(http, server)


def attributes(cookie: str) -> str:
    return cookie.partition("; ")[2]


async def test_over_https_the_cookie_is_the_host_s_own_and_works_in_teams_frame_alone():
    async with a_site() as site:
        [cookie] = await site.cookies("/in")

    assert cookie.startswith("__Host-learnweek=ey")
    assert attributes(cookie) == (
        "Path=/; Max-Age=28800; HttpOnly; Secure; SameSite=None; Partitioned"
    )


async def test_on_a_laptop_the_cookie_is_a_plain_one():
    async with a_site(is_https=False) as site:
        [cookie] = await site.cookies("/in")

    assert cookie.startswith("learnweek=ey")
    assert attributes(cookie) == "Path=/; Max-Age=28800; HttpOnly; SameSite=Lax"


async def test_what_a_sign_in_needs_comes_back_with_entra_s_post():
    async with a_site() as site, a_site(is_https=False) as laptop:
        [cookie], [plain] = await site.cookies("/begin"), await laptop.cookies("/begin")
        kept = await site.says("/begun", cookie)

    assert kept == "{'flow': '1', 'to': '/desk'}"
    assert cookie.startswith("__Host-learnweek-begun=")
    assert attributes(cookie) == "Path=/; Max-Age=600; HttpOnly; Secure; SameSite=None"
    assert attributes(plain) == "Path=/; Max-Age=600; HttpOnly; SameSite=Lax"


async def test_leaving_takes_the_same_cookie_away():
    async with a_site() as site:
        [cookie] = await site.cookies("/out")

    assert cookie == (
        "__Host-learnweek=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=None; Partitioned"
    )


async def test_every_replica_knows_who_another_let_in_and_their_forms():
    async with a_site() as first, a_site() as second:
        [cookie], form = await first.enter()

        assert await second.says("/who", cookie) == "Asha Ö."
        assert await second.says(f"/own?form={form}", cookie) == "own"


async def test_each_sign_in_has_a_form_of_its_own():
    async with a_site() as site:
        [one], form = await site.enter()
        [two], other = await site.enter()

        assert await site.says(f"/own?form={form}", one) == "own"
        assert await site.says(f"/own?form={other}", two) == "own"
        for wrong in (other, "", "0" * 64, form[:-1], form + "0", "%C2%A3"):
            assert await site.says(f"/own?form={wrong}", one) == "foreign"


async def test_another_secret_opens_nothing():
    async with a_site() as site, a_site(secret="another") as other:
        [cookie] = await other.cookies("/in")

        assert await site.says("/who", cookie) == "nobody"


async def test_a_cookie_for_one_purpose_is_no_cookie_for_another():
    async with a_site() as site:
        [begun] = await site.cookies("/begin")
        sealed = begun.partition("=")[2]

        assert await site.says("/who", f"__Host-learnweek={sealed}") == "nobody"


@pytest.mark.parametrize(
    ("page", "cookie", "lasts"),
    [("/who", "/in", LASTS), ("/begun", "/begin", SIGNING_IN_LASTS)],
)
async def test_a_cookie_ends_even_where_a_browser_keeps_it(
    page: str, cookie: str, lasts: timedelta
):
    clock = StillClock()
    async with a_site(clock=clock) as site:
        [kept] = await site.cookies(cookie)
        clock.instant += lasts - timedelta(seconds=1)
        assert await site.says(page, kept) not in {"nobody", "None"}

        clock.instant += timedelta(seconds=2)
        assert await site.says(page, kept) in {"nobody", "None"}


@pytest.mark.parametrize("key", ["", SECRET, "hub visitors"])
async def test_a_cookie_that_somebody_else_sealed_is_none(key: str):
    claims = {"sub": "orla", "name": "Orla", "email": "", "tenant": "", "jti": "1"}
    claims |= {"aud": "visitor", "ends": 4102444800}
    algorithm = "HS256" if key else "none"
    forged = jwt.encode(claims, key.ljust(64, "\0") if key else "", algorithm=algorithm)
    async with a_site() as site:
        assert await site.says("/who", f"__Host-learnweek={forged}") == "nobody"


@pytest.mark.parametrize(
    "path",
    [
        "/hub",
        "/hub/mine",
        "/hub?day=2026-05-18&strand=Health%20%26%20care",
        "/hub/mine?in=teams",
        "/desk",
        "/desk/sessions/GM1/roster",
        "/calendar/mine",
        "/hub/sessions/%C3%89T1",
        "/hub?to=https://evil.example",
    ],
)
def test_people_come_back_to_the_page_that_they_wanted(path: str):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "hub",
        "//evil.example",
        "//evil.example/hub",
        "///evil.example",
        "/\\evil.example",
        "/hub\\..\\..\\evil",
        "/hub/../x",
        "/hub/%2e%2e/x",
        "/hub/./../x",
        "/hub/..",
        "/hub//evil.example",
        "/hub/%2F%2Fevil.example",
        "/%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "/hub%2F..%2F..%2Fevil",
        "/hub/%5C%5Cevil.example",
        "https://evil.example/hub",
        "https:/hub",
        "javascript:alert(1)",
        "/hubbub",
        "/hub.evil.example",
        "/laptop",
        "/api/messages",
        "/hub\r\nSet-Cookie: a=b",
        "/hub/a\nb",
        "/hub/%0d%0aSet-Cookie:a",
        "/hub/\x00",
        "/hub/é",
        "/hub?" + "x" * 2000,
        "/hub/sign-in?to=/hub",
        "/hub/signed-in",
        "/hub/sign-out",
        "/hub/session",
    ],
)
def test_nobody_is_led_anywhere_else(path: str):
    assert own_path(path) == "/hub"


def test_what_stands_behind_a_hash_stays_out_of_it():
    assert own_path("/hub/mine#//evil.example") == "/hub/mine"
