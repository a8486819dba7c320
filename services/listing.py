"""The programme as it is kept in memory, and what of it answers a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from language.calendar import Calendar, When
from language.clock_times import PARTS
from language.commands import Than, Wanted
from language.context import Fit
from language.day_names import read_days
from language.phrases import ordinal
from language.when import read_when
from learning.search import SPREAD, WEAK, Match, Nearness, SearchIndex, clear_match, words
from learning.sessions import Edition, Format, Session, by_time

if TYPE_CHECKING:
    from language.meaning import ProgrammeMeaning

FORMATS = {
    Wanted.IN_PERSON: frozenset({Format.IN_PERSON}),
    Wanted.TEAMS: frozenset({Format.TEAMS}),
    Wanted.ZOOM: frozenset({Format.ZOOM}),
    Wanted.ONLINE: frozenset({Format.TEAMS, Format.ZOOM, Format.ONLINE, Format.SELF_PACED}),
    Wanted.SELF_PACED: frozenset({Format.SELF_PACED}),
}
ALL = frozenset[Wanted]()

AHEAD = 1.15
"""So many times as good as the next one is what is clearly meant among a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Every session there is as of one version; counts in it may be old, details are not.

    The live sessions of courses are apart, in an index of their own: they are for those on them, and
    nothing that lists or finds sessions for everybody comes upon them.

    Without `meaning` sessions are found by words and spelling alone: there is no sentence model, or
    it is still reading.
    """

    version: int
    editions: tuple[Edition, ...]
    index: SearchIndex
    meaning: ProgrammeMeaning | None = None
    course_index: SearchIndex = field(default_factory=lambda: SearchIndex(()))
    _days: dict[ZoneInfo, frozenset[date]] = field(
        default_factory=dict[ZoneInfo, frozenset[date]], init=False, repr=False, compare=False
    )

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Those for everybody."""
        return self.index.sessions

    @property
    def everything(self) -> tuple[Session, ...]:
        """For what is done about every session, whoever it is for."""
        return (*self.sessions, *self.course_index.sessions)

    def days(self, zone: ZoneInfo) -> frozenset[date]:
        """The local days on which something takes place."""
        if zone not in self._days:
            self._days[zone] = frozenset(
                s.starts_at.astimezone(zone).date()
                for s in self.sessions
                if s.starts_at is not None and not s.is_cancelled
            )
        return self._days[zone]

    def on(self, when: When, zone: ZoneInfo, wanted: frozenset[Wanted] = ALL) -> list[Session]:
        """What begins in these days, judged in this zone, in order of time."""
        return by_time(
            s for s in self.sessions if not s.is_cancelled and _passes(s, when, zone, wanted)
        )

    def next_day(self, after: date, zone: ZoneInfo, now: datetime) -> date | None:
        """The first day from `after` on which something can still be attended."""
        ahead = [s for s in self.sessions if s.is_open(now)]
        days = (s.starts_at.astimezone(zone).date() for s in ahead if s.starts_at is not None)
        return min((d for d in days if d >= after), default=None)

    def nearness(self, text: str) -> Nearness | None:
        """How near these words are to each session; asking the model takes milliseconds."""
        return None if self.meaning is None else self.meaning.nearness(self._asked(text))

    def think(self, *some: str) -> None:
        """Ask the model of all these words at once, so that what follows takes no time."""
        if self.meaning is not None:
            self.meaning.think(*some, *map(self._asked, some))

    def is_quick(self, text: str) -> bool:
        """Whether finding by these words takes no time worth a thread."""
        if self.meaning is None:
            return True
        return not self.is_large and self.meaning.has_thought(self._asked(text))

    @property
    def is_large(self) -> bool:
        """Whether comparing with all sessions takes so long that it is done in a thread."""
        return len(self.sessions) >= MANY

    def _asked(self, text: str) -> str:
        """The words as the model is asked: without what every session is, their spelling mended."""
        is_short = len(text.split()) <= SHORT
        plain = (" ".join(_GENERIC.sub(" ", text).split()) if is_short else "") or text
        return self.index.mended(plain, self.meaning.knows) if self.meaning else plain

    def fit(self, text: str, now: datetime) -> Fit:
        """How well these words fit what can be attended."""
        near = self.nearness(text)
        matches = self.find(text, now, near=near)
        return Fit(
            is_sure=bool(matches) and matches[0].is_sure,
            nearest=near.nearest if near else 0.0,
            share=matches[0].score if matches else 0.0,
            rest=self.index.without_names(text),
        )

    def named(self, text: str, now: datetime) -> str:
        """The title of the session, or of those under one title, that these words name beyond doubt."""
        found = self.index.find(text, 4, among=lambda s: s.is_open(now))
        if not found:
            return ""
        title = found[0].session.title
        return (
            title
            if clear_match([found[0], *(m for m in found if m.session.title != title)])
            else ""
        )

    def find(
        self,
        text: str,
        now: datetime,
        limit: int = 8,
        *,
        near: Nearness | None = None,
        when: When | None = None,
        zone: ZoneInfo | None = None,
        wanted: frozenset[Wanted] = ALL,
    ) -> list[Match]:
        """What fits these words best, on these days: what can still be attended, or else what was.

        Where that is not sure, they are only what comes nearest, and the matches say so.
        """

        overall = 0.0
        if when is not None or wanted:
            anywhere = self.index.find(text, 1, near=near, among=lambda s: not s.is_cancelled)
            overall = anywhere[0].rank if anywhere else 0.0

        def passes(session: Session) -> bool:
            return _passes(session, when, zone or session.zone, wanted)

        def is_ahead(session: Session) -> bool:
            return passes(session) and not session.is_cancelled and not session.is_over(now)

        ahead = self.index.find(text, limit, near=near, among=is_ahead)
        if ahead and ahead[0].rank < SPREAD * overall:
            return []
        if ahead and ahead[0].is_sure:
            return ahead
        every = self.index.find(text, limit, near=near, among=passes)
        if ahead and not (every and every[0].is_sure):
            return ahead
        return sorted(every, key=_begins, reverse=True)

    def wished(self, what: str, now: datetime, zone: ZoneInfo) -> tuple[list[Match], When | None]:
        """What "something about confidence on Tuesday" may mean, best first, and the days in it."""
        local = now.astimezone(zone)
        calendar = Calendar(today=local.date(), days=self.days(zone), now=local.time())
        when, rest = read_when(what, calendar)
        if when is not None and rest and ordinal(what) is None:
            found = self.find(rest, now, 50, near=self.nearness(rest), when=when, zone=zone)
            if found and found[0].is_sure:
                return found, when
        return self.find(what, now, 50, near=self.nearness(what)), None

    def among(
        self, text: str, some: Sequence[Session], now: datetime, zone: ZoneInfo
    ) -> list[Session]:
        """Which of these few "the evening one", "the bias one" is; none where that is not clear.

        A place is booked or given back by it, so the words must name it: meaning alone does not.
        """
        if len(some) < 1:
            return []
        if found := _THE_OTHER.fullmatch(text):
            one = self._one_in(found["than"], some, now, zone) if len(some) == 2 else []
            return [s for s in some if s not in one] if one else []
        plain = _THE_ONE.fullmatch(text)
        what = plain["what"] if plain else text
        today = now.astimezone(zone)
        calendar = Calendar(today=today.date(), days=self.days(zone), now=today.time())
        if len(some) > 1 and (by_place := _BY_PLACE.get(what)) is not None:
            return [by_time(some)[by_place]]
        when, rest = read_when(what, calendar)
        if what in PARTS:
            start, end = PARTS[what]
            when = When(first=date.min, last=date.max, start=start, end=end)
        elif when is not None and read_days(what, calendar)[0] is None:
            when = replace(when, first=date.min, last=date.max)
        left = [s for s in some if when is None or _passes(s, when, zone, ALL)]
        if when is not None and not words(rest) and len(left) == 1:
            return left
        ids = {s.id for s in left}
        matches = self.index.find(rest, near=self.nearness(rest), among=lambda s: s.id in ids)
        if not matches or not matches[0].is_sure or matches[0].score < WEAK:
            return []
        ahead = [m for m in matches if m.rank * AHEAD >= matches[0].rank]
        return [matches[0].session] if len(ahead) == 1 else []

    def _one_in(
        self, text: str, some: Sequence[Session], now: datetime, zone: ZoneInfo
    ) -> list[Session]:
        """Which of these few somebody speaks of who does not want it: "8.30 is too early for me"."""
        if found := _LISTED.search(text):
            number = ordinal(found[0])
            return (
                [some[number - 1 if number > 0 else -1]] if number and number <= len(some) else []
            )
        clock = re.sub(r"\b(\d{1,2}[.:]\d\d)(?:'?s)?\b", r"at \1", text)  # "8.30's too early"
        when, _ = read_when(
            clock, Calendar(today=now.astimezone(zone).date(), days=self.days(zone))
        )
        if when is not None and (when.start or when.end):
            days = replace(when, first=date.min, last=date.max)
            left = [s for s in some if _passes(s, days, zone, ALL)]
            if len(left) == 1:
                return left
        return self.among(_NOT_WANTED.sub("", text), some, now, zone)

    def others(self, session: Session, now: datetime, than: Than) -> list[Session]:
        """Open ones like this at another time, the likest first, or that differ as is wanted."""
        details = session.details
        text = f"like {details.title} {' '.join(details.topics)} {details.strand}"
        found = self.index.find(
            text,
            50,
            near=self.nearness(details.title),
            among=lambda s: s.is_open(now) and s.id != session.id,
        )
        others = [m.session for m in found if _differs(m.session, session, than)]
        if than is Than.SHORTER:
            others.sort(key=_length)
        elif than is Than.LONGER:
            others.sort(key=_length, reverse=True)
        return others


SHORT, MANY = 6, 200
"""Words of a short question, and sessions from which on comparing takes a thread."""

_GENERIC = re.compile(
    r"\b(?:sessions?|workshops?|courses?|training|events?|class(?:es)?|talks?|ones?|stuff"
    r"|something|anything|owt|summat|any|some|please|find|about|on|for"
    r"|is there|are there|have you got|do you have|got any|looking for)\b",
    re.IGNORECASE,
)
"""What every session is, and how people ask for one: it says nothing of what it should be about."""

_BY_PLACE = {
    "earlier": 0,
    "earliest": 0,
    "first": 0,
    "soonest": 0,
    "later": -1,
    "latest": -1,
    "last": -1,
}
_THE_OTHER = re.compile(r"(?:the )?other(?: one)?(?: than (?P<than>.+))")
_LISTED = re.compile(r"\b(?:the )?(?:first|second|last) one\b")
_NOT_WANTED = re.compile(r"^(?:i )?(?:do not|don'?t|not|no)(?: (?:need|want|fancy|like))? ")
_THE_ONE = re.compile(
    r"(?:the |that |this |my )?(?P<what>.+?)(?: (?:one|session|workshop|course|thing)s?)?"
)


def _passes(session: Session, when: When | None, zone: ZoneInfo, wanted: frozenset[Wanted]) -> bool:
    begins = session.starts_at
    if when is not None and (begins is None or not when.covers(begins.astimezone(zone))):
        return False
    formats = [FORMATS[w] for w in wanted if w in FORMATS]
    if not formats:
        return True
    both = formats[0].intersection(
        *formats
    )  # online and self-paced; in person and online is either
    return session.details.format in (both or formats[0].union(*formats))


def _differs(other: Session, shown: Session, than: Than) -> bool:
    if other.starts_at is None or shown.starts_at is None or not other.ends_at or not shown.ends_at:
        return False
    match than:
        case Than.SHORTER:
            return other.ends_at - other.starts_at < shown.ends_at - shown.starts_at
        case Than.LONGER:
            return other.ends_at - other.starts_at > shown.ends_at - shown.starts_at
        case Than.EARLIER:
            return other.starts_at < shown.starts_at
        case Than.LATER:
            return other.starts_at > shown.starts_at
        case Than.ANOTHER_TIME:
            return other.starts_at != shown.starts_at


def _length(session: Session) -> float:
    begins, ends = session.starts_at, session.ends_at
    return (ends - begins).total_seconds() if begins and ends else 0.0


def _begins(match: Match) -> float:
    begins = match.session.starts_at
    return begins.timestamp() if begins else 0.0


def best(matches: Sequence[Match]) -> list[Session]:
    """The sessions that these words may mean; none where nothing surely fits."""
    return [m.session for m in matches if m.is_sure]
