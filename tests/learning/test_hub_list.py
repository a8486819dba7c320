"""What an item of the list means, and what is written beside it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from learning import hub_list, programme_changes, programme_file
from learning.hub_list import LINK, NAMES, OWN, PLACES_LEFT, STATE, HubItem, ListColumn, Seen
from learning.people import PersonId
from learning.programme_table import COLUMNS, Fault
from learning.sessions import Details, Format, SessionState
from tests.support.values import ELEVEN, HOUR, NINE, TEN, a_session

ASHA, BO = PersonId("asha"), PersonId("bo")
COLUMNS_THERE = [
    ListColumn(
        name=name, label=column.title(), kind="dateTime" if column in ("starts", "ends") else ""
    )
    for column, name in [*NAMES.items(), *((own, own) for own in OWN)]
]
FULL: dict[str, Any] = {
    "SessionCode": "GM1",
    "Title": "Growth mindset",
    "SessionStarts": "2026-05-18T09:00:00Z",
    "SessionEnds": "2026-05-18T10:00:00Z",
    "SessionCapacity": 12.0,
    "SessionFormat": "in_person",
    "SessionTopics": ["learning", "habits"],
    "SessionWaitingList": False,
}


def item(id: int = 1, **fields: Any) -> HubItem:
    return HubItem(id=id, version="1", editor=ASHA, fields={**FULL, **fields})


def read(*items: HubItem, columns: list[ListColumn] = COLUMNS_THERE) -> programme_file.Reading:
    return programme_file.read(hub_list.table(items, columns, "Europe/London"), "Europe/London")


def test_an_item_reads_as_a_row_of_a_file_does():
    [details] = read(item()).details

    assert details == Details(
        code="GM1",
        title="Growth mindset",
        starts_at=datetime(2026, 5, 18, 9, tzinfo=UTC),
        ends_at=datetime(2026, 5, 18, 10, tzinfo=UTC),
        capacity=12,
        format=Format.IN_PERSON,
        topics=("learning", "habits"),
        waiting_list=False,
    )


@pytest.mark.parametrize(
    ("zone", "starts", "cell"),
    [
        ("", "2026-05-18T09:00:00Z", "2026-05-18T10:00"),
        ("", "2026-01-18T09:00:00Z", "2026-01-18T09:00"),
        ("America/New_York", "2026-05-18T14:00:00Z", "2026-05-18T10:00"),
        ("europe/paris", "2026-05-18T09:00:00Z", "2026-05-18T11:00"),
        # The hour that comes twice: the instant says which it is.
        ("", "2026-10-25T00:30:00Z", "2026-10-25T01:30+01:00"),
        ("", "2026-10-25T01:30:00Z", "2026-10-25T01:30+00:00"),
        ("Nowhere", "2026-05-18T09:00:00Z", "2026-05-18T10:00"),
        ("", "soon", "soon"),
        ("", "", ""),
    ],
)
def test_an_instant_is_written_as_the_clock_says_where_the_session_is_held(
    zone: str, starts: str, cell: str
):
    rows = hub_list.table(
        [item(SessionTimeZone=zone, SessionStarts=starts)], COLUMNS_THERE, "Europe/London"
    )

    assert rows.rows[0].cells[COLUMNS.index("starts")] == cell


def test_every_instant_means_itself_in_every_zone():
    instants = [datetime(2026, 10, 25, tzinfo=UTC) + timedelta(minutes=15 * n) for n in range(12)]
    for zone in ("Europe/London", "America/New_York", "Asia/Kathmandu"):
        items = [
            item(
                n,
                SessionCode=f"S{n}",
                SessionTimeZone=zone,
                SessionStarts=at.isoformat(),
                SessionEnds=(at + HOUR).isoformat(),
            )
            for n, at in enumerate(instants)
        ]

        assert [d.starts_at for d in read(*items).details] == instants


def test_a_column_of_text_says_the_local_time_itself():
    columns = [replace(column, kind="") for column in COLUMNS_THERE]
    local = {"SessionStarts": "2026-05-18T10:00", "SessionEnds": "2026-05-18T11:00"}

    [details] = read(item(1, **local), columns=columns).details

    assert details.starts_at == datetime(2026, 5, 18, 9, tzinfo=UTC)


def test_faults_name_the_item_and_the_column_as_people_see_them():
    labels = hub_list.labels([ListColumn(name="SessionStarts", label="Beginn")])
    reading = read(item(7, SessionStarts=None), item(9))

    said = [
        hub_list.fault_words(fault, item(fault.line, Title="Growth"), labels)
        for fault in reading.faults
    ]

    assert said == [
        "“Growth” (item 7), Beginn: is missing. Write it as 2026-05-19T10:00. "
        "Only a self_paced session needs none.",
        '“Growth” (item 9), Code: "GM1" is already on item 7. Give each session a code of its own.',
    ]
    nameless = Fault(line=3, column="code", message="is missing.")
    assert hub_list.fault_words(nameless, None, {}) == "Item 3, Code: is missing."


def test_a_deleted_column_is_a_fault_and_a_renamed_one_is_not():
    renamed = [replace(column, label="Something else") for column in COLUMNS_THERE]
    without = [c for c in renamed if c.name not in ("SessionCapacity", "PlacesLeft")]

    assert hub_list.column_faults(renamed) == []
    assert [fault.partition(" is missing")[0] for fault in hub_list.column_faults(without)] == [
        "The column “Places” (SessionCapacity)",
        "The column “Places left” (PlacesLeft), in which the bot writes,",
    ]


def test_dates_without_times_are_a_fault():
    columns = [
        replace(c, kind="dateOnly") if c.name == "SessionStarts" else c for c in COLUMNS_THERE
    ]

    [fault] = hub_list.column_faults(columns)

    assert "“Starts” shows dates without times" in fault


BEFORE = HubItem(id=1, version="3", editor=ASHA, fields={"Title": "Growth"}, told="3")


@pytest.mark.parametrize(
    ("seen", "editor", "version"),
    [
        (Seen(id=1, etag="4", fields={"Title": "Growth"}, editor=BO), BO, "4"),
        (Seen(id=1, etag="4", fields={"Title": "Growth", PLACES_LEFT: 3.0}), ASHA, "3"),
        # Somebody's edit and our own write between two looks: whose it was cannot be told.
        (Seen(id=1, etag="5", fields={"Title": "Growing"}), ASHA, "5"),
    ],
)
def test_our_own_write_is_nobodys_edit(seen: Seen, editor: PersonId, version: str):
    known = hub_list.taken_in(BEFORE, seen)

    assert (known.editor, known.version, known.told) == (editor, version, "3")
    assert known.own == (dict.fromkeys(OWN) if seen.editor else {})


def test_what_sharepoint_makes_of_our_own_write_is_not_written_over_and_over():
    """Only somebody's edit has us look at our columns again."""
    written = replace(BEFORE, own={LINK: "https://chat?a=1&b=2"})
    shown = {"Title": "Growth", LINK: "<a>https://chat?a=1&amp;b=2</a>"}

    ours = hub_list.taken_in(written, Seen(id=1, etag="4", fields=shown))
    theirs = hub_list.taken_in(written, Seen(id=1, etag="5", fields=shown, editor=BO))

    assert ours == written
    assert theirs.own[LINK] == shown[LINK]


def test_of_a_new_item_that_an_app_changed_last_the_author_is_the_editor():
    known = hub_list.taken_in(None, Seen(id=2, etag="1", fields={}, author=BO))

    assert (known.editor, known.version) == (BO, "1")


@pytest.mark.parametrize(
    ("session", "state", "left"),
    [
        (a_session(taken=4), "Open", 11),
        (a_session(capacity=None), "Open", None),
        (a_session(taken=15), "Waiting list", 0),
        (a_session(taken=15, waiting_list=False), "Full", 0),
        (a_session(state=SessionState.CANCELLED), "Cancelled", None),
        (a_session(starts_at=NINE, ends_at=ELEVEN), "Started", None),
        (a_session(starts_at=NINE - 2 * HOUR), "Over", None),
        (a_session(starts_at=None, format=Format.SELF_PACED), "Any time", None),
    ],
)
def test_the_bots_columns_say_how_a_session_stands(session: Any, state: str, left: int | None):
    shown = hub_list.shown(session, NINE, "https://chat")

    assert (shown[STATE], shown[PLACES_LEFT]) == (state, left)
    assert shown[LINK] == ("https://chat" if session.is_open(NINE) else None)


def test_only_what_is_wrong_is_written():
    wanted = {PLACES_LEFT: 3, STATE: "Open", LINK: None}

    assert hub_list.differing({PLACES_LEFT: 3.0, STATE: "Open"}, wanted) == {}
    assert hub_list.differing({PLACES_LEFT: 3.0, STATE: "Fun"}, wanted) == {STATE: "Open"}
    assert hub_list.differing({PLACES_LEFT: 3, LINK: "x", STATE: "Open"}, wanted) == {LINK: None}


SAID = Details(code="GM1", title="Growth", starts_at=TEN, ends_at=ELEVEN, capacity=12)


@pytest.mark.parametrize(
    ("here", "there", "becomes"),
    [
        # Only the list has changed, only we have, both have in different columns, both in one.
        ({}, {"title": "New"}, {"title": "New"}),
        ({"title": "Ours"}, {}, {"title": "Ours"}),
        ({"location": "Hall"}, {"title": "New"}, {"title": "New", "location": "Hall"}),
        ({"title": "Ours"}, {"title": "New"}, {"title": "New"}),
        # Times go together.
        (
            {"starts_at": TEN + HOUR, "ends_at": ELEVEN + HOUR},
            {"ends_at": ELEVEN + HOUR / 2},
            {"ends_at": ELEVEN + HOUR / 2},
        ),
        (
            {"starts_at": TEN + HOUR, "ends_at": ELEVEN + HOUR},
            {"title": "New"},
            {"title": "New", "starts_at": TEN + HOUR, "ends_at": ELEVEN + HOUR},
        ),
    ],
)
def test_of_each_column_the_last_edit_stays(
    here: dict[str, Any], there: dict[str, Any], becomes: dict[str, Any]
):
    session = replace(a_session(), details=replace(SAID, **here))

    found = programme_changes.changes([session], [replace(SAID, **there)], known={"gm1": SAID})

    after = found.changed[0].details if found.changed else session.details
    assert after == replace(SAID, **becomes)
