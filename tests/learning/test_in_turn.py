"""Which resources a day's highlights end with."""

from datetime import date, timedelta

import pytest

from learning import notices
from learning.sessions import Format, Session, SessionId
from tests.support.values import a_session

DAY = date(2026, 5, 18)


def paced(code: str, *topics: str, strand: str = "") -> Session:
    return a_session(
        id=SessionId(ord(code[0])),
        code=code,
        topics=topics,
        strand=strand,
        starts_at=None,
        format=Format.SELF_PACED,
    )


ON = [a_session(topics=("Excel", "data"), strand="Figures")]
FOUR = [paced("A", "excel"), paced("B", "DATA"), paced("C", strand="figures"), paced("D", "x")]


def codes(resources: list[Session], day: date = DAY, most: int = 2) -> list[str]:
    return [r.code for r in notices.in_turn(resources, ON, day, most)]


def test_those_that_fit_the_days_sessions_take_turns():
    days = [DAY + timedelta(days=n) for n in range(3)]

    shown = [codes(FOUR, day) for day in days]

    assert all(len(each) == 2 for each in shown)
    assert {code for each in shown for code in each} == {"A", "B", "C"}
    assert shown[0] != shown[1] != shown[2]
    assert shown == [codes(list(reversed(FOUR)), day) for day in days]


def test_where_none_fits_all_take_turns():
    others = [paced("D", "x"), paced("E", "y"), paced("F")]

    shown = {code for n in range(3) for code in codes(others, DAY + timedelta(days=n))}

    assert shown == {"D", "E", "F"}


@pytest.mark.parametrize(("count", "shown"), [(0, []), (1, ["A"]), (2, ["A", "B"])])
def test_no_more_are_shown_than_there_are(count: int, shown: list[str]):
    assert sorted(codes(FOUR[:count])) == shown
