"""Rows of any table, with nothing special in what a test does not name; and how many there are."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any

import sqlalchemy as sa

from store.engine import Database
from store.tables import metadata
from tests.support.clocks import MONDAY


async def put(
    database: Database, table: str, row: Mapping[str, Any], now: datetime = MONDAY
) -> None:
    """Store this row; names that the table does not know are left out."""
    columns = metadata.tables[table].c
    values = {name: value for name, value in row.items() if name in columns}
    own = metadata.tables[table].autoincrement_column
    for column in columns:
        if column.name not in values and not column.nullable and column is not own:
            values[column.name] = usual(column, now)
    async with database.turn(), database.writing.begin() as db:
        await db.execute(sa.insert(metadata.tables[table]).values(values))


_numbers = count(1)


def usual(column: sa.Column[Any], now: datetime) -> Any:
    if (column.primary_key or column.unique) and isinstance(column.type, sa.String):
        return f"k{next(_numbers)}"
    match column.type:
        case sa.JSON():
            return {}
        case sa.Integer() | sa.Float():
            return 1
        case sa.LargeBinary():
            return b""
        case sa.Boolean():
            return False
        case sa.String():
            return ""
        case sa.Date():
            return date(2026, 5, 18)
        case _:
            return now


async def counts(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    async with database.reading.connect() as db:
        return {
            name: (await db.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for name, table in metadata.tables.items()
        }
