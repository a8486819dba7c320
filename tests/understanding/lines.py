"""The set as values: the lines that people type, and the programmes that they are about."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from integrations import spreadsheets
from language.calendar import When
from learning import programme_file
from learning.programme_file import Reading
from learning.sessions import EditionId, Session, SessionId

HERE = Path(__file__).parent
PROGRAMMES = {
    "week": HERE.parents[1] / "sample" / "week.csv",
    "second": HERE / "second.csv",
    "third": HERE / "third.csv",
}
FILES = {
    "tune": HERE / "tune.csv",
    "held_back": HERE / "held_back.csv",
    "later": HERE / "later.csv",
}
ZONE = ZoneInfo("Europe/London")
CHATTER, NOTHING = "chatter", "nothing"
NO_SESSION = "-"
COLUMNS = (
    "id programme category utterance now before shown booked intent sessions first last from until "
    "wants note"
).split()

COMMANDS = frozenset(
    """whats_on find book cancel cancel_session unreached what_was_sent my_bookings resources
    nudges_on nudges_off highlights_on highlights_off channel_highlights_on channel_highlights_off
    my_data forget_me help greeting thanks yes no""".split()
)
"""The kinds of command, in small letters."""

NOT_YET = frozenset("snooze more another_time human none".split())
"""What people also mean, whether or not there is a command for it."""

WANTS = frozenset("places_left in_person teams zoom online self_paced".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the set; the README says what each column means.

    `intents` are the acceptable answers, each a tuple because a message may hold several things;
    `sessions` has the acceptable codes for each of these, best first. `first` to `until` are
    acceptable values too, empty where no date is expected.
    """

    id: str
    programme: str
    category: str
    utterance: str
    now: datetime
    before: str
    shown: tuple[str, ...]
    booked: tuple[str, ...]
    intents: tuple[tuple[str, ...], ...]
    sessions: tuple[tuple[str, ...], ...]
    nothing_fits: bool
    first: tuple[date, ...]
    last: tuple[date, ...]
    start: tuple[time | None, ...]
    end: tuple[time | None, ...]
    wants: tuple[str, ...]
    note: str

    @property
    def names_days(self) -> bool:
        return bool(self.first)

    def is_when(self, when: When | None) -> bool:
        """Whether these are the days and times that are meant."""
        return (
            when is not None
            and when.first in self.first
            and when.last in self.last
            and when.start in self.start
            and when.end in self.end
        )


def read_lines(path: Path) -> list[Line]:
    """The lines of one file, without what is written above its header."""
    return [_line(row) for row in read_table(path)]


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows as they are written, by column, without what stands above the header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(text for text in file if not text.startswith("#")))


@cache
def reading(programme: str) -> Reading:
    """A programme as an import would read it."""
    path = PROGRAMMES[programme]
    return programme_file.read(spreadsheets.read_table(path.name, path.read_bytes()), ZONE.key)


@cache
def sessions(programme: str) -> tuple[Session, ...]:
    return tuple(
        Session(id=SessionId(number), edition_id=EditionId(1), details=details)
        for number, details in enumerate(reading(programme).details, start=1)
    )


def _line(row: dict[str, str]) -> Line:
    return Line(
        id=row["id"],
        programme=row["programme"],
        category=row["category"],
        utterance=row["utterance"],
        now=datetime.fromisoformat(row["now"]).replace(tzinfo=ZONE),
        before=row["before"],
        shown=tuple(row["shown"].split()),
        booked=tuple(row["booked"].split()),
        intents=tuple(tuple(choice.split("+")) for choice in row["intent"].split("|")),
        sessions=_groups(row["sessions"]),
        nothing_fits=row["sessions"] == NO_SESSION,
        first=tuple(map(date.fromisoformat, _choices(row["first"]))),
        last=tuple(map(date.fromisoformat, _choices(row["last"]))),
        start=_times(row["from"]),
        end=_times(row["until"]),
        wants=tuple(row["wants"].split()),
        note=row["note"],
    )


def _groups(text: str) -> tuple[tuple[str, ...], ...]:
    if text in ("", NO_SESSION):
        return ()
    return tuple(tuple(group.split()) for group in text.split("+"))


def _choices(text: str) -> list[str]:
    return text.split("|") if text else []


def _times(text: str) -> tuple[time | None, ...]:
    return tuple(time.fromisoformat(choice) if choice else None for choice in text.split("|"))
