"""The services as one replica has them, and as a second one beside it."""

from collections.abc import AsyncGenerator

import pytest

from store.engine import Database, open_database
from tests.services.desk import Desk, a_desk


@pytest.fixture
async def desk(database: Database) -> AsyncGenerator[Desk]:
    async with a_desk(database) as desk:
        yield desk


@pytest.fixture
async def other_desk(database_url: str) -> AsyncGenerator[Desk]:
    """The same services in another process: with pools and locks of their own."""
    database = open_database(database_url)
    try:
        async with a_desk(database) as desk:
            yield desk
    finally:
        await database.close()
