"""What a report shows: figures as they were last made, earlier editions, words that found nothing."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.figures import Figures
from learning.half_years import half_year
from learning.past_editions import PastEdition
from learning.people import PersonId
from learning.report import Measure
from learning.sessions import EditionId
from services.ports.report import Asked, Released
from store.people import insert
from store.week_tables import missed_words, past_editions, report_releases

_FIGURES = TypeAdapter(Figures)
_OF_EDITION = report_releases.c.edition_id == sa.bindparam("of_edition")


class SqlReportTables:
    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def released(self, edition_id: EditionId) -> Released | None:
        statement = sa.select(report_releases).where(_OF_EDITION)
        row = (await self._db.execute(statement, {"of_edition": edition_id})).one_or_none()
        if row is None:
            return None
        figures, rules = Figures(totals=None), ""
        with contextlib.suppress(ValidationError):  # another version's
            figures, rules = _FIGURES.validate_python(row.figures), row.rules
        return Released(
            edition_id=EditionId(row.edition_id),
            figures=figures,
            patterns=tuple(row.patterns),
            rules=rules,
            made_at=row.made_at,
        )

    async def release(self, released: Released, *, instead_of: Released | None) -> bool:
        kept = sa.select(report_releases.c.made_at).where(_OF_EDITION).with_for_update()
        found = await self._db.execute(kept, {"of_edition": released.edition_id})
        made_at = found.scalar_one_or_none()
        statement = insert(self._db.dialect.name, report_releases).values(_columns(released))
        if instead_of is None:
            # Of two that make the first ones at once one is kept.
            result = await self._db.execute(
                statement.on_conflict_do_nothing(index_elements=["edition_id"])
            )
            return result.rowcount == 1
        if made_at != instead_of.made_at:
            return False
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["edition_id"], set_=_columns(released))
        )
        return True

    async def past_editions(self) -> list[PastEdition]:
        statement = sa.select(past_editions).order_by(past_editions.c.name)
        return [
            PastEdition(
                name=row.name,
                held=row.held_on,
                measures=_measures(row.figures),
                is_imported=True,
            )
            for row in await self._db.execute(statement)
        ]

    async def save_past_editions(
        self, editions: Sequence[PastEdition], by: PersonId, now: datetime
    ) -> None:
        for edition in editions:
            columns: dict[str, Any] = {
                "name": edition.name,
                "held_on": edition.held,
                "figures": {str(m): str(value) for m, value in edition.measures.items()},
                "imported_by": by,
                "imported_at": now,
            }
            statement = insert(self._db.dialect.name, past_editions).values(columns)
            await self._db.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_=columns)
            )

    async def remove_past_edition(self, name: str) -> bool:
        statement = sa.delete(past_editions).where(past_editions.c.name == name)
        return (await self._db.execute(statement)).rowcount > 0

    async def add_missed(self, words: Iterable[tuple[str, str]], day: date) -> None:
        rows = [{"word": w, "mark": m, "asked_on": day} for w, m in dict.fromkeys(words)]
        if rows:
            statement = insert(self._db.dialect.name, missed_words)
            await self._db.execute(
                statement.on_conflict_do_nothing(index_elements=["word", "mark"]), rows
            )

    async def missed(self, first: date, last: date) -> list[Asked]:
        day, people = missed_words.c.asked_on, sa.func.count()
        statement = (
            sa.select(missed_words.c.word, day, people)
            .where(day.between(first, last))
            .group_by(missed_words.c.word, day)
        )
        found: Counter[tuple[str, date]] = Counter()
        for word, asked_on, count in await self._db.execute(statement):
            found[word, half_year(asked_on)] += count
        return [
            Asked(word=word, since=since, people=people) for (word, since), people in found.items()
        ]

    async def hand_over_marks(self, marks: Mapping[str, str]) -> None:
        for mark, other in marks.items():
            statement = sa.update(missed_words).where(missed_words.c.mark == mark)
            await self._db.execute(statement.values(mark=other))

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        theirs = past_editions.c.imported_by == person_id
        await self._db.execute(sa.update(past_editions).where(theirs).values(imported_by=successor))


def _columns(released: Released) -> dict[str, Any]:
    return {
        "edition_id": released.edition_id,
        "figures": _FIGURES.dump_python(released.figures, mode="json"),
        "patterns": list(released.patterns),
        "rules": released.rules,
        "made_at": released.made_at,
    }


def _measures(figures: Mapping[str, str]) -> dict[Measure, Decimal]:
    """What of it this version knows."""
    found: dict[Measure, Decimal] = {}
    for name, value in figures.items():
        try:
            found[Measure(name)] = Decimal(value)
        except (ValueError, InvalidOperation):
            continue
    return found
