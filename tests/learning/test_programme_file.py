"""What a programme file says, and every way in which it can be wrong."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import programme_file
from learning.programme_cells import moment, moment_text
from learning.programme_file import Reading
from learning.programme_table import COLUMNS, Fault, Row, Table
from learning.sessions import Details, Format

LONDON = "Europe/London"
ZONES = (LONDON, "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
GOOD = {
    "code": "GM1",
    "title": "Growth mindset",
    "starts": "2026-05-19T10:00",
    "ends": "2026-05-19T11:00",
}


def reading_of(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Reading:
    lines = [
        Row(line=line, cells=tuple(row.get(column, "") for column in columns))
        for line, row in enumerate(rows, start=2)
    ]
    return programme_file.read(Table(header=columns, rows=tuple(lines)), LONDON)


def only(**cells: str) -> Details:
    """The details of a file with one good row, changed in these cells."""
    reading = reading_of(GOOD | cells)
    assert reading.faults == ()
    return reading.details[0]


def faults(**cells: str) -> list[str]:
    return [str(fault) for fault in reading_of(GOOD | cells).faults]


def test_read_takes_every_column():
    details = only(
        summary="Not yet.\r\nBut soon.",
        strand="Everyone has Talent",
        topics=" growth mindset ; ;learning;",
        facilitators="Learning team; Coaches",
        timezone="Europe/Paris",
        capacity="15",
        format="online",
        link="https://example.org/join",
        location="Anywhere",
        audience="Everyone",
        waiting_list="no",
    )

    assert details == Details(
        code="GM1",
        title="Growth mindset",
        summary="Not yet.\nBut soon.",
        strand="Everyone has Talent",
        topics=("growth mindset", "learning"),
        facilitators=("Learning team", "Coaches"),
        starts_at=datetime(2026, 5, 19, 8, 0, tzinfo=UTC),
        ends_at=datetime(2026, 5, 19, 9, 0, tzinfo=UTC),
        timezone="Europe/Paris",
        capacity=15,
        format=Format.ONLINE,
        link="https://example.org/join",
        location="Anywhere",
        audience="Everyone",
        waiting_list=False,
    )


def test_read_fills_what_is_left_empty():
    assert only() == Details(
        code="GM1",
        title="Growth mindset",
        starts_at=datetime(2026, 5, 19, 9, 0, tzinfo=UTC),
        ends_at=datetime(2026, 5, 19, 10, 0, tzinfo=UTC),
        timezone=LONDON,
    )


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-05-19T10:00", "2026-05-19T09:00"),
        ("2026-05-19 10:00", "2026-05-19T09:00"),
        ("2026-05-19  10:00:00", "2026-05-19T09:00"),
        ("20260519T1000", "2026-05-19T09:00"),
        ("2026-05-19T10:00:30.25", "2026-05-19T09:00:30"),
        ("2026-05-19T10:00+01:00", "2026-05-19T09:00"),
        ("2026-01-19T10:00Z", "2026-01-19T10:00"),
        ("2026-10-25T01:30+01:00", "2026-10-25T00:30"),
        ("2026-10-25T01:30+00:00", "2026-10-25T01:30"),
        ("2026-10-25T00:59", "2026-10-24T23:59"),
        ("2026-10-25T02:00", "2026-10-25T02:00"),
        ("2026-03-29T02:00", "2026-03-29T01:00"),
    ],
)
def test_a_moment_is_local_to_its_zone(written: str, utc: str):
    at = moment(written, ZoneInfo(LONDON), is_needed=True)

    assert at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(st.integers(0, 100 * 365 * 24 * 60), st.sampled_from(ZONES))
def test_a_moment_comes_back_from_its_text(minutes: int, zone: str):
    at = datetime(2000, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)

    text = moment_text(at, ZoneInfo(zone))

    assert moment(text, ZoneInfo(zone), is_needed=True) == at


@pytest.mark.parametrize(
    ("column", "written", "complaint"),
    [
        ("code", "", "is missing. Give each session a short code of its own, such as GM1."),
        ("code", "GM 1", '"GM 1" has characters that a code cannot have.'),
        ("code", "GM/1", '"GM/1" has characters that a code cannot have.'),
        ("code", "G" * 41, "has 41 characters where 40 fit. Shorten it."),
        ("title", " \t ", "is missing. Give the session a title."),
        ("title", "\x00\x07", "is missing. Give the session a title."),
        ("title", "t" * 201, "has 201 characters where 200 fit. Shorten it."),
        ("summary", "s" * 4001, "has 4001 characters where 4000 fit. Shorten it."),
        ("starts", "", "is missing. Write it as 2026-05-19T10:00."),
        ("starts", "2026-05-19", '"2026-05-19" has no time of day.'),
        ("starts", "2026-13-01T10:00", '"2026-13-01T10:00" is not a date and time.'),
        ("starts", "2026-02-29T10:00", '"2026-02-29T10:00" is not a date and time.'),
        ("starts", "2026-05-19T25:00", '"2026-05-19T25:00" is not a date and time.'),
        ("starts", "19/05/2026 10:00", '"19/05/2026 10:00" is not a date and time.'),
        ("starts", "Tuesday at ten", '"Tuesday at ten" is not a date and time.'),
        ("starts", "٢٠٢٦-05-19T10:00", '"٢٠٢٦-05-19T10:00" is not a date and time.'),
        ("starts", "0206-05-19T10:00", '"0206-05-19T10:00" is in the year 206.'),
        ("starts", "0001-01-01T00:00Z", '"0001-01-01T00:00Z" is in the year 1.'),
        ("starts", "2026-05-19T10:00Z", '"2026-05-19T10:00Z" is not the time in Europe/London.'),
        ("starts", "2026-03-29T01:30", '"2026-03-29T01:30" does not exist in Europe/London'),
        ("starts", "2026-03-29T01:30Z", '"2026-03-29T01:30Z" does not exist in Europe/London'),
        ("starts", "2026-10-25T01:30", '"2026-10-25T01:30" happens twice in Europe/London'),
        ("ends", "", "is missing. Write it as 2026-05-19T10:00."),
        ("ends", "2026-05-19T10:00", "is not after the start."),
        ("ends", "2026-05-18T11:00", "is not after the start."),
        ("ends", "2026-05-20T10:01", "is more than 24 hours after the start."),
        ("timezone", "Europe/Londres", '"Europe/Londres" is not a time zone.'),
        ("timezone", "../../etc/passwd", '"../../etc/passwd" is not a time zone.'),
        ("timezone", "Europe", '"Europe" is not a time zone.'),
        ("capacity", "0", '"0" is not a number of places.'),
        ("capacity", "-5", '"-5" is not a number of places.'),
        ("capacity", "12.5", '"12.5" is not a number of places.'),
        ("capacity", "1,000", '"1,000" is not a number of places.'),
        ("capacity", "about 20", '"about 20" is not a number of places.'),
        ("capacity", "9" * 5000, '"' + "9" * 39 + '…" is not a number of places.'),
        ("format", "webinar", '"webinar" is not a format. Write one of teams, zoom, in_person'),
        ("format", "online", "is missing. An online session needs the address"),
        ("link", "www.edx.org", '"www.edx.org" is not a web address.'),
        ("link", "javascript:alert(1)", '"javascript:alert(1)" is not a web address.'),
        ("link", "https://", '"https://" is not a web address.'),
        ("link", "https://[", '"https://[" is not a web address.'),
        ("link", "https://a.org https://b.org", " is not a web address."),
        ("waiting_list", "perhaps", '"perhaps" is neither yes nor no. Write yes or no.'),
    ],
)
def test_read_says_what_is_wrong_with_a_cell(column: str, written: str, complaint: str):
    found = faults(**{column: written})

    at = "link" if written == "online" else column
    assert len(found) == 1
    assert found[0].startswith(f"line 2, {at}: ")
    assert complaint in found[0]


@pytest.mark.parametrize(
    ("column", "written", "field", "value"),
    [
        ("code", "  gm-1.a_B ", "code", "gm-1.a_B"),
        ("title", " A\u00a0long\r\n title\x00\u202e ", "title", "A long title"),
        ("summary", "a\x08b\u2066\ud800c\td", "summary", "abc\td"),
        ("title", "Cymraeg 👩🏽‍💻 ŵ", "title", "Cymraeg 👩🏽‍💻 ŵ"),
        ("capacity", "", "capacity", None),
        ("capacity", "1", "capacity", 1),
        ("capacity", "15.0", "capacity", 15),
        ("format", "", "format", Format.TEAMS),
        ("format", "Zoom", "format", Format.ZOOM),
        ("format", "In person", "format", Format.IN_PERSON),
        ("format", "IN-PERSON", "format", Format.IN_PERSON),
        ("timezone", "europe/paris", "timezone", "Europe/Paris"),
        ("link", "HTTP://example.org/?a=b;c#d", "link", "HTTP://example.org/?a=b;c#d"),
        ("waiting_list", "", "waiting_list", True),
        ("waiting_list", "Yes", "waiting_list", True),
        ("waiting_list", "TRUE", "waiting_list", True),
        ("waiting_list", "y", "waiting_list", True),
        ("waiting_list", "1", "waiting_list", True),
        ("waiting_list", "No", "waiting_list", False),
        ("waiting_list", "false", "waiting_list", False),
        ("waiting_list", "N", "waiting_list", False),
        ("waiting_list", "0", "waiting_list", False),
    ],
)
def test_read_understands_the_ways_to_write_a_cell(
    column: str, written: str, field: str, value: object
):
    assert getattr(only(**{column: written}), field) == value


def test_read_tells_of_every_fault_and_not_only_the_first():
    reading = reading_of(
        GOOD | {"starts": "soon", "capacity": "none"},
        GOOD | {"code": "UB1"},
        GOOD | {"code": "PB1", "title": "", "format": "fax", "starts": ""},
    )

    assert [(fault.line, fault.column) for fault in reading.faults] == [
        (2, "starts"),
        (2, "capacity"),
        (4, "title"),
        (4, "format"),
    ]
    assert [details.code for details in reading.details] == ["UB1"]


def test_a_fault_reads_as_a_sentence():
    assert faults(starts="2026-13-01T10:00") == [
        'line 2, starts: "2026-13-01T10:00" is not a date and time. Write it as 2026-05-19T10:00.'
    ]


def test_read_finds_a_code_that_comes_twice_even_in_a_row_with_other_faults():
    reading = reading_of(GOOD, GOOD | {"code": "UB1"}, GOOD | {"code": "gm1", "capacity": "x"})

    repeated = '"gm1" is already on line 2. Give each session a code of its own.'
    assert reading.faults[1] == Fault(line=4, column="code", message=repeated)
    assert reading.lines == {"GM1": 2, "UB1": 3}


def test_read_leaves_out_a_repeated_row():
    reading = reading_of(GOOD, GOOD | {"title": "Again"})

    assert [details.title for details in reading.details] == ["Growth mindset"]


def test_read_takes_headers_in_any_order_and_case():
    reading = reading_of(
        {
            " Waiting-List": "no",
            "ENDS": GOOD["ends"],
            "Title ": "Growth mindset",
            "Code": "GM1",
            "Time Zone": "Europe/Paris",
            "starts": GOOD["starts"],
        },
        columns=(" Waiting-List", "ENDS", "Title ", "Code", "Time Zone", "starts"),
    )

    assert reading.faults == ()
    assert reading.notes == ()
    assert not reading.details[0].waiting_list
    assert reading.details[0].timezone == "Europe/Paris"
    assert reading.columns == {"waiting_list", "ends", "title", "code", "timezone", "starts"}


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        (("title", "starts", "ends"), ["code"]),
        (("code", "starts", "ends"), ["title"]),
        (("code", "title"), ["ends", "starts"]),
        (("code", "title", "starts"), ["ends"]),
        (("name", "when"), ["code", "ends", "starts", "title"]),
    ],
)
def test_read_blames_the_header_and_not_each_row_for_a_missing_column(
    columns: tuple[str, ...], missing: list[str]
):
    reading = reading_of(GOOD | {"name": "x"}, GOOD | {"code": "B", "name": "y"}, columns=columns)

    assert [(fault.line, fault.column) for fault in reading.faults] == [(1, c) for c in missing]
    assert "the column is missing" in str(reading.faults[0])


def test_read_needs_no_columns_for_times_when_all_is_self_paced():
    reading = reading_of(
        {"code": "EDX", "title": "edX", "format": "self_paced"},
        columns=("code", "title", "format"),
    )

    assert reading.faults == ()
    assert reading.details == (Details(code="EDX", title="edX", format=Format.SELF_PACED),)


def test_read_leaves_out_the_times_of_something_self_paced():
    reading = reading_of(GOOD | {"format": "Self-paced", "ends": "whenever"})

    assert reading.faults == ()
    assert reading.details[0].starts_at is None
    assert reading.notes == (
        "line 2: a self_paced session has no times; starts and ends were left out.",
    )


def test_read_does_not_ask_for_times_while_the_format_is_in_doubt():
    assert len(faults(format="selfish", starts="", ends="")) == 1


def test_read_does_not_judge_times_by_a_zone_that_is_in_doubt():
    found = faults(timezone="Mars", starts="2026-03-29T01:30Z", ends="noon")

    assert [fault.split(":")[0] for fault in found] == ["line 2, ends", "line 2, timezone"]


def test_read_refuses_a_column_that_is_there_twice():
    reading = reading_of(GOOD, columns=("code", "title", "starts", "ends", "Title"))

    assert [str(fault) for fault in reading.faults] == [
        "line 1, title: the column is there twice. Remove or rename one of them."
    ]


def test_read_notes_unknown_columns_and_ignores_them():
    columns = ("code", "title", "starts", "ends", "budget", "", "Cost centre", "", "")

    reading = reading_of(GOOD | {"budget": "12"}, columns=columns)

    assert reading.faults == ()
    assert reading.notes == ("Unknown columns were ignored: budget, Cost centre.",)


def test_read_skips_blank_rows_but_counts_them():
    reading = reading_of(GOOD, {}, {"title": " \u00a0"}, GOOD | {"code": "UB1"})

    assert reading.faults == ()
    assert reading.lines == {"GM1": 2, "UB1": 5}


def test_read_refuses_text_beyond_the_header():
    row = Row(line=2, cells=("GM1", "Growth", " yes", "", "2026"))
    fits = Row(line=3, cells=("GM2", "Growth", "self_paced", "", " "))
    short = Row(line=4, cells=("GM3", "Growth"))
    table = Table(header=("code", "title", "format", "", ""), rows=(row, fits, short))

    found = [str(fault) for fault in programme_file.read(table, LONDON).faults]

    assert "line 2: has text beyond the 3 columns of the first line." in found[2]
    assert not any(fault.startswith("line 3") for fault in found)


def test_read_notes_a_file_without_sessions():
    assert reading_of({}) == Reading(notes=("The file has no sessions.",))


def test_read_adds_the_readers_own_faults_and_does_not_blame_the_cell_twice():
    table = Table(
        header=("code", "title", "starts", "ends"),
        rows=(Row(line=2, cells=("GM1", "Growth", "", "2026-05-19T11:00")),),
        faults=(Fault(line=2, column="starts", message="repeats."),),
        notes=("line 9: left out.",),
    )

    reading = programme_file.read(table, LONDON)

    assert reading.faults == table.faults
    assert reading.notes == table.notes


@given(st.permutations(COLUMNS), st.lists(st.lists(st.text(max_size=30), max_size=17), max_size=5))
def test_read_survives_any_table(header: list[str], rows: list[list[str]]):
    lines = [Row(line=n, cells=tuple(cells)) for n, cells in enumerate(rows, start=2)]

    reading = programme_file.read(Table(header=tuple(header), rows=tuple(lines)), LONDON)

    assert len(reading.details) <= len(rows)
