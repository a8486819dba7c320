"""What a run leaves behind, put side by side: rows, messages, answers, processes and faults."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.history import NEVER, Booked, Claim, Held, Row
from tests.chaos.load import Done
from tests.chaos.plan import Fault
from tests.chaos.region import Taken
from tests.chaos.replicas import Life

SLACK = 0.05
"""Seconds by which the clock of a statement and that of an arrival may differ."""


@dataclass(slots=True, kw_only=True)
class Happened:
    """A fault as it came about: from when to when, and to which process."""

    fault: Fault
    began: float
    ended: float = NEVER
    life: Life | None = None
    in_flight: int = 0
    twice: int = 0

    def covers(self, at: float, until: float) -> bool:
        return self.began <= until and self.ended >= at


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """All that is held together. People and sessions are named as in the database."""

    rows: Sequence[Row]
    taken: Sequence[Taken]
    done: Sequence[Done]
    moves: Sequence[tuple[str, float, float]]
    """Codes of sessions that were moved for sure, and from when to when that took."""
    lives: Sequence[Life]
    happened: Sequence[Happened]
    live: Sequence[Booked]
    sessions: Mapping[int, Held]
    person_ids: Sequence[str]
    chats: Mapping[str, str]
    """Conversation to person."""
    nudges: Sequence[float]
    """Seconds before the start."""
    now: float


@dataclass(slots=True)
class Found:
    """The figures, and each breach in a sentence."""

    breaches: list[str] = field(default_factory=list)
    sent: int = 0
    taken: int = 0
    twice: int = 0
    lost: int = 0
    ahead: int = 0
    unsure: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    worst: float = 0.0
    worst_row: str = ""

    def lose(self, words: str) -> None:
        self.lost += 1
        self.breaches.append(f"LOST: {words}")


_CODE = re.compile(r"\b[XLTN]\d\d\b")
_KINDS = (
    (re.compile(r"A place came free: you're booked"), "place_given"),
    (re.compile(r"A place came free on .* Do you want it\?"), "place_offered"),
    (re.compile(r"has gone to the next in line"), "offer_lapsed"),
    (re.compile(r"has (moved|changed): now"), "session_changed"),
    (re.compile(r"is cancelled \("), "session_cancelled"),
    (re.compile(r"Learning today"), "highlights"),
    (re.compile(r" starts "), "nudge"),
)


MESSAGES = frozenset(kind for _, kind in _KINDS)


class Matched:
    """Each notice that arrived, beside its row; by the row's activity id, else by who had the lease."""

    def __init__(self, books: Books) -> None:
        self.row_of: dict[str, Row] = {}
        self.copies: dict[int, list[Taken]] = defaultdict(list)
        """By identity of the row, in the order of arrival."""
        self.strays: list[Taken] = []
        self._books = books
        self._codes = {held.code: id for id, held in books.sessions.items()}
        notices = [(each, kind) for each in books.taken if (kind := kind_of(each))]
        by_id = {row.activity_id: row for row in books.rows if row.activity_id}
        subjects: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
        for row in books.rows:
            subjects[row.kind, row.person_id, row.session_id].append(row)
        for each, _ in notices:
            if each.id in by_id:
                self.row_of[each.id] = by_id[each.id]
        self.lives = self._owners()
        for each, kind in notices:
            row = self.row_of.get(each.id) or self._guessed(
                each, subjects[self._subject(each, kind)]
            )
            if row is None:
                self.strays.append(each)
            else:
                self.row_of[each.id] = row
                self.copies[id(row)].append(each)

    def life_of(self, each: Taken) -> Life | None:
        """The process that sent it."""
        lives = (life for life in reversed(self._books.lives) if life.replica == each.replica)
        return next((life for life in lives if life.began <= each.at), None)

    def claim_of(self, row: Row, each: Taken) -> Claim | None:
        """The lease under which it was sent: the last that its sender had had by then.

        One that ended young may be known by no message; then the last that nobody else is known for.
        """
        life = self.life_of(each)
        by_then = [c for c in row.claims if c.at <= each.at + SLACK]
        mine = [c for c in by_then if self.lives.get(c.owner) is life]
        nobodys = [c for c in by_then if c.owner not in self.lives]
        return next(reversed(mine or nobodys), None)

    def _subject(self, each: Taken, kind: str) -> tuple[str, str, int]:
        code = _CODE.search(each.summary) if kind != "highlights" else None
        session = self._codes.get(code[0], 0) if code else 0
        return kind, self._books.chats.get(each.conversation, ""), session

    def _owners(self) -> dict[str, Life]:
        """Which process leases under which name, by the messages that are known to be theirs."""
        votes: dict[str, Counter[int]] = defaultdict(Counter)
        for each in self._books.taken:
            row = self.row_of.get(each.id)
            claim = row.holder(each.at + SLACK) if row else None
            life = self.life_of(each)
            if claim is not None and life is not None:
                votes[claim.owner][self._books.lives.index(life)] += 1
        return {
            owner: self._books.lives[count.most_common(1)[0][0]] for owner, count in votes.items()
        }

    def _guessed(self, each: Taken, rows: Sequence[Row]) -> Row | None:
        """Under lease by its sender then; else the last that was leased by then at all."""
        leased = [(row, claim) for row in rows if (claim := row.holder(each.at + SLACK))]
        mine = [(r, c) for r, c in leased if c.ended >= each.at - SLACK]
        choice = sorted(mine or leased, key=lambda pair: pair[1].at)
        return choice[-1][0] if choice else None


def kind_of(each: Taken) -> str:
    return next((kind for words, kind in _KINDS if words.search(each.summary)), "")
