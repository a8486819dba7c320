"""Where it is kept what a report shows: its figures, earlier editions, and words that found nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from learning.figures import Figures
from learning.past_editions import PastEdition
from learning.people import PersonId
from learning.sessions import EditionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Figures that may be shown, and what they were made from: a digest for each person.

    `rules` names by what they were made; by others they are made anew, whoever has changed.
    """

    edition_id: EditionId
    figures: Figures
    patterns: tuple[str, ...]
    rules: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """By how many different people a word was asked for in one half-year; `since` is its first day."""

    word: str
    since: date
    people: int


class ReportTables(Protocol):
    async def released(self, edition_id: EditionId) -> Released | None:
        """What was kept last; by no rules where this version cannot read it."""
        ...

    async def release(self, released: Released, *, instead_of: Released | None) -> bool:
        """Keep these figures; False where others have been kept meanwhile."""
        ...

    async def past_editions(self) -> list[PastEdition]: ...
    async def save_past_editions(
        self, editions: Sequence[PastEdition], by: PersonId, now: datetime
    ) -> None:
        """Keep these, each instead of the one of its name."""
        ...

    async def remove_past_edition(self, name: str) -> bool: ...
    async def add_missed(self, words: Iterable[tuple[str, str]], day: date) -> None:
        """Keep words with the marks of those who asked; what is known already stays as it is."""
        ...

    async def missed(self, first: date, last: date) -> list[Asked]:
        """What was asked for from one day to another, by half-years."""
        ...

    async def hand_over_marks(self, marks: Mapping[str, str]) -> None:
        """Put other marks in the place of these."""
        ...

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        """Take a person out of who imported what."""
        ...
