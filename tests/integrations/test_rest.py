"""What comes of asking a system over HTTP, however it answers."""

from collections.abc import AsyncGenerator, Callable

import aiohttp
import pytest
from aiohttp import web

from integrations.circuits import Circuit
from integrations.rest import Rest, Unauthorised
from services.ports.systems import Missing, Rejected, Unavailable
from tests.support.clocks import FixedClock
from tests.support.server import Server, application


class System:
    """Answers with what comes next, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[web.Response] = []
        self.asked: list[str] = []
        self.tokens: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.method} {request.raw_path} {await request.text()}".strip())
        self.tokens.append(request.headers["Authorization"])
        return self.answers.pop(0)


class Tokens:
    def __init__(self) -> None:
        self.made = 1

    async def __call__(self, stale: bool) -> str:
        self.made += stale
        return f"token {self.made}"


@pytest.fixture
async def system() -> AsyncGenerator[tuple[System, Rest]]:
    plays = System()
    server = Server(application(web.route("*", "/{path:.*}", plays.answer)))
    url = await server.start()
    async with aiohttp.ClientSession() as http:
        yield plays, Rest(http, f"{url}/v2/", Tokens(), Circuit("Zoom", FixedClock()), pause=7)
    await server.stop()


async def test_asks_and_reads(system: tuple[System, Rest]):
    plays, rest = system
    plays.answers = [web.json_response({"id": 1}), web.Response(status=204)]
    assert await rest.ask("POST", "/meetings/a%2Fb", query={"n": "é"}, body={"t": 1}) == {"id": 1}
    assert await rest.ask("PATCH", "/x", form={"body": "a b"}) is None
    assert plays.asked == ['POST /v2/meetings/a%2Fb?n=%C3%A9 {"t": 1}', "PATCH /v2/x body=a+b"]


async def test_a_token_that_is_no_longer_accepted_is_replaced_once(system: tuple[System, Rest]):
    plays, rest = system
    plays.answers = [web.json_response({"code": 124}, status=401), web.json_response([])]
    assert await rest.ask("GET", "/x") == []
    assert plays.tokens == ["Bearer token 1", "Bearer token 2"]
    plays.answers = [web.json_response({"code": 124}, status=401) for _ in range(2)]
    with pytest.raises(Unauthorised, match="Zoom: 401 124"):
        await rest.ask("GET", "/x")


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (lambda: web.json_response({"code": 300, "message": "Ana"}, status=400), Rejected, "400 300"),
        (lambda: web.json_response({"response": {"code": 16}}, status=403), Rejected, "403 16"),
        (lambda: web.json_response({"code": 3001}, status=404), Missing, "404 3001"),
        (lambda: web.Response(text="<html>", status=503), Unavailable, "503"),
        (lambda: web.Response(status=302, headers={"Location": "/x"}), Unavailable, "302"),
        (lambda: web.Response(text="<html>"), Unavailable, "not JSON"),
        (lambda: web.json_response([[1]], status=422), Rejected, "422"),
    ],
)  # fmt: skip
async def test_refusals_have_one_meaning_each_and_quote_nothing(
    system: tuple[System, Rest],
    answer: Callable[[], web.Response],
    error: type[Exception],
    words: str,
):
    plays, rest = system
    plays.answers = [answer()]
    with pytest.raises(error) as told:
        await rest.ask("GET", "/x")
    assert (type(told.value), str(told.value)) == (error, f"Zoom: {words}")


@pytest.mark.parametrize(("header", "seconds"), [({"Retry-After": "90"}, 90), ({}, 7)])
async def test_who_asks_too_often_is_told_how_long_to_wait(
    system: tuple[System, Rest], header: dict[str, str], seconds: int
):
    plays, rest = system
    plays.answers = [web.Response(status=429, headers=header)]
    for words in ("Zoom: 429", "Zoom is left alone: Zoom: 429"):
        with pytest.raises(Unavailable) as told:
            await rest.ask("GET", "/x")
        assert (str(told.value), told.value.retry_after) == (words, seconds)


async def test_a_system_that_is_not_there_is_unavailable():
    async with aiohttp.ClientSession() as http:
        rest = Rest(http, "http://127.0.0.1:9", Tokens(), Circuit("Zoom", FixedClock()))
        with pytest.raises(Unavailable, match="Zoom: ClientConnectorError"):
            await rest.ask("GET", "/x")
