"""Days and times of day as British people write them, taken out of a text."""

from __future__ import annotations

import re

from language.calendar import Calendar, When
from language.clock_times import read_clock, read_from_now
from language.day_names import DAY, Days, read_days, spelt

_IF = r"(?:if (?:it'?s|its|they'?re|that'?s) |anything |much )?"
_PUT_PLAINLY = (
    (
        re.compile(rf"\b(?:but )?(?:not {_IF}|nothing |no )(?:before|earlier than|sooner than)\b"),
        "after",
    ),
    (re.compile(rf"\b(?:but )?(?:not {_IF}|nothing |no )(?:after|later than)\b"), "before"),
    (
        re.compile(
            r"\b(?:i'?m )?(?:on|working|doing) (?:lates|earlies|nights|days)\b(?: (?:all|this) week)?"
        ),
        " ",
    ),
    (
        re.compile(
            r"\b(?:stuck|tied up|busy|(?:i'?m|i am) (?:working|teaching)|at work"
            r"|on (?:shift|duty|call|site)"
            r"|(?:stuck )?in (?:(?:an? |the |my )?(?:\w+ ){0,2}(?:meeting|class)|meetings|clinic|theatre"
            r"|court|training|surgery))"
            r"(?: [\w ]{1,20}?)? (?:til|till|until) (?=\w)"
        ),
        "after ",
    ),
    (
        re.compile(
            r"\b(?:(?:can'?t|cannot|don'?t|do not) (?:do|make|come|get|start|finish|clock)"
            r"|not (?:free|in|back|done|off))"
            r"(?: [\w ]{1,20}?)? (?:til|till|until|before) (?=\w)"
        ),
        "after ",
    ),
    (
        re.compile(r"\b(?P<lead>after|before) (?:my |our )?tea\b(?! ?(?:time|break))"),
        r"\g<lead> teatime",
    ),
    (
        re.compile(
            r"\b(?P<lead>after|before|on|over|in|at) (?:my |our )?dinner(?:[- ]?(?:time|break|hour))\b"
        ),
        r"\g<lead> lunchtime",
    ),
    (re.compile(r"\b(?P<lead>after|before) (?:my |our )?dinner\b"), r"\g<lead> lunchtime"),
    (re.compile(r"\b(?:my |our )?dinner[- ]?(?:time|break|hour)\b"), "at lunchtime"),
)
"""Other ways of saying it, and shifts, which are no times to look for."""


def read_when(text: str, calendar: Calendar) -> tuple[When | None, str]:
    """The days and times that a text names, and the text without them, with their spelling mended."""
    rest = spelt(text.casefold())
    for pattern, plain in _PUT_PLAINLY:
        rest = pattern.sub(plain, rest)
    rest = _without_absence(rest, calendar)
    from_now, rest = read_from_now(rest, calendar.now) if calendar.now else (None, rest)
    days, rest = read_days(rest, calendar)
    span, rest, is_daily = read_clock(rest, has_day=days is not None)
    span = from_now or span
    if days is None and span is None:
        return None, text.strip()
    if days is None and is_daily:
        days = _days_ahead(calendar)
    first, last, only = days or (calendar.today, calendar.today, ())
    start, end = span or (None, None)
    when = When(first=first, last=last, start=start, end=end, only=only)
    return when, " ".join(rest.split())


def _without_absence(text: str, calendar: Calendar) -> str:
    """When somebody is away says nothing where other days follow: "away today, what's on tomorrow"."""
    present = _AWAY.sub(" ", text)
    return present if present != text and read_days(present, calendar)[0] is not None else text


_AWAY = re.compile(
    r"\b(?:i'?m |i am )?(?:away|off|on (?:annual )?leave|on holiday|busy|out|not in|not around)(?: work)?"
    r" (?:all (?:of )?|for )?"
    r"(?:this week|today|tomorrow|next week|(?:on )?(?:mon|tues|wednes|thurs|fri)day)\b"
)


def _days_ahead(calendar: Calendar) -> Days:
    """What is left of this week, or all of what comes next: "in the mornings" names no day."""
    sunday = calendar.today + (6 - calendar.today.weekday()) * DAY
    ahead = [d for d in calendar.edition if d >= calendar.today]
    if not ahead or ahead[0] <= sunday:
        return calendar.today, sunday, ()
    return ahead[0], ahead[-1], ()
