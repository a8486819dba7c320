"""Commitments, their check-ins, and quotes, as they are stored."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.courses.commitment_figures import Figures
from learning.courses.commitments import CheckIn, Commitment, Said, State
from learning.courses.quotes import Place, Quote
from learning.people import PersonId
from learning.sessions import CourseId
from services.ports.commitments import Released, Spoken
from store import rows
from store.course_tables import (
    commitment_checks,
    commitment_releases,
    commitments,
    courses,
    enrolments,
    quotes,
)
from store.people import insert
from store.tables import editions

_FIGURES = TypeAdapter(Figures)


class SqlCommitments:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(self, commitment_id: int, *, lock: bool = False) -> Commitment | None:
        statement = sa.select(commitments).where(commitments.c.id == commitment_id)
        found = await self._db.execute(statement.with_for_update() if lock else statement)
        row = found.one_or_none()
        return None if row is None else _commitment(row)

    async def of_person(self, person_id: PersonId) -> list[Commitment]:
        return await self._where(commitments.c.person_id == person_id)

    async def of_course(self, course_id: CourseId) -> list[Commitment]:
        return await self._where(commitments.c.course_id == course_id)

    async def shared_by(
        self, course_id: CourseId, people: Collection[PersonId]
    ) -> list[Commitment]:
        return await self._where(
            commitments.c.course_id == course_id,
            commitments.c.is_shared,
            commitments.c.person_id.in_(list(people)),
        )

    async def open_of(self, people: Collection[PersonId]) -> list[Commitment]:
        is_on = sa.exists().where(
            enrolments.c.course_id == commitments.c.course_id,
            enrolments.c.person_id == commitments.c.person_id,
            enrolments.c.left_at.is_(None),
        )
        found: list[Commitment] = []
        for some in rows.portions(list(people)):
            theirs = commitments.c.person_id.in_(some)
            found += await self._where(theirs, commitments.c.state == State.OPEN, is_on)
        return found

    async def add(self, commitment: Commitment) -> Commitment:
        values = asdict(commitment)
        del values["id"]
        added = await self._db.execute(sa.insert(commitments).values(values))
        [number] = added.inserted_primary_key or (0,)
        return replace(commitment, id=number)

    async def save(self, commitment: Commitment) -> None:
        own = commitments.c.id == commitment.id
        await self._db.execute(sa.update(commitments).where(own).values(asdict(commitment)))

    async def remove(self, commitment_id: int) -> None:
        checks = commitment_checks.c.commitment_id == commitment_id
        await self._db.execute(sa.delete(commitment_checks).where(checks))
        await self._db.execute(sa.delete(commitments).where(commitments.c.id == commitment_id))

    async def checks(self, commitments: Collection[int]) -> list[CheckIn]:
        found: list[CheckIn] = []
        for some in rows.portions(list(commitments)):
            statement = (
                sa.select(commitment_checks)
                .where(commitment_checks.c.commitment_id.in_(some))
                .order_by(commitment_checks.c.commitment_id, commitment_checks.c.day)
            )
            found += [_check(row) for row in await self._db.execute(statement)]
        return found

    async def save_check(self, check: CheckIn) -> None:
        new = insert(self._db.dialect.name, commitment_checks)
        changed = {name: new.excluded[name] for name in ("state", "sealed", "said_at")}
        keys = list(commitment_checks.primary_key.columns)
        statement = new.on_conflict_do_update(index_elements=keys, set_=changed)
        await self._db.execute(statement, [asdict(check)])

    async def released(self, course_id: CourseId) -> Released | None:
        own = commitment_releases.c.course_id == course_id
        row = (await self._db.execute(sa.select(commitment_releases).where(own))).one_or_none()
        if row is None:
            return None
        figures = Figures()
        with contextlib.suppress(ValidationError):  # another version's
            figures = _FIGURES.validate_python(row.figures)
        return Released(
            course_id=CourseId(row.course_id),
            figures=figures,
            patterns=tuple(row.patterns),
            made_at=row.made_at,
        )

    async def release(self, released: Released, *, instead_of: Released | None) -> bool:
        values = {
            "course_id": released.course_id,
            "figures": _FIGURES.dump_python(released.figures, mode="json"),
            "patterns": list(released.patterns),
            "made_at": released.made_at,
        }
        if instead_of is None:
            statement = insert(self._db.dialect.name, commitment_releases).values(values)
            # Of two that make the first ones at once one is kept.
            added = await self._db.execute(
                statement.on_conflict_do_nothing(index_elements=["course_id"])
            )
            return added.rowcount == 1
        same = (
            commitment_releases.c.course_id == released.course_id,
            commitment_releases.c.made_at == instead_of.made_at,
        )
        changed = await self._db.execute(sa.update(commitment_releases).where(*same).values(values))
        return changed.rowcount == 1

    async def _where(self, *where: sa.ColumnElement[bool]) -> list[Commitment]:
        by = commitments.c.due_on, commitments.c.id
        statement = sa.select(commitments).where(*where).order_by(*by)
        return [_commitment(row) for row in await self._db.execute(statement)]


class SqlQuotes:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def find(
        self, course_id: CourseId, person_id: PersonId, *, lock: bool = False
    ) -> Quote | None:
        own = quotes.c.course_id == course_id, quotes.c.person_id == person_id
        statement = sa.select(quotes).where(*own)
        found = await self._db.execute(statement.with_for_update() if lock else statement)
        row = found.one_or_none()
        return None if row is None else _quote(row)

    async def of_person(self, person_id: PersonId) -> list[Spoken]:
        return await self._where(quotes.c.person_id == person_id)

    async def given(
        self,
        place: Place | None = None,
        *,
        course_id: CourseId | None = None,
        edition: str | None = None,
    ) -> list[Spoken]:
        of = [quotes.c.course_id == course_id] if course_id is not None else []
        if edition is not None:
            named = sa.select(editions.c.id).where(editions.c.name == edition)
            of.append(courses.c.edition_id.in_(named))
        found = await self._where(*of)
        return [each for each in found if place is None or place in each.quote.places]

    async def save(self, quote: Quote) -> None:
        new = insert(self._db.dialect.name, quotes)
        changed = {c.name: new.excluded[c.name] for c in quotes.c if not c.primary_key}
        keys = list(quotes.primary_key.columns)
        statement = new.on_conflict_do_update(index_elements=keys, set_=changed)
        await self._db.execute(statement, [asdict(quote) | {"places": sorted(quote.places)}])

    async def _where(self, *where: sa.ColumnElement[bool]) -> list[Spoken]:
        statement = (
            sa.select(quotes, courses.c.code, courses.c.title)
            .join(courses, courses.c.id == quotes.c.course_id)
            .where(quotes.c.revoked_at.is_(None), *where)
            .order_by(quotes.c.agreed_at, quotes.c.course_id, quotes.c.person_id)
        )
        return [
            Spoken(quote=_quote(row), code=row.code, title=row.title)
            for row in await self._db.execute(statement)
        ]


def _commitment(row: sa.Row[Any]) -> Commitment:
    return Commitment(
        id=row.id,
        course_id=CourseId(row.course_id),
        person_id=PersonId(row.person_id),
        sealed=row.sealed,
        is_shared=row.is_shared,
        due_on=row.due_on,
        made_at=row.made_at,
        state=State(row.state),
    )


def _check(row: sa.Row[Any]) -> CheckIn:
    return CheckIn(
        commitment_id=row.commitment_id,
        day=row.day,
        person_id=PersonId(row.person_id),
        state=Said(row.state),
        sealed=row.sealed,
        said_at=row.said_at,
    )


def _quote(row: sa.Row[Any]) -> Quote:
    return Quote(
        course_id=CourseId(row.course_id),
        person_id=PersonId(row.person_id),
        text=row.text,
        places=frozenset(Place(name) for name in row.places if name in set(Place)),
        signed_as=row.signed_as,
        agreed_at=row.agreed_at,
        revoked_at=row.revoked_at,
    )
