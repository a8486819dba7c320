"""Databases for any test that asks: each gets its own, on SQLite and on PostgreSQL."""

import gc
import shutil
from collections.abc import AsyncGenerator, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from store.engine import Database, open_database
from store.unit_of_work import SqlWork
from tests.support import databases
from tests.support.databases import Postgres
from tests.support.signing import a_certificate
from tests.support.statements import compile_once

settings.register_profile("any machine", deadline=None)  # others use it too: no test asks for speed
settings.load_profile("any machine")

compile_once()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """All that is there before the first test stays: no collection looks at it again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that nobody waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session", autouse=True)
def few_authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nobody out there is called, and reading whom the world trusts takes longer than most tests."""
    trusted = tmp_path_factory.mktemp("trusted") / "nobody.pem"
    trusted.write_text(a_certificate().certificate)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(trusted))
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.migrated_file(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run, started by the first test that needs it."""
    with databases.postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated and empty database that nobody else uses."""
    if request.param == "sqlite":
        path = tmp_path / "learnweek.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield databases.sqlite_url(path)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        with server.copy() as url:
            yield url


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    database = open_database(database_url)
    yield database
    await database.close()


@pytest.fixture
def work(database: Database) -> SqlWork:
    return SqlWork(database)
