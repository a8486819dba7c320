"""The figures of bookings and attendance, and how a line of them is counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from learning.attendance import GUEST, Presence, is_guest
from learning.people import PersonId
from learning.profiles import Profile
from learning.report import Channel, Line, Reach
from learning.sessions import Session, SessionId
from learning.takings import Taking

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What is looked for in departments and offices, in small letters; None where nobody said."""

    front_line: frozenset[str] | None = None
    remote: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A line without its score, and the sessions that the score is of; none where it has no score."""

    line: Line
    sessions: tuple[SessionId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The part of a report that tells of bookings and attendance, as of one moment.

    `guests` counts presences of people without an account. `totals` is None where all is withheld.
    """

    totals: Group | None
    by_session: tuple[Group, ...] = ()
    by_strand: tuple[Group, ...] = ()
    by_format: tuple[Group, ...] = ()
    by_department: tuple[Group, ...] = ()
    by_location: tuple[Group, ...] = ()
    reach: Reach = field(default_factory=Reach)
    channels: tuple[Channel, ...] = ()
    guests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that an edition's figures are made from; `earlier` are those who attended one before.

    `earlier` is None where there was none. `sessions` are those that count.
    """

    sessions: tuple[Session, ...]
    takings: tuple[Taking, ...]
    profiles: Mapping[PersonId, Profile]
    earlier: frozenset[str] | None
    places: Places
    is_over: bool


def line_of(name: str, takings: Sequence[Taking], sessions: int, *, merged: bool = False) -> Line:
    presences = Counter(t.presence for t in takings)
    return Line(
        name=name,
        sessions=sessions,
        booked=sum(t.is_booked for t in takings),
        attended=presences[Presence.ATTENDED],
        briefly=presences[Presence.BRIEFLY],
        no_shows=presences[Presence.ABSENT],
        unknown=sum(t.is_booked and t.presence is None for t in takings),
        unbooked=sum(t.is_there and not t.is_booked for t in takings),
        waiting=sum(t.is_waiting and not t.is_there for t in takings),
        merged=merged,
    )


def people_by(takings: Iterable[Taking], key: Callable[[Taking], K]) -> dict[K, set[PersonId]]:
    """Who is in each group; who only waited makes a group no larger, but where nobody else is in it.

    All guests count as one: they may be the same from session to session.
    """
    found: dict[K, set[PersonId]] = defaultdict(set)
    waited: dict[K, set[PersonId]] = defaultdict(set)
    for taking in takings:
        people = found if taking.is_booked or taking.is_there else waited
        people[key(taking)].add(PersonId(GUEST if is_guest(taking.who) else taking.who))
    return waited | found
