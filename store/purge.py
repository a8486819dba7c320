"""What was kept long enough is taken away, or loses its person: a bite at a time, while turns go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import FORGOTTEN, Person, PersonId
from learning.retention import YEAR, Data
from services.whole import whole
from store import rows
from store.course_purge import part_courses
from store.engine import Database
from store.feedback import SqlFeedback
from store.people import insert
from store.person_columns import KEEPS, column
from store.stand_ins import is_somebody, nobody
from store.tables import (
    attendance,
    attendance_changes,
    attendance_records,
    bookings,
    changes,
    check_in_helpers,
    conversation_state,
    editions,
    hub_items,
    outbox,
    people,
    sessions,
)
from store.week_tables import (
    feedback_releases,
    idea_supports,
    ideas,
    last_seen,
    missed_words,
    past_editions,
    shares,
    themes,
    wants_again,
)

BITE = 500
PEOPLE_AT_ONCE = 5

Take = Callable[[AsyncConnection, datetime], Awaitable[int]]

OF_A_SESSION = (
    bookings.c.person_id,
    attendance.c.who,
    attendance.c.changed_by,
    attendance_records.c.who,
    attendance_changes.c.who,
    attendance_changes.c.changed_by,
    shares.c.person_id,
)
"""Who had to do with a session."""


class SqlPurge:
    """Safe in several replicas at once and however it ends: each bite is a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table: Mapping[Data, Sequence[Take]] = {
            Data.BOOKINGS: (_leave_editions,),
            Data.FEEDBACK: (_part_feedback, _empty_releases),
            Data.IDEAS: (_part_ideas, _part_supports, _part_themes),
            Data.COURSES: (part_courses,),
            Data.WISHES: (_drop(wants_again, wants_again.c.asked_at),),
            Data.WORDS: (_drop(missed_words, missed_words.c.asked_on),),
            Data.JOURNAL: (_drop(changes, changes.c.at), _part_past_editions),
        }

    async def bite(self, data: Data, before: datetime) -> int:
        return await whole(self._bite(data, before))

    async def _bite(self, data: Data, before: datetime) -> int:
        for take in self._table[data]:
            async with self._database.turn(), self._database.writing.begin() as db:
                if taken := await take(db, before):
                    return taken
        return 0

    async def note_seen(self, now: datetime) -> None:
        await whole(self._note_seen(now))

    async def _note_seen(self, now: datetime) -> None:
        """Whoever is met for the first time was there today."""
        said = (
            sa.select(conversation_state.c.changed_at)
            .where(conversation_state.c.key == last_seen.c.person_id)
            .scalar_subquery()
        )
        new = sa.select(people.c.id, sa.literal(now, last_seen.c.seen_at.type)).where(
            people.c.id.not_like(f"{FORGOTTEN}%"),
            ~sa.exists().where(last_seen.c.person_id == people.c.id),
        )
        async with self._database.turn(), self._database.writing.begin() as db:
            added = insert(db.dialect.name, last_seen).from_select(["person_id", "seen_at"], new)
            await db.execute(added.on_conflict_do_nothing(index_elements=["person_id"]))
            await db.execute(
                sa.update(last_seen).where(said > last_seen.c.seen_at).values(seen_at=said)
            )

    async def unseen(
        self, before: datetime, *, besides: Collection[PersonId], limit: int
    ) -> list[PersonId]:
        is_written_to = sa.and_(people.c.wants_highlights, people.c.unreachable == "")
        has_talked = sa.exists().where(
            conversation_state.c.key == people.c.id, conversation_state.c.changed_at >= before
        )
        statement = (
            sa.select(people.c.id)
            .join(last_seen, last_seen.c.person_id == people.c.id)
            .where(
                last_seen.c.seen_at < before,
                people.c.id.not_in(list(besides)),
                ~is_written_to,
                ~has_talked,
                *(~sa.exists().where(column(each) == people.c.id) for each in KEEPS),
            )
            .order_by(last_seen.c.seen_at, people.c.id)
            .limit(limit)
        )
        async with self._database.reading.connect() as db:
            return [PersonId(i) for i in (await db.execute(statement)).scalars()]


async def _leave_editions(db: AsyncConnection, before: datetime) -> int:
    """Take some people out of an edition that is long over: one stand-in each for all of its sessions.

    So it is still known how many different people came, and no longer who. Of an edition that goes on
    for more than a year, each session is judged for itself.
    """
    ends = sa.func.min(sessions.c.ends_at), sa.func.max(sessions.c.ends_at)
    spans = sa.select(sessions.c.edition_id, *ends).group_by(sessions.c.edition_id)
    for edition_id, first, last in (await db.execute(spans.order_by(sessions.c.edition_id))).all():
        if last is None or (last >= before and last - first <= YEAR):
            continue
        # Held, so that of two replicas one comes after the other and finds nobody more.
        held = sa.select(editions.c.id).where(editions.c.id == edition_id).with_for_update()
        await db.execute(held)
        old = sa.select(sessions.c.id).where(sessions.c.edition_id == edition_id)
        if last >= before:
            old = old.where(sessions.c.ends_at < before)
        if gone := await _leave(db, list((await db.execute(old)).scalars())):
            return gone
    return 0


async def _leave(db: AsyncConnection, old: Sequence[int]) -> int:
    helpers = check_in_helpers.c.session_id.in_(old)
    gone = (await db.execute(sa.delete(check_in_helpers).where(helpers))).rowcount
    edited = sa.and_(hub_items.c.session_id.in_(old), hub_items.c.editor.is_not(None))
    gone += (await db.execute(sa.update(hub_items).where(edited).values(editor=None))).rowcount
    named = sa.union(
        *(
            sa.select(who).where(is_somebody(who), who.table.c.session_id.in_(old))
            for who in OF_A_SESSION
        )
    ).limit(PEOPLE_AT_ONCE)
    some = (await db.execute(named)).scalars().all()
    for person_id in sorted(some):
        # Never sent in all that time, it would be for somebody who has no place.
        unsent = outbox.c.state.in_(("queued", "held_back")), outbox.c.session_id.in_(old)
        await db.execute(sa.delete(outbox).where(outbox.c.person_id == person_id, *unsent))
        successor = nobody()
        stand_in = Person(id=successor, unreachable="forgotten", wants_nudges=False)
        if await _took_part(db, person_id, old):
            await db.execute(sa.insert(people).values(rows.person_columns(stand_in)))
        for who in OF_A_SESSION:
            values: dict[str, Any] = {who.name: successor}
            if who.name == "who" and "why" in who.table.c:
                values["why"] = ""
            theirs = sa.and_(who == person_id, who.table.c.session_id.in_(old))
            await db.execute(sa.update(who.table).where(theirs).values(values))
    return gone + len(some)


async def _took_part(db: AsyncConnection, person_id: str, old: Sequence[int]) -> bool:
    for who in (bookings.c.person_id, attendance.c.who):
        theirs = sa.select(who).where(who == person_id, who.table.c.session_id.in_(old))
        if (await db.execute(theirs.limit(1))).first() is not None:
            return True
    return False


async def _part_feedback(db: AsyncConnection, before: datetime) -> int:
    """The stars stay as a count, the words go, and nobody knows whose they were."""
    return await SqlFeedback(db).part(before, BITE, nobody)


async def _empty_releases(db: AsyncConnection, before: datetime) -> int:
    released = feedback_releases.c
    has_words = sa.cast(released.comments, sa.Text) != "[]"
    keys = await _some(db, feedback_releases, released.released_at < before, has_words)
    return await _change(db, feedback_releases, keys, lambda: {"comments": []})


async def _part_ideas(db: AsyncConnection, before: datetime) -> int:
    keys = await _some(db, ideas, ideas.c.made_at < before, is_somebody(ideas.c.person_id))
    return await _change(db, ideas, keys, lambda: {"person_id": nobody()})


async def _part_supports(db: AsyncConnection, before: datetime) -> int:
    is_old = idea_supports.c.supported_at < before
    keys = await _some(db, idea_supports, is_old, is_somebody(idea_supports.c.person_id))
    return await _change(db, idea_supports, keys, lambda: {"person_id": nobody()})


async def _part_themes(db: AsyncConnection, before: datetime) -> int:
    keys = await _some(db, themes, themes.c.opened_at < before, is_somebody(themes.c.opened_by))
    return await _change(db, themes, keys, lambda: {"opened_by": nobody()})


async def _part_past_editions(db: AsyncConnection, before: datetime) -> int:
    by = past_editions.c.imported_by
    keys = await _some(db, past_editions, past_editions.c.imported_at < before, by != "")
    return await _change(db, past_editions, keys, lambda: {"imported_by": ""})


def _drop(table: sa.Table, since: sa.Column[Any]) -> Take:
    """Old rows as a whole."""

    async def drop(db: AsyncConnection, before: datetime) -> int:
        is_old = since < (before.date() if isinstance(since.type, sa.Date) else before)
        keys = await _some(db, table, is_old)
        if keys:
            await db.execute(sa.delete(table).where(*_is_this(table)), keys)
        return len(keys)

    return drop


async def _some(
    db: AsyncConnection, table: sa.Table, *where: sa.ColumnElement[bool]
) -> list[dict[str, Any]]:
    """The primary keys of a bite of these rows, held until commit; those of another replica left out."""
    key = list(table.primary_key.columns)
    found = sa.select(*key).where(*where).order_by(*key).limit(BITE)
    those = await db.execute(found.with_for_update(skip_locked=True))
    return [{f"key_{c.name}": row[c.name] for c in key} for row in those.mappings()]


async def _change(
    db: AsyncConnection,
    table: sa.Table,
    keys: Sequence[Mapping[str, Any]],
    values: Callable[[], dict[str, Any]],
) -> int:
    """Give each of these rows new values of its own."""
    if keys:
        statement = sa.update(table).where(*_is_this(table))
        names = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in values()}
        changed = [
            {**key, **{f"new_{name}": value for name, value in values().items()}} for key in keys
        ]
        await db.execute(statement.values(names), changed)
    return len(keys)


def _is_this(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    return [c == sa.bindparam(f"key_{c.name}", type_=c.type) for c in table.primary_key.columns]
