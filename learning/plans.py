"""A set of sessions for one person's week: no two at once, as good and as varied as there is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from learning.profiles import Profile
from learning.sessions import Format, Session

BETWEEN_PLACES = timedelta(minutes=10)
"""To go from one room to another."""

FIRST_OF_ITS_KIND = 0.25
"""Worth of being the first about an interest, or the first of a strand, beside 1 for the best fit."""

NEARER = 0.1
"""The same of what is for one's own department, and of what is in one's own building."""

TINY = 1e-9
"""Less than that is no difference, but of adding up in another order."""

MOST_CANDIDATES = 40
"""The best fits that are looked at: beyond them the exact way would take too long for an answer."""

FEWEST, USUAL, MOST = 1, 5, 8
"""How many sessions a plan may have, and has where nobody says."""

MOST_INTERESTS = 6
LONGEST_INTEREST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time that is taken."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A session that may be planned, how well it fits (0 to 1), and the interests and strand it is of."""

    session: Session
    worth: float
    about: frozenset[str] = frozenset()


class Looked(StrEnum):
    """What of somebody's diary a plan keeps clear of; the reason where it is their bookings alone."""

    CALENDAR = "calendar"
    NOT_ALLOWED = "not allowed"
    NOT_NOW = "not now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody may go to, in order of time.

    `full` fits as well and has a queue; of `missing` nothing fits in these days, `resources` may be
    taken instead at any time. `guessed` says that nobody named the interests.
    """

    interests: tuple[str, ...]
    sessions: tuple[Session, ...] = ()
    full: tuple[Session, ...] = ()
    missing: tuple[str, ...] = ()
    resources: tuple[Session, ...] = ()
    looked: Looked = Looked.NOT_ALLOWED
    most: int = USUAL
    guessed: bool = False


class Result(StrEnum):
    """What came of booking one session of a plan."""

    BOOKED = "booked"
    HAD = "had"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    session: Session
    result: Result
    reason: str = ""


def interests(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """'leadership, mentoring and excel' one by one, as said first.

    What is `known` by a name with "and" in it, in small letters, stays whole.
    """
    found: list[str] = []
    for part in re.split(r"[,;]", text):
        whole = part.strip(_EDGES)
        found += [whole] if whole.casefold() in known else _JOINTS.split(whole)
    tidy = (interest.strip(_EDGES)[:LONGEST_INTEREST] for interest in found)
    return tuple(dict.fromkeys(interest for interest in tidy if interest))[:MOST_INTERESTS]


_EDGES = " .!?\"'“”"
_JOINTS = re.compile(r"\s*(?:[&+/]|\b(?:and|or|plus)\b)\s*", re.IGNORECASE)


def clashes(one: Session, other: Session) -> bool:
    """Whether nobody can be at both: they overlap, or leave no time to get from place to place."""
    first, second = sorted((one, other), key=_begins)
    return _begins(second) < _ends(first) + (_way(first, second))


def is_taken(session: Session, spans: Iterable[Span]) -> bool:
    """Whether something else stands in the diary at that time."""
    return any(_begins(session) < span.end and span.start < _ends(session) for span in spans)


def suits(session: Session, profile: Profile | None) -> float:
    """How much more a session is worth that is for one's own department, or in one's own building."""
    if profile is None:
        return 0.0
    audience, location = (
        text.casefold() for text in (session.details.audience, session.details.location)
    )
    department, office = profile.department.casefold(), profile.office.casefold()
    is_near = session.details.format is Format.IN_PERSON and office and office in location
    return NEARER * (bool(department and department in audience) + bool(is_near))


def worth_of(chosen: Sequence[Candidate]) -> float:
    """What a set is worth: its fits, and how many interests and strands it is of."""
    about = frozenset[str]().union(*(c.about for c in chosen))
    return sum(c.worth for c in chosen) + FIRST_OF_ITS_KIND * len(about)


def best(candidates: Iterable[Candidate], most: int) -> list[Candidate]:
    """The set of at most so many that is worth most, none clashing with another; in order of time.

    Exact: every set is looked at, but those that cannot become better than the best one so far. What
    may still become of one is known for a relaxed task, in which rooms are no matter and everything
    that comes is the first of its kind (weighted interval scheduling), so that few are left.
    """
    fits = sorted(candidates, key=lambda c: -c.worth)[:MOST_CANDIDATES]
    search = _Search(sorted(fits, key=lambda c: (_begins(c.session), _ends(c.session))), most)
    search.extend(0, (), 0.0, 0)
    return [search.ordered[number] for number in search.chosen]


class _Search:
    """One search for the best set; what is met of interests and strands is a bit for each."""

    def __init__(self, ordered: Sequence[Candidate], most: int) -> None:
        self.ordered = ordered
        self.chosen: tuple[int, ...] = ()
        self._total = 0.0
        self._most = most
        self._count = len(ordered)
        self._worths = [c.worth for c in ordered]
        kinds = {
            kind: 1 << n for n, kind in enumerate(sorted({k for c in ordered for k in c.about}))
        }
        self._about = [sum(kinds[kind] for kind in c.about) for c in ordered]
        self._still = [0] * (self._count + 1)
        for number in reversed(range(self._count)):
            self._still[number] = self._still[number + 1] | self._about[number]
        starts = [_begins(c.session) for c in ordered]
        self._after = [
            max(number + 1, bisect_left(starts, _ends(c.session)))
            for number, c in enumerate(ordered)
        ]
        self._clashing = [
            frozenset(n for n, other in enumerate(ordered) if clashes(c.session, other.session))
            for c in ordered
        ]
        self._plain = self._relaxed(self._worths)
        firsts = [FIRST_OF_ITS_KIND * len(c.about) for c in ordered]
        self._all_first = self._relaxed([w + f for w, f in zip(self._worths, firsts, strict=True)])

    def extend(self, number: int, chosen: tuple[int, ...], total: float, met: int) -> None:
        """Look at every set that begins with these and goes on from that candidate."""
        if total > self._total + TINY:
            self._total, self.chosen = total, chosen
        left = self._most - len(chosen)
        while number < self._count and left:
            new = (self._still[number] & ~met).bit_count()
            hope = min(
                self._all_first[number][left],
                self._plain[number][left] + FIRST_OF_ITS_KIND * new,
            )
            if total + hope <= self._total + TINY:
                return
            if self._clashing[number].isdisjoint(chosen):
                about = self._about[number]
                gain = self._worths[number] + FIRST_OF_ITS_KIND * (about & ~met).bit_count()
                self.extend(self._after[number], (*chosen, number), total + gain, met | about)
            number += 1

    def _relaxed(self, worths: Sequence[float]) -> list[list[float]]:
        """The most that so many from a candidate on can be worth, if they only must not overlap."""
        table = [[0.0] * (self._most + 1) for _ in range(self._count + 1)]
        for number in reversed(range(self._count)):
            following = table[self._after[number]]
            for left in range(1, self._most + 1):
                this = worths[number] + following[left - 1]
                table[number][left] = max(table[number + 1][left], this)
        return table


def _way(first: Session, second: Session) -> timedelta:
    """The time it takes to get from one to the other."""
    both = {first.details.format, second.details.format}
    if both != {Format.IN_PERSON}:
        return timedelta()
    here, there = first.details.location.casefold(), second.details.location.casefold()
    return timedelta() if here and here == there else BETWEEN_PLACES


def _begins(session: Session) -> datetime:
    assert session.starts_at is not None, "only what has a time is planned"
    return session.starts_at


def _ends(session: Session) -> datetime:
    return session.ends_at or _begins(session)
