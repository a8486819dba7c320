"""What importing a file would change, and how that is told."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from learning.programme_changes import Change, Changes, changes, report
from learning.programme_file import Reading
from learning.programme_table import COLUMNS, Fault
from learning.sessions import Details, EditionId, Format, Session, SessionId, SessionState

NINE = datetime(2026, 5, 19, 9, 0, tzinfo=UTC)
TEN = datetime(2026, 5, 19, 10, 0, tzinfo=UTC)
GM1 = Details(
    code="GM1",
    title="Growth mindset",
    starts_at=NINE,
    ends_at=TEN,
    capacity=15,
    link="https://example.org",
)
UB1 = replace(GM1, code="UB1", title="Unconscious bias")


def a_session(details: Details = GM1, **more: Any) -> Session:
    return Session(id=SessionId(7), edition_id=EditionId(1), details=details, **more)


def test_changes_tells_apart_added_changed_unchanged_and_withdrawn():
    same, other, gone = a_session(GM1), a_session(UB1), a_session(replace(GM1, code="PB1"))
    renamed = replace(UB1, title="Bias")
    new = replace(GM1, code="MC1")

    found = changes([same, other, gone], [GM1, renamed, new])

    assert found == Changes(
        added=(new,),
        changed=(Change(session=other, details=renamed, fields=("title",)),),
        unchanged=(same.id,),
        withdrawn=(gone,),
    )


def test_changes_matches_codes_in_any_case_and_keeps_the_one_people_know():
    assert changes([a_session()], [replace(GM1, code="gm1")]) == Changes(unchanged=(SessionId(7),))


def test_a_cancelled_session_that_comes_again_is_unchanged():
    cancelled = a_session(state=SessionState.CANCELLED)

    assert changes([cancelled], [GM1]).unchanged == (cancelled.id,)


@pytest.mark.parametrize(
    ("change", "fields", "moved", "tells_people"),
    [
        ({"title": "New"}, ("title",), False, False),
        ({"capacity": None, "summary": "x"}, ("summary", "capacity"), False, False),
        ({"timezone": "Europe/Paris"}, ("timezone",), False, False),
        ({"location": "Room 2"}, ("location",), False, True),
        ({"link": ""}, ("link",), False, True),
        ({"format": Format.ZOOM}, ("format",), False, True),
        ({"ends_at": datetime(2026, 5, 19, 11, tzinfo=UTC)}, ("ends",), True, True),
        ({"starts_at": None, "ends_at": None}, ("starts", "ends"), True, True),
    ],
)
def test_a_change_knows_its_columns_and_whether_people_need_to_know(
    change: dict[str, Any], fields: tuple[str, ...], moved: bool, tells_people: bool
):
    found = changes([a_session()], [replace(GM1, **change)]).changed[0]

    assert (found.fields, found.moved, found.tells_people) == (fields, moved, tells_people)


def test_a_column_that_the_file_does_not_have_leaves_the_sessions_as_they_are():
    short = Details(code="GM1", title="Growth", starts_at=NINE, ends_at=TEN)

    found = changes([a_session()], [short], columns={"code", "title", "starts", "ends"})

    assert found.changed[0].details == replace(GM1, title="Growth")
    assert found.changed[0].fields == ("title",)


def test_a_file_without_formats_gives_times_to_what_was_self_paced():
    paced = Details(code="GM1", title="Growth mindset", format=Format.SELF_PACED)
    short = Details(code="GM1", title="Growth mindset", starts_at=NINE, ends_at=TEN)

    found = changes([a_session(paced)], [short], columns={"code", "title", "starts", "ends"})

    assert found.changed[0].details == short


@pytest.mark.parametrize(
    ("taken", "capacity", "keeps"), [(15, 10, 5), (10, 10, 0), (12, None, 0), (15, 15, 0)]
)
def test_a_capacity_that_shrinks_below_the_bookings_keeps_everyone(
    taken: int, capacity: int | None, keeps: int
):
    found = changes([a_session(taken=taken)], [replace(GM1, capacity=capacity, title="New")])

    assert found.changed[0].keeps == keeps
    assert found.keepers == (("GM1",) if keeps else ())


def test_report_counts_and_tells_what_is_not_as_it_was():
    moved = replace(UB1, ends_at=datetime(2026, 5, 19, 11, tzinfo=UTC), capacity=3)
    existing = [
        a_session(GM1),
        a_session(UB1, taken=5),
        a_session(replace(GM1, code="PB1", title="Personal brand")),
        a_session(replace(GM1, code="XL1", title="Excel"), state=SessionState.CANCELLED),
    ]
    found = changes(existing, [GM1, moved, replace(GM1, code="MC1", title="Mentoring")])

    text = report(found, Reading(notes=("Unknown columns were ignored: budget.",)))

    assert text.splitlines() == [
        "added 1, changed 1, unchanged 1, withdrawn 2",
        "- MC1 Mentoring: added",
        "- UB1 Unconscious bias: changed ends, capacity; everybody booked is told",
        "- PB1 Personal brand: withdrawn, no longer in the file, still published: "
        "cancel it if need be",
        "- XL1 Excel: withdrawn, no longer in the file, cancelled already",
        "- UB1: fewer places than people booked now; everybody keeps their place",
        "note: Unknown columns were ignored: budget.",
    ]


def test_report_takes_the_callers_word_for_who_is_kept():
    assert report(Changes(), Reading(), kept=["GM1 Growth mindset"]).splitlines() == [
        "added 0, changed 0, unchanged 0, withdrawn 0",
        "- GM1 Growth mindset: fewer places than people booked now; everybody keeps their place",
    ]


def test_report_of_a_file_with_faults_is_its_faults():
    fault = Fault(line=7, column="starts", message="is missing.")

    text = report(Changes(), Reading(faults=(fault, fault), columns=frozenset(COLUMNS)))

    assert text.splitlines() == [
        "Nothing was imported: 2 faults in the file.",
        "line 7, starts: is missing.",
        "line 7, starts: is missing.",
    ]
