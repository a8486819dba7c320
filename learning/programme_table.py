"""A programme file as a table of text, whatever kind of file it came from."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = (
    "code",
    "title",
    "summary",
    "strand",
    "topics",
    "facilitators",
    "starts",
    "ends",
    "timezone",
    "capacity",
    "format",
    "link",
    "location",
    "audience",
    "waiting_list",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in the file, where, and what to do. Without a column it is about the line."""

    line: int
    column: str = ""
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; `line` is the number that a person sees beside it in Excel or an editor."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The header and the rows below it, with what already went wrong in turning them into text."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int = 1
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def column_named(header: str) -> str | None:
    """The column that a header means, in any case and with any spaces or hyphens in it."""
    return _BY_LETTERS.get(_letters(header))


def _letters(name: str) -> str:
    return "".join(ch for ch in name.casefold() if ch.isalnum())


_BY_LETTERS = {_letters(column): column for column in COLUMNS}
