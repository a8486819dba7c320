"""How long each kind of data is kept: what is usual, what is the least, and how it is written down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
YEAR = timedelta(days=365)


class Data(StrEnum):
    """Kinds of data, as the setting RETENTION names them."""

    BOOKINGS = "bookings"
    FEEDBACK = "feedback"
    IDEAS = "ideas"
    WISHES = "wishes"
    COURSES = "courses"
    WORDS = "words"
    JOURNAL = "journal"
    PEOPLE = "people"
    TALK = "talk"
    DELIVERIES = "deliveries"


Periods = Mapping[Data, timedelta]

USUAL: Periods = {
    Data.BOOKINGS: 3 * YEAR,
    Data.FEEDBACK: 2 * YEAR,
    Data.IDEAS: 2 * YEAR,
    Data.WISHES: 2 * YEAR,
    Data.COURSES: 2 * YEAR,
    Data.WORDS: YEAR,
    Data.JOURNAL: 3 * YEAR,
    Data.PEOPLE: 2 * YEAR,
    Data.TALK: 30 * DAY,
    Data.DELIVERIES: 30 * DAY,
}

SHORTEST: Periods = {
    Data.BOOKINGS: 30 * DAY,
    Data.FEEDBACK: 30 * DAY,
    Data.IDEAS: 30 * DAY,
    Data.WISHES: 30 * DAY,
    Data.COURSES: YEAR,
    Data.WORDS: 30 * DAY,
    Data.JOURNAL: 90 * DAY,
    Data.PEOPLE: 60 * DAY,
    Data.TALK: DAY,
    Data.DELIVERIES: 30 * DAY,
}
"""Below these something would break: a programme asks people months after they last did something,
reports of who was there come for a week, a delivery's row keeps the same from being sent twice, and that
somebody talked is known while the talk is."""

LONGEST: Periods = {**dict.fromkeys(Data, 100 * YEAR), Data.WORDS: 3 * YEAR}
"""The words of somebody who asks to be forgotten are not looked for much further back."""

FIXED: Mapping[str, timedelta] = {
    "guests": 30 * DAY,
    "zoom": 30 * DAY,
    "marks": 9 * DAY,
    "engage": 2 * DAY,
    "work": DAY,
}
"""What is always kept for so long, whatever is set: each by the part that made it."""

UNITS = {"d": DAY, "w": WEEK, "y": YEAR}
HOW = "write it as bookings=3y,feedback=2y, with d for days, w for weeks, y for years"


def periods(text: str) -> dict[Data, timedelta]:
    """Those that the text names, the others as usual. Raises ValueError, saying what to write."""
    named: dict[Data, timedelta] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        found = re.fullmatch(r"(\w+)\s*=\s*(\d{1,5})\s*([dwy])", part.casefold())
        if found is None:
            raise ValueError(HOW)
        if found[1] not in set(Data):
            raise ValueError(f"there are only {', '.join(Data)}; {HOW}")
        named[Data(found[1])] = int(found[2]) * UNITS[found[3]]
    return {**USUAL, **named}


def too_short_or_long(given: Periods) -> str:
    """What is wrong with these, or ''."""
    for data, period in given.items():
        if period < SHORTEST[data]:
            return f"{data} are kept for {in_words(SHORTEST[data])} at least"
        if period > LONGEST[data]:
            return f"{data} are kept for {in_words(LONGEST[data])} at most"
    return ""


def in_words(period: timedelta) -> str:
    for unit, name in ((YEAR, "year"), (WEEK, "week")):
        if period >= unit and not period % unit:
            return _counted(period // unit, name)
    return _counted(period // DAY, "day")


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
