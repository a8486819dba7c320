"""Alive, ready, figures."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from hub import health

Client = TestClient[web.Request, web.Application]


async def fine() -> str:
    return ""


async def old_schema() -> str:
    return "run: python app.py migrate"


async def hanging() -> str:
    await asyncio.Event().wait()
    return ""


async def broken() -> str:
    raise ConnectionError("postgresql://bot:hunter2@db/learnweek")


async def figures() -> bytes:
    return b"learnweek_outbox_rows 3.0\n"


@asynccontextmanager
async def serving(**checks: Callable[[], Awaitable[str]]) -> AsyncGenerator[Client]:
    application = web.Application()
    application.add_routes(health.health_routes(checks, figures))
    async with TestClient(TestServer(application)) as client:
        yield client


async def test_it_is_alive_whatever_else_is_wrong():
    async with serving(database=broken) as client, client.get("/healthz") as response:
        assert response.status == 200
        assert await response.json() == "ok"


async def test_it_is_ready_when_every_check_is_fine():
    async with serving(database=fine, schema=fine) as client, client.get("/readyz") as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert await response.json() == {
            "ready": True,
            "checks": {"database": "ok", "schema": "ok"},
        }


async def test_it_is_not_ready_when_a_check_says_why():
    async with (
        serving(database=fine, schema=old_schema) as client,
        client.get("/readyz") as response,
    ):
        assert response.status == 503
        assert await response.json() == {
            "ready": False,
            "checks": {"database": "ok", "schema": "run: python app.py migrate"},
        }


async def test_a_check_that_hangs_is_given_up_and_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(health, "LIMIT", 0.05)

    async with (
        serving(database=hanging, keys=hanging, schema=old_schema) as client,
        client.get("/readyz") as response,
    ):
        assert response.status == 503
        assert await response.json() == {
            "ready": False,
            "checks": {
                "database": "no answer within 0.05 seconds",
                "keys": "no answer within 0.05 seconds",
                "schema": "run: python app.py migrate",
            },
        }


async def test_a_check_that_breaks_is_told_by_its_kind_and_not_by_its_words():
    async with serving(database=broken) as client, client.get("/readyz") as response:
        assert response.status == 503
        body = await response.text()
        assert "failed (ConnectionError)" in body
        assert "hunter2" not in body


async def test_figures_are_in_the_format_that_prometheus_reads():
    async with serving() as client, client.get("/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert await response.read() == await figures()
