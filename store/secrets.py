"""What is signed in outside: sealed, with a version, and renewed by one replica at a time."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from services.ports.engage import Secret
from services.whole import whole
from store.engine import Database
from store.pace import NOW
from store.people import insert
from store.tables import secrets

LEASE = 40.0
"""Seconds in which one replica may renew, by the database's clock; asking takes half of it at most."""


class SqlSecrets:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._now = sa.literal_column(NOW[database.writing.dialect.name], sa.Float())

    async def find(self, name: str) -> Secret | None:
        async with self._database.glance() as db:
            statement = sa.select(secrets).where(secrets.c.name == name)
            row = (await db.execute(statement)).one_or_none()
        if row is None:
            return None
        return Secret(
            sealed=row.sealed,
            version=row.version,
            account=row.account,
            needed_since=row.needed_since,
        )

    async def keep(self, name: str, sealed: str, account: str) -> None:
        fresh = {
            "sealed": sealed,
            "account": account,
            "needed_since": None,
            "leased_until": None,
            "owner": "",
        }
        async with self._database.turn(), self._database.writing.begin() as db:
            statement = insert(db.dialect.name, secrets).values(name=name, version=1, **fresh)
            await db.execute(
                statement.on_conflict_do_update(
                    index_elements=["name"], set_={**fresh, "version": secrets.c.version + 1}
                )
            )

    async def replace(self, name: str, sealed: str, version: int) -> bool:
        """What was renewed by somebody slow is kept even if others gave up meanwhile."""
        return await self._change(
            sa.update(secrets)
            .where(secrets.c.name == name, secrets.c.version == version)
            .values(
                sealed=sealed,
                version=version + 1,
                needed_since=None,
                leased_until=None,
                owner="",
            )
        )

    async def lease(self, name: str, owner: str, version: int) -> bool:
        is_free = sa.or_(secrets.c.leased_until.is_(None), secrets.c.leased_until < self._now)
        return await self._change(
            sa.update(secrets)
            .where(secrets.c.name == name, secrets.c.version == version, is_free)
            .values(leased_until=self._now + LEASE, owner=owner)
        )

    async def release(self, name: str, owner: str) -> None:
        await self._change(
            sa.update(secrets)
            .where(secrets.c.name == name, secrets.c.owner == owner)
            .values(leased_until=None, owner="")
        )

    async def need(self, name: str, version: int, since: datetime) -> None:
        empty = {"sealed": "", "account": "", "version": 0, "owner": ""}
        async with self._database.turn(), self._database.writing.begin() as db:
            statement = insert(db.dialect.name, secrets).values(name=name, **empty)
            await db.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
            await db.execute(
                sa.update(secrets)
                .where(
                    secrets.c.name == name,
                    secrets.c.version == version,
                    secrets.c.needed_since.is_(None),
                )
                .values(needed_since=since)
            )

    async def _change(self, statement: sa.Update) -> bool:
        return await whole(self._changed(statement))

    async def _changed(self, statement: sa.Update) -> bool:
        async with self._database.turn(), self._database.writing.begin() as db:
            return bool((await db.execute(statement)).rowcount)
