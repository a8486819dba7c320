"""Action learning sets as they are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.courses.action_sets import (
    NOBODY,
    ActionSet,
    MeetingState,
    Member,
    SetMeeting,
    SetState,
    Wish,
)
from learning.people import PersonId
from learning.sessions import CourseId
from store.course_tables import set_meetings, set_members, set_wishes, sets
from store.people import insert


class SqlSets:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def wish(self, course_id: CourseId, person_id: PersonId) -> Wish | None:
        own = set_wishes.c.person_id == person_id
        found = await self._wishes(set_wishes.c.course_id == course_id, own)
        return found[0] if found else None

    async def wishes(self, course_id: CourseId) -> list[Wish]:
        return await self._wishes(set_wishes.c.course_id == course_id)

    async def save_wish(self, wish: Wish) -> None:
        lists = {"can": sorted(wish.can), "prefers": sorted(wish.prefers)}
        await self._upsert(set_wishes, [asdict(wish) | lists])

    async def remove_wish(self, course_id: CourseId, person_id: PersonId) -> None:
        own = set_wishes.c.course_id == course_id, set_wishes.c.person_id == person_id
        await self._db.execute(sa.delete(set_wishes).where(*own))

    async def find(self, set_id: int, *, lock: bool = False) -> ActionSet | None:
        statement = sa.select(sets).where(sets.c.id == set_id)
        found = await self._sets(statement.with_for_update() if lock else statement)
        return found[0] if found else None

    async def of_course(self, course_id: CourseId) -> list[ActionSet]:
        statement = sa.select(sets).where(sets.c.course_id == course_id).order_by(sets.c.id)
        return await self._sets(statement)

    async def of_person(self, person_id: PersonId) -> list[ActionSet]:
        is_in = sa.exists().where(
            set_members.c.set_id == sets.c.id,
            set_members.c.person_id == person_id,
            set_members.c.left_at.is_(None),
        )
        leads = sa.and_(sets.c.facilitator_id == person_id, sets.c.facilitator_id != NOBODY)
        statement = (
            sa.select(sets)
            .where(sets.c.state != SetState.MERGED, sa.or_(is_in, leads))
            .order_by(sets.c.id)
        )
        return await self._sets(statement)

    async def add(self, action_set: ActionSet) -> ActionSet:
        values = asdict(action_set)
        del values["id"]
        added = await self._db.execute(sa.insert(sets).values(values))
        [number] = added.inserted_primary_key or (0,)
        return replace(action_set, id=number)

    async def save(self, action_set: ActionSet) -> None:
        own = sets.c.id == action_set.id
        await self._db.execute(sa.update(sets).where(own).values(asdict(action_set)))

    async def remove_proposed(self, course_id: CourseId) -> None:
        proposed = sa.select(sets.c.id).where(
            sets.c.course_id == course_id, sets.c.state == SetState.PROPOSED
        )
        for table in (set_members, set_meetings):
            await self._db.execute(sa.delete(table).where(table.c.set_id.in_(proposed)))
        await self._db.execute(sa.delete(sets).where(sets.c.id.in_(proposed)))

    async def members(self, sets: Sequence[int]) -> list[Member]:
        statement = (
            sa.select(set_members)
            .where(set_members.c.set_id.in_(list(sets)))
            .order_by(set_members.c.set_id, set_members.c.joined_at, set_members.c.person_id)
        )
        return [_member(row) for row in await self._db.execute(statement)]

    async def save_members(self, some: Iterable[Member]) -> None:
        await self._upsert(set_members, [asdict(each) for each in some])

    async def remove_member(self, set_id: int, person_id: PersonId) -> None:
        own = set_members.c.set_id == set_id, set_members.c.person_id == person_id
        await self._db.execute(sa.delete(set_members).where(*own))

    async def met(
        self, people: Collection[PersonId], *, besides: Collection[int] = ()
    ) -> dict[PersonId, set[PersonId]]:
        one, other = set_members.alias(), set_members.alias()
        are_in = one.c.left_at.is_(None), other.c.left_at.is_(None)
        statement = (
            sa.select(one.c.person_id, other.c.person_id)
            .join(other, one.c.set_id == other.c.set_id)
            .join(sets, sets.c.id == one.c.set_id)
            .where(
                sets.c.state != SetState.PROPOSED,
                one.c.person_id.in_(list(people)),
                one.c.person_id != other.c.person_id,
                sa.not_(sa.and_(one.c.set_id.in_(list(besides)), *are_in)),
            )
        )
        found: dict[PersonId, set[PersonId]] = {}
        for person_id, mate in await self._db.execute(statement):
            found.setdefault(PersonId(person_id), set()).add(PersonId(mate))
        return found

    async def meetings(self, set_id: int) -> list[SetMeeting]:
        own = set_meetings.c.set_id == set_id
        statement = sa.select(set_meetings).where(own).order_by(set_meetings.c.number)
        return [_meeting(row) for row in await self._db.execute(statement)]

    async def meetings_between(self, start: datetime, end: datetime) -> list[SetMeeting]:
        statement = (
            sa.select(set_meetings)
            .join(sets, sets.c.id == set_meetings.c.set_id)
            .where(
                sets.c.state == SetState.CONFIRMED,
                set_meetings.c.state != MeetingState.OVER,
                set_meetings.c.starts_at >= start,
                set_meetings.c.starts_at < end,
            )
            .order_by(set_meetings.c.starts_at, set_meetings.c.id)
        )
        return [_meeting(row) for row in await self._db.execute(statement)]

    async def meeting(self, meeting_id: int, *, lock: bool = False) -> SetMeeting | None:
        statement = sa.select(set_meetings).where(set_meetings.c.id == meeting_id)
        found = await self._db.execute(statement.with_for_update() if lock else statement)
        row = found.one_or_none()
        return None if row is None else _meeting(row)

    async def save_meeting(self, meeting: SetMeeting) -> SetMeeting:
        values = asdict(meeting)
        del values["id"]
        if meeting.id:
            own = set_meetings.c.id == meeting.id
            await self._db.execute(sa.update(set_meetings).where(own).values(values))
            return meeting
        added = await self._db.execute(sa.insert(set_meetings).values(values))
        [number] = added.inserted_primary_key or (0,)
        return replace(meeting, id=number)

    async def _wishes(self, *where: sa.ColumnElement[bool]) -> list[Wish]:
        by = set_wishes.c.put_forward_at, set_wishes.c.person_id
        statement = sa.select(set_wishes).where(*where).order_by(*by)
        return [_wish(row) for row in await self._db.execute(statement)]

    async def _sets(self, statement: sa.Select[Any]) -> list[ActionSet]:
        return [_set(row) for row in await self._db.execute(statement)]

    async def _upsert(self, table: sa.Table, values: list[dict[str, Any]]) -> None:
        new = insert(self._db.dialect.name, table)
        changed = {c.name: new.excluded[c.name] for c in table.c if not c.primary_key}
        keys = list(table.primary_key.columns)
        if values:
            statement = new.on_conflict_do_update(index_elements=keys, set_=changed)
            await self._db.execute(statement, values)


def _wish(row: sa.Row[Any]) -> Wish:
    return Wish(
        course_id=CourseId(row.course_id),
        person_id=PersonId(row.person_id),
        can=frozenset(row.can),
        prefers=frozenset(row.prefers),
        put_forward_at=row.put_forward_at,
    )


def _set(row: sa.Row[Any]) -> ActionSet:
    return ActionSet(
        id=row.id,
        course_id=CourseId(row.course_id),
        name=row.name,
        slot=row.slot,
        state=SetState(row.state),
        facilitator_id=PersonId(row.facilitator_id),
        made_at=row.made_at,
        confirmed_at=row.confirmed_at,
        event_id=row.event_id,
        join_url=row.join_url,
        attempt=row.attempt,
        chat_id=row.chat_id,
        bound=row.bound,
    )


def _member(row: sa.Row[Any]) -> Member:
    return Member(
        set_id=row.set_id,
        person_id=PersonId(row.person_id),
        joined_at=row.joined_at,
        left_at=row.left_at,
    )


def _meeting(row: sa.Row[Any]) -> SetMeeting:
    return SetMeeting(
        id=row.id,
        set_id=row.set_id,
        number=row.number,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        facilitator_id=PersonId(row.facilitator_id),
        state=MeetingState(row.state),
        round=row.round,
        round_ends_at=row.round_ends_at,
        sealed=row.sealed,
    )
