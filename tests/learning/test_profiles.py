"""When people's details are read, and which row of the outbox does it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from learning import profiles
from learning.notices import MESSAGES, Kind, priority
from learning.people import FORGOTTEN, PersonId
from learning.profiles import ProfilePage
from tests.support.values import ASHA, LONDON, NINE

TOKYO = ZoneInfo("Asia/Tokyo")
SATURDAY = date(2026, 5, 23)


@pytest.mark.parametrize(
    ("now", "zone", "found"),
    [
        (datetime(2026, 5, 22, 22, 59, tzinfo=UTC), LONDON, None),
        (datetime(2026, 5, 22, 23, 0, tzinfo=UTC), LONDON, SATURDAY),
        (datetime(2026, 5, 24, 22, 59, tzinfo=UTC), LONDON, SATURDAY),
        (datetime(2026, 5, 24, 23, 0, tzinfo=UTC), LONDON, None),
        (datetime(2026, 5, 22, 15, 0, tzinfo=UTC), TOKYO, SATURDAY),
    ],
)
def test_profiles_are_read_again_at_the_weekend(now: datetime, zone: ZoneInfo, found: date | None):
    assert profiles.saturday(now, zone) == found


def test_a_page_is_written_once_however_often_it_is_begun_and_comes_back_as_it_was():
    page = ProfilePage(saturday=SATURDAY, after=ASHA)

    early, late = page.notice(NINE), page.notice(NINE + timedelta(hours=9))

    assert early.key == late.key != ProfilePage(saturday=SATURDAY).notice(NINE).key
    assert ProfilePage.of(early) == page


def test_a_newcomer_is_asked_about_once_and_soon():
    notice = profiles.of_newcomer(ASHA, NINE)

    assert notice.person_id == ASHA
    assert NINE < notice.due_at <= NINE + timedelta(minutes=10)
    assert notice.key == profiles.of_newcomer(ASHA, NINE + timedelta(days=9)).key


def test_reading_details_tells_nobody_anything_and_waits_for_what_does():
    assert Kind.PROFILES not in MESSAGES
    assert priority(Kind.PROFILES) == 10


@pytest.mark.parametrize(
    ("person", "is_in"),
    [
        ("6f1c2e0a-0000-4000-8000-000000000000", True),
        ("29:1abc", False),
        (f"{FORGOTTEN}6f1c", False),
        ("", False),
    ],
)
def test_only_accounts_of_the_directory_are_asked_about(person: str, is_in: bool):
    assert profiles.is_in_directory(PersonId(person)) is is_in
