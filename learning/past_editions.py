"""The figures of an edition beside those of an earlier one, of which often nothing else is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from learning.report import Change, Earlier, Line, Measure, Reach

Measures = Mapping[Measure, Decimal]
"""What is known of an edition; a measure that is not there is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEdition:
    """An edition before this one. `held` is its first day, or any day of it that somebody knew."""

    name: str
    held: date | None
    measures: Measures
    is_imported: bool = False


def measures_of(totals: Line | None, reach: Reach) -> dict[Measure, Decimal]:
    """The measures of an edition of our own; none where its figures are withheld."""
    if totals is None:
        return {}
    found: dict[Measure, Decimal | int | None] = {
        Measure.SESSIONS: totals.sessions,
        Measure.BOOKED: totals.booked,
        Measure.ATTENDED: totals.attended,
        Measure.NO_SHOWS: totals.no_shows,
        Measure.WAITING: totals.waiting,
        Measure.PEOPLE: reach.people,
    }
    if totals.score is not None:
        found |= {
            Measure.ANSWERS: totals.score.answers,
            Measure.SCORE: totals.score.average,
            Measure.GOALS: totals.score.goals_share,
        }
    return {measure: Decimal(value) for measure, value in found.items() if value is not None}


def beside(now: Measures, past: PastEdition) -> Earlier:
    """One earlier edition, with every measure that either of the two knows."""
    changes = [
        Change(measure=measure, before=past.measures.get(measure), now=now.get(measure))
        for measure in Measure
        if measure in past.measures or measure in now
    ]
    return Earlier(
        name=past.name, held=past.held, changes=tuple(changes), is_imported=past.is_imported
    )


def before(
    name: str, first_day: date | None, own: Iterable[PastEdition], imported: Iterable[PastEdition]
) -> list[PastEdition]:
    """Those that were before the edition of this name and first day, the newest first.

    What we recorded ourselves is preferred to what was imported under the same name; of what nobody
    said the day of, it is taken that it was before.
    """
    found = {past.name.casefold(): past for past in (*imported, *own) if past.measures}
    found.pop(name.casefold(), None)
    earlier = [
        past
        for past in found.values()
        if past.held is None or first_day is None or past.held < first_day
    ]
    return sorted(earlier, key=lambda p: (p.held or date.min, p.name), reverse=True)
