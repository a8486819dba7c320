"""Champions, what they share, and whom that brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning import sources
from learning.attendance import Presence
from learning.bookings import LIVE
from learning.champions import Champion, Share
from learning.people import PersonId
from learning.sessions import SessionId
from store import rows
from store.people import insert
from store.tables import attendance, bookings
from store.week_tables import champions, shares

_BY_GROUP = (champions.c.group_name, champions.c.named_at, champions.c.person_id)
_OF_PERSON = (
    sa.select(champions)
    .where(champions.c.person_id == sa.bindparam("person_id", type_=sa.String))
    .order_by(*_BY_GROUP)
)
_TAGGED = sa.select(shares).where(shares.c.tag == sa.bindparam("tag", type_=sa.String))
_WAS_THERE = sa.exists().where(
    attendance.c.session_id == bookings.c.session_id,
    attendance.c.who == bookings.c.person_id,
    attendance.c.state != Presence.ABSENT,
)


class SqlChampions:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def all(self) -> list[Champion]:
        found = await self._db.execute(sa.select(champions).order_by(*_BY_GROUP))
        return [_champion(row) for row in found]

    async def of_person(self, person_id: PersonId) -> list[Champion]:
        found = await self._db.execute(_OF_PERSON, {"person_id": person_id})
        return [_champion(row) for row in found]

    async def add(self, champion: Champion) -> bool:
        statement = insert(self._db.dialect.name, champions).values(
            person_id=champion.person_id,
            group_name=champion.group,
            named_by=champion.named_by,
            named_at=champion.named_at,
        )
        added = await self._db.execute(statement.on_conflict_do_nothing())
        return bool(added.rowcount)

    async def remove(self, person_id: PersonId, group: str) -> bool:
        is_it = sa.and_(champions.c.person_id == person_id, champions.c.group_name == group)
        return bool((await self._db.execute(sa.delete(champions).where(is_it))).rowcount)

    async def share(self, tag: str) -> Share | None:
        row = (await self._db.execute(_TAGGED, {"tag": tag})).one_or_none()
        return None if row is None else _share(row)

    async def shares_of(self, *people: PersonId) -> list[Share]:
        found: list[Share] = []
        for portion in rows.portions(people):
            statement = sa.select(shares).where(shares.c.person_id.in_(portion))
            ordered = statement.order_by(shares.c.made_at, shares.c.session_id)
            found += [_share(row) for row in await self._db.execute(ordered)]
        return found

    async def add_shares(self, new: Sequence[Share]) -> None:
        for share in new:
            statement = insert(self._db.dialect.name, shares).values(
                tag=share.tag,
                person_id=share.person_id,
                session_id=share.session_id,
                made_at=share.made_at,
                posted_at=share.posted_at,
            )
            await self._db.execute(statement.on_conflict_do_nothing())

    async def post(self, share: Share) -> None:
        is_it = shares.c.tag == share.tag
        await self._db.execute(sa.update(shares).where(is_it).values(posted_at=share.posted_at))

    async def brought(self, some: Sequence[Share]) -> Mapping[str, frozenset[PersonId]]:
        found: dict[str, set[PersonId]] = {}
        for portion in rows.portions(some, rows.PORTION // 2):  # each is a tag and a session
            known = {(sources.of_champion(s.tag), s.session_id): s for s in portion}
            statement = sa.select(
                bookings.c.source, bookings.c.session_id, bookings.c.person_id
            ).where(
                bookings.c.session_id.in_({s.session_id for s in portion}),
                bookings.c.source.in_([source for source, _ in known]),
                sa.or_(bookings.c.state.in_(sorted(LIVE)), _WAS_THERE),
            )
            for row in await self._db.execute(statement):
                share = known.get((row.source, SessionId(row.session_id)))
                if share is not None and row.person_id != share.person_id:
                    found.setdefault(share.tag, set()).add(PersonId(row.person_id))
        return {tag: frozenset(people) for tag, people in found.items()}

    async def forget(self, person_id: PersonId, successor: PersonId) -> None:
        own = champions.c.person_id == person_id
        await self._db.execute(sa.delete(champions).where(own))
        by_them = sa.update(champions).where(champions.c.named_by == person_id)
        await self._db.execute(by_them.values(named_by=successor))
        shared = sa.update(shares).where(shares.c.person_id == person_id)
        await self._db.execute(shared.values(person_id=successor))


def _champion(row: Any) -> Champion:
    return Champion(
        person_id=PersonId(row.person_id),
        group=row.group_name,
        named_by=PersonId(row.named_by),
        named_at=row.named_at,
    )


def _share(row: Any) -> Share:
    return Share(
        tag=row.tag,
        person_id=PersonId(row.person_id),
        session_id=SessionId(row.session_id),
        made_at=row.made_at,
        posted_at=row.posted_at,
    )
