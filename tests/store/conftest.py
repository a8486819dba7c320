"""A second replica on the same database."""

from collections.abc import AsyncGenerator

import pytest

from store.engine import Database, open_database


@pytest.fixture
async def another(database_url: str) -> AsyncGenerator[Database]:
    """The same database as another process opens it: with pools and locks of its own."""
    opened = open_database(database_url)
    yield opened
    await opened.close()
