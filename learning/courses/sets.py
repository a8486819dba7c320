"""Action learning sets: who may sit with whom, and how good a division of people into sets is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from learning.people import PersonId

Slot = str
"""A time of the week that all of a set can make, such as "Tuesday morning"."""

SAME_TEAM, MET_BEFORE, NOT_PREFERRED = 100, 20, 5
"""What each member beyond the first of a team, each pair that was in a set before, and each member at a
time that is not their favourite costs. Teams come first, then new faces, then favourites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who put themselves forward. '' is an unknown team, which is nobody's own."""

    person_id: PersonId
    can: frozenset[Slot]
    prefers: frozenset[Slot] = frozenset()
    team: str = ""
    manager_id: str = ""
    met: frozenset[PersonId] = frozenset()
    """Whom they were in a set with before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedSet:
    slot: Slot
    members: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formation:
    """A division into sets. `unplaced` says of each who is left out why nothing else was possible.

    No division costs less than `bound`, so that one whose cost is the bound is the best there is.
    """

    sets: tuple[ProposedSet, ...]
    unplaced: Mapping[PersonId, str] = field(default_factory=dict[PersonId, str])
    bound: int = 0


def cost(candidates: Iterable[Candidate], sets: Iterable[ProposedSet]) -> int:
    """How far a division is from a perfect one; less is better."""
    by_id = {candidate.person_id: candidate for candidate in candidates}
    total = 0
    for each in sets:
        members = [by_id[person_id] for person_id in each.members]
        teams = Counter(member.team.casefold() for member in members if member.team)
        total += SAME_TEAM * sum(count - 1 for count in teams.values())
        total += MET_BEFORE * sum(have_met(a, b) for a, b in combinations(members, 2))
        total += NOT_PREFERRED * sum(
            bool(member.prefers) and each.slot not in member.prefers for member in members
        )
    return total


def have_met(a: Candidate, b: Candidate) -> bool:
    return b.person_id in a.met or a.person_id in b.met


def is_managed(a: Candidate, b: Candidate) -> bool:
    """Whether one of the two is the other's manager: they are never in one set."""
    return a.person_id == b.manager_id or b.person_id == a.manager_id


def breaches(
    candidates: Sequence[Candidate],
    sets: Iterable[ProposedSet],
    fewest: int,
    most: int,
    *,
    names: Sequence[str] = (),
) -> list[str]:
    """Which of the rules that always hold a division breaks, a line for each; also when moved by hand.

    `names` are those of the sets, where they have any.
    """
    by_id = {candidate.person_id: candidate for candidate in candidates}
    found: list[str] = []
    placed: Counter[PersonId] = Counter()
    for number, each in enumerate(sets, 1):
        name = names[number - 1] if names else f"Set {number}"
        placed.update(each.members)
        if not fewest <= len(each.members) <= most:
            found.append(f"{name} has {len(each.members)} members, not {fewest} to {most}.")
        members = [by_id[person_id] for person_id in each.members if person_id in by_id]
        if len(members) < len(each.members):
            found.append(f"{name} has somebody who did not put themselves forward.")
        if late := sum(each.slot not in member.can for member in members):
            found.append(f"{name}: {late} cannot make {each.slot}.")
        if pairs := sum(is_managed(a, b) for a, b in combinations(members, 2)):
            found.append(f"{name} has {pairs} with their own manager.")
    if twice := sum(count > 1 for count in placed.values()):
        found.append(f"{twice} are in more than one set.")
    return found


def why_left_out(candidate: Candidate, candidates: Sequence[Candidate], fewest: int) -> str:
    """Why somebody could not be placed, for whoever forms the sets."""
    if not candidate.can:
        return "said no time."
    if len(candidates) < fewest:
        return f"only {len(candidates)} put themselves forward, and a set needs {fewest}."
    most = max(
        (sum(slot in other.can for other in candidates), slot) for slot in sorted(candidate.can)
    )
    if most[0] < fewest:
        return f"at most {most[0]} can make a time that they can ({most[1]}); a set needs {fewest}."
    return "the times and the rules leave no set for them. Ask them, or others, for one more time."
