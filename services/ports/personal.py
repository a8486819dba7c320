"""All that is kept about one person, wherever it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from learning.people import Person, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one table holds of somebody, as plain JSON by the names of its columns.

    They themselves are `you` in it, and whoever else is named is not told.
    """

    table: str
    rows: tuple[Mapping[str, Any], ...]


class PersonalRows(Protocol):
    async def of_person(self, person_id: PersonId) -> list[Part]:
        """Without those tables in which there is nothing of them."""
        ...

    async def words(self, marks: Collection[str]) -> list[Part]:
        """What they looked for and did not find, by the marks that are theirs."""
        ...

    async def scrub(self, person: Person) -> None:
        """Take their ids, mail address and name out of what others wrote, and out of what stays behind."""
        ...
