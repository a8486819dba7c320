"""A whole programme file: what it says of each session, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from learning.programme_cells import one_line
from learning.programme_rows import RowReading, read_row
from learning.programme_table import COLUMNS, Fault, Row, Table, column_named
from learning.sessions import Details


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file says. With any fault, nothing of it may be imported.

    `lines` is where each code stands; `columns` are those that the file has.
    """

    details: tuple[Details, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict[str, int])
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    columns: frozenset[str] = frozenset(COLUMNS)


def read(table: Table, timezone: str) -> Reading:
    """Read every row, finding every fault; `timezone` is that of rows which name none."""
    columns = _columns(table.header)
    missing = REQUIRED - set(columns)
    filled = [row for row in table.rows if any(one_line(cell) for cell in row.cells)]
    rows = [
        read_row(row.line, _by_column(row, columns), timezone=timezone, missing=missing)
        for row in filled
    ]
    if not any(row.needs_times for row in rows):
        missing -= {"starts", "ends"}
    lines, repeats = _lines(rows)
    faults = [
        *_header_faults(table, missing),
        *_too_long(filled, _width(table.header)),
        *(fault for row in rows for fault in row.faults),
        *repeats,
    ]
    return Reading(
        details=tuple(r.details for r in rows if r.details and lines.get(r.code) == r.line),
        lines=lines,
        faults=_in_order(table.faults, faults),
        notes=(*table.notes, *_notes(table.header, rows)),
        columns=frozenset(columns),
    )


REQUIRED = frozenset({"code", "title", "starts", "ends"})


def _in_order(unread: Iterable[Fault], faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Every fault by line; a cell that could not be read is not blamed again for being empty."""
    places = {(fault.line, fault.column) for fault in unread}
    more = (fault for fault in faults if (fault.line, fault.column) not in places)
    return tuple(sorted([*unread, *more], key=lambda fault: fault.line))


def _width(header: tuple[str, ...]) -> int:
    """How many columns there are, without the nameless ones that Excel leaves at the end."""
    return max((index for index, name in enumerate(header, start=1) if one_line(name)), default=0)


def _columns(header: tuple[str, ...]) -> dict[str, int]:
    """Where each known column stands; the first of two."""
    found: dict[str, int] = {}
    for index, name in enumerate(header):
        column = column_named(name)
        if column:
            found.setdefault(column, index)
    return found


def _by_column(row: Row, columns: Mapping[str, int]) -> dict[str, str]:
    return {c: row.cells[index] for c, index in columns.items() if index < len(row.cells)}


def _header_faults(table: Table, missing: Iterable[str]) -> list[Fault]:
    known = [column for column in map(column_named, table.header) if column]
    twice = [column for column in COLUMNS if known.count(column) > 1]
    return [
        Fault(line=table.line, column=column, message=message)
        for columns, message in (
            (sorted(missing), "the column is missing. Add it to the first line."),
            (twice, "the column is there twice. Remove or rename one of them."),
        )
        for column in columns
    ]


def _too_long(rows: Iterable[Row], width: int) -> list[Fault]:
    message = (
        f"has text beyond the {width} columns of the first line. Remove it, or put quotation marks "
        "around text that has commas in it."
    )
    return [
        Fault(line=row.line, message=message)
        for row in rows
        if any(one_line(cell) for cell in row.cells[width:])
    ]


def _lines(rows: Iterable[RowReading]) -> tuple[dict[str, int], list[Fault]]:
    """On which line each code stands first, and a fault for each time that it comes again."""
    first: dict[str, RowReading] = {}
    faults: list[Fault] = []
    for row in rows:
        earlier = first.setdefault(row.code.casefold(), row)
        if row.code and earlier is not row:
            message = (
                f'"{row.code}" is already on line {earlier.line}. '
                "Give each session a code of its own."
            )
            faults.append(Fault(line=row.line, column="code", message=message))
    return {row.code: row.line for row in first.values() if row.code}, faults


def _notes(header: tuple[str, ...], rows: Iterable[RowReading]) -> list[str]:
    unknown = [one_line(name) for name in header if one_line(name) and not column_named(name)]
    notes = [f"Unknown columns were ignored: {', '.join(unknown)}."] if unknown else []
    notes += [note for row in rows for note in row.notes]
    return notes if rows else [*notes, "The file has no sessions."]
