"""The world of the stories, on SQLite."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from integrations.graph import Graph
from tests.scenarios.world import World, a_world
from tests.support.product import sqlite_url


@pytest.fixture(scope="session", autouse=True)
def graph_sdk() -> None:
    """Loaded before the first story, for it takes seconds that no story should wait for."""

    async def load() -> None:
        graph = Graph("http://127.0.0.1/v1.0", _no_token)
        await graph.client()
        await graph.close()

    asyncio.run(load())


async def _no_token() -> str:
    raise AssertionError("nothing is asked")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    async with a_world(sqlite_url(tmp_path)) as world:
        yield world
