"""Whether the bot is alive, whether it can do its job, and its figures: for those who run it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

log = structlog.get_logger()

Check = Callable[[], Awaitable[str]]
"""Returns '' when all is well, else a sentence without secrets."""

LIMIT = 2.0
FINE = "ok"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
FRESH = {"Cache-Control": "no-store"}


def health_routes(
    checks: Mapping[str, Check], metrics: Callable[[], Awaitable[bytes]]
) -> list[web.RouteDef]:
    async def healthz(_: web.Request) -> web.Response:
        """Touches nothing: a database that is down is no reason to restart the bot."""
        return web.json_response("ok", headers=FRESH)

    async def readyz(_: web.Request) -> web.Response:
        async with asyncio.TaskGroup() as group:
            tasks = {name: group.create_task(_finding(name, run)) for name, run in checks.items()}
        found = {name: task.result() for name, task in tasks.items()}
        ready = all(words == FINE for words in found.values())
        return web.json_response(
            {"ready": ready, "checks": found}, status=200 if ready else 503, headers=FRESH
        )

    async def figures(_: web.Request) -> web.Response:
        return web.Response(body=await metrics(), headers={"Content-Type": PROMETHEUS, **FRESH})

    return [
        web.get("/healthz", healthz),
        web.get("/readyz", readyz),
        web.get("/metrics", figures),
    ]


async def _finding(name: str, run: Check) -> str:
    try:
        async with asyncio.timeout(LIMIT):
            return await run() or FINE
    except TimeoutError:
        return f"no answer within {LIMIT:g} seconds"
    except Exception as error:  # noqa: BLE001 -- whatever broke, the answer is: not ready
        # Its words may hold an address or a password; its kind does not.
        log.warning("readiness check failed", check=name, error=type(error).__name__)
        return f"failed ({type(error).__name__})"
