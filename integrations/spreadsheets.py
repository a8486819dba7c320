"""Spreadsheets and calendars in the forms that people have them, told apart by what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from integrations import csv_text
from integrations.csv_text import write_csv
from learning.errors import UnreadableFile
from learning.programme_table import Table

__all__ = ["read_table", "write_csv", "write_xlsx"]

MOST_BYTES = 20 * 1024 * 1024

KINDS = "Save it as CSV (UTF-8), as an Excel workbook (.xlsx) or as iCalendar (.ics)."
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
"""How an old .xls begins, and also a workbook that is locked with a password."""


def read_table(name: str, data: bytes, timezone: str = "Europe/London") -> Table:
    """Read a programme file, whatever its name says if its content says otherwise.

    `timezone` is that of calendar times which come as UTC. Raises UnreadableFile.
    """
    ending = name.lower().rpartition(".")[2]
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"The file is larger than {MOST_BYTES // 1024**2} MB. Split it.")
    if not data.strip():
        raise UnreadableFile("The file is empty.")
    if data.startswith(b"PK\x03\x04"):
        from integrations import workbooks  # openpyxl is slow to load, and most files are CSV

        return workbooks.read(data)
    if data.startswith(OLD_EXCEL):
        raise UnreadableFile(
            "This is an old Excel file, or one with a password. Open it in Excel, take off the "
            'password, and save it as "Excel Workbook (.xlsx)".'
        )
    if ending.startswith("xls"):
        raise UnreadableFile("This is not an Excel workbook, although its name says so. " + KINDS)
    if data.startswith((b"%PDF", b"<")):
        raise UnreadableFile("This is not a spreadsheet. " + KINDS)
    text = csv_text.decode(data)
    if text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        from integrations import calendar_files

        return calendar_files.read(text, timezone)
    if ending in ("ics", "ical"):
        raise UnreadableFile("This is not a calendar, although its name says so. " + KINDS)
    return csv_text.read(text)


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """One sheet as an Excel workbook."""
    from integrations import workbooks

    return workbooks.write_xlsx(header, rows)
