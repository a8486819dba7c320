"""How a course's commitments stand as a whole, by groups that tell of nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from learning import small_groups
from learning.courses.commitments import DAYS, CheckIn, Commitment, Said, State, begins, made_on
from learning.people import PersonId
from learning.small_groups import FEWEST

NOTHING_SAID = "nothing said"
STANDINGS = (*(str(said) for said in Said), NOTHING_SAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many commitments stand in one of these ways; several where one alone would tell of few."""

    ways: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDay:
    """Those whose check-in of this day has come. Nothing but the day where they are of too few people."""

    day: int
    reached: int | None = None
    standings: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """None is what may not be told: it is of fewer than five people, or tells of so few by subtraction."""

    people: int | None = None
    made: int | None = None
    shared: int | None = None
    come: int | None = None
    """Whose own day has come."""

    at: tuple[AtDay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One commitment as it is counted: `standings` by the day of each check-in that has come.

    What was done or dropped stays so at every later check-in.
    """

    person_id: PersonId
    is_shared: bool
    has_come: bool
    standings: Mapping[int, str]


def facts(
    commitments: Iterable[Commitment], checks: Iterable[CheckIn], today: date, zone: ZoneInfo
) -> list[Fact]:
    said: dict[int, dict[int, Said]] = defaultdict(dict)
    for check in checks:
        said[check.commitment_id][check.day] = check.state
    return [
        Fact(
            person_id=each.person_id,
            is_shared=each.is_shared,
            has_come=each.due_on <= today,
            standings=_standings(each, said[each.id], today, zone),
        )
        for each in commitments
        if made_on(each, zone) <= today
    ]


def figures(counted: Sequence[Fact]) -> Figures:
    everybody = _people(counted)
    if len(everybody) < FEWEST:
        return Figures()
    return Figures(
        people=len(everybody),
        made=len(counted),
        shared=_told([f for f in counted if f.is_shared], everybody),
        come=_told([f for f in counted if f.has_come], everybody),
        at=_days(counted, everybody),
    )


def patterns(counted: Sequence[Fact]) -> list[str]:
    """What each person adds to the figures: two are alike where nothing of them has changed."""
    of: dict[PersonId, list[str]] = defaultdict(list)
    for fact in counted:
        standings = sorted(fact.standings.items())
        of[fact.person_id].append(f"{fact.is_shared:d}{fact.has_come:d}{standings}")
    return [f"{person_id} {sorted(each)}" for person_id, each in of.items()]


def _standings(
    commitment: Commitment, said: Mapping[int, Said], today: date, zone: ZoneInfo
) -> dict[int, str]:
    found: dict[int, str] = {}
    settled: str | None = None
    for day in DAYS:
        if begins(commitment, day, zone) > today:
            break
        found[day] = settled or str(said.get(day, NOTHING_SAID))
        if found[day] in (Said.DONE, Said.DROPPED) and commitment.state is not State.OPEN:
            settled = found[day]
    return found


def _days(counted: Sequence[Fact], everybody: set[PersonId]) -> tuple[AtDay, ...]:
    """Who has come as far as one day has come as far as those before it: few may not be left between."""
    found: list[AtDay] = []
    whole = everybody
    for day in DAYS:
        there = [f for f in counted if day in f.standings]
        people = _people(there)
        if len(people) < FEWEST or not small_groups.may_be_told(people, whole):
            found.append(AtDay(day=day))
            continue
        whole = people
        found.append(AtDay(day=day, reached=len(there), standings=_groups(there, day)))
    return tuple(found)


def _groups(there: Sequence[Fact], day: int) -> tuple[Standing, ...]:
    by_way = {way: [f for f in there if f.standings[day] == way] for way in STANDINGS}
    grouping = small_groups.merged({way: _people(some) for way, some in by_way.items()})
    if grouping is None:
        return ()
    parts = [(way,) for way in grouping.alone] + ([grouping.other] if grouping.other else [])
    return tuple(Standing(ways=ways, count=sum(len(by_way[way]) for way in ways)) for ways in parts)


def _told(part: Sequence[Fact], everybody: set[PersonId]) -> int | None:
    return len(part) if small_groups.may_be_told(_people(part), everybody) else None


def _people(some: Iterable[Fact]) -> set[PersonId]:
    return {fact.person_id for fact in some}
