"""Which driver an address gets, and how it is told what people write."""

import pytest

from store.engine import driver_url


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("sqlite:///var/learnweek.db", "sqlite+aiosqlite:///var/learnweek.db"),
        ("sqlite+aiosqlite:////data/x.db", "sqlite+aiosqlite:////data/x.db"),
        ("postgresql://lw:pw@db/lw", "postgresql+asyncpg://lw:pw@db/lw"),
        ("postgres://lw@db:5433/lw", "postgresql+asyncpg://lw@db:5433/lw"),
        ("postgresql+psycopg://lw@db/lw", "postgresql+asyncpg://lw@db/lw"),
        (
            "postgresql://lw@db/lw?sslmode=require",
            "postgresql+asyncpg://lw@db/lw?ssl=require",
        ),
    ],
)
def test_an_address_gets_our_driver(address: str, url: str):
    assert driver_url(address).render_as_string(hide_password=False) == url


def test_another_database_is_refused_by_name():
    with pytest.raises(ValueError, match="mysql is neither sqlite nor postgresql"):
        driver_url("mysql://lw@db/lw")
