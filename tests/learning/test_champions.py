"""When champions hear what to promote, what that is, and what their tags look like."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from learning import champions, sources
from learning.errors import LearningError
from learning.notices import MESSAGES, Kind, QuietHours
from learning.people import Address
from learning.sessions import EditionId, Format, Session, SessionId
from tests.support.values import ASHA, HOUR, LONDON, NINE, TEN, a_session

MONDAY = date(2026, 5, 18)
NEW_YORK = ZoneInfo("America/New_York")
QUIET = QuietHours(start=time(20, 0), end=time(7, 30))
DAY = timedelta(days=1)


def session(id: int, **more: Any) -> Session:
    return a_session(id=SessionId(id), **more)


def ids(found: list[Session]) -> list[int]:
    return [s.id for s in found]


@pytest.mark.parametrize(
    ("now", "zone", "found"),
    [
        ("2026-05-18T08:29", LONDON, None),
        ("2026-05-18T08:30", LONDON, MONDAY),
        ("2026-05-18T10:59", LONDON, MONDAY),
        ("2026-05-18T11:00", LONDON, None),
        ("2026-05-18T08:30", NEW_YORK, None),
        ("2026-05-18T13:30", NEW_YORK, MONDAY),
        ("2026-05-19T08:30", LONDON, MONDAY),
        ("2026-05-22T09:00", LONDON, MONDAY),
        ("2026-05-23T09:00", LONDON, None),
        ("2026-05-24T09:00", LONDON, None),
        ("2026-11-02T09:29", LONDON, None),  # in winter London keeps UTC
        ("2026-11-02T09:30", LONDON, date(2026, 11, 2)),
    ],
)
def test_the_card_is_due_on_monday_morning_or_the_next_that_can_be_had(
    now: str, zone: ZoneInfo, found: date | None
):
    assert champions.card_week(datetime.fromisoformat(now).replace(tzinfo=UTC), zone) == found


def test_the_card_has_one_key_a_week_however_late_it_is_written():
    monday, tuesday = (
        champions.card_notice(ASHA, MONDAY, now, LONDON, QUIET) for now in (NINE, NINE + DAY)
    )
    following = champions.card_notice(ASHA, MONDAY + 7 * DAY, NINE, LONDON, QUIET)

    assert monday.key == tuesday.key != following.key
    assert monday.due_at == NINE


def test_the_card_waits_for_the_end_of_quiet_hours():
    quiet = QuietHours(start=time(18, 0), end=time(10, 30))

    notice = champions.card_notice(ASHA, MONDAY, NINE, LONDON, quiet)

    assert notice.due_at == NINE + HOUR / 2


def test_the_news_of_being_named_says_where_to_open_a_chat_that_never_was():
    near = Address(service_url="https://smba.example.org/uk/", conversation_id="a:1", tenant_id="t")

    told = champions.named_notice(ASHA, "Housing", NINE, near)

    assert told.payload == {
        "group": "Housing",
        "near": {"service_url": "https://smba.example.org/uk/", "tenant_id": "t"},
    }
    assert champions.named_notice(ASHA, "Housing", NINE).payload["near"] == {}


def test_what_champions_are_told_is_a_message():
    assert {Kind.CHAMPION_NAMED, Kind.CHAMPION_CARD} <= MESSAGES


@pytest.mark.parametrize(
    ("sessions", "suits", "found"),
    [
        ([session(1, capacity=5), session(2, capacity=9)], (), [2, 1]),
        ([session(1, capacity=9, starts_at=TEN + HOUR), session(2, capacity=5)], (), [2, 1]),
        ([session(n, capacity=n + 1) for n in range(1, 8)], (), [7, 6, 5, 4, 3]),
        ([session(n, capacity=n + 1) for n in range(1, 8)], {SessionId(1)}, [1, 7, 6, 5, 4]),
        ([session(1, capacity=3, taken=3), session(2)], {SessionId(1)}, [2]),
        ([session(1, capacity=3, waiting=1), session(2)], (), [2]),
        ([session(1, starts_at=NINE), session(2)], (), [2]),
        ([session(1, starts_at=NINE + 8 * 7 * DAY), session(2)], (), [2, 1]),
        ([session(1, starts_at=NINE + 8 * 7 * DAY + HOUR), session(2)], (), [2]),
        ([session(1, starts_at=None, format=Format.SELF_PACED)], (), []),
        (
            [session(9, capacity=None), *(session(n) for n in range(1, 6))],
            (),
            [1, 2, 3, 4, 5],
        ),
        ([], (), []),
    ],
)
def test_what_to_promote(sessions: list[Session], suits: set[SessionId], found: list[int]):
    assert ids(champions.to_promote(sessions, suits, NINE)) == found


def test_of_two_with_as_many_places_the_sooner_is_promoted():
    sessions = [session(n, starts_at=TEN + n * HOUR) for n in range(9, 0, -1)]

    assert ids(champions.to_promote(sessions, (), NINE)) == [1, 2, 3, 4, 5]


def test_figures_are_of_the_edition_ahead_and_of_the_latest_after_it():
    old = session(1, starts_at=NINE - 300 * DAY, edition_id=EditionId(1))
    new = session(2, edition_id=EditionId(2))

    assert champions.of_the_week([old, new], NINE) == {2}
    assert champions.of_the_week([old, new], NINE + DAY) == {2}
    assert champions.of_the_week([old], NINE) == {1}
    assert champions.of_the_week([], NINE) == frozenset()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Housing", "Housing"), ("  LGBT+   Network ", "LGBT+ Network"), ("x" * 100, "x" * 100)],
)
def test_a_group_is_kept_on_one_line(typed: str, kept: str):
    assert champions.group_name(typed) == kept


@pytest.mark.parametrize("typed", ["", " \n ", "x" * 101])
def test_what_names_no_group_is_refused(typed: str):
    with pytest.raises(LearningError):
        champions.group_name(typed)


def test_a_group_keeps_the_spelling_that_it_has():
    assert champions.as_known("housing", ["Carers", "Housing"]) == "Housing"
    assert champions.as_known("Parks", ["Housing"]) == "Parks"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("k7m2p9rb", "k7m2p9rb"),
        ("K7M2P9RB", "k7m2p9rb"),
        ("teachers", ""),
        ("k7m2p9r", ""),
        ("k7m2p9rbb", ""),
        ("k7m2p9r\n", ""),
        ("", ""),
    ],
)
def test_a_tag_is_known_by_its_letters(text: str, tag: str):
    assert champions.tag_in(text) == tag


def test_every_tag_makes_a_source_that_is_kept():
    tag = champions.TAG_LETTERS[: champions.TAG_LENGTH]

    assert sources.known(sources.of_champion(tag)) == f"champion:{tag}"
