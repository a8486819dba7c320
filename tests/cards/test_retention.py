"""What is promised about how long data is kept is what the rules say."""

from pathlib import Path

from cards import retention
from learning.retention import FIXED, SHORTEST, USUAL, YEAR, Data, in_words
from services import attendance, engage, errands, zoom_meetings
from store import conversations
from store import retention as deliveries

DOCS = Path(__file__).parents[2] / "docs" / "privacy.md"


def test_the_documentation_has_every_period_as_it_is():
    wanted = [
        f"| {f'`{line.name}`' if line.name else ''} | {line.words.what} | {line.how_long} | "
        f"{in_words(SHORTEST[Data(line.name)]) if line.name else 'fixed'} | "
        f"{line.words.since} | {line.words.then} |"
        for line in retention.lines()
    ]

    told = DOCS.read_text("utf-8").splitlines()

    start = next(n for n, line in enumerate(told) if line.startswith("| setting |")) + 2
    end = told.index("", start)
    assert told[start:end] == wanted


def test_every_kind_of_data_has_its_words_and_its_period():
    assert set(retention.WORDS) == {*Data, *FIXED}
    assert set(USUAL) == set(SHORTEST) == set(Data)
    assert all(USUAL[data] >= SHORTEST[data] for data in Data)


def test_what_cannot_be_set_is_what_the_parts_that_keep_it_do():
    assert FIXED == {
        "guests": attendance.NAMES_KEPT,
        "marks": attendance.MARKS_KEPT,
        "zoom": zoom_meetings.KEPT,
        "engage": engage.KEPT,
        "work": errands.KEPT,
    }
    assert USUAL[Data.TALK] == conversations.KEPT
    assert USUAL[Data.DELIVERIES] == deliveries.KEPT


def test_what_is_set_is_what_people_are_told():
    told = {line.name: line.how_long for line in retention.lines({**USUAL, Data.IDEAS: 5 * YEAR})}

    assert told["ideas"] == "5 years"
    assert told["feedback"] == "2 years"
