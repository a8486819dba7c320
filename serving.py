"""Serving the product, and coming to an end with nothing half done."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from parts import Product
from services.catalogue import Catalogue

if TYPE_CHECKING:
    from language.meaning import Meaning

log = structlog.get_logger()

GRACE = 7.0
"""Seconds in which what is under way may come to its end; whoever stops us waits some ten."""

CLOSING = 0.5

NOTICE = 2.5
"""Seconds for which a replica goes on to say that it stops, so that a balancer that looks every second
and believes it the second time gives it nothing more before it closes (deploy/haproxy.cfg)."""


@contextlib.asynccontextmanager
async def serving(
    product: Product,
    host: str,
    port: int,
    *,
    load: Callable[[], Meaning | None] | None = None,
    notice: float = 0.0,
) -> AsyncGenerator[int]:
    """Serve until left; the port that it listens on. `load` brings what words mean, in its own time.

    Leaving finishes the turns and deliveries under way. Until they are, and for `notice` seconds, it
    still listens, to say that it is not ready and takes no other turn.
    """
    runner = web.AppRunner(product.web, access_log=None, shutdown_timeout=CLOSING)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    warming = asyncio.create_task(product.keys.warm_up()) if product.keys else None
    delivering = asyncio.create_task(product.deliverer.run())
    hearing = asyncio.create_task(product.wake_ups.run()) if product.wake_ups else None
    learning = asyncio.create_task(_learn(product.core.catalogue, load)) if load else None
    await product.timetable.start()
    try:
        yield runner.addresses[0][1]
    finally:
        for task in (warming, hearing, learning):
            if task is not None:
                task.cancel()
        product.timetable.stop()
        product.live.close()
        await product.core.catalogue.close()
        product.deliverer.stop()
        product.core.errands.stop()
        await _finished(
            delivering,
            asyncio.create_task(product.turns.finish()),
            asyncio.create_task(product.timetable.finish()),
            asyncio.create_task(product.core.errands.finish()),
            asyncio.create_task(asyncio.sleep(notice)),
        )
        await runner.cleanup()


async def _learn(catalogue: Catalogue, load: Callable[[], Meaning | None]) -> None:
    """Until it is there, and without a model, sessions are found by words and spelling alone."""
    meaning = await asyncio.to_thread(load)
    if meaning is not None:
        await catalogue.programme()
        catalogue.learn(meaning)


async def _finished(*under_way: asyncio.Task[None]) -> None:
    """Wait for these, but no longer than GRACE: what an outside system holds up is broken off."""
    _, late = await asyncio.wait(under_way, timeout=GRACE)
    for task in late:
        task.cancel()
    if late:
        log.warning("stopped with something still under way")
        await asyncio.wait(late, timeout=CLOSING)
