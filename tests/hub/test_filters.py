"""What an address asks for of the programme, and how it is kept in addresses."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub import filters
from hub.filters import Filters, View
from learning.sessions import Format, Session
from tests.hub.programmes import TUESDAY, a_session

LONDON = ZoneInfo("Europe/London")
SOON = TUESDAY + timedelta(hours=1)
DATA = a_session(1, "Data", SOON, strand="Talent", topics=("Data", "charts"), format=Format.ZOOM)
FULL = a_session(2, "Feedback", SOON, strand="Valued", taken=15)
LATER = a_session(3, "Sound", SOON + timedelta(days=1), capacity=None)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ({}, Filters()),
        ({"view": "grid"}, Filters(view=View.GRID)),
        ({"view": "list"}, Filters()),
        ({"q": "  charts   and data "}, Filters(q="charts and data")),
        ({"strand": "Talent", "topic": "", "places": "left"}, Filters(strand="Talent", places="left")),
        ({"format": "zoom", "day": "2026-05-19"}, Filters(format=Format.ZOOM, day=date(2026, 5, 19))),
        ({"week": "2026-05-21"}, Filters(week=date(2026, 5, 18))),
    ],
)  # fmt: skip
def test_an_address_is_read(query: dict[str, str], asked: Filters):
    assert filters.read(query) == asked


@pytest.mark.parametrize(
    "query",
    [
        {"view": "table"},
        {"format": "fax"},
        {"day": "tomorrow", "week": "9999-12-31"},
        {"day": "0001-01-01"},
        {"places": "yes"},
        {"unknown": "x"},
    ],
)
def test_what_means_nothing_in_an_address_is_passed_over(query: dict[str, str]):
    assert filters.read(query) == Filters()


def test_words_without_end_are_cut():
    assert len(filters.read({"q": "data " * 1000}).q) <= filters.LONGEST


def test_an_address_has_what_was_asked_for_and_nothing_else():
    asked = Filters(view=View.GRID, topic="a & b", day=date(2026, 5, 19), places="left")

    assert asked.address() == "/hub?view=grid&topic=a+%26+b&day=2026-05-19&places=left"
    assert asked.address(view=View.LIST, day=None, places=None) == "/hub?topic=a+%26+b"
    assert Filters().address() == "/hub"


@pytest.mark.parametrize(
    ("asked", "passing"),
    [
        (Filters(), [DATA, FULL, LATER]),
        (Filters(strand="talent"), [DATA]),
        (Filters(topic="DATA"), [DATA]),
        (Filters(topic="dat"), []),
        (Filters(format=Format.ZOOM), [DATA]),
        (Filters(day=date(2026, 5, 20)), [LATER]),
        (Filters(places="left"), [DATA, LATER]),
        (Filters(format=Format.TEAMS, places="left"), [LATER]),
        (Filters(strand="Talent", day=date(2026, 5, 20)), []),
    ],
)
def test_filters_combine(asked: Filters, passing: list[Session]):
    found = [s for s in (DATA, FULL, LATER) if asked.passes(s, TUESDAY, LONDON)]

    assert found == passing


def test_a_place_that_can_no_longer_be_had_is_none_that_is_left():
    running = a_session(1, "Running", TUESDAY - timedelta(minutes=5))

    assert not Filters(places="left").passes(running, TUESDAY, LONDON)


def test_each_filter_that_leaves_something_out_is_named_beside_the_page_without_it():
    asked = Filters(q="data", strand="Talent", format=Format.IN_PERSON, places="left")

    assert [(a.words, a.without) for a in filters.active(asked, TUESDAY.date())] == [
        ("“data”", "/hub?strand=Talent&format=in_person&places=left"),
        ("Talent", "/hub?q=data&format=in_person&places=left"),
        ("In person", "/hub?q=data&strand=Talent&places=left"),
        ("Places left", "/hub?q=data&strand=Talent&format=in_person"),
    ]


def test_the_form_offers_what_there_is_once_and_keeps_what_an_older_address_chose():
    more = a_session(4, "More data", SOON, topics=("data",), strand="Talent")
    asked = Filters(strand="Gone", topic="DATA")

    day, strand, topic, format = filters.fields(
        asked, [DATA, more, FULL], [date(2026, 5, 19)], TUESDAY.date()
    )

    assert [(c.value, c.words) for c in day.choices] == [("2026-05-19", "Tuesday 19 May")]
    assert [(c.words, c.is_chosen) for c in strand.choices] == [
        ("Talent", False),
        ("Valued", False),
        ("Gone", True),
    ]
    assert [(c.words, c.is_chosen) for c in topic.choices] == [("charts", False), ("data", True)]
    assert [c.words for c in format.choices] == ["Teams", "Zoom"]
