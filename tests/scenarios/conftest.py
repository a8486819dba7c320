"""The world of the stories, on SQLite."""

import asyncio
import gc
import shutil
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog

from integrations.graph import Graph
from tests.scenarios.world import WEEK, Published, World, a_world, a_world_again, publish_once
from tests.support.product import sqlite_url


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """As in production: the usual way to show an error also shows every value, and takes a second."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


@pytest.fixture(scope="session", autouse=True)
def graph_sdk() -> None:
    """Loaded before the first story, for it takes seconds that no story should wait for."""

    async def load() -> None:
        graph = Graph("http://127.0.0.1/v1.0", _no_token)
        await graph.client()
        await graph.close()

    asyncio.run(load())
    gc.freeze()


async def _no_token() -> str:
    raise AssertionError("nothing is asked")


@pytest.fixture
def story_database(sqlite_template: Path, tmp_path: Path) -> str:
    """A database for one story; the few about many people at once are told on PostgreSQL as well."""
    shutil.copy(sqlite_template, tmp_path / "learnweek.db")
    return sqlite_url(tmp_path)


@pytest.fixture(scope="session")
def published(graph_sdk: None, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return asyncio.run(publish_once(tmp_path_factory.mktemp("published")))


@pytest.fixture
def week_database(story_database: str, published: Published, tmp_path: Path) -> str:
    """The database of the story, with the week published in it."""
    shutil.copy(published.database, tmp_path / "learnweek.db")
    return story_database


@pytest.fixture
async def world(week_database: str, published: Published) -> AsyncGenerator[World]:
    async with a_world_again(week_database, published) as world:
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """One world for a whole file, with room for everybody; each test brings somebody of its own."""
    week = WEEK.replace(",12,", ",,")
    async with a_world(sqlite_url(tmp_path_factory.mktemp("town")), week=week) as town:
        yield town
