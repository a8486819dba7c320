"""Words for leaving a programme, and words that only look like them."""

import pytest

from language.commands import LeaveCourse
from language.courses import about_courses


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("leave programme", ""),
        ("Leave the programme", ""),
        ("please leave my program", ""),
        ("I want to leave the leadership programme", ""),
        ("I'd like to drop out of the course", ""),
        ("unenrol me from the programme", ""),
        ("withdraw from the programme customer", "customer"),
        ("take me off the programme The customer at the heart", "the customer at the heart"),
    ],
)
def test_leaving_a_programme_is_understood(text: str, what: str):
    found = about_courses(text)

    assert isinstance(found, LeaveCourse)
    assert found.what.casefold() == what


@pytest.mark.parametrize(
    "text",
    ["leave it", "leave the waiting list", "leave", "parental leave programme", "leave it out"],
)
def test_other_leaving_is_not(text: str):
    assert not isinstance(about_courses(text), LeaveCourse)
