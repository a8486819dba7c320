"""What the directory told of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from learning.profiles import Profile
from store import rows
from store.people import insert
from store.tables import people, person_profiles

_ALL = people.outerjoin(person_profiles, person_profiles.c.person_id == people.c.id)
_IS_ACCOUNT = people.c.id.not_like("%:%")
_NEVER = person_profiles.c.person_id.is_(None)


class SqlProfiles:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(self, person_id: PersonId) -> Profile | None:
        statement = sa.select(person_profiles).where(person_profiles.c.person_id == person_id)
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else _profile(row)

    async def among(self, ids: Iterable[PersonId]) -> dict[PersonId, Profile]:
        found: dict[PersonId, Profile] = {}
        for portion in rows.portions(ids):
            those = person_profiles.c.person_id.in_(portion)
            for row in await self._db.execute(sa.select(person_profiles).where(those)):
                found[PersonId(row.person_id)] = _profile(row)
        return found

    async def save(self, profiles: Iterable[Profile]) -> None:
        columns = {p.person_id: _columns(p) for p in profiles}
        known = sa.select(people.c.id).where(people.c.id.in_(list(columns))).order_by(people.c.id)
        # Held, so that nobody is forgotten in between.
        for person_id in (await self._db.execute(known.with_for_update())).scalars().all():
            statement = insert(self._db.dialect.name, person_profiles).values(columns[person_id])
            await self._db.execute(
                statement.on_conflict_do_update(
                    index_elements=["person_id"], set_=columns[person_id]
                )
            )

    async def remove(self, person_id: PersonId) -> None:
        mine = person_profiles.c.person_id == person_id
        await self._db.execute(sa.delete(person_profiles).where(mine))
        theirs = person_profiles.c.manager_id == person_id
        await self._db.execute(sa.update(person_profiles).where(theirs).values(manager_id=""))

    async def old(self, before: datetime, *, after: PersonId, limit: int) -> list[PersonId]:
        is_old = sa.or_(_NEVER, person_profiles.c.read_at < before)
        return await self._ids(limit, is_old, people.c.id > after)

    async def never_read(self, limit: int) -> list[PersonId]:
        return await self._ids(limit, _NEVER)

    async def _ids(self, limit: int, *where: sa.ColumnElement[bool]) -> list[PersonId]:
        statement = sa.select(people.c.id).select_from(_ALL).where(_IS_ACCOUNT, *where)
        found = await self._db.execute(statement.order_by(people.c.id).limit(limit))
        return [PersonId(i) for i in found.scalars()]


def _profile(row: Any) -> Profile:
    return Profile(
        person_id=PersonId(row.person_id),
        department=row.department,
        office=row.office,
        manager_id=row.manager_id,
        language=row.language,
        read_at=row.read_at,
    )


def _columns(profile: Profile) -> dict[str, Any]:
    return {
        "person_id": profile.person_id,
        "department": profile.department[:300],
        "office": profile.office[:300],
        "manager_id": profile.manager_id[:200],
        "language": profile.language[:40],
        "read_at": profile.read_at,
    }
