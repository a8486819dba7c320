"""Days and parts of days as British people write them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
PARTS = {
    "morning": (None, time(12)),
    "lunchtime": (time(12), time(14)),
    "lunch": (time(12), time(14)),
    "afternoon": (time(12), time(17, 30)),
    "evening": (time(17), None),
    "tonight": (time(17), None),
    "night": (time(18), None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Whole local days from `first` to `last`, and the clock times to start between, if any."""

    first: date
    last: date
    start: time | None = None
    end: time | None = None

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last

    def covers(self, local: datetime) -> bool:
        """Whether something that begins at this local time falls into it."""
        return (
            self.first <= local.date() <= self.last
            and (self.start is None or local.time() >= self.start)
            and (self.end is None or local.time() < self.end)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What dates are judged by: today where the person is, and the days on which something is on."""

    today: date
    days: Collection[date] = ()

    def nearest(self, wanted: list[date]) -> date:
        """The first of these days with something on from today, else the first from today."""
        ahead = [d for d in wanted if d >= self.today] or wanted
        return min((d for d in ahead if d in self.days), default=min(ahead))


_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_MONTH = "|".join(f"{m[:3]}(?:{m[3:]})?" if m != "may" else "may" for m in MONTHS) + "|sept"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_FOLLOWS = rf"(?:about|and|at|for|in|on|to|with|{'|'.join(PARTS)}|arvo|am|pm)\b"
_BEFORE = rf"(?:^|\b(?:on|for|from|by|the|{_WEEKDAY},?)\s+)(?:the\s+)?"
_AFTER = rf"(?=\s*(?:$|,|{_FOLLOWS}))"
"""What may stand around numbers that are a date: "24/7 services" and "the 21st century" are none."""

_DATES = [
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(rf"\b(?:the\s+)?{_DAY}\s+(?:of\s+)?(?P<month>{_MONTH})\b{_YEAR}"),
    re.compile(rf"\b(?P<month>{_MONTH})\s+(?:the\s+)?{_DAY}\b{_YEAR}"),
    re.compile(r"\b(?P<day>\d{1,2})[/.](?P<number>\d{1,2})[/.](?P<year>\d{4}|\d{2})\b"),
    re.compile(rf"{_BEFORE}(?P<day>\d{{1,2}})/(?P<number>\d{{1,2}}){_AFTER}"),
    re.compile(rf"{_BEFORE}(?P<day>\d{{1,2}})(?:st|nd|rd|th){_AFTER}"),
]
_RELATIVE = re.compile(
    r"\b(?P<word>(?:the )?day after tomm?orr?ow|today|tonight|now|tomm?orr?ow|tmrw|tmw|yesterday)\b(?:'s)?"
)
_WEEK = re.compile(r"\b(?P<which>this|the|next|all)\s+(?:whole\s+)?week(?P<end>end)?\b")
_NAMED = re.compile(
    rf"\b(?!(?:sat|sun)\s+(?!{_FOLLOWS}))"  # "sun safety", "sat down"
    rf"(?:(?P<which>this|next|coming)\s+)?(?P<weekday>{_WEEKDAY})\b(?:'s)?"
)
_PART = re.compile(
    rf"\b(?P<lead>in the |this |at )?(?P<part>{'|'.join(PARTS)}"
    r"|arvo|(?<!\bi )am(?! i\b)|pm)\b(?! (?:and|&|n|'n') learn)"
)
_LEAD = re.compile(r"\b(?:on|for|in|at|by|during)\s*$")


def read_when(text: str, calendar: Calendar) -> tuple[When | None, str]:
    """The days that a text names, and the text without them."""
    rest = text.casefold()
    days, rest = _days(rest, calendar)
    part, rest = _part(rest, has_day=days is not None)
    if days is None and part is None:
        return None, text.strip()
    first, last = days or (calendar.today, calendar.today)
    start, end = part or (None, None)
    return When(first=first, last=last, start=start, end=end), " ".join(rest.split())


def _days(text: str, calendar: Calendar) -> tuple[tuple[date, date] | None, str]:
    today = calendar.today
    for pattern in _DATES:
        if (found := pattern.search(text)) and (day := _date(found.groupdict(), calendar)):
            return (day, day), _without(_no_weekday(text, found), found)
    if found := _WEEK.search(text):
        monday = today - timedelta(days=today.weekday())
        if found["which"] == "next":
            monday += timedelta(days=7)
        first = monday + timedelta(days=5) if found["end"] else monday
        return (max(first, today), monday + timedelta(days=6)), _without(text, found)
    if found := _RELATIVE.search(text):
        word = found["word"]
        steps = {"today": 0, "now": 0, "tonight": 0, "yesterday": -1}
        step = 2 if "after" in word else steps.get(word, 1)
        day = today + timedelta(days=step)
        return (day, day), text if word == "tonight" else _without(text, found)
    if found := _NAMED.search(text):
        day = _weekday(found["weekday"], found["which"] or "", calendar)
        return (day, day), _without(text, found)
    return None, text


def _date(parts: dict[str, str | None], calendar: Calendar) -> date | None:
    day = int(parts["day"] or 0)
    if name := parts.get("month"):
        month = next(i for i, m in enumerate(MONTHS, 1) if m.startswith(name[:3]))
    else:
        month = int(parts.get("number") or 0)
    today = calendar.today
    if year := parts.get("year"):
        return _valid(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    if month:
        options = [_valid(today.year + i, month, day) for i in range(3)]
    else:
        options = [
            _valid(today.year + (today.month - 1 + i) // 12, (today.month - 1 + i) % 12 + 1, day)
            for i in range(13)
        ]
    possible = [d for d in options if d is not None]
    this_year = _valid(today.year, month, day) if month else None
    if this_year in calendar.days:
        return this_year
    return calendar.nearest(possible) if possible else None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(name: str, which: str, calendar: Calendar) -> date:
    number = next(i for i, full in enumerate(WEEKDAYS) if full.startswith(name[:3]))
    first = calendar.today + timedelta(days=(number - calendar.today.weekday()) % 7)
    if which == "next":
        monday = calendar.today - timedelta(days=calendar.today.weekday())
        return monday + timedelta(days=7 + number)
    return first if which else calendar.nearest([first + timedelta(days=7 * i) for i in range(9)])


def _part(text: str, *, has_day: bool) -> tuple[tuple[time | None, time | None] | None, str]:
    """A part of a day; without a day it must stand alone or be led to ("lunch and learn" is none)."""
    found = _PART.search(text)
    if not found or not (
        has_day
        or (found["lead"] and found["part"] != "night")
        or found["part"] == "tonight"
        or found[0] == text.strip()
    ):
        return None, text
    name = {"arvo": "afternoon", "am": "morning", "pm": "afternoon"}.get(
        found["part"], found["part"]
    )
    return PARTS[name], _without(text, found)


def _without(text: str, found: re.Match[str]) -> str:
    """The text without a match and the little word that led to it."""
    before = _LEAD.sub("", text[: found.start()].rstrip())
    return f"{before} {text[found.end() :]}"


def _no_weekday(text: str, found: re.Match[str]) -> str:
    """'Tuesday 19 May' names one day: its weekday goes too, the match stays where it is."""
    before = text[: found.start()]
    led = re.search(rf"\b{_WEEKDAY},?\s*(?:the\s+)?$", before)
    if not led:
        return text
    return before[: led.start()] + " " * (len(before) - led.start()) + text[found.start() :]
