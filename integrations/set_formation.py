"""Divides people into sets: first who meets at which time, then who sits with whom at that time.

Two programs over whole numbers instead of one: sets of one time are alike, and a solver that has to
find that out takes minutes. What the first one costs at least, every division costs.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from time import monotonic

from integrations.whole_numbers import Term, WholeNumbers
from learning.courses.sets import (
    MET_BEFORE,
    NOT_PREFERRED,
    SAME_TEAM,
    Candidate,
    Formation,
    ProposedSet,
    Slot,
    cost,
    have_met,
    is_managed,
    why_left_out,
)

LEFT_OUT = 1_000_000
"""What leaving somebody out costs: more than anything else could."""

TRIES = 40
"""How often the times are settled anew when the people of one time cannot be divided, or not well."""

LEAST_TIME = 0.3
"""Seconds that each program has at least, however late it is."""

ROUNDING = 1e-6
SHARE_OF_TIMES = 0.5
"""How much of the time the first program may take."""


def formed(
    candidates: Sequence[Candidate], fewest: int, most: int, *, seconds: float = 8.0
) -> Formation:
    """The best division found in about so much time. Takes a thread: it computes all the while."""
    people = sorted(candidates, key=lambda c: c.person_id)
    end = monotonic() + seconds
    times = _Times(people, fewest, most)
    best: Formation | None = None
    bound = 0
    for _ in range(TRIES):
        settled = times.settled(max((end - monotonic()) * SHARE_OF_TIMES, LEAST_TIME))
        if settled is None:
            break
        if best is None:
            bound = math.ceil(settled.bound - LEFT_OUT * len(settled.left_out) - ROUNDING)
        sets: list[ProposedSet] | None = []
        for number, (slot, those, count) in enumerate(settled.times):
            left = (end - monotonic()) / (len(settled.times) - number)
            divided = _divided(those, count, fewest, most, max(left, LEAST_TIME))
            mine = [
                ProposedSet(slot=slot, members=tuple(c.person_id for c in members))
                for members in divided or []
            ]
            if divided is None or cost(those, mine) > _at_least(slot, those, count):
                times.forbid(slot, those, count)
            sets = None if sets is None or divided is None else [*sets, *mine]
        if sets is not None:
            unplaced = {c.person_id: why_left_out(c, people, fewest) for c in settled.left_out}
            found = Formation(sets=tuple(sets), unplaced=unplaced)
            if best is None or _rank(people, found) < _rank(people, best):
                best = found
        if best is not None and (cost(people, best.sets) <= bound or monotonic() > end):
            break
    if best is None:
        return Formation(
            sets=(), unplaced={c.person_id: why_left_out(c, people, fewest) for c in people}
        )
    return replace(best, bound=min(max(0, bound), cost(people, best.sets)))


def _rank(people: Sequence[Candidate], formation: Formation) -> tuple[int, int]:
    return len(formation.unplaced), cost(people, formation.sets)


def _at_least(slot: Slot, those: Sequence[Candidate], count: int) -> int:
    """What these cost at that time however they are divided."""
    teams = _by_team(those)
    seconds = sum(bool(p.prefers) and slot not in p.prefers for p in those)
    return NOT_PREFERRED * seconds + SAME_TEAM * sum(max(0, len(t) - count) for t in teams)


class _Settled:
    def __init__(
        self,
        times: list[tuple[Slot, list[Candidate], int]],
        left_out: list[Candidate],
        bound: float,
    ) -> None:
        self.times = times
        self.left_out = left_out
        self.bound = bound


class _Program(WholeNumbers):
    """Who meets at which time, or at none, and how many sets there are then; within their sizes."""

    def __init__(
        self, people: Sequence[Candidate], slots: Sequence[Slot], fewest: int, most: int
    ) -> None:
        super().__init__()
        self.out = [self.variable(LEFT_OUT) for _ in people]
        self.at: dict[tuple[int, Slot], int] = {}
        for number, person in enumerate(people):
            for slot in sorted(person.can):
                is_second = bool(person.prefers) and slot not in person.prefers
                self.at[number, slot] = self.variable(NOT_PREFERRED if is_second else 0)
            somewhere: list[Term] = [(self.at[number, slot], 1) for slot in person.can]
            self.row([(self.out[number], 1), *somewhere], least=1, most=1)
        self.counts = {slot: self.variable(most=len(people) // fewest) for slot in slots}
        self.named = self.counts[slots[-1]] + 1 if slots else len(people)
        """How many variables there are that stand for something; others only count."""

        for slot in slots:
            here: list[Term] = [(self.at[n, s], 1) for n, s in self.at if s == slot]
            self.row([*here, (self.counts[slot], -fewest)], least=0)
            self.row([*here, (self.counts[slot], -most)], most=0)


class _Times:
    """Who meets at which time, and how many sets there are then."""

    def __init__(self, people: Sequence[Candidate], fewest: int, most: int) -> None:
        self._people = people
        self._fewest, self._most = fewest, most
        self._slots = sorted({slot for person in people for slot in person.can})
        self._forbidden: list[tuple[Slot, list[Candidate], int]] = []

    def forbid(self, slot: Slot, those: list[Candidate], count: int) -> None:
        """These cannot be divided into so many sets at that time."""
        self._forbidden.append((slot, those, count))

    def settled(self, seconds: float) -> _Settled | None:
        """First that as few as possible are left out, then from there on the best that time allows."""
        bare = _Program(self._people, self._slots, self._fewest, self._most)
        self._keep_apart(bare)
        self._keep_off(bare)
        first = bare.solved(seconds / 2)
        if first is None:
            return None
        whole = _Program(self._people, self._slots, self._fewest, self._most)
        self._keep_apart(whole)
        self._keep_off(whole)
        self._spread(whole)
        start = {variable: first.values[variable] for variable in range(whole.named)}
        found = whole.solved(seconds / 2, start) or first
        times: list[tuple[Slot, list[Candidate], int]] = []
        for slot in self._slots:
            those = [
                person
                for number, person in enumerate(self._people)
                if (number, slot) in whole.at and found.values[whole.at[number, slot]]
            ]
            if those:
                times.append((slot, those, found.values[whole.counts[slot]]))
        left = [p for n, p in enumerate(self._people) if found.values[whole.out[n]]]
        return _Settled(times, left, found.bound)

    def _keep_off(self, program: _Program) -> None:
        for slot, those, count in self._forbidden:
            numbers = [self._people.index(person) for person in those]
            # Either one of them is elsewhere, or there are more sets.
            terms: list[Term] = [(program.at[number, slot], 1) for number in numbers]
            program.row([*terms, (program.counts[slot], -1)], most=len(numbers) - count - 1)

    def _spread(self, program: _Program) -> None:
        """More of one team at a time than there are sets must share one, whatever the division."""
        at, counts = program.at, program.counts
        for numbers in _by_team(self._people):
            for slot in self._slots:
                here = [at[number, slot] for number in numbers if (number, slot) in at]
                if len(here) > 1:
                    over = program.variable(SAME_TEAM, most=len(here))
                    terms: list[Term] = [(variable, 1) for variable in here]
                    program.row([*terms, (counts[slot], -1), (over, -1)], most=0)
        for a, b in _pairs(self._people, have_met):
            for slot in self._people[a].can & self._people[b].can:
                both = program.variable(MET_BEFORE)
                program.row(
                    [(at[a, slot], 1), (at[b, slot], 1), (counts[slot], -1), (both, -1)], most=0
                )

    def _keep_apart(self, program: _Program) -> None:
        """A manager and their reports at one time need more than one set, and others to sit with."""
        at, counts = program.at, program.counts
        reports: dict[int, list[int]] = defaultdict(list)
        numbers = {str(person.person_id): n for n, person in enumerate(self._people)}
        for number, person in enumerate(self._people):
            manager = numbers.get(person.manager_id)
            if manager is not None and manager != number:
                reports[manager].append(number)
        for manager, theirs in reports.items():
            for slot in sorted(self._people[manager].can):
                for report in theirs:
                    if (report, slot) in at:
                        apart: list[Term] = [(at[manager, slot], 1), (at[report, slot], 1)]
                        program.row([*apart, (counts[slot], -1)], most=0)
                others: list[Term] = [
                    (at[n, slot], 1)
                    for n in range(len(self._people))
                    if (n, slot) in at and n not in theirs
                ]
                program.row([*others, (at[manager, slot], -self._fewest)], least=0)


def _divided(
    those: Sequence[Candidate], count: int, fewest: int, most: int, seconds: float
) -> list[list[Candidate]] | None:
    """The people of one time in so many sets, of even size where that is possible."""
    even = len(those) // count, -(-len(those) // count)
    for least, largest in dict.fromkeys([even, (fewest, most)]):
        program = WholeNumbers()
        # The first is in the first set, the second in one of the first two: sets have no names.
        of = [
            [program.variable() for _ in range(min(number + 1, count))]
            for number in range(len(those))
        ]
        for mine in of:
            program.row([(variable, 1) for variable in mine], least=1, most=1)
        for each in range(count):
            inside = [(mine[each], 1.0) for mine in of if each < len(mine)]
            program.row(inside, least=least, most=largest)
        for a, b in _pairs(those, is_managed):
            for x, y in zip(of[a], of[b], strict=False):
                program.row([(x, 1), (y, 1)], most=1)
        for numbers in _by_team(those):
            for each in range(count):
                over = program.variable(SAME_TEAM, most=len(numbers))
                terms: list[Term] = [(of[n][each], 1) for n in numbers if each < len(of[n])]
                program.row([*terms, (over, -1)], most=1)
        for a, b in _pairs(those, have_met):
            for x, y in zip(of[a], of[b], strict=False):
                both = program.variable(MET_BEFORE)
                program.row([(x, 1), (y, 1), (both, -1)], most=1)
        found = program.solved(seconds)
        if found is not None:
            return [
                [
                    person
                    for person, mine in zip(those, of, strict=True)
                    if each < len(mine) and found.values[mine[each]]
                ]
                for each in range(count)
            ]
    return None


def _by_team(people: Iterable[Candidate]) -> list[list[int]]:
    """The numbers of those of each team that has more than one of them."""
    teams: dict[str, list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        if person.team:
            teams[person.team.casefold()].append(number)
    return [numbers for numbers in teams.values() if len(numbers) > 1]


def _pairs(
    people: Sequence[Candidate], are: Callable[[Candidate, Candidate], bool]
) -> list[tuple[int, int]]:
    return [(a, b) for a, b in combinations(range(len(people)), 2) if are(people[a], people[b])]
