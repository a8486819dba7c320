"""Mailings: what many people are told for one reason, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from learning.notices import CALENDAR, COURSES, HIGHLIGHTS, SETS, Kind
from learning.sessions import Session, SessionId

WAITING = frozenset({"queued", "leased", "held_back"})

WITHOUT_SUBJECT = (
    frozenset({Kind.OPEN_CHAT, Kind.FAN_OUT, Kind.HUB_READ, Kind.HUB_FAULT, Kind.ENGAGE_SIGN_IN})
    | COURSES
    | SETS
)
"""These are about no session and no day."""

OF_A_DAY = HIGHLIGHTS | {
    Kind.ENGAGE_POST,
    Kind.CHAMPION_NAMED,
    Kind.CHAMPION_CARD,
    Kind.THEME,
    Kind.COURSE_WELCOME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the name of a mailing says: `notices` gives these names.

    A repetition of a day's highlights has the instant at which somebody asked for it, and reminders of
    a programme what they are about.
    """

    kind: Kind
    session_id: SessionId | None = None
    day: date | None = None
    again_at: datetime | None = None
    about: str = ""

    @classmethod
    def of(cls, mailing: str) -> Self | None:
        """None for a name of which this version knows nothing."""
        name, _, rest = mailing.partition(":")
        about, _, moment = rest.partition(":")
        try:
            kind = Kind(name)
            if kind is Kind.COURSE_NUDGE:
                return cls(kind=kind, day=date.fromisoformat(about), about=moment)
            if kind in OF_A_DAY:
                again_at = datetime.fromisoformat(moment) if moment else None
                return cls(kind=kind, day=date.fromisoformat(about), again_at=again_at)
            if kind in WITHOUT_SUBJECT:
                return cls(kind=kind)
            return cls(kind=kind, session_id=SessionId(int(about)))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """To how many people it goes, and how many of them each number is about.

    They are channels where it is posted to channels. `due_at` is when the last of it was due;
    `session` is None where it is about none, or about one that is gone.
    """

    subject: Subject
    due_at: datetime
    session: Session | None = None
    to_come: int = 0
    queued: int = 0
    being_sent: int = 0
    held_back: int = 0
    sent: int = 0
    dropped: int = 0
    given_up: Mapping[str, int] = field(default_factory=dict[str, int])
    """By reason."""

    name: str = field(default="", compare=False)
    """By which the outbox knows it."""

    @property
    def people(self) -> int:
        settled = self.sent + self.dropped + sum(self.given_up.values())
        return self.to_come + self.queued + self.being_sent + self.held_back + settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """How many calendar events, or Zoom meetings, of the last weeks stand how; each counts once."""

    up_to_date: int = 0
    waiting: int = 0
    held_back: int = 0
    given_up: int = 0

    @property
    def all(self) -> int:
        return self.up_to_date + self.waiting + self.held_back + self.given_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """The latest mailings, newest first; `ahead` counts the messages whose time is still to come."""

    mailings: tuple[Mailing, ...]
    events: Events
    ahead: int
    zoom: Events = Events()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many rows of one mailing are in one state, and when the first and last of them was due."""

    mailing: str
    state: str
    count: int
    first: datetime
    last: datetime


def has_begun(tallies: list[Tally], now: datetime) -> bool:
    """Whether some of it is due by now, or was sent all the same: somebody was in a hurry."""
    return any(t.first <= now or t.state != "queued" for t in tallies)


def events(tallies: Mapping[str, list[Tally]], kinds: Collection[Kind] = CALENDAR) -> Events:
    """How the calendar's events stand, or what else these kinds make, from all mailings' tallies.

    An event is up to date once something was brought about and nothing waits or failed since.
    """
    by_session: dict[SessionId | None, list[Tally]] = {}
    for mailing, found in tallies.items():
        subject = Subject.of(mailing)
        if subject is not None and subject.kind in kinds:
            by_session.setdefault(subject.session_id, []).extend(found)
    standings = [_standing(found) for found in by_session.values()]
    return Events(
        up_to_date=standings.count("sent"),
        waiting=standings.count("queued"),
        held_back=standings.count("held_back"),
        given_up=standings.count("given_up"),
    )


def _standing(tallies: list[Tally]) -> str:
    last = {t.state: max(o.last for o in tallies if o.state == t.state) for t in tallies}
    if "held_back" in last:
        return "held_back"
    if last.keys() & WAITING:
        return "queued"
    # What was dropped found its work done by another row, or the calendar or Zoom off.
    return max(last.keys() - {"dropped"}, key=lambda state: last[state], default="dropped")
