"""The columns of a programme file as organisers read them: their names and their text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cards import sayings
from learning.programme_table import COLUMNS
from learning.sessions import Format

LABELS = {
    "code": "Code",
    "title": "Title",
    "summary": "Summary",
    "strand": "Strand",
    "topics": "Topics",
    "facilitators": "Facilitators",
    "starts": "Starts",
    "ends": "Ends",
    "timezone": "Time zone",
    "capacity": "Places",
    "format": "Format",
    "link": "Link",
    "location": "Where",
    "audience": "For whom",
    "waiting_list": "Waiting list",
}
EMPTY = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was."""

    label: str
    before: str
    after: str


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """In the order of a programme file; what it does not know comes last."""
    known = [column for column in COLUMNS if column in before or column in after]
    others = [name for name in (*before, *after) if name not in COLUMNS]
    return [
        Difference(
            label=label(column),
            before=shown(column, before.get(column, "")),
            after=shown(column, after.get(column, "")),
        )
        for column in (*known, *dict.fromkeys(others))
    ]


def label(column: str) -> str:
    return LABELS.get(column) or column[:1].upper() + column[1:]


def shown(column: str, text: str) -> str:
    """The text of a cell as it is read: '2026-05-18T10:00' is 'Monday 18 May 2026, 10:00'."""
    match column:
        case "starts" | "ends" if text:
            return _moment(text)
        case "capacity":
            return text or "no limit"
        case "format":
            return _format(text)
        case _:
            return text or EMPTY


def _moment(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{sayings.day(at.date())} {at.year}, {at:%H:%M}"


def _format(text: str) -> str:
    return sayings.FORMATS[Format(text)] if text in set(Format) else text or EMPTY
