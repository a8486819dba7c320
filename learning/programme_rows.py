"""One row of a programme file, as the details of a session or the faults in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from learning import programme_cells as cell
from learning.programme_table import COLUMNS, Fault
from learning.sessions import Details, Format

T = TypeVar("T")

LONGEST_SESSION = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReading:
    """What one row says; a row with faults has no details, but may have a code.

    `needs_times` says whether it is of a session that takes place at a certain time.
    """

    line: int
    code: str
    details: Details | None
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    needs_times: bool = True


@dataclass(slots=True)
class _Cells:
    """The cells of one row by column, and the faults found in them so far.

    A column that is `missing` altogether is the header's fault, so its cells are not blamed.
    """

    line: int
    text: Mapping[str, str]
    missing: Collection[str]
    faults: list[Fault] = field(default_factory=list[Fault])

    def take(self, column: str, parse: Callable[[str], T], otherwise: T) -> T:
        """The value of a cell; a cell that makes no sense is a fault, and `otherwise` stands in."""
        if column in self.missing:
            return otherwise
        try:
            return parse(self.text.get(column, ""))
        except cell.BadCell as bad:
            self.refuse(column, str(bad))
            return otherwise

    def refuse(self, column: str, message: str) -> None:
        self.faults.append(Fault(line=self.line, column=column, message=message))


def read_row(
    line: int, text: Mapping[str, str], *, timezone: str, missing: Collection[str] = ()
) -> RowReading:
    """Read one row whose cells are given by column.

    `timezone` is that of rows without one; `missing` are the required columns that the file lacks.
    """
    cells = _Cells(line, text, missing)
    kind = cells.take("format", cell.format_named, None)
    details = Details(
        code=cells.take("code", cell.code, ""),
        title=cells.take("title", cell.title, ""),
        summary=cells.take("summary", cell.summary, ""),
        strand=cells.take("strand", cell.line_of(200), ""),
        topics=cells.take("topics", cell.parts, ()),
        facilitators=cells.take("facilitators", cell.parts, ()),
        timezone=cells.take("timezone", cell.zone_name, "") or timezone,
        capacity=cells.take("capacity", cell.capacity, None),
        format=kind or Format.TEAMS,
        link=cells.take("link", cell.link_needed if kind is Format.ONLINE else cell.link, ""),
        location=cells.take("location", cell.line_of(500), ""),
        audience=cells.take("audience", cell.line_of(500), ""),
        waiting_list=cells.take("waiting_list", cell.yes_or_no, True),
    )
    if kind is not Format.SELF_PACED:
        details = _timed(details, cells, is_needed=kind is not None)
    return RowReading(
        line=line,
        code=details.code,
        details=None if cells.faults else details,
        faults=tuple(sorted(cells.faults, key=lambda fault: COLUMNS.index(fault.column))),
        notes=_left_out(cells) if kind is Format.SELF_PACED else (),
        needs_times=kind not in (None, Format.SELF_PACED),
    )


def _left_out(cells: _Cells) -> tuple[str, ...]:
    if not any(cell.one_line(cells.text.get(column, "")) for column in ("starts", "ends")):
        return ()
    return (
        f"line {cells.line}: a self_paced session has no times; starts and ends were left out.",
    )


def _timed(details: Details, cells: _Cells, *, is_needed: bool) -> Details:
    """The details with their times, which must make sense in their zone and together."""
    is_zone_known = all(fault.column != "timezone" for fault in cells.faults)
    zone = ZoneInfo(details.timezone) if is_zone_known else None

    def moment(text: str) -> datetime | None:
        return cell.moment(text, zone, is_needed=is_needed)

    starts_at = cells.take("starts", moment, None)
    ends_at = cells.take("ends", moment, None)
    if starts_at and ends_at and ends_at <= starts_at:
        cells.refuse("ends", "is not after the start. Check both times, and their dates.")
    elif starts_at and ends_at and ends_at - starts_at > LONGEST_SESSION:
        cells.refuse("ends", "is more than 24 hours after the start. Check both dates.")
    return replace(details, starts_at=starts_at, ends_at=ends_at)
