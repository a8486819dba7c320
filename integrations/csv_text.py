"""CSV as people's spreadsheets write and read it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from learning.errors import UnreadableFile
from learning.programme_table import Row, Table, column_named

SEPARATORS = (",", ";", "\t")

# What Excel would run as a formula when it opens the file, and what was guarded against that.
RISKY = re.compile("'*[=+@\t\r\n＝＋－＠-]")  # noqa: RUF001 -- Excel takes the wide ones too
GUARDED = re.compile("'" + RISKY.pattern)
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def decode(data: bytes) -> str:
    """The text of a UTF-8 file; any other encoding is refused with the line where that shows."""
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4]
    without_mark = data.removeprefix(codecs.BOM_UTF8)
    try:
        if not utf_16:
            return without_mark.decode("utf-8").replace("\0", "")
        line = 1
    except UnicodeDecodeError as error:
        line = 1 + len(re.findall(rb"\r\n|\r|\n", without_mark[: error.start]))
    raise UnreadableFile(
        f"line {line}: the file is not UTF-8 text. In Excel, save it as "
        '"CSV UTF-8 (Comma delimited)"; in another program, choose UTF-8 when saving.'
    )


def read(text: str) -> Table:
    """Read text with commas, semicolons or tabs between the cells, as its first line has them."""
    separator = _separator(text)
    records = _records(text, separator)
    if re.match("sep=.", text, re.IGNORECASE):
        next(records)  # Excel's own way of naming the separator.
    filled = (row for row in records if any(cell.strip() for cell in row.cells))
    header = next(filled, None)
    if header is None:
        raise UnreadableFile("The file is empty.")
    return Table(header=header.cells, line=header.line, rows=tuple(filled))


def _separator(text: str) -> str:
    named = re.match("sep=(.)\r?\n", text, re.IGNORECASE)
    if named:
        return named[1]
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda each: (_known_columns(first, each), first.count(each)))


def _known_columns(line: str, separator: str) -> int:
    return sum(column_named(cell) is not None for cell in line.split(separator))


def _records(text: str, separator: str) -> Iterator[Row]:
    """The rows with the line on which each begins: a quoted cell may go over several."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise UnreadableFile(
                f"line {line}: the quotation marks in this row do not match. Put one before and "
                "one after the text of a cell, and write a quotation mark within it twice."
            ) from error
        if cells is None:
            return
        yield Row(line=line, cells=tuple(_unguarded(cell) for cell in cells))


def _unguarded(cell: str) -> str:
    return cell[1:] if GUARDED.match(cell) else cell


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Write plain UTF-8 CSV for other programs; for Excel there is `write_xlsx`.

    Text that a spreadsheet would run as a formula gets an apostrophe, which `read` removes. There is
    no byte order mark: programs would take it for part of the first column's name.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_guarded(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", errors="replace")


def _guarded(cell: str) -> str:
    is_risky = RISKY.match(cell) and not PLAIN_NUMBER.fullmatch(cell)
    return f"'{cell}" if is_risky else cell
