"""Where what members bring to a meeting of their action learning set is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from learning.people import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Dilemma:
    """`sealed` is for the set (see services/ports/seals.py).

    `presented` is the meeting at which it was, and `turn` counts the dilemmas of that meeting from 0;
    both are None while it is still to be presented.
    """

    id: int = 0
    set_id: int
    person_id: PersonId
    sealed: str
    brought_at: datetime
    presented: int | None = None
    turn: int | None = None

    @property
    def is_open(self) -> bool:
        return self.presented is None


class Dilemmas(Protocol):
    async def of_set(self, set_id: int) -> list[Dilemma]:
        """Those of a set, in the order in which they were brought."""
        ...

    async def save(self, dilemma: Dilemma) -> Dilemma:
        """Keep it; one without an id is new, and is given one."""
        ...

    async def remove(self, dilemma_id: int) -> None: ...
