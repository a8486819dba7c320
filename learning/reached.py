"""Where those work whom an edition reached, and how many of them there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet

from learning import small_groups
from learning.attendance import is_guest
from learning.figures import Facts, Group, line_of, people_by
from learning.people import FORGOTTEN, PersonId
from learning.profiles import Profile
from learning.report import Reach
from learning.takings import Taking


def by_people(
    facts: Facts, labels: Mapping[str, str], unknown: str, other: str
) -> tuple[Group, ...]:
    """Lines by where people work, the largest first, then those of whom it is not known."""
    grouping = small_groups.merged(people_by(facts.takings, lambda t: _labelled(labels, t)))
    if grouping is None:
        return ()
    groups = [(label or unknown, {label}) for label in grouping.alone]
    lines = [_of_labels(facts, labels, name, those) for name, those in groups]
    lines.sort(key=lambda g: (g.line.name == unknown, -g.line.booked, g.line.name.casefold()))
    if grouping.other:
        lines.append(_of_labels(facts, labels, other, set(grouping.other), merged=True))
    return tuple(lines)


def _of_labels(
    facts: Facts,
    labels: Mapping[str, str],
    name: str,
    those: AbstractSet[str],
    *,
    merged: bool = False,
) -> Group:
    own = [t for t in facts.takings if _labelled(labels, t) in those]
    return Group(line=line_of(name, own, len({t.session_id for t in own}), merged=merged))


def _labelled(labels: Mapping[str, str], taking: Taking) -> str:
    return labels.get(taking.who, "")


def reach(facts: Facts, by_department: Mapping[str, str], by_office: Mapping[str, str]) -> Reach:
    reached = {
        t.who
        for t in facts.takings
        if not is_guest(t.who) and (t.has_attended or (t.is_booked and not facts.is_over))
    }
    if 0 < len(reached) < small_groups.FEWEST:
        return Reach()
    first = None if facts.earlier is None else reached - facts.earlier
    places = facts.places
    return Reach(
        people=len(reached),
        first_timers=_told(first, reached),
        front_line=_told_of(facts, reached, by_department, places.front_line),
        remote=_told_of(facts, reached, by_office, places.remote),
    )


def _told_of(
    facts: Facts,
    reached: AbstractSet[str],
    labels: Mapping[str, str],
    wanted: frozenset[str] | None,
) -> int | None:
    if wanted is None:
        return None
    part = {who for who in reached if labels.get(who, "").casefold() in wanted}
    grouping = small_groups.merged(people_by(facts.takings, lambda t: _labelled(labels, t)))
    if grouping is None:
        return None
    shown = [*({label} for label in grouping.alone), set(grouping.other)]
    groups = [{who for who in reached if labels.get(who, "") in those} for those in shown]
    return _told(part, reached, groups)


def _told(
    part: AbstractSet[str] | None,
    whole: AbstractSet[str],
    shown: Collection[AbstractSet[str]] = (),
) -> int | None:
    if part is None:
        return None
    groups = [{PersonId(p) for p in group} for group in shown]
    may = small_groups.may_be_told(
        {PersonId(p) for p in part}, {PersonId(p) for p in whole}, groups
    )
    return len(part) if may else None


def departments(facts: Facts) -> dict[str, str]:
    return _spelt({i: p.department for i, p in facts.profiles.items()})


def offices(facts: Facts) -> dict[str, str]:
    return _spelt({i: p.office for i, p in facts.profiles.items()})


def _spelt(labels: Mapping[PersonId, str]) -> dict[str, str]:
    """The same with each name written as most have it, whatever its capitals and spaces."""
    plain = {who: " ".join(label.split()) for who, label in labels.items() if label.strip()}
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for label in plain.values():
        forms[label.casefold()][label] += 1
    best = {
        key: min(counts, key=lambda form: (-counts[form], form)) for key, counts in forms.items()
    }
    return {who: best[label.casefold()] for who, label in plain.items()}


def where(profiles: Mapping[PersonId, Profile], who: str) -> tuple[str, str]:
    profile = profiles.get(PersonId(who))
    if profile is None or who.startswith(FORGOTTEN):
        return "", ""
    return profile.department, profile.office
