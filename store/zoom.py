"""The Zoom meetings made for sessions, and whose registration is whose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.notices import ZOOM
from learning.people import PersonId
from learning.sessions import Format, SessionId, SessionState
from services.ports.zoom import Registrant, ZoomMeeting
from store.people import insert
from store.tables import outbox, sessions, zoom_calls, zoom_meetings, zoom_registrants

OPEN = ("queued", "leased", "held_back")

# Made once, as making a statement costs more than running it.
_LINKS = sa.select(zoom_registrants.c.session_id, zoom_registrants.c.join_url).where(
    zoom_registrants.c.session_id.in_(sa.bindparam("ids", expanding=True)),
    zoom_registrants.c.person_id == sa.bindparam("person_id"),
    zoom_registrants.c.join_url != "",
)


class SqlZoom:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(self, session_id: SessionId) -> ZoomMeeting | None:
        statement = sa.select(zoom_meetings).where(zoom_meetings.c.session_id == session_id)
        row = (await self._db.execute(statement)).one_or_none()
        if row is None:
            return None
        return ZoomMeeting(
            session_id=SessionId(row.session_id),
            meeting_id=row.meeting_id,
            mark=row.mark,
            sequence=row.sequence,
            roster_version=row.roster_version,
        )

    async def save(self, meeting: ZoomMeeting) -> None:
        columns = asdict(meeting)
        statement = insert(self._db.dialect.name, zoom_meetings).values(columns)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["session_id"], set_=columns)
        )

    async def registrants(self, session_id: SessionId) -> list[Registrant]:
        statement = (
            sa.select(zoom_registrants)
            .where(zoom_registrants.c.session_id == session_id)
            .order_by(zoom_registrants.c.person_id)
        )
        return [
            Registrant(
                session_id=SessionId(row.session_id),
                person_id=PersonId(row.person_id),
                registrant_id=row.registrant_id,
                join_url=row.join_url,
            )
            for row in await self._db.execute(statement)
        ]

    async def save_registrants(self, registrants: Sequence[Registrant]) -> None:
        if not registrants:
            return
        new = insert(self._db.dialect.name, zoom_registrants)
        values = {name: new.excluded[name] for name in ("registrant_id", "join_url")}
        statement = new.on_conflict_do_update(
            index_elements=["session_id", "person_id"], set_=values
        )
        await self._db.execute(statement, [asdict(r) for r in registrants])

    async def remove_registrants(
        self, session_id: SessionId, people: Iterable[PersonId] | None = None
    ) -> None:
        statement = sa.delete(zoom_registrants).where(zoom_registrants.c.session_id == session_id)
        if people is not None:
            statement = statement.where(zoom_registrants.c.person_id.in_(list(people)))
        await self._db.execute(statement)

    async def links(
        self, person_id: PersonId, sessions: Iterable[SessionId]
    ) -> Mapping[SessionId, str]:
        asked = {"ids": list(sessions), "person_id": person_id}
        found = await self._db.execute(_LINKS, asked)
        return {SessionId(row.session_id): row.join_url for row in found}

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        await self._db.execute(
            sa.update(zoom_registrants)
            .where(zoom_registrants.c.person_id == person_id)
            .values(person_id=successor, join_url="")
        )

    async def forget_old(self, ended_before: datetime) -> int:
        over = sa.select(sessions.c.id).where(sessions.c.ends_at < ended_before)
        gone = await self._db.execute(
            sa.delete(zoom_registrants).where(zoom_registrants.c.session_id.in_(over))
        )
        await self._db.execute(sa.delete(zoom_calls).where(zoom_calls.c.day < ended_before.date()))
        return gone.rowcount

    async def count_of(self, person_id: PersonId) -> int:
        statement = sa.select(sa.func.count()).where(zoom_registrants.c.person_id == person_id)
        return (await self._db.execute(statement)).scalar_one()

    async def count_call(self, day: date, number: int = 1) -> int:
        first = insert(self._db.dialect.name, zoom_calls).values(day=day, calls=number)
        more = first.on_conflict_do_update(
            index_elements=["day"], set_={"calls": zoom_calls.c.calls + number}
        )
        return (await self._db.execute(more.returning(zoom_calls.c.calls))).scalar_one()

    async def behind(self, now: datetime) -> list[SessionId]:
        is_wanted = sa.and_(
            sessions.c.format == Format.ZOOM, sessions.c.state == SessionState.PUBLISHED
        )
        made = zoom_meetings.c
        differs = sa.or_(
            made.session_id.is_(None),
            made.meeting_id == "",
            made.sequence != sessions.c.sequence,
            made.roster_version != sessions.c.roster_version,
        )
        is_queued = sa.exists().where(
            outbox.c.session_id == sessions.c.id,
            outbox.c.kind.in_(sorted(ZOOM)),
            outbox.c.state.in_(OPEN),
        )
        statement = (
            sa.select(sessions.c.id)
            .outerjoin(zoom_meetings, made.session_id == sessions.c.id)
            .where(
                sessions.c.ends_at > now,
                sa.or_(
                    sa.and_(is_wanted, differs),
                    sa.and_(~is_wanted, sa.func.coalesce(made.mark, "") != ""),
                ),
                ~is_queued,
            )
            .order_by(sessions.c.starts_at, sessions.c.id)
        )
        return [SessionId(i) for i in (await self._db.execute(statement)).scalars()]
