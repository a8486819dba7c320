"""From who was booked and who was there to the figures of an edition, with small groups merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from learning import reached, small_groups
from learning.attendance import is_guest
from learning.figures import Facts, Figures, Group, line_of, people_by
from learning.report import Channel
from learning.sessions import Format, Session, SessionId
from learning.sources import NAMES, Source, channel_of
from learning.takings import Taking

FORMATS = {
    Format.TEAMS: "Teams",
    Format.ZOOM: "Zoom",
    Format.IN_PERSON: "In person",
    Format.ONLINE: "Online elsewhere",
}
NO_STRAND = "No strand"
NO_DEPARTMENT, OTHER_DEPARTMENTS = "Department unknown", "Other departments"
NO_OFFICE, OTHER_OFFICES = "Office unknown", "Other offices"
OTHER_CHANNELS = "Other ways"

MOST_NAMED = 3
"""So many sessions of a merged line are named; of more it is said how many."""


def figures(facts: Facts) -> Figures:
    """The figures in which no group of few people can be found, not by subtraction either."""
    by_session = people_by(facts.takings, lambda t: t.session_id)
    everybody = {person for people in by_session.values() for person in people}
    sessions = {s.id: s for s in facts.sessions}
    units = small_groups.units(
        {s.id: by_session.get(s.id, set()) for s in facts.sessions},
        lambda a, b: _distance(sessions[a], sessions[b]),
    )
    if units is None or 0 < len(everybody) < small_groups.FEWEST:
        return Figures(totals=None)
    departments = reached.departments(facts)
    offices = reached.offices(facts)
    return Figures(
        totals=_of_sessions(facts, "All sessions", list(sessions)),
        by_session=tuple(
            _of_sessions(facts, _unit_name(sessions, unit), unit, merged=len(unit) > 1)
            for unit in units
        ),
        by_strand=_by_label(facts, units, lambda s: s.details.strand or NO_STRAND),
        by_format=_by_label(facts, units, lambda s: FORMATS[s.details.format]),
        by_department=reached.by_people(facts, departments, NO_DEPARTMENT, OTHER_DEPARTMENTS),
        by_location=reached.by_people(facts, offices, NO_OFFICE, OTHER_OFFICES),
        reach=reached.reach(facts, departments, offices),
        channels=_channels(facts),
        guests=sum(is_guest(t.who) for t in facts.takings),
    )


def patterns(facts: Facts) -> list[str]:
    """What each person adds to the figures, without saying who: the same for two with the same.

    The figures are nothing but a function of these, so as many people's have changed between two
    moments as there are patterns of one moment beyond those of the other.
    """
    own: dict[str, list[str]] = defaultdict(list)
    for t in facts.takings:
        state = f"{t.session_id}:{t.is_booked:d}{t.is_waiting:d}{t.presence or ''}"
        own[t.who].append(f"{state}:{channel_of(t.source) if t.source else ''}")
    return [
        "|".join(
            (
                *sorted(theirs),
                *reached.where(facts.profiles, who),
                "" if facts.earlier is None else str(who in facts.earlier),
                "guest" if is_guest(who) else "",
            )
        )
        for who, theirs in own.items()
    ]


def changed(before: Sequence[str], after: Sequence[str]) -> int:
    """At least how many people's patterns are others than before; one who changed counts once."""
    old, new = Counter(before), Counter(after)
    return max((old - new).total(), (new - old).total())


def _of_sessions(
    facts: Facts, name: str, ids: Collection[SessionId], *, merged: bool = False
) -> Group:
    of_them = [s for s in facts.sessions if s.id in ids]
    capacities = [s.details.capacity for s in of_them]
    own = [t for t in facts.takings if t.session_id in ids]
    line = replace(
        line_of(name, own, len(of_them), merged=merged),
        capacity=sum(c or 0 for c in capacities) if None not in capacities else None,
    )
    return Group(line=line, sessions=tuple(s.id for s in of_them))


def _by_label(
    facts: Facts, units: Sequence[tuple[SessionId, ...]], label: Callable[[Session], str]
) -> tuple[Group, ...]:
    """Lines by what sessions have in common; those that a merged session spans are one line."""
    of = {s.id: label(s) for s in facts.sessions}
    lines: list[Group] = []
    for labels in sorted(small_groups.joined(units, lambda s: of[s])):
        ids = [i for i, each in of.items() if each in labels]
        lines.append(_of_sessions(facts, " and ".join(labels), ids, merged=len(labels) > 1))
    return tuple(lines)


def _channels(facts: Facts) -> tuple[Channel, ...]:
    """What brought the places of those who have or had one, the best first."""
    booked = [t for t in facts.takings if t.is_booked]
    grouping = small_groups.merged(people_by(booked, lambda t: channel_of(t.source)))
    if grouping is None:
        return ()
    lines = [_channel(booked, NAMES[source], {source}) for source in grouping.alone]
    lines.sort(key=lambda c: (-c.booked, c.name))
    if grouping.other:
        lines.append(_channel(booked, OTHER_CHANNELS, set(grouping.other), merged=True))
    return tuple(lines)


def _channel(
    booked: Sequence[Taking], name: str, sources: AbstractSet[Source], *, merged: bool = False
) -> Channel:
    own = [t for t in booked if channel_of(t.source) in sources]
    return Channel(
        name=name,
        source=Source.OTHER if merged else next(iter(sources)),
        booked=len(own),
        attended=sum(t.has_attended for t in own),
        merged=merged,
    )


def _distance(one: Session, other: Session) -> int:
    """Sessions that are merged are to stay within a strand and a format where they can."""
    apart = one.details.strand != other.details.strand
    return 2 * apart + (one.details.format is not other.details.format)


def _unit_name(sessions: Mapping[SessionId, Session], unit: Sequence[SessionId]) -> str:
    if len(unit) == 1:
        only = sessions[unit[0]]
        return f"{only.title} ({only.code})"
    codes = [sessions[i].code for i in unit]
    more = len(codes) - MOST_NAMED
    named = codes if more <= 1 else [*codes[:MOST_NAMED], f"{more} more"]
    return f"Together: {', '.join(named[:-1])} and {named[-1]}"
