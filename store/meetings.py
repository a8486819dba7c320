"""The calendar events made for sessions."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.sessions import SessionId
from services.ports.storage import Meeting
from store.people import insert
from store.tables import meetings


class SqlMeetings:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(self, session_id: SessionId) -> Meeting | None:
        statement = sa.select(meetings).where(meetings.c.session_id == session_id)
        row = (await self._db.execute(statement)).one_or_none()
        if row is None:
            return None
        return Meeting(
            session_id=SessionId(row.session_id),
            event_id=row.event_id,
            transaction=row.transaction,
            sequence=row.sequence,
            roster_version=row.roster_version,
        )

    async def save(self, meeting: Meeting) -> None:
        columns = asdict(meeting)
        statement = insert(self._db.dialect.name, meetings).values(columns)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["session_id"], set_=columns)
        )
