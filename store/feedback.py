"""What people say of sessions, and what of it may be shown, as it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.feedback import Answer, Release, nobodys, without
from learning.notices import Kind, Notice
from learning.people import FORGOTTEN, PersonId
from learning.sessions import SessionId
from store import rows
from store.people import insert
from store.tables import outbox
from store.week_tables import feedback, feedback_releases

HALF_A_DAY = timedelta(hours=12)


class SqlFeedback:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(self, session_id: SessionId, person_id: PersonId) -> Answer | None:
        found = await self._answers(
            feedback.c.session_id == session_id, feedback.c.who == person_id
        )
        return found[0] if found else None

    async def of_session(self, session_id: SessionId) -> list[Answer]:
        return await self._answers(feedback.c.session_id == session_id)

    async def of_person(self, person_id: PersonId) -> list[Answer]:
        return await self._answers(feedback.c.who == person_id)

    async def save(self, answer: Answer) -> None:
        new = insert(self._db.dialect.name, feedback)
        changed = {c.name: new.excluded[c.name] for c in feedback.c if not c.primary_key}
        statement = new.on_conflict_do_update(index_elements=["session_id", "who"], set_=changed)
        await self._db.execute(statement, [_columns(answer)])

    async def releases_of(self, ids: Iterable[SessionId]) -> dict[SessionId, Release]:
        found: dict[SessionId, Release] = {}
        for portion in rows.portions(ids):
            of_them = feedback_releases.c.session_id.in_(portion)
            for row in await self._db.execute(sa.select(feedback_releases).where(of_them)):
                found[SessionId(row.session_id)] = _release(row)
        return found

    async def ripe(self, fewest: int) -> list[SessionId]:
        statement = (
            sa.select(feedback.c.session_id)
            .where(feedback.c.mark != feedback.c.shown)
            .group_by(feedback.c.session_id)
            .having(sa.func.count() >= fewest)
            .order_by(feedback.c.session_id)
        )
        return [SessionId(i) for i in (await self._db.execute(statement)).scalars()]

    async def save_release(self, release: Release) -> None:
        await self._save_release(release)
        of_it = feedback.c.session_id == release.session_id
        await self._db.execute(sa.update(feedback).where(of_it).values(shown=feedback.c.mark))

    async def reminded_with(
        self, person_id: PersonId, among: Iterable[SessionId], due_at: datetime
    ) -> list[Notice]:
        statement = (
            sa.select(outbox)
            .where(
                outbox.c.session_id.in_(list(among)),
                outbox.c.person_id == person_id,
                outbox.c.kind == Kind.FEEDBACK_REMINDER,
                outbox.c.due_at > due_at - HALF_A_DAY,
                outbox.c.due_at < due_at + HALF_A_DAY,
            )
            .order_by(outbox.c.session_id, outbox.c.due_at)
        )
        return [rows.notice(row) for row in await self._db.execute(statement)]

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        theirs = await self.of_person(person_id)
        shown = await self.releases_of(a.session_id for a in theirs if a.comment)
        for answer in theirs:
            if answer.session_id in shown:
                await self._save_release(without(shown[answer.session_id], answer.comment))
            own = sa.and_(feedback.c.session_id == answer.session_id, feedback.c.who == person_id)
            columns = _columns(nobodys(answer, successor))
            await self._db.execute(sa.update(feedback).where(own).values(columns))

    async def part(
        self, changed_before: datetime, limit: int, stand_in: Callable[[], PersonId]
    ) -> int:
        """Take the words out of some old answers, and who gave them; returns of how many."""
        is_known = sa.or_(feedback.c.comment != "", feedback.c.who.not_like(f"{FORGOTTEN}%"))
        statement = (
            sa.select(feedback)
            .where(feedback.c.changed_at < changed_before, is_known)
            .order_by(feedback.c.session_id, feedback.c.who)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        some = [_answer(row) for row in await self._db.execute(statement)]
        for answer in some:
            own = sa.and_(feedback.c.session_id == answer.session_id, feedback.c.who == answer.who)
            columns = _columns(nobodys(answer, stand_in()))
            await self._db.execute(sa.update(feedback).where(own).values(columns))
        return len(some)

    async def _save_release(self, release: Release) -> None:
        new = insert(self._db.dialect.name, feedback_releases)
        changed = {c.name: new.excluded[c.name] for c in feedback_releases.c if not c.primary_key}
        statement = new.on_conflict_do_update(index_elements=["session_id"], set_=changed)
        lists = {"stars": list(release.stars), "comments": list(release.comments)}
        await self._db.execute(statement, [asdict(release) | lists])

    async def _answers(self, *where: sa.ColumnElement[bool]) -> list[Answer]:
        statement = (
            sa.select(feedback).where(*where).order_by(feedback.c.session_id, feedback.c.who)
        )
        return [_answer(row) for row in await self._db.execute(statement)]


def _columns(answer: Answer) -> dict[str, Any]:
    return asdict(answer) | {"mark": answer.mark}


def _answer(row: sa.Row[Any]) -> Answer:
    return Answer(
        session_id=SessionId(row.session_id),
        who=row.who,
        stars=row.stars,
        helped=row.helped,
        comment=row.comment,
        given_at=row.given_at,
        changed_at=row.changed_at,
        shown=row.shown,
    )


def _release(row: sa.Row[Any]) -> Release:
    one, two, three, four, five = row.stars
    return Release(
        session_id=SessionId(row.session_id),
        stars=(one, two, three, four, five),
        helped=row.helped,
        not_helped=row.not_helped,
        comments=tuple(row.comments),
        released_at=row.released_at,
    )
