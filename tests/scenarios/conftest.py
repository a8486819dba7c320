"""The world of the stories, on SQLite."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.scenarios.world import World, a_world
from tests.support.product import sqlite_url


@pytest.fixture(scope="session", autouse=True)
def graph_sdk() -> None:
    """Loaded before the first story, for it takes seconds that no story should wait for."""
    import msgraph.generated.models.event
    import msgraph.graph_service_client  # noqa: F401


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    async with a_world(sqlite_url(tmp_path)) as world:
        yield world
