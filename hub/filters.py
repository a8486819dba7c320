"""What of the programme somebody asks to see. It stands in the page's address, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from cards import sayings
from hub import listing
from hub.listing import Standing
from hub.week_grid import monday_of
from learning.sessions import Format, Session

LONGEST = 200
"""Characters of what is looked for, and of a filter."""

PLACES_LEFT = "left"


class View(StrEnum):
    LIST = "list"
    GRID = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """All of these at once. `week` is the Monday of the week to show; without it, what lies ahead."""

    view: View = View.LIST
    q: str = ""
    strand: str = ""
    topic: str = ""
    format: Format | None = None
    day: date | None = None
    places: str = ""
    week: date | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything is left out because of them."""
        return bool(NARROWING & self.given.keys())

    @property
    def given(self) -> dict[str, str]:
        """What differs from the plain page, by the names that it has in an address."""
        told = {name: str(value) for name, value in asdict(self).items() if value}
        if self.view is View.LIST:
            del told["view"]
        return told

    def address(self, **changes: object) -> str:
        """Of the same page with these changes; `None` takes one away."""
        changed = replace(self, **{name: _blank(name, value) for name, value in changes.items()})
        query = urlencode(changed.given)
        return f"/hub?{query}" if query else "/hub"

    def passes(self, session: Session, now: datetime, zone: ZoneInfo) -> bool:
        details = session.details
        return (
            (not self.strand or _same(details.strand, self.strand))
            and (not self.topic or any(_same(topic, self.topic) for topic in details.topics))
            and (self.format is None or details.format is self.format)
            and (self.day is None or local_day(session, zone) == self.day)
            and (not self.places or listing.standing(session, now) in CAN_BE_HAD)
        )


CAN_BE_HAD = {Standing.OPEN, Standing.ANY_TIME}
NARROWING = {"q", "strand", "topic", "format", "day", "places"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One that a filter offers."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A filter in the form; `any` is what it says while it leaves nothing out."""

    name: str
    label: str
    any: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """A filter that leaves something out, and the page without it."""

    words: str
    without: str
    name: str


def read(query: Mapping[str, str]) -> Filters:
    """What an address asks for; what means nothing in it is passed over."""
    return Filters(
        view=View.GRID if query.get("view") == View.GRID else View.LIST,
        q=_text(query, "q"),
        strand=_text(query, "strand"),
        topic=_text(query, "topic"),
        format=next((f for f in Format if f == query.get("format")), None),
        day=_date(query.get("day", "")),
        places=PLACES_LEFT if query.get("places") == PLACES_LEFT else "",
        week=_monday(_date(query.get("week", ""))),
    )


def fields(
    filters: Filters, sessions: Sequence[Session], days: Iterable[date], today: date
) -> list[Field]:
    """What there is to choose from. What an older address names stays chosen, though nothing has it."""
    strands = {s.details.strand for s in sessions} - {""}
    topics = {topic.casefold(): topic for s in sessions for topic in s.details.topics}
    formats = {s.details.format for s in sessions}
    known = {str(day): listing.dated(day, today) for day in days}
    return [
        _field("day", "Day", "Any day", str(filters.day or ""), known),
        _field("strand", "Strand", "Any strand", filters.strand, {s: s for s in sorted(strands)}),
        _field(
            "topic",
            "Topic",
            "Any topic",
            topics.get(filters.topic.casefold(), filters.topic),
            {t: t for t in sorted(topics.values(), key=str.casefold)},
        ),
        _field(
            "format",
            "Format",
            "Any format",
            filters.format or "",
            {f: sayings.FORMATS[f] for f in Format if f in formats},
        ),
    ]


def active(filters: Filters, today: date) -> list[Active]:
    """Each filter that leaves something out, as the page names it."""
    words = {
        "q": f"“{filters.q}”",
        "day": listing.dated(filters.day, today) if filters.day else "",
        "strand": filters.strand,
        "topic": filters.topic,
        "format": sayings.FORMATS[filters.format] if filters.format else "",
        "places": "Places left",
    }
    return [
        Active(words=said, without=filters.address(**{name: None}), name=name)
        for name, said in words.items()
        if name in filters.given
    ]


def local_day(session: Session, zone: ZoneInfo) -> date | None:
    return session.starts_at.astimezone(zone).date() if session.starts_at else None


def _field(name: str, label: str, any_words: str, chosen: str, known: Mapping[str, str]) -> Field:
    offered = dict(known)
    if chosen and chosen not in offered:
        offered[chosen] = sayings.FORMATS[Format(chosen)] if name == "format" else chosen
    choices = [Choice(value=v, words=w, is_chosen=v == chosen) for v, w in offered.items()]
    return Field(name=name, label=label, any=any_words, choices=tuple(choices))


def _blank(name: str, value: object) -> object:
    return getattr(BLANK, name) if value is None else value


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _text(query: Mapping[str, str], name: str) -> str:
    return " ".join(query.get(name, "").split())[:LONGEST].strip()


def _date(text: str) -> date | None:
    """A day in reach of calendars: the last ones that there are have no week around them."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year < 3000 else None


def _monday(day: date | None) -> date | None:
    return day and monday_of(day)


BLANK = Filters()
