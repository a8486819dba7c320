"""Ideas, who supports them, and the questions they answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.errors import NotFound
from learning.ideas import Idea, IdeaId, IdeaState, Theme, ThemeId
from learning.people import PersonId
from learning.sessions import SessionId
from store import rows
from store.people import insert
from store.tables import versions
from store.week_tables import idea_supports, ideas, themes

THEMES = "themes"

_SUPPORTERS = (
    sa.select(sa.func.count())
    .select_from(idea_supports)
    .where(idea_supports.c.idea_id == ideas.c.id)
    .correlate(ideas)
    .scalar_subquery()
    .label("supporters")
)
_IDEAS = sa.select(ideas, _SUPPORTERS)


class SqlIdeas:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def get(self, idea_id: IdeaId, *, lock: bool = False) -> Idea:
        if lock:  # first the row, then what stands around it by then
            held = sa.select(ideas.c.id).where(ideas.c.id == idea_id).with_for_update()
            await self._db.execute(held)
        row = (await self._db.execute(_IDEAS.where(ideas.c.id == idea_id))).one_or_none()
        if row is None:
            raise NotFound("idea", idea_id)
        return _idea(row)

    async def add(self, idea: Idea) -> Idea:
        statement = sa.insert(ideas).values(
            theme_id=idea.theme_id, made_at=idea.made_at, **_changeable(idea)
        )
        added = await self._db.execute(statement.returning(ideas.c.id))
        idea_id = IdeaId(added.scalar_one())
        await self.support(idea_id, idea.person_id, idea.made_at)
        return await self.get(idea_id)

    async def save(self, idea: Idea) -> None:
        await self._db.execute(
            sa.update(ideas).where(ideas.c.id == idea.id).values(**_changeable(idea))
        )

    async def ranked(
        self,
        states: Collection[IdeaState],
        limit: int,
        *,
        skip: int = 0,
        theme_id: ThemeId | None = None,
        is_free: bool = False,
    ) -> list[Idea]:
        statement = _IDEAS.where(ideas.c.state.in_(list(states)))
        if theme_id is not None:
            statement = statement.where(ideas.c.theme_id == theme_id)
        elif is_free:
            statement = statement.where(ideas.c.theme_id.is_(None))
        best = statement.order_by(_SUPPORTERS.desc(), ideas.c.made_at, ideas.c.id)
        found = await self._db.execute(best.limit(limit).offset(skip))
        return [_idea(row) for row in found]

    async def count(self, theme_id: ThemeId) -> int:
        statement = sa.select(sa.func.count()).select_from(ideas)
        return (await self._db.execute(statement.where(ideas.c.theme_id == theme_id))).scalar_one()

    async def of_person(self, person_id: PersonId) -> list[Idea]:
        theirs = _IDEAS.where(ideas.c.person_id == person_id)
        found = await self._db.execute(theirs.order_by(ideas.c.made_at.desc(), ideas.c.id.desc()))
        return [_idea(row) for row in found]

    async def support(self, idea_id: IdeaId, person_id: PersonId, now: datetime) -> None:
        statement = insert(self._db.dialect.name, idea_supports).values(
            idea_id=idea_id, person_id=person_id, supported_at=now
        )
        await self._db.execute(statement.on_conflict_do_nothing())

    async def leave(self, idea_id: IdeaId, person_id: PersonId) -> None:
        await self._db.execute(
            sa.delete(idea_supports).where(
                idea_supports.c.idea_id == idea_id, idea_supports.c.person_id == person_id
            )
        )

    async def supporters(self, ids: Iterable[IdeaId]) -> dict[IdeaId, list[PersonId]]:
        found: dict[IdeaId, list[PersonId]] = {}
        for portion in rows.portions(ids):
            statement = sa.select(idea_supports).where(idea_supports.c.idea_id.in_(portion))
            in_order = statement.order_by(idea_supports.c.supported_at, idea_supports.c.person_id)
            for row in await self._db.execute(in_order):
                found.setdefault(IdeaId(row.idea_id), []).append(PersonId(row.person_id))
        return found

    async def supported(self, person_id: PersonId, ids: Sequence[IdeaId]) -> set[IdeaId]:
        statement = sa.select(idea_supports.c.idea_id).where(
            idea_supports.c.person_id == person_id, idea_supports.c.idea_id.in_(ids)
        )
        return {IdeaId(i) for i in (await self._db.execute(statement)).scalars()}

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        theirs = ideas.c.person_id == person_id
        held = sa.select(ideas.c.id).where(theirs).order_by(ideas.c.id).with_for_update()
        await self._db.execute(held)
        alone = sa.and_(theirs, ideas.c.state == IdeaState.OPEN, _SUPPORTERS < 2)
        gone = sa.update(ideas).where(alone).values(text="", state=IdeaState.WITHDRAWN)
        await self._db.execute(gone)
        await self._db.execute(sa.update(ideas).where(theirs).values(person_id=successor))
        supports = sa.update(idea_supports).where(idea_supports.c.person_id == person_id)
        await self._db.execute(supports.values(person_id=successor))
        opened = sa.update(themes).where(themes.c.opened_by == person_id)
        await self._db.execute(opened.values(opened_by=successor))

    async def hold_themes(self) -> None:
        first = insert(self._db.dialect.name, versions).values(name=THEMES, value=1)
        one_more = {"value": versions.c.value + 1}
        await self._db.execute(first.on_conflict_do_update(index_elements=["name"], set_=one_more))

    async def themes(self) -> list[Theme]:
        newest = sa.select(themes).order_by(themes.c.opened_at.desc(), themes.c.id.desc())
        return [_theme(row) for row in await self._db.execute(newest)]

    async def theme(self, theme_id: ThemeId) -> Theme | None:
        statement = sa.select(themes).where(themes.c.id == theme_id)
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else _theme(row)

    async def open_theme(self) -> Theme | None:
        statement = sa.select(themes).where(themes.c.closed_at.is_(None)).limit(1)
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else _theme(row)

    async def add_theme(self, theme: Theme) -> Theme:
        statement = sa.insert(themes).values(
            question=theme.question, opened_by=theme.opened_by, opened_at=theme.opened_at
        )
        added = await self._db.execute(statement.returning(*themes.c))
        return _theme(added.one())

    async def close_theme(self, theme_id: ThemeId, now: datetime) -> None:
        statement = sa.update(themes).where(themes.c.id == theme_id, themes.c.closed_at.is_(None))
        await self._db.execute(statement.values(closed_at=now))


def _changeable(idea: Idea) -> dict[str, Any]:
    return {
        "text": idea.text,
        "person_id": idea.person_id,
        "state": idea.state,
        "session_id": idea.session_id,
        "reason": idea.reason,
    }


def _idea(row: Any) -> Idea:
    return Idea(
        id=IdeaId(row.id),
        text=row.text,
        person_id=PersonId(row.person_id),
        made_at=row.made_at,
        state=IdeaState(row.state),
        theme_id=None if row.theme_id is None else ThemeId(row.theme_id),
        session_id=None if row.session_id is None else SessionId(row.session_id),
        reason=row.reason,
        supporters=row.supporters,
    )


def _theme(row: Any) -> Theme:
    return Theme(
        id=ThemeId(row.id),
        question=row.question,
        opened_by=PersonId(row.opened_by),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
