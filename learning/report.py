"""What an edition did, in figures that single nobody out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from learning.sources import Source

TENTH = Decimal("0.1")
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was answered where the answers were enough to be shown.

    `histogram` counts the answers of one star to five. Of the `goal_answers` that said whether it
    supported their career and personal development goals, `helped` said yes.
    """

    histogram: tuple[int, int, int, int, int]
    helped: int
    goal_answers: int

    @property
    def answers(self) -> int:
        return sum(self.histogram)

    @property
    def average(self) -> Decimal:
        """Stars, to two places."""
        stars = sum(n * count for n, count in enumerate(self.histogram, 1))
        return rounded(Decimal(stars) / self.answers, HUNDREDTH) if self.answers else Decimal()

    @property
    def goals_share(self) -> Decimal | None:
        """Per cent to one place; None where nobody said either."""
        return share(self.helped, self.goal_answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of one group: of a session, a strand, all together.

    `capacity` is None where a session of it has no limit or the group has none. Whoever was booked
    when it began is in one of attended, briefly, no_shows and unknown, and so are the `unbooked`, who came
    without a booking: booked + unbooked = attended + briefly + no_shows + unknown. `merged` says that
    the line stands for several groups that are too small to be shown alone.
    """

    name: str
    sessions: int
    capacity: int | None = None
    booked: int = 0
    attended: int = 0
    briefly: int = 0
    no_shows: int = 0
    unknown: int = 0
    unbooked: int = 0
    waiting: int = 0
    score: Score | None = None
    merged: bool = False

    @property
    def attended_share(self) -> Decimal | None:
        """Attended, per cent of those of whom it is known; None where it is of nobody."""
        return share(self.attended, self.attended + self.briefly + self.no_shows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many different people; None for what is not known or would tell of too few."""

    people: int | None = None
    first_timers: int | None = None
    front_line: int | None = None
    remote: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What one way of booking brought; `source` is OTHER for several together."""

    name: str
    source: Source
    booked: int
    attended: int
    merged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedWord:
    """What so many different people asked for and did not find."""

    word: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What people asked for and did not find; `rare` more words were asked for by too few to be shown."""

    words: tuple[MissedWord, ...] = ()
    rare: int = 0


class Measure(StrEnum):
    """What editions are compared by."""

    SESSIONS = "sessions"
    BOOKED = "bookings"
    ATTENDED = "attended"
    NO_SHOWS = "no_shows"
    WAITING = "waiting"
    PEOPLE = "people"
    ANSWERS = "answers"
    SCORE = "score"
    GOALS = "goals"


MEASURES = {
    Measure.SESSIONS: "Sessions",
    Measure.BOOKED: "Booked",
    Measure.ATTENDED: "Attended",
    Measure.NO_SHOWS: "No-shows",
    Measure.WAITING: "Waiting in vain",
    Measure.PEOPLE: "Different people",
    Measure.ANSWERS: "Feedback answers",
    Measure.SCORE: "Average score",
    Measure.GOALS: "Said it supported their goals, %",
}
"""What the measures are called."""

SHARES = frozenset({Measure.SCORE, Measure.GOALS})
"""Compared by how far apart they are, not in per cent of one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One measure, before and now; None where either is not known.

    `per_cent` is how much more or less it is than before, of 40 before and 90 now 125.0; None where
    nothing can be said, and for a score or a share of people, of which `apart` is how far they are apart.
    """

    measure: Measure
    before: Decimal | None
    now: Decimal | None

    @property
    def name(self) -> str:
        return MEASURES[self.measure]

    @property
    def per_cent(self) -> Decimal | None:
        if self.before is None or self.now is None or self.measure in SHARES or not self.before:
            return None
        return rounded((self.now - self.before) * 100 / self.before, TENTH)

    @property
    def apart(self) -> Decimal | None:
        if self.before is None or self.now is None or self.measure not in SHARES:
            return None
        return self.now - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An edition before this one, measure by measure; `is_imported` where only its figures are known."""

    name: str
    held: date | None
    changes: tuple[Change, ...]
    is_imported: bool = False

    def change(self, measure: Measure) -> Change | None:
        return next((c for c in self.changes if c.measure is measure), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that is told of an edition, the newest of the `earlier` first.

    `totals` is None where all of it would tell of too few people; then there are no other lines.
    `is_over` says whether its last session has ended: until then `people` are those with a booking.
    `notes` are sentences of what is merged, withheld or not known, and why. `made_at` is the moment
    that the figures of bookings and attendance are of.
    """

    edition: str
    first_day: date | None
    last_day: date | None
    made_at: datetime
    is_over: bool
    totals: Line | None
    by_session: tuple[Line, ...] = ()
    by_strand: tuple[Line, ...] = ()
    by_format: tuple[Line, ...] = ()
    by_department: tuple[Line, ...] = ()
    by_location: tuple[Line, ...] = ()
    reach: Reach = Reach()
    channels: tuple[Channel, ...] = ()
    missed: Missed = Missed()
    earlier: tuple[Earlier, ...] = ()
    notes: tuple[str, ...] = ()


DEFINITIONS = (
    (
        "Booked",
        "had a place when the session began; before that, has a place now. Sessions that were called off"
        " and resources to be used at any time are not counted.",
    ),
    ("Attended", "was there for long enough, or was ticked as having been there, booked or not."),
    ("Briefly", "was seen there, but for a short while only."),
    ("No-show", "was booked and was not there."),
    ("Unknown", "was booked, and nobody recorded whether they were there."),
    ("Came without a booking", "was there, for long or briefly, and had no place."),
    ("Waiting in vain", "stood on the waiting list when the session began and never got a place."),
    (
        "Different people",
        "attended at least one session; until the edition is over, attended one or have a place on one.",
    ),
    (
        "First-timers",
        "are people of this edition who attended no earlier one that is recorded here.",
    ),
    (
        "Department and office",
        "are where people work as the directory said last; those of people who asked to be forgotten are"
        " unknown.",
    ),
    (
        "Score",
        "is the average of one to five stars, of the sessions with at least 5 answers.",
    ),
    (
        "Supported their goals",
        "is how many of those who answered the question said that a session supported their career and"
        " personal development goals.",
    ),
    (
        "Asked for and not found",
        "are single words of questions for which nothing in the programme fitted, asked by at least 5"
        " different people.",
    ),
    (
        "Small groups",
        "Groups of fewer than 5 people are shown together with others. The figures of bookings and"
        " attendance are made anew when those of at least 5 people have changed.",
    ),
)
"""What the words of the report mean, as the report itself says it."""


def share(part: int, whole: int) -> Decimal | None:
    """Per cent to one place; None of nothing."""
    return rounded(Decimal(part) * 100 / whole, TENTH) if whole else None


def rounded(value: Decimal, to: Decimal) -> Decimal:
    return value.quantize(to, ROUND_HALF_UP)
