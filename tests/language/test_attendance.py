"""What people type about who is there, and what must not be taken for it."""

import pytest

from language.attendance import about_attendance
from language.calendar import Calendar
from language.commands import (
    CheckIn,
    Command,
    Here,
    LetCheckIn,
    MarkAttendance,
    ShowDoor,
    Standing,
    WhoCame,
)
from language.context import Context
from language.understanding import at_once, understand
from tests.language.test_phrases import CALENDAR, PHRASES

SAID: list[tuple[str, Command]] = [
    ("I'm here GM1", Here("GM1")),
    ("i’m here at GM1", Here("GM1")),
    ("check me in GM1", Here("GM1")),
    ("here GM1 4KM7QX", Here("GM1", "4KM7QX")),
    ("here 4km7qx", Here("", "4km7qx")),
    ("I'm here GM1 4KM7QX please.", Here("GM1", "4KM7QX")),
    ("here TEAMBUILD 4KM7QX", Here("TEAMBUILD", "4KM7QX")),
    ("I'm here", Here("")),
    ("check me in", Here("")),
    ("check in GM1", CheckIn("GM1")),
    ("Check-in for GM1", CheckIn("GM1")),
    ("open the check in card for growth mindset", CheckIn("growth mindset")),
    ("check people in at GM1", CheckIn("GM1")),
    ("door GM1", ShowDoor("GM1")),
    ("show me the QR code for GM1", ShowDoor("GM1")),
    ("print the door page for GM1", ShowDoor("GM1")),
    ("who came to GM1", WhoCame("GM1")),
    ("Who came to GM1?", WhoCame("GM1")),
    ("who was at GM1", WhoCame("GM1")),
    ("who came to growth mindset", WhoCame("growth mindset")),
    ("attendance GM1", WhoCame("GM1")),
    ("show the attendance of growth mindset", WhoCame("growth mindset")),
    (
        "mark Ana as attended at GM1: signed the paper list",
        MarkAttendance("Ana", Standing.ATTENDED, "GM1", "signed the paper list"),
    ),
    (
        "please mark Ana Silva absent at GM1 because she left at once",
        MarkAttendance("Ana Silva", Standing.ABSENT, "GM1", "she left at once"),
    ),
    (
        "mark O'Brien, Ana as briefly there at GM1 : Wi-Fi failed, and then she left: twice",
        MarkAttendance(
            "O'Brien, Ana", Standing.BRIEFLY, "GM1", "Wi-Fi failed, and then she left: twice"
        ),
    ),
    ("mark Ana as present at GM1", MarkAttendance("Ana", Standing.ATTENDED, "GM1")),
    ("mark Ana as a no-show for GM1", MarkAttendance("Ana", Standing.ABSENT, "GM1")),
    ("mark Ana down as not there at GM1", MarkAttendance("Ana", Standing.ABSENT, "GM1")),
    ("let Ana Silva check in GM1", LetCheckIn("Ana Silva", "GM1")),
    ("let Ana check in SHOES-A", LetCheckIn("Ana", "SHOES-A")),
    ("check in SHOES-A", CheckIn("SHOES-A")),
    ("who came to shoes-b", WhoCame("shoes-b")),
    ("let Ana check people in at GM1", LetCheckIn("Ana", "GM1")),
    ("don't let Ana check in GM1", LetCheckIn("Ana", "GM1", may=False)),
]
OTHERS = [
    "here we go",
    "i'm here to learn about resilience",
    "is anything on here",
    "post highlights here",
    "check in with my manager",
    "how do i check in",
    "who came up with this",
    "who is running GM1",
    "who was rude",
    "door to door sales",
    "open door policy",
    "mark my words",
    "market research",
    "marking and feedback",
    "let me check in",
    "my attendance hasnt been logged",
    "when will i get proof of attendance",
    "attendance",
    "attendance allowance for my gran",
    "book GM1 and check my bookings",
]


@pytest.mark.parametrize(("text", "command"), SAID)
def test_it_is_understood_with_names_and_reasons_as_they_were_typed(text: str, command: Command):
    context = Context(calendar=CALENDAR)

    assert about_attendance(text) == command
    assert at_once(text, context) == understand(text, context) == command


@pytest.mark.parametrize("text", [*OTHERS, *(text for text, _ in PHRASES)])
def test_other_words_are_left_to_the_others(text: str):
    assert about_attendance(text) is None


def test_a_long_reason_is_kept_and_an_endless_one_is_cut():
    text = f"mark Ana as absent at GM1: {'because ' * 1000}"

    found = about_attendance(text)

    assert isinstance(found, MarkAttendance)
    assert 300 < len(found.why) <= 500
    assert isinstance(CALENDAR, Calendar)
