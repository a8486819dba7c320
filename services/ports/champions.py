"""Where champions and what they share are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from learning.champions import Champion, Share
from learning.people import PersonId


class Champions(Protocol):
    async def all(self) -> list[Champion]:
        """Everybody, by group and then in the order in which they were named."""
        ...

    async def of_person(self, person_id: PersonId) -> list[Champion]:
        """The groups that they are a champion for; none for somebody who is no champion."""
        ...

    async def add(self, champion: Champion) -> bool:
        """False where they were named for that group before."""
        ...

    async def remove(self, person_id: PersonId, group: str) -> bool:
        """False where they were no champion for that group."""
        ...

    async def share(self, tag: str) -> Share | None: ...
    async def shares_of(self, *people: PersonId) -> list[Share]: ...
    async def add_shares(self, new: Sequence[Share]) -> None:
        """Those whose tags are new, of sessions that the person has not shared before."""
        ...

    async def post(self, share: Share) -> None:
        """Store when a post was asked for."""
        ...

    async def brought(self, some: Sequence[Share]) -> Mapping[str, frozenset[PersonId]]:
        """Who booked by each of these: those with a live booking on its session, or who were there.

        Without the champion. By tag; those that brought nobody are left out.
        """
        ...

    async def forget(self, person_id: PersonId, successor: PersonId) -> None:
        """They are no champion any more; what their posts brought stays under another name."""
        ...
