"""Groups of few people are shown only together with others, so that nobody can be told from figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, TypeVar

from learning.people import PersonId

K = TypeVar("K", bound=Hashable)
L = TypeVar("L", bound=Hashable)

FEWEST = 5
"""No group of fewer different people than this is shown, and none can be found by subtraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping(Generic[K]):
    """Which groups may be shown alone, and which only as one: none or at least two of them."""

    alone: tuple[K, ...]
    other: tuple[K, ...] = ()


def merged(groups: Mapping[K, AbstractSet[PersonId]], fewest: int = FEWEST) -> Grouping[K] | None:
    """Put the small groups together, and the next smallest with them while they are too few.

    So neither a group nor all less those shown has fewer than `fewest` people. None where that
    cannot be had: then no figures are shown. Groups of nobody stand alone: they tell of nobody.
    """
    alone = [k for k, people in groups.items() if len(people) >= fewest]
    other = [k for k, people in groups.items() if 0 < len(people) < fewest]
    while other and len(_together(groups, other)) < fewest:
        if not alone:
            return None
        smallest = min(alone, key=lambda k: len(groups[k]))
        alone.remove(smallest)
        other.append(smallest)
    return Grouping(
        alone=tuple(k for k in groups if k not in other),
        other=tuple(k for k in groups if k in other),
    )


def units(
    groups: Mapping[K, AbstractSet[PersonId]],
    distance: Callable[[K, K], int],
    fewest: int = FEWEST,
) -> list[tuple[K, ...]] | None:
    """Join each small group with its nearest until every unit has enough people; None if none can.

    Tables that show nothing but sums of whole units can be subtracted from one another as one likes:
    what comes out is made of whole units again. Groups of nobody are units of their own.
    """
    found: list[tuple[K, ...]] = [(k,) for k in groups]
    while small := [u for u in found if 0 < len(_together(groups, u)) < fewest]:
        least = min(small, key=lambda u: len(_together(groups, u)))
        others = [u for u in found if u != least and _together(groups, u)]
        if not others:
            return None
        nearest = min(
            others,
            key=lambda u: (
                min(distance(a, b) for a in least for b in u),
                len(_together(groups, u)),
            ),
        )
        at = min(found.index(least), found.index(nearest))
        joined = tuple(k for k in groups if k in least or k in nearest)
        found = [u for u in found if u not in (least, nearest)]
        found.insert(at, joined)
    return found


def joined(parts: Collection[tuple[K, ...]], label: Callable[[K], L]) -> list[tuple[L, ...]]:
    """The labels of what is in the parts; those that share a part cannot be told apart and are one."""
    found: list[tuple[L, ...]] = []
    for part in parts:
        labels = dict.fromkeys(label(k) for k in part)
        touched = [known for known in found if any(one in labels for one in known)]
        whole = dict.fromkeys([one for known in touched for one in known])
        found = [known for known in found if known not in touched]
        found.append(tuple(whole | labels))
    return found


def may_be_told(
    part: AbstractSet[PersonId],
    whole: AbstractSet[PersonId],
    shown: Collection[AbstractSet[PersonId]] = (),
    fewest: int = FEWEST,
) -> bool:
    """Whether the number of `part` may be shown beside that of `whole` and of the groups in `shown`.

    Neither it, nor the rest, nor what either has in common with a group may be of a few people.
    """
    pieces = [part & whole, whole - part]
    pieces += [piece & group for group in shown for piece in pieces[:2]]
    return all(not piece or len(piece) >= fewest for piece in pieces)


def _together(groups: Mapping[K, AbstractSet[PersonId]], keys: Collection[K]) -> set[PersonId]:
    return {person for k in keys for person in groups[k]}
