"""Who was there: our own copy of what systems said, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.attendance import (
    FORGOTTEN_MARK,
    Change,
    Outcome,
    Presence,
    Record,
    Source,
    Who,
)
from learning.people import PersonId
from learning.sessions import EditionId, SessionId
from store.people import insert
from store.tables import (
    attendance,
    attendance_changes,
    attendance_records,
    check_in_helpers,
    sessions,
)

RECORD_KEY = ("session_id", "system", "meeting", "report", "record")


class SqlAttendances:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def records(self, session_id: SessionId) -> list[Record]:
        statement = (
            sa.select(attendance_records)
            .where(attendance_records.c.session_id == session_id)
            .order_by(attendance_records.c.id)
        )
        return [_record(row) for row in await self._db.execute(statement)]

    async def keep(self, records: Sequence[Record], now: datetime) -> None:
        if not records:
            return
        new = insert(self._db.dialect.name, attendance_records)
        statement = new.on_conflict_do_update(
            index_elements=RECORD_KEY,
            set_={"spans": new.excluded.spans, "seconds": new.excluded.seconds},
        )
        await self._db.execute(statement, [_record_columns(r) | {"kept_at": now} for r in records])

    async def outcomes(self, session_id: SessionId) -> list[Outcome]:
        return await self._outcomes(attendance.c.session_id == session_id)

    async def outcome(self, session_id: SessionId, who: Who) -> Outcome | None:
        found = await self._outcomes(attendance.c.session_id == session_id, attendance.c.who == who)
        return found[0] if found else None

    async def of_edition(self, edition_id: EditionId) -> list[Outcome]:
        of_it = sa.select(sessions.c.id).where(sessions.c.edition_id == edition_id)
        return await self._outcomes(attendance.c.session_id.in_(of_it))

    async def of_person(self, person_id: PersonId) -> list[Outcome]:
        return await self._outcomes(attendance.c.who == person_id)

    async def save(self, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        new = insert(self._db.dialect.name, attendance)
        others = {c.name: new.excluded[c.name] for c in attendance.c if not c.primary_key}
        statement = new.on_conflict_do_update(index_elements=["session_id", "who"], set_=others)
        await self._db.execute(statement, [asdict(outcome) for outcome in outcomes])

    async def remove(self, session_id: SessionId, people: Sequence[Who]) -> None:
        for who in people:
            await self._db.execute(
                sa.delete(attendance).where(
                    attendance.c.session_id == session_id, attendance.c.who == who
                )
            )

    async def add_change(self, change: Change) -> None:
        await self._db.execute(sa.insert(attendance_changes), [asdict(change)])

    async def changes(self, session_id: SessionId) -> list[Change]:
        statement = (
            sa.select(attendance_changes)
            .where(attendance_changes.c.session_id == session_id)
            .order_by(attendance_changes.c.id)
        )
        return [_change(row) for row in await self._db.execute(statement)]

    async def helpers(self, session_id: SessionId) -> list[PersonId]:
        statement = (
            sa.select(check_in_helpers.c.person_id)
            .where(check_in_helpers.c.session_id == session_id)
            .order_by(check_in_helpers.c.person_id)
        )
        return [PersonId(i) for i in (await self._db.execute(statement)).scalars()]

    async def let(
        self, session_id: SessionId, person_id: PersonId, by: PersonId, now: datetime
    ) -> None:
        values = {
            "session_id": session_id,
            "person_id": person_id,
            "allowed_by": by,
            "allowed_at": now,
        }
        statement = insert(self._db.dialect.name, check_in_helpers).values(values)
        await self._db.execute(
            statement.on_conflict_do_nothing(index_elements=["session_id", "person_id"])
        )

    async def let_no_more(self, session_id: SessionId, person_id: PersonId) -> None:
        await self._db.execute(
            sa.delete(check_in_helpers).where(
                check_in_helpers.c.session_id == session_id,
                check_in_helpers.c.person_id == person_id,
            )
        )

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> bool:
        """What was said of them goes too: it may name them."""
        whole: Any = {"who": successor}
        wordless: Any = {"who": successor, "why": ""}
        theirs = 0
        for table, values in (
            (attendance_records, whole),
            (attendance, wordless),
            (attendance_changes, wordless),
        ):
            statement = sa.update(table).where(table.c.who == person_id).values(values)
            theirs += (await self._db.execute(statement)).rowcount
        for table in (attendance, attendance_changes):
            by_them = table.c.changed_by == person_id
            await self._db.execute(sa.update(table).where(by_them).values(changed_by=successor))
        helpers = check_in_helpers
        await self._db.execute(sa.delete(helpers).where(helpers.c.person_id == person_id))
        await self._db.execute(
            sa.update(helpers).where(helpers.c.allowed_by == person_id).values(allowed_by=successor)
        )
        return bool(theirs)

    async def forget_guests(self, ended_before: datetime, marked_before: datetime) -> int:
        over = sa.select(sessions.c.id).where(sessions.c.ends_at < ended_before)
        named = sa.and_(attendance.c.name != "", attendance.c.session_id.in_(over))
        statement = sa.update(attendance).where(named).values(name="")
        marks = sa.and_(
            attendance_records.c.system == FORGOTTEN_MARK,
            attendance_records.c.kept_at < marked_before,
        )
        await self._db.execute(sa.delete(attendance_records).where(marks))
        return (await self._db.execute(statement)).rowcount

    async def _outcomes(self, *where: sa.ColumnElement[bool]) -> list[Outcome]:
        statement = (
            sa.select(attendance)
            .where(*where)
            .order_by(attendance.c.session_id, attendance.c.changed_at, attendance.c.who)
        )
        return [_outcome(row) for row in await self._db.execute(statement)]


def _record_columns(record: Record) -> dict[str, Any]:
    spans = [[begin.isoformat(), end.isoformat()] for begin, end in record.spans]
    return asdict(record) | {"spans": spans}


def _record(row: sa.Row[Any]) -> Record:
    return Record(
        session_id=SessionId(row.session_id),
        system=row.system,
        meeting=row.meeting,
        report=row.report,
        record=row.record,
        who=row.who,
        is_organiser=row.is_organiser,
        spans=tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in row.spans),
        seconds=row.seconds,
    )


def _outcome(row: sa.Row[Any]) -> Outcome:
    return Outcome(
        session_id=SessionId(row.session_id),
        who=row.who,
        state=Presence(row.state),
        source=Source(row.source),
        seconds=row.seconds,
        changed_by=row.changed_by,
        why=row.why,
        name=row.name,
        changed_at=row.changed_at,
    )


def _change(row: sa.Row[Any]) -> Change:
    return Change(
        session_id=SessionId(row.session_id),
        who=row.who,
        was=row.was,
        state=row.state,
        source=Source(row.source),
        changed_by=row.changed_by,
        why=row.why,
        changed_at=row.changed_at,
    )
