"""What of the programme a page shows: which weeks there are, and with which it begins."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hub import selection
from hub.filters import Filters, View
from hub.selection import Selection
from learning.search import SearchIndex
from learning.sessions import Session
from services.catalogue import Programme
from tests.hub.programmes import TUESDAY, a_session

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
LAST, THIS, NEXT = date(2026, 5, 11), date(2026, 5, 18), date(2026, 5, 25)

LONG = a_session(1, "A fortnight", TUESDAY - 5 * DAY, ends_at=TUESDAY + 9 * DAY)
MONDAY = a_session(2, "Monday", TUESDAY - DAY)
TODAY = a_session(3, "Today", TUESDAY + timedelta(hours=2))
LATER = a_session(4, "Next week", TUESDAY + 7 * DAY, strand="Talent")
GONE = a_session(5, "Gone", TUESDAY - 7 * DAY)
GRID = Filters(view=View.GRID)


def selected(asked: Filters, *sessions: Session) -> Selection:
    index = SearchIndex(sessions)
    known = selection.dated(Programme(version=1, editions=(), index=index), LONDON)
    return selection.select(known, selection.season(known, asked, TUESDAY), asked, TUESDAY)


def titles(sessions: Sequence[Session]) -> list[str]:
    return [s.title for s in sessions]


def test_a_list_is_of_what_lies_ahead_in_whatever_week():
    found = selected(Filters(), LONG, MONDAY, TODAY, LATER, GONE)

    assert titles(found.shown) == ["A fortnight", "Today", "Next week"]
    assert (found.week, found.weeks) == (None, [LAST, THIS, NEXT])


def test_a_grid_is_of_this_week_with_its_days_that_are_over_though_something_began_before():
    found = selected(GRID, LONG, MONDAY, TODAY, LATER, GONE)

    assert titles(found.shown) == ["Monday", "Today"]
    assert found.week == THIS


def test_a_grid_begins_with_the_first_week_that_has_what_is_wanted():
    found = selected(Filters(view=View.GRID, strand="Talent"), MONDAY, TODAY, LATER)

    assert (titles(found.shown), found.week) == (["Next week"], NEXT)


def test_a_week_that_is_over_is_shown_where_it_is_asked_for():
    found = selected(Filters(week=LAST), MONDAY, TODAY, GONE)

    assert (titles(found.shown), found.weeks) == (["Gone"], [LAST, THIS])


def test_a_week_with_nothing_in_it_is_a_week_too():
    found = selected(Filters(week=date(2026, 7, 6)), TODAY)

    assert (found.shown, found.week) == ([], date(2026, 7, 6))
