"""Why a set is as it is: what of the rules it keeps, which it bends for whom, and how good that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from learning.courses.sets import Candidate, ProposedSet, have_met, is_managed
from learning.people import PersonId

Pair = tuple[PersonId, PersonId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bent:
    """What is not as it should be in one set, rule by rule. The first two must not be."""

    managed: tuple[Pair, ...] = ()
    cannot: tuple[PersonId, ...] = ()
    same_team: tuple[tuple[str, tuple[PersonId, ...]], ...] = ()
    met: tuple[Pair, ...] = ()
    second_choice: tuple[PersonId, ...] = ()


def bent(by_id: Mapping[PersonId, Candidate], each: ProposedSet) -> Bent:
    """Of those of its members who are known."""
    members = [by_id[i] for i in each.members if i in by_id]
    teams: dict[str, list[Candidate]] = {}
    for member in members:
        if member.team:
            teams.setdefault(member.team.casefold(), []).append(member)
    pairs = list(combinations(members, 2))
    return Bent(
        managed=tuple((a.person_id, b.person_id) for a, b in pairs if is_managed(a, b)),
        cannot=tuple(m.person_id for m in members if each.slot not in m.can),
        same_team=tuple(
            (team[0].team, tuple(m.person_id for m in team))
            for team in teams.values()
            if len(team) > 1
        ),
        met=tuple((a.person_id, b.person_id) for a, b in pairs if have_met(a, b)),
        second_choice=tuple(
            m.person_id
            for m in members
            if m.prefers and each.slot in m.can and each.slot not in m.prefers
        ),
    )


def proof(cost: int, bound: int) -> str:
    """How good a division is beside the best there can be of all who were proposed, in a sentence."""
    if cost < bound:
        return f"People were taken out by hand. With all of them it costs {bound} points at least."
    if cost == bound:
        return "No division of these people is better: that is proved."
    return (
        f"This division costs {cost} points, and it is proved that none costs less than {bound}: "
        f"a better one could save {cost - bound} points at most."
    )
