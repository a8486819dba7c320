"""Files as people have them, read into tables, and tables written for Excel."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from integrations.spreadsheets import MOST_BYTES, read_table, write_csv, write_xlsx
from learning import programme_file
from learning.errors import UnreadableFile
from learning.programme_changes import changes
from learning.programme_table import COLUMNS, Row, Table

SAMPLE = Path(__file__).parents[2] / "sample"
LONDON = "Europe/London"
TEN = datetime.fromisoformat("2026-05-19T10:00")
MIDNIGHT = datetime.fromisoformat("2026-05-19T00:00")


def csv_table(text: str) -> Table:
    return read_table("week.csv", text.encode())


def a_workbook(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def test_csv_is_read_with_commas_semicolons_or_tabs():
    expected = Table(header=("code", "title"), rows=(Row(line=2, cells=("GM1", "Growth")),))

    assert csv_table("code,title\r\nGM1,Growth\r\n") == expected
    assert csv_table("code;title\nGM1;Growth") == expected
    assert csv_table("code\ttitle\rGM1\tGrowth\r") == expected
    assert csv_table('"code", "title"\n"GM1", "Growth"\n') == expected


def test_csv_is_read_with_a_byte_order_mark():
    assert read_table("x", b"\xef\xbb\xbfcode,title\nA,B\n").header == ("code", "title")


def test_csv_may_name_its_separator_as_excel_does():
    table = csv_table("sep=;\r\ncode;title\r\nGM1;Growth, mindset\r\n")

    assert table == Table(
        header=("code", "title"), line=2, rows=(Row(line=3, cells=("GM1", "Growth, mindset")),)
    )


def test_csv_lines_are_those_of_the_file_even_after_cells_of_several_lines():
    table = csv_table('code,summary\n\nA,"one\ntwo\r\nthree"\n , \nB,"say ""hello"", twice"\n')

    assert table.rows == (
        Row(line=3, cells=("A", "one\ntwo\r\nthree")),
        Row(line=7, cells=("B", 'say "hello", twice')),
    )


def test_csv_loses_its_nul_bytes():
    assert csv_table("code,title\nA\0,B\0").rows == (Row(line=2, cells=("A", "B")),)


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("week.csv", b"", "The file is empty."),
        ("week.csv", b"\xef\xbb\xbf", "The file is empty."),
        ("week.csv", b" \r\n,,\r\n", "The file is empty."),
        ("week.csv", b"x" * (MOST_BYTES + 1), "The file is larger than 20 MB."),
        ("week.csv", "code\nA\nB\ncaf\u00e9".encode("cp1252"), "line 4: the file is not UTF-8"),
        ("week.csv", b"code\r\nA\r\xff", "line 3: the file is not UTF-8"),
        ("week.csv", "code,title\nA,B".encode("utf-16"), "line 1: the file is not UTF-8"),
        ("week.csv", "code,title\nA,B".encode("utf-16-le"), "line 1: the file is not UTF-8"),
        ("week.csv", b'code,title\nA,B\nC,"D\nE,F\n', "line 3: the quotation marks"),
        ("week.csv", b'code,title\nA,"B" and C\n', "line 2: the quotation marks"),
        ("week.csv", b"code\n" + b"x" * 200_000, "line 2: the quotation marks"),
        ("week.csv", b"%PDF-1.7", "This is not a spreadsheet."),
        ("week.csv", b"<html><table>", "This is not a spreadsheet."),
        ("week.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 99, "an old Excel file, or one"),
        ("week.xlsx", b"code,title\nA,B", "This is not an Excel workbook"),
        ("week.xlsx", b"PK\x03\x04" + b"\0" * 99, "This is not a workbook that can be read."),
        ("week.ics", b"code,title\nA,B", "This is not a calendar"),
        ("week.ics", b"BEGIN:VCALENDAR\nnonsense", "This calendar file is damaged."),
        ("week.ics", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1", "This calendar file is damaged."),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(name: str, data: bytes, complaint: str):
    with pytest.raises(UnreadableFile) as refused:
        read_table(name, data)

    assert complaint in str(refused.value)


def test_a_workbook_gives_its_dates_numbers_and_truths_as_text():
    data = a_workbook(
        ["code", "starts", "ends", "capacity", "title", "waiting_list"],
        [101, TEN, "2026-05-19T11:00", 15.0, 0.5, True],
        [],
        ["B", MIDNIGHT, MIDNIGHT.date(), None, time(9), False],
        formats={"B4": "yyyy-mm-dd hh:mm"},
    )

    assert read_table("week.xlsx", data) == Table(
        header=("code", "starts", "ends", "capacity", "title", "waiting_list"),
        rows=(
            Row(
                line=2, cells=("101", "2026-05-19T10:00:00", "2026-05-19T11:00", "15", "0.5", "yes")
            ),
            Row(line=4, cells=("B", "2026-05-19T00:00:00", "2026-05-19", "", "09:00:00", "no")),
        ),
    )


def test_a_date_cell_that_shows_no_time_has_none():
    data = a_workbook(["code", "starts"], ["A", MIDNIGHT], formats={"B2": 'dd/mm/yyyy "hours"'})

    assert read_table("week.xlsx", data).rows == (Row(line=2, cells=("A", "2026-05-19")),)


def test_a_time_that_excel_keeps_a_hair_short_is_the_full_minute():
    data = a_workbook(["code", "starts"], ["A", 46161.4166666], formats={"B2": "yyyy-mm-dd hh:mm"})

    assert read_table("week.xlsx", data).rows[0].cells[1] == "2026-05-19T10:00:00"


def test_a_workbook_is_its_first_sheet():
    workbook = Workbook()
    first = workbook.active
    assert first is not None
    first.append(["code"])
    workbook.create_sheet("Notes").append(["other"])

    assert read_table("week.xlsx", saved(workbook)).header == ("code",)


def test_a_formula_is_its_last_value_and_a_fault_if_it_has_none():
    data = a_workbook(
        ["code", "title", "capacity", "other"],
        ["A", "=1+1", "=1/0", "=2+2"],
        ["B", "=1+1", "#REF!", "#N/A"],
    )
    worked_out = changed_part(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>", 1).replace(
            b'<c r="C2"><f>1/0</f><v />', b'<c r="C2" t="str"><f>1/0</f><v></v>'
        ),
    )

    table = read_table("week.xlsx", worked_out)

    assert table.rows == (
        Row(line=2, cells=("A", "2", "", "")),
        Row(line=3, cells=("B", "", "", "")),
    )
    assert list(map(str, table.faults)) == [
        "line 3, title: holds a formula that was never worked out. "
        "Open the file in Excel and save it.",
        "line 3, capacity: holds the Excel error #REF!. Mend it and save the workbook.",
    ]


def changed_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return out.getvalue()


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (101 * 1024 * 1024))

    with pytest.raises(UnreadableFile, match="far too large"):
        read_table("week.xlsx", bomb.getvalue())


def test_entities_within_entities_are_refused():
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    declared = b'<!DOCTYPE x [<!ENTITY l0 "ha">' + laughs + b"]>"

    def laugh(xml: bytes) -> bytes:
        return declared + xml.replace(b"<sheetData>", b"<x>&l9;</x><sheetData>")

    data = changed_part(a_workbook(["code"]), "xl/worksheets/sheet1.xml", laugh)

    with pytest.raises(UnreadableFile):
        read_table("week.xlsx", data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="2"', b'<row r="99999999999"'),
        (b'<c r="A2"', b'<c r="ZZZZZZ2"'),
        (b't="n"', b't="s"'),
        (b"</worksheet>", b""),
    ],
)
def test_a_broken_sheet_is_refused(old: bytes, new: bytes):
    def broken(xml: bytes) -> bytes:
        assert old in xml
        return xml.replace(old, new)

    data = changed_part(a_workbook(["code"], [12]), "xl/worksheets/sheet1.xml", broken)

    with pytest.raises(UnreadableFile):
        read_table("week.xlsx", data)


def test_a_workbook_that_lies_about_its_size_is_read_whole():
    def lie(xml: bytes) -> bytes:
        return xml.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1"')

    data = changed_part(a_workbook(["code", "title"], ["A", "B"]), "xl/worksheets/sheet1.xml", lie)

    assert read_table("week.xlsx", data).rows == (Row(line=2, cells=("A", "B")),)


def test_csv_is_written_plainly_for_other_programs():
    data = write_csv(("code", "booked"), [("GM1", 3), ("Zoë, first", -1)])

    assert data == b'code,booked\r\nGM1,3\r\n"Zo\xc3\xab, first",-1\r\n'


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20 7641 6000", "'+44 20 7641 6000"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", '"\'\rx"'),
        ("'=1", "''=1"),
        ("-5", "-5"),
        ("+5.25", "+5.25"),
        ("'quoted'", "'quoted'"),
        ("a=b", "a=b"),
    ],
)
def test_csv_holds_nothing_that_excel_would_run(cell: str, written: str):
    data = write_csv(("code",), [(cell,)])

    assert data.decode("utf-8") == f"code\r\n{written}\r\n"
    assert read_table("x.csv", data).rows[0].cells == (cell,)


def test_a_workbook_holds_nothing_that_excel_would_run():
    data = write_xlsx(("code", "booked"), [("=1+1", 3), ("@a\x00", 0)])

    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["=1+1", 3],
        ["@a", 0],
    ]
    assert [cell.data_type for cell in sheet["A"]] == ["s", "s", "s"]


# Whitespace around a cell means nothing in a programme, and NUL is never kept.
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map(str.strip)
sheets = st.lists(st.tuples(cells.map("x".__add__), cells), max_size=5)


@given(sheets)
def test_csv_comes_back_as_it_was_written(rows: list[tuple[str, str]]):
    table = read_table("x.csv", write_csv(("code", "title"), rows))

    assert [row.cells for row in table.rows] == rows


printable = st.text(st.characters(exclude_categories=["C"])).map(str.strip)


@given(st.lists(st.tuples(printable.map("x".__add__), printable), max_size=5))
def test_a_workbook_comes_back_as_it_was_written(rows: list[tuple[str, str]]):
    table = read_table("x.xlsx", write_xlsx(("code", "title"), rows))

    assert [(*row.cells, "")[:2] for row in table.rows] == rows


NAMES = st.sampled_from(["week.csv", "week.xlsx", "week.ics", "week"])
BEGINNINGS = st.sampled_from(
    [
        b"",
        b"code,title\n",
        b"PK\x03\x04",
        b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\n",
    ]
)


@given(NAMES, BEGINNINGS, st.binary() | st.text().map(str.encode))
def test_any_bytes_are_read_or_refused(name: str, beginning: bytes, rest: bytes):
    try:
        table = read_table(name, beginning + rest)
    except UnreadableFile:
        return

    programme_file.read(table, LONDON)


PARTS = st.sampled_from(
    ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
)
WHOLE = a_workbook(["code", "starts"], ["A", TEN], ["B", "=1"])


def damaged(content: bytes, places: list[tuple[int, int]]) -> bytes:
    changed = bytearray(content)
    for place, byte in places:
        changed[place % len(changed)] = byte
    return bytes(changed)


@given(
    PARTS | st.none(), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=9)
)
def test_a_damaged_workbook_is_read_or_refused(part: str | None, places: list[tuple[int, int]]):
    data = (
        changed_part(WHOLE, part, lambda xml: damaged(xml, places))
        if part
        else damaged(WHOLE, places)
    )

    with suppress(UnreadableFile):
        read_table("week.xlsx", data)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_five_thousand_sessions_are_read(ending: str):
    def a_row(n: int) -> tuple[str, ...]:
        row = {
            "code": f"S{n}",
            "title": f"Session {n}",
            "summary": "Line one\nline two",
            "starts": "2026-05-19T10:00",
            "ends": "2026-05-19T11:00",
        }
        return tuple(row.get(column, "") for column in COLUMNS)

    write = {"csv": write_csv, "xlsx": write_xlsx}[ending]
    data = write(COLUMNS, [a_row(n) for n in range(5000)])

    reading = programme_file.read(read_table(f"week.{ending}", data), LONDON)

    assert reading.faults == ()
    assert len(reading.details) == 5000
    assert reading.lines["S4999"] == (5001 if ending == "xlsx" else 10_000)


@pytest.mark.parametrize(("name", "count"), [("week.csv", 22), ("resources.csv", 3)])
def test_the_sample_is_read_without_a_fault(name: str, count: int):
    reading = programme_file.read(read_table(name, (SAMPLE / name).read_bytes()), LONDON)

    assert (reading.faults, reading.notes, len(reading.details)) == ((), (), count)
    assert changes([], reading.details).added == reading.details
