"""Excel workbooks: the first sheet as a table of text, and tables as workbooks."""

from __future__ import annotations

import io
import re
import warnings
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Protocol, cast
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from learning.errors import UnreadableFile
from learning.programme_table import Fault, Row, Table, column_named

MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 1_048_576
MOST_CELLS = 5_000_000
TOO_LARGE = "The workbook is far too large. Copy only the programme into a new one and save that."

# What the standard library and openpyxl raise over a workbook that is not what it should be.
BROKEN = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)


LONGEST_SHEET, WIDEST = 31, 70


class Sheet(Protocol):
    """A table to be written; an empty cell is None."""

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> Sequence[str]: ...
    @property
    def rows(self) -> Sequence[Sequence[str | int | Decimal | None]]: ...


class SheetCell(Protocol):
    """A cell of a sheet that is only read; openpyxl's hints take it for one that can be written."""

    value: Any
    data_type: str
    number_format: str | None


def read(data: bytes) -> Table:
    """The first sheet: dates as ISO text, formulas as the values that Excel last worked out."""
    try:
        _check_size(data)
        formulas = _formulas(data)
        rows = [
            (line, cells)
            for line, cells in _rows(data, data_only=True)
            if line in formulas or any(cell.value is not None for cell in cells)
        ]
        texts = [Row(line=line, cells=tuple(map(_text, cells))) for line, cells in rows]
    except BROKEN as error:
        raise UnreadableFile(
            "This is not a workbook that can be read. Open it in Excel and save it as "
            '"Excel Workbook (.xlsx)", or as CSV UTF-8.'
        ) from error
    if not texts:
        raise UnreadableFile("The first sheet of the workbook is empty.")
    header = texts[0].cells
    return Table(
        header=header,
        line=texts[0].line,
        rows=tuple(texts[1:]),
        faults=tuple(
            fault
            for line, cells in rows[1:]
            for fault in _faults(line, zip(header, cells, strict=False), formulas.get(line, []))
        ),
    )


def _check_size(data: bytes) -> None:
    """Refuse a small file that unpacks to a huge one, before unpacking it."""
    with ZipFile(io.BytesIO(data)) as archive:
        # Reading a part stops at the size that the directory gives, so a false one gains nothing.
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > MOST_UNPACKED:
        raise UnreadableFile(TOO_LARGE)


def _rows(data: bytes, *, data_only: bool) -> Iterator[tuple[int, Sequence[SheetCell]]]:
    """The rows of the first sheet with their numbers; with formulas, or only with their values."""
    with _opened(data, data_only=data_only) as workbook:
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # Some programs write them wrong, which would hide rows.
        cells_so_far = 0
        for line, cells in enumerate(cast("Iterable[Sequence[SheetCell]]", sheet.rows), start=1):
            cells_so_far += len(cells)
            if line > MOST_ROWS or cells_so_far > MOST_CELLS:
                raise UnreadableFile(TOO_LARGE)
            if cells:
                yield line, cells


@contextmanager
def _opened(data: bytes, *, data_only: bool) -> Generator[Workbook]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # About charts and styles, which nobody asked for here.
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)
        try:
            yield workbook
        finally:
            workbook.close()


def _formulas(data: bytes) -> dict[int, list[int]]:
    """In which cells of which rows there are formulas."""
    found: dict[int, list[int]] = {}
    for line, cells in _rows(data, data_only=False):
        indices = [index for index, cell in enumerate(cells) if cell.data_type == "f"]
        if indices:
            found[line] = indices
    return found


def _faults(
    line: int, cells: Iterable[tuple[str, SheetCell]], formulas: Sequence[int]
) -> Iterator[Fault]:
    """What is wrong with the cells of one row, each given with its header."""
    for index, (name, cell) in enumerate(cells):
        column = column_named(name)
        if not column:
            continue
        if cell.data_type == "e":
            message = f"holds the Excel error {cell.value}. Mend it and save the workbook."
            yield Fault(line=line, column=column, message=message)
        # A formula that Excel worked out to be empty text says so in its type.
        elif index in formulas and cell.value is None and cell.data_type == "n":
            message = (
                "holds a formula that was never worked out. Open the file in Excel and save it."
            )
            yield Fault(line=line, column=column, message=message)


def _text(cell: SheetCell) -> str:
    """What a person would type to get this cell."""
    if cell.data_type == "e":
        return ""
    match cell.value:
        case None:
            return ""
        case bool() as truth:
            return "yes" if truth else "no"
        case float() as number if number.is_integer():
            return str(int(number))
        case datetime() as moment:
            return _date_text(moment, str(cell.number_format))
        case other:
            return str(other)


def _date_text(moment: datetime, number_format: str) -> str:
    """ISO text; without a time where the cell shows only a date."""
    # Excel keeps a time as a fraction of a day, so a second may come out a millisecond short.
    exact = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    shows_time = "h" in re.sub(r'"[^"]*"|\\.|\[[^]]*\]', "", number_format).lower()
    is_midnight = exact.time() == time()
    return exact.date().isoformat() if is_midnight and not shows_time else exact.isoformat()


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Write a workbook of one sheet, in which no text is ever a formula."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Learnweek")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name, is_bold=True) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def write_tables(tables: Iterable[Sheet]) -> bytes:
    """Write a workbook of a sheet for each table, with columns as wide as what stands in them."""
    workbook = Workbook(write_only=True)
    for table in tables:
        sheet = workbook.create_sheet(table.name[:LONGEST_SHEET])
        sheet.freeze_panes = "B2"
        for number, width in enumerate(_widths(table), start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_cell(sheet, name, is_bold=True) for name in table.header])
        for row in table.rows:
            sheet.append([None if v is None else _cell(sheet, v) for v in row])
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def _widths(table: Sheet) -> list[int]:
    longest = [len(name) for name in table.header]
    for row in table.rows:
        longest = [
            max(a, len("" if v is None else str(v))) for a, v in zip(longest, row, strict=True)
        ]
    return [min(WIDEST, each + 2) for each in longest]


def _cell(sheet: WriteOnlyWorksheet, value: str | int | Decimal, *, is_bold: bool = False) -> Cell:
    if isinstance(value, int | Decimal):
        return WriteOnlyCell(sheet, value if isinstance(value, int) else float(value))
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    if is_bold:
        cell.font = Font(bold=True)
    return cell
