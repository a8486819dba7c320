"""How the desk words a programme: differences, the fields of a form, what people will read."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.desk import changes, fields, told
from hub.desk.columns import Difference, differences, shown
from hub.desk.programme import line, taken
from hub.desk.session_form import next_code
from learning.people import FORGOTTEN, PersonId
from learning.programme_changes import Change
from learning.programme_table import Fault
from learning.sessions import EditionId, Format, Session, SessionId
from services.ports.journal import CONSOLE, HUB_LIST, NOBODY, Entry, What
from tests.support.builders import details

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 5, 18, 8, 0, tzinfo=UTC)


def a_session(code: str = "GM1", **more: Any) -> Session:
    counts = {name: more.pop(name) for name in ("taken", "waiting") if name in more}
    return Session(
        id=SessionId(1), edition_id=EditionId(1), details=details(code, **more), **counts
    )


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("starts", "2026-05-18T10:00", "Monday 18 May 2026, 10:00"),
        ("ends", "2026-10-25T01:30+01:00", "Sunday 25 October 2026, 01:30"),
        ("starts", "", "nothing"),
        ("capacity", "", "no limit"),
        ("capacity", "12", "12"),
        ("format", "in_person", "In person"),
        ("format", "", "nothing"),
        ("location", "", "nothing"),
        ("state", "cancelled", "cancelled"),
    ],
)
def test_a_cell_is_said_as_people_say_it(column: str, text: str, said: str):
    assert shown(column, text) == said


def test_differences_come_in_the_order_of_a_programme_file():
    found = differences(
        {"state": "a", "starts": "", "title": "One"}, {"title": "Two", "state": "b"}
    )

    assert found == [
        Difference(label="Title", before="One", after="Two"),
        Difference(label="Starts", before="nothing", after="nothing"),
        Difference(label="State", before="a", after="b"),
    ]


@pytest.mark.parametrize(
    ("code", "codes", "following"),
    [
        ("GM1", {"gm1"}, "GM2"),
        ("GM1", {"gm1", "gm2", "gm3"}, "GM4"),
        ("GM", {"gm"}, "GM2"),
        ("X09", {"x09"}, "X10"),
        ("7", {"7"}, "8"),
        ("A-1-b", {"a-1-b"}, "A-1-b2"),
    ],
)
def test_a_copy_gets_the_next_code_that_nobody_has(code: str, codes: set[str], following: str):
    assert next_code(code, codes) == following


@pytest.mark.parametrize(
    ("mine", "was", "now", "kept"),
    [
        ("A", "A", "A", "A"),
        ("B", "A", "A", "B"),
        ("A", "A", "C", "C"),
        ("B", "A", "C", "B"),
    ],
)
def test_what_others_changed_is_kept_unless_i_changed_the_same(
    mine: str, was: str, now: str, kept: str
):
    assert fields.merged({"title": mine}, {"title": was}, {"title": now}) == {"title": kept}


def test_a_form_without_what_it_began_with_keeps_all_that_was_typed():
    assert fields.merged({"title": "A"}, {}, {"title": "C"}) == {"title": "A"}
    assert fields.base({"base": "[1, 2"}) == fields.base({"base": "7"}) == {}  # pyright: ignore[reportArgumentType] -- a mapping is enough here


def test_a_field_says_what_is_wrong_with_it_and_keeps_what_was_typed():
    wrong = Fault(line=2, column="capacity", message="is not a number.")

    [capacity] = [
        f
        for f in fields.fields({"capacity": "many"}, [wrong], is_new=False)
        if f.name == "capacity"
    ]

    assert (capacity.value, capacity.fault) == ("many", "Places is not a number.")
    assert capacity.described_by == "capacity-fault capacity-hint"


def test_the_code_is_asked_for_only_while_nobody_knows_it():
    assert next(f.name for f in fields.fields({}, [], is_new=True)) == "code"
    assert "code" not in [f.name for f in fields.fields({}, [], is_new=False)]


def test_a_time_that_a_browser_s_field_cannot_hold_stays_text():
    cells = {"starts": "2026-10-25T01:30+01:00", "ends": "2026-10-25T03:00"}

    kinds = {f.name: f.kind for f in fields.fields(cells, [], is_new=False)}

    assert (kinds["starts"], kinds["ends"]) == ("line", "moment")


# --- what people will read -------------------------------------------------------------------


def moved(session: Session) -> Change:
    after = details(session.code, starts_at=session.starts_at + timedelta(hours=2))  # pyright: ignore[reportOptionalOperand] -- it has a time
    return Change(session=session, details=after, fields=("starts", "ends"))


def test_those_who_wait_read_something_else_than_those_with_a_place():
    session = a_session(capacity=2, taken=2, waiting=1)

    booked, waiting = told.of_change(moved(session), LONDON, NOW)

    assert booked.to == "To 2 people with a place"
    assert "Your booking stands." in booked.text
    assert "Cancel booking" in booked.buttons
    assert waiting.to == "To 1 person in the queue"
    assert "You keep your place in the queue." in waiting.text


def test_nobody_reads_anything_where_nobody_is_told():
    assert told.of_change(moved(a_session()), LONDON, NOW) == []
    over = a_session(taken=2)
    assert told.of_cancelling(over, [], LONDON, over.ends_at or NOW) == []


def test_the_words_of_a_cancellation_name_what_there_is_instead_without_buttons_in_between():
    [words] = told.of_cancelling(a_session(taken=1), [a_session("PB1")], LONDON, NOW)

    assert words.to == "To 1 person"
    assert "is cancelled" in words.text
    assert "These have places left" in words.text
    assert "Book" not in words.text


# --- the list, and who changed what ----------------------------------------------------------


def test_a_line_says_how_many_places_of_how_many_are_taken():
    assert taken(a_session(capacity=1200, taken=5)) == "5 of 1,200"
    assert taken(a_session(capacity=None, taken=5)) == "5"
    any_time = a_session(format=Format.SELF_PACED, starts_at=None, ends_at=None)
    assert (line(any_time, NOW, LONDON).places, line(any_time, NOW, LONDON).state) == (
        "",
        "Any time",
    )


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (NOBODY, "Learnweek itself"),
        (CONSOLE, "Somebody at the command line"),
        (HUB_LIST, "The SharePoint list"),
        (PersonId("asha"), "Asha"),
        (PersonId(f"{FORGOTTEN}7"), "Somebody who was forgotten"),
        (PersonId("long-gone"), "Somebody we do not know any more"),
    ],
)
def test_whoever_changed_something_is_named_where_there_is_a_name(by: PersonId, name: str):
    entry = Entry(at=NOW, by_id=by, what=What.PUBLISHED, subject="The week", after={"added": "3"})

    said = changes.line(entry, {PersonId("asha"): "Asha"}, LONDON)

    assert (said.who, said.note, said.when) == (name, "3 added", "Monday 18 May 2026, 09:00")


def test_every_kind_of_change_has_words():
    assert set(changes.WORDS) == set(What)
