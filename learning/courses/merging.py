"""With which other set one that has become too small could go on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from learning.courses.sets import Candidate, ProposedSet, Slot, cost, is_managed
from learning.people import PersonId

TOO_SMALL = 4
"""With fewer members than this a set is one that others should join."""

CANNOT = 50
"""What each who cannot make the other set's time costs: half of what a colleague of one's team does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A set as it is; its facilitator is no member, and None where there is none."""

    set_id: int
    slot: Slot
    members: tuple[Candidate, ...]
    facilitator: Candidate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """All of one set go on in another; `cannot` are those who cannot make its time. Less cost is better."""

    moving: int
    into: int
    size: int
    cost: int
    cannot: tuple[PersonId, ...] = ()


def is_too_small(members: int) -> bool:
    """Of a set without any member nobody can go on."""
    return 0 < members < TOO_SMALL


def merges(small: Standing, others: Iterable[Standing], most: int) -> list[Merge]:
    """Every merge that is possible, the best first.

    The sum has `most` members at most, most of those who move can make the time, and nobody comes to
    sit with their own manager, be that another member or who facilitates.
    """
    found = [
        merge
        for other in others
        if other.set_id != small.set_id
        if (merge := _merge(small, other, most)) is not None
    ]
    return sorted(found, key=lambda m: (m.cost, m.size, m.into))


def _merge(small: Standing, other: Standing, most: int) -> Merge | None:
    together = (*small.members, *other.members)
    if not small.members or len(together) > most or not other.members:
        return None
    leads = [other.facilitator] if other.facilitator else []
    met = product(small.members, [*other.members, *leads])
    if any(is_managed(a, b) for a, b in met):
        return None
    cannot = tuple(m.person_id for m in small.members if other.slot not in m.can)
    if 2 * len(cannot) >= len(small.members):
        return None
    return Merge(
        moving=small.set_id,
        into=other.set_id,
        size=len(together),
        cost=_cost(together, other.slot)
        - _cost(small.members, small.slot)
        - _cost(other.members, other.slot)
        + CANNOT * len(cannot),
        cannot=cannot,
    )


def _cost(members: Sequence[Candidate], slot: Slot) -> int:
    return cost(members, [ProposedSet(slot=slot, members=tuple(m.person_id for m in members))])


def same_teams(members: Sequence[Candidate]) -> int:
    """How many pairs of one team there are."""
    return sum(
        bool(a.team) and a.team.casefold() == b.team.casefold() for a, b in combinations(members, 2)
    )
