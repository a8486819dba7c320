"""What is done in a run and in which order, drawn from its seed before anything has begun."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

LEASE = 30.0
"""Seconds after which a row whose replica is gone is another's, as the design says."""


class Kind(StrEnum):
    KILL = "kill"
    TERMINATE = "terminate"
    PAUSE = "pause"
    LONG_PAUSE = "long pause"
    CLOCK = "clock"
    RESTART_FAST = "database restart, fast"
    RESTART_IMMEDIATE = "database restart, immediate"
    REFUSED = "Teams refuses"
    HANGING = "Teams hangs"
    BUSY = "Teams is busy"
    BROKEN = "Teams is broken"
    ANSWERS_LOST = "Teams' answers are lost"


OF_A_REPLICA = frozenset({Kind.KILL, Kind.TERMINATE, Kind.PAUSE, Kind.LONG_PAUSE, Kind.CLOCK})
OF_THE_DATABASE = frozenset({Kind.RESTART_FAST, Kind.RESTART_IMMEDIATE})
OF_TEAMS = frozenset(Kind) - OF_A_REPLICA - OF_THE_DATABASE

ONE_BAG: Sequence[Kind] = [
    kind
    for kind in Kind
    for _ in range({Kind.KILL: 4, Kind.TERMINATE: 3, Kind.LONG_PAUSE: 2}.get(kind, 2))
]
"""All kinds come round before one comes more often than this."""

SHORT_BAG: Sequence[Kind] = [Kind.KILL, Kind.ANSWERS_LOST, Kind.TERMINATE]
"""For a run of seconds, which is to end before a lease that begins late has run out."""

QUIET = 4.0
"""Seconds at the beginning without a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`at` and `seconds` since the beginning; `shift` is by how many seconds a clock is wrong."""

    at: float
    kind: Kind
    seconds: float = 0.0
    replica: int = 0
    shift: float = 0.0

    @property
    def end(self) -> float:
        return self.at + self.seconds

    def __str__(self) -> str:
        where = f" of replica {self.replica}" if self.kind in OF_A_REPLICA else ""
        wrong = f", wrong by {self.shift:+.0f} s" if self.shift else ""
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind}{where}{wrong}{lasting}"


class Verb(StrEnum):
    """What somebody does. `SAY_…` is in words, what has no such prefix by a button."""

    BOOK = "session.book"
    CANCEL = "session.cancel"
    ACCEPT = "waiting.accept"
    PASS = "waiting.pass"
    SAY_BOOK = "book"
    SAY_CANCEL = "cancel"
    LOOK = "what's on today"
    HIGHLIGHTS = "highlights on"
    CALL_OFF = "organiser.cancel"
    MOVE = "move"


OF_ORGANISERS = frozenset({Verb.CALL_OFF, Verb.MOVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    at: float
    verb: Verb
    person: int = 0
    session: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.session} by person {self.person}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is of everything."""

    seconds: float
    people: int = 300
    crowd: int = 90
    """So many have booked each of the big sessions."""
    big: int = 14
    small: int = 16
    offered: int = 6
    soon: int = 12
    rate: float = 10.0
    bag: Sequence[Kind] = tuple(ONE_BAG)
    wishes: bool = True
    spared: float = 0.25
    """The share of faults that strike without something big under way."""


SHARES = {
    Verb.BOOK: 40,
    Verb.CANCEL: 24,
    Verb.SAY_BOOK: 10,
    Verb.SAY_CANCEL: 5,
    Verb.ACCEPT: 8,
    Verb.PASS: 3,
    Verb.LOOK: 6,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`before` is done with nothing going wrong, `acts` while the faults come."""

    seed: int
    size: Size
    replicas: int
    before: Sequence[Act]
    acts: Sequence[Act]
    faults: Sequence[Fault]


def drawn(seed: int, size: Size, *, replicas: int, database_restarts: bool) -> Plan:
    dice = random.Random(seed)
    bag = [kind for kind in size.bag if database_restarts or kind not in OF_THE_DATABASE]
    faults = list(_faults(dice, bag, size.seconds, replicas))
    before = list(_before(dice, size))
    acts = [
        *_acts(dice, size, before),
        *_fan_outs(dice, size, faults),
        *_wishes(dice, size),
    ]
    return Plan(
        seed=seed,
        size=size,
        replicas=replicas,
        before=before,
        acts=sorted(acts, key=lambda act: act.at),
        faults=faults,
    )


def _faults(
    dice: random.Random, bag: Sequence[Kind], seconds: float, replicas: int
) -> Iterator[Fault]:
    """One after another, save that a long one of a replica leaves the others to go on."""
    at, left = QUIET, list[Kind]()
    free_from = [0.0] * replicas
    while at < seconds:
        left = left or dice.sample(bag, len(bag))
        fault = _fault(dice, left.pop(), at, replicas)
        if fault.kind in OF_A_REPLICA:
            replica = min(range(replicas), key=lambda each: max(free_from[each], at))
            if free_from[fault.replica] > at:
                fault = _moved(fault, replica, max(at, free_from[replica]))
            free_from[fault.replica] = fault.end + 4.0
        yield fault
        at = fault.at + min(fault.seconds, 12.0) + dice.uniform(2.0, 6.0)


def _moved(fault: Fault, replica: int, at: float) -> Fault:
    return Fault(at=at, kind=fault.kind, seconds=fault.seconds, replica=replica, shift=fault.shift)


def _fault(dice: random.Random, kind: Kind, at: float, replicas: int) -> Fault:
    lasting = {
        Kind.KILL: (0.0, 3.0),
        Kind.TERMINATE: (0.0, 2.0),
        Kind.PAUSE: (2.0, LEASE / 2),
        Kind.LONG_PAUSE: (LEASE + 4.0, LEASE + 12.0),
        Kind.CLOCK: (15.0, 30.0),
        Kind.RESTART_FAST: (0.0, 3.0),
        Kind.RESTART_IMMEDIATE: (0.0, 3.0),
    }.get(kind, (3.0, 12.0))
    shift = dice.choice((-300.0, -120.0, 120.0, 300.0)) if kind is Kind.CLOCK else 0.0
    return Fault(
        at=at,
        kind=kind,
        seconds=dice.uniform(*lasting),
        replica=dice.randrange(replicas),
        shift=shift,
    )


def named(letter: str, count: int) -> list[str]:
    return [f"{letter}{number:02}" for number in range(count)]


def _before(dice: random.Random, size: Size) -> Iterator[Act]:
    """The big sessions have their crowds, and everybody in a third of the rest a place or a wait."""
    for session in named("X", size.big):
        for person in dice.sample(range(size.people), size.crowd):
            yield Act(at=0, verb=Verb.BOOK, person=person, session=session)
    for person in dice.sample(range(size.people), size.people // 3):
        for session in (
            *dice.sample(named("N", size.soon), 3),
            *dice.sample(named("L", size.small), 2),
        ):
            yield Act(at=0, verb=Verb.BOOK, person=person, session=session)
    for person in dice.sample(range(size.people), size.people // 3) if size.wishes else ():
        yield Act(at=0, verb=Verb.HIGHLIGHTS, person=person)


def _acts(dice: random.Random, size: Size, before: Sequence[Act]) -> Iterator[Act]:
    """Some are keener than others, so that one person's acts meet; who gives back had asked."""
    at = 0.0
    keen = dice.sample(range(size.people), max(4, size.people // 4))
    small, offered, soon = named("L", size.small), named("T", size.offered), named("N", size.soon)
    wanted = [(act.person, act.session) for act in before if act.session[:1] in ("L", "N")]
    while (at := at + dice.expovariate(size.rate)) < size.seconds:
        [verb] = dice.choices(list(SHARES), list(SHARES.values()))
        [among] = dice.choices((small, offered, soon), (6, 3, 2))
        person = dice.choice(keen if dice.random() < 0.8 else range(size.people))
        session = dice.choice(among)
        match verb:
            case Verb.LOOK:
                session = ""
            case Verb.BOOK | Verb.SAY_BOOK:
                wanted.append((person, session))
            case _:
                person, session = dice.choice(wanted)
        yield Act(at=at, verb=verb, person=person, session=session)


def _fan_outs(dice: random.Random, size: Size, faults: Sequence[Fault]) -> Iterator[Act]:
    """Big sessions are moved and called off just before most faults, so that these hit something."""
    left = named("X", size.big)
    for fault in faults:
        if not left or dice.random() < size.spared:
            continue
        if len(left) > 1 and dice.random() < 0.5:
            yield Act(at=max(0.0, fault.at - 3.0), verb=Verb.MOVE, session=dice.choice(left))
        else:
            session = left.pop(dice.randrange(len(left)))
            yield Act(at=max(0.0, fault.at - 0.8), verb=Verb.CALL_OFF, session=session)


def _wishes(dice: random.Random, size: Size) -> Iterator[Act]:
    """Two thirds wish for highlights in two waves before they are due, and some when they were."""
    for wave in range(3 if size.wishes else 0):
        at = size.seconds * wave / 4
        for person in dice.sample(range(size.people), size.people // 3):
            yield Act(at=at + dice.uniform(0, 2), verb=Verb.HIGHLIGHTS, person=person)
