"""The form of one session: a field for each column, what was typed and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from multidict import MultiMapping

from cards import sayings
from hub.desk.columns import label
from learning.programme_cells import clean
from learning.programme_table import COLUMNS, Fault
from learning.sessions import Format

LONGEST = 20_000
"""Characters of one field that are looked at; the rules for programmes allow far fewer."""

HINTS = {
    "code": "Short and its own, such as GM1. It stays as it is: people, links and files know it.",
    "topics": "Several with ; between them.",
    "facilitators": "Several with ; between them.",
    "starts": "By the clock of the time zone below. A session at any time needs none.",
    "timezone": "Such as Europe/London.",
    "capacity": "A whole number, or empty for no limit.",
    "link": "Of an online or self-paced session: the whole address. Teams and Zoom make their own.",
    "location": "A room or an address.",
}
FORMATS = [(each.value, sayings.FORMATS[each]) for each in Format]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`kind` says how it is drawn: line, text, moment, choice or tick."""

    name: str
    label: str
    value: str
    hint: str
    fault: str
    kind: str

    @property
    def described_by(self) -> str:
        """The ids of what says more about it."""
        ids = [f"{self.name}-hint"] if self.hint else []
        return " ".join([*([f"{self.name}-fault"] if self.fault else []), *ids])


def fields(cells: Mapping[str, str], faults: Iterable[Fault], *, is_new: bool) -> list[Field]:
    """All that can be filled in; the code only while nobody knows it yet."""
    wrong = {fault.column: fault.message for fault in faults}
    return [
        Field(
            name=column,
            label=label(column),
            value=cells.get(column, ""),
            hint=HINTS.get(column, ""),
            fault=f"{label(column)} {wrong[column]}" if column in wrong else "",
            kind=_kind(column, cells.get(column, "")),
        )
        for column in COLUMNS
        if is_new or column != "code"
    ]


def typed(form: MultiMapping[object]) -> dict[str, str]:
    """What was filled in, by column; a tick that is not set is no."""
    cells = {column: _text(form, column) for column in COLUMNS}
    return cells | {"waiting_list": "yes" if cells["waiting_list"] == "yes" else "no"}


def base(form: MultiMapping[object]) -> dict[str, str]:
    """What the form was first filled with, so that what others change meanwhile can be told apart."""
    try:
        found = json.loads(_text(form, "base") or "{}")
        return {column: str(found[column]) for column in COLUMNS if column in found}
    except (ValueError, TypeError):
        return {}


def packed(cells: Mapping[str, str]) -> str:
    return json.dumps(dict(cells))


def merged(
    mine: Mapping[str, str], was: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, str]:
    """What I changed, on top of what others have made of the rest since."""
    return {
        column: now[column] if text == was.get(column) and column in now else text
        for column, text in mine.items()
    }


def _text(form: MultiMapping[object], name: str) -> str:
    found = form.get(name, "")
    return clean(found[:LONGEST]) if isinstance(found, str) else ""


def _kind(column: str, value: str) -> str:
    match column:
        case "summary":
            return "text"
        case "format":
            return "choice"
        case "waiting_list":
            return "tick"
        case "starts" | "ends" if len(value) in (0, len("2026-05-18T10:00")):
            return "moment"
        case _:
            return "line"
