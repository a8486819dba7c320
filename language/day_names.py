"""Days as British people write them: "thurs", "19/5", "a week on Monday", "tues to thurs", "this fortnight"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from rapidfuzz import fuzz, process

from language.calendar import Calendar
from language.clock_times import NAMES_OF_PARTS, without

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

Days = tuple[date, date, tuple[date, ...]]
"""The first, the last, and which of those between, where not all are meant."""

SPELLING = 80.0
DAY = timedelta(days=1)
WEEK = 7 * DAY

_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_MONTH = "|".join(f"{m[:3]}(?:{m[3:]})?" if m != "may" else "may" for m in MONTHS) + "|sept"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_FOLLOWS = (
    r"(?:about|and|at|for|in|on|to|with|or|after|before|between|from|until|til|till|by|first|around|please"
    rf"|half|quarter|{NAMES_OF_PARTS}|\d{{1,2}}(?:[:.]\d\d)?\s?[ap]m)\b"
)
_BEFORE = rf"(?:^|\b(?:on|for|from|by|the|and|to|or|until|till?|{_WEEKDAY},?)\s+)(?:the\s+)?"
_AFTER = rf"(?=\s*(?:$|[,?-]|{_FOLLOWS}))"
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
    r"\b(?P<word>(?:the )?day after tomorrow|today|tonight|(?<!not )now(?=\s*(?:$|[,?!.]|or\b|please\b|then\b))|tomorrow|yesterday)\b(?:'s)?"
)
_NAMED = re.compile(
    rf"\b(?!(?:sat|sun)\s+(?!{_FOLLOWS}))"  # "sun safety", "sat down"
    rf"(?:(?P<which>this|next|coming|the coming|last)\s+)?(?P<weekday>{_WEEKDAY})\b(?:'s)?"
)
_ATOM = (
    rf"(?:(?:this |next )?{_WEEKDAY}(?:,?\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?(?:\s+(?:of\s+)?(?:{_MONTH})\b|/\d{{1,2}})?)?"
    rf"|(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})|(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?"
    rf"|\d{{1,2}}/\d{{1,2}}|(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)|today|tomorrow|now)(?![\w/])"
)
_WEEK_OF = re.compile(
    rf"\b(?:in |for |during )?(?:the )?(?:week (?:of|commencing|beginning|starting)|w/?c)\s+(?:on )?(?:monday )?"
    rf"(?P<day>(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?(?:\s+(?:of\s+)?(?:{_MONTH})\b)?|{_WEEKDAY})"
)
_BETWEEN = re.compile(
    rf"\b(?P<lead>from|between)?\s*\b(?P<first>{_ATOM})"
    rf"(?:\s*(?P<to>-|\u2013|\bto\b|\band\b|\bor\b|\bthrough\b|\bthru\b|\buntil\b|\btill?\b|&|,|/)\s*|\s+)(?:on\s+)?(?P<last>{_ATOM})"
)
_BARE_TO = re.compile(
    rf"\b(?:from\s+)?(?:the\s+)?(?P<first>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:-|\u2013|to|until|till?|and)\s*"
    rf"(?:the\s+)?(?P<last>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b"
)
_NOT = re.compile(
    rf"\b(?:but |just |only )?(?:not|except|apart from|other than|any day but|excluding)\s+(?:for |on |the )*(?P<day>(?!now\b){_ATOM})"
)
_AMOUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "couple of": 2, "three": 3, "a few": 3, "few": 3,
            "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}  # fmt: skip
_AMOUNT = rf"(?P<amount>{'|'.join(sorted(_AMOUNTS, key=len, reverse=True))}|\d{{1,2}})"

_SHORT = {
    "tmrw": "tomorrow", "tmw": "tomorrow", "tmoz": "tomorrow", "tomoz": "tomorrow", "tomo": "tomorrow",
    "2moro": "tomorrow", "2mrw": "tomorrow", "2day": "today", "2nite": "tonight", "tonite": "tonight",
    "2night": "tonight", "weds": "wednesday", "wk": "week", "wknd": "weekend", "morn": "morning",
}  # fmt: skip
_NUMBERED = {
    word: number
    for number, word in enumerate(
        "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(), 11
    )
} | {f"twenty {word}": number for number, word in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth".split(), 21
)} | {"thirtieth": 30, "thirty first": 31}  # fmt: skip
_IN_WORDS = re.compile(
    rf"\bthe (?P<number>{'|'.join(sorted(_NUMBERED, key=len, reverse=True))})\b(?! (?:century|birthday|anniversary|floor))"
)
_SPELT = (*WEEKDAYS, "tomorrow", "tonight", "afternoon", "fortnight", "evening", "weekend")
_KNOWN = frozenset((*_SPELT, "mornings", "evenings", "afternoons", "weekends", "sundays"))


def spelt(text: str) -> str:
    """The text with the names of days as they are spelt: "thrusday", "tmrw", "tomorow"."""
    plain = re.sub(r"[a-z0-9]{2,}", lambda found: _spelt(found[0]), text)
    return _IN_WORDS.sub(lambda found: f"the {_NUMBERED[found['number']]}th", plain)


@lru_cache(maxsize=4096)
def _spelt(word: str) -> str:
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < 6 or word in _KNOWN or word.removesuffix("s") in _KNOWN:
        return word
    near = process.extractOne(word, _SPELT, scorer=fuzz.ratio, score_cutoff=SPELLING)
    return near[0] if near and word[0] == near[0][0] else word


def read_days(text: str, calendar: Calendar) -> tuple[Days | None, str]:
    """The days that a text names, and the text without them."""
    for reader in (
        _without_days,
        _week_of_date,
        _bare_range,
        _from_to,
        _dates,
        *_PHRASES,
        _relative,
        _weekday,
    ):
        if (found := reader(text, calendar)) is not None:
            return found
    return None, text


Read = tuple[Days, str]


def _whole(first: date, last: date) -> Days:
    return first, last, ()


def _without_days(text: str, calendar: Calendar) -> Read | None:
    """ "Not on Monday": the days of the edition ahead without it."""
    found = _NOT.search(text)
    day = _one(found["day"], calendar) if found else None
    if found is None or day is None:
        return None
    rest = without(text, found)
    if (instead := read_days(rest, calendar))[0] is not None:
        return instead[0], instead[1]
    left = tuple(d for d in calendar.edition if d != day and d >= calendar.today)
    return ((left[0], left[-1], left), without(text, found)) if left else None


def _week_of_date(text: str, calendar: Calendar) -> Read | None:
    """ "The week of the 12th", "w/c 12 October"."""
    found = _WEEK_OF.search(text)
    day = _one(found["day"], calendar) if found else None
    if found is None or day is None:
        return None
    monday = day - day.weekday() * DAY
    return _whole(monday, monday + 6 * DAY), without(text, found)


def _bare_range(text: str, calendar: Calendar) -> Read | None:
    """ "19 to 21 May"."""
    found = _BARE_TO.search(text)
    if not found:
        return None
    first = _one(f"{found['first']} {found['month']}", calendar)
    last = _one(f"{found['last']} {found['month']}", calendar)
    if first is None or last is None or first > last:
        return None
    return _whole(first, last), without(text, found)


def _from_to(text: str, calendar: Calendar) -> Read | None:
    """ "Tues to Thurs", "between the 12th and the 14th", "Wednesday Thursday", "Tuesday or Friday"."""
    for found in _BETWEEN.finditer(text):
        first, last = _one(found["first"], calendar), _one(found["last"], calendar)
        is_one = found["to"] in (None, ",") and not re.match(
            r"(?:this |next )?[mtwfs]", found["last"]
        )
        if first is None or last is None or is_one:
            continue
        if found["to"] in (None, "and", "or", "&", ",", "/") and found["lead"] != "between":
            early, late = sorted((first, last))
            only = () if late - early <= DAY else (early, late)
            return (early, late, only), without(text, found)
        if last < first:
            last += WEEK
        if first <= last <= first + 8 * WEEK:
            return _whole(first, last), without(text, found)
    return None


def _one(text: str, calendar: Calendar) -> date | None:
    for reader in (_dates, _relative, _weekday):
        if found := reader(text, calendar):
            return found[0][0]
    return None


def _dates(text: str, calendar: Calendar) -> Read | None:
    for pattern in _DATES:
        if (found := pattern.search(text)) and (day := _date(found.groupdict(), calendar)):
            return _whole(day, day), without(_no_weekday(text, found), found)
    return None


def _relative(text: str, calendar: Calendar) -> Read | None:
    if not (found := _RELATIVE.search(text)):
        return None
    word = found["word"]
    steps = {"today": 0, "now": 0, "tonight": 0, "yesterday": -1}
    day = calendar.today + (2 if "after" in word else steps.get(word, 1)) * DAY
    return _whole(day, day), text if word == "tonight" else without(_right(text, found), found)


def _right(text: str, found: re.Match[str]) -> str:
    """ "Right now" is now; the match stays where it is."""
    before = text[: found.start()]
    led = re.search(r"\b(?:right|just|only)\s+$", before) if found["word"] == "now" else None
    return (
        before[: led.start()] + " " * (found.start() - led.start()) + text[found.start() :]
        if led
        else text
    )


def _weekday(text: str, calendar: Calendar) -> Read | None:
    found = _NAMED.search(text)
    if not found:
        return None
    name, which = found["weekday"], (found["which"] or "").removeprefix("the ")
    first = _coming(name, calendar)
    monday = _monday(calendar)
    if which == "next":
        day = monday + WEEK + _number(name) * DAY
    elif which == "last":
        day = first - WEEK
    elif which:
        day = first
    else:
        day = calendar.nearest([first + i * WEEK for i in range(9)])
    return _whole(day, day), without(text, found)


def _number(name: str) -> int:
    return next(i for i, full in enumerate(WEEKDAYS) if full.startswith(name[:3]))


def _coming(name: str, calendar: Calendar) -> date:
    """The first day of that name from today."""
    return calendar.today + (_number(name) - calendar.today.weekday()) % 7 * DAY


def _monday(calendar: Calendar) -> date:
    return calendar.today - calendar.today.weekday() * DAY


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


def _no_weekday(text: str, found: re.Match[str]) -> str:
    """'Tuesday 19 May' names one day: its weekday goes too, the match stays where it is."""
    before = text[: found.start()]
    led = re.search(rf"\b{_WEEKDAY},?\s*(?:the\s+)?$", before)
    if not led:
        return text
    return before[: led.start()] + " " * (len(before) - led.start()) + text[found.start() :]


# --- weeks, and days by their place in them ---------------------------------------------------


def _phrase(
    pattern: str, meaning: Callable[[re.Match[str], Calendar], Days | None]
) -> Callable[[str, Calendar], Read | None]:
    compiled = re.compile(rf"\b(?:{pattern})\b(?:'s)?")

    def reader(text: str, calendar: Calendar) -> Read | None:
        found = compiled.search(text)
        days = meaning(found, calendar) if found else None
        return (days, without(text, found)) if found and days else None

    return reader


def _ahead(weeks: int, calendar: Calendar, from_day: int = 0, to_day: int = 6) -> Days:
    """These days of the week that many weeks on, from today."""
    monday = _monday(calendar) + weeks * WEEK
    last = monday + to_day * DAY
    return _whole(min(max(monday + from_day * DAY, calendar.today), last), last)


def _week_of(found: re.Match[str]) -> int:
    words = found.groupdict().get("which") or ""
    return 2 if "after next" in words else 1 if "next" in words else 0


def _on(day: date) -> Days:
    return _whole(day, day)


def _week_on(found: re.Match[str], calendar: Calendar) -> Days:
    """ "A week on Monday" and "Monday week": seven days after the coming one."""
    step = 2 * WEEK if found["length"] != "week" else WEEK
    day = found["day"]
    base = {"today": calendar.today, "tomorrow": calendar.today + DAY}.get(day)
    return _on((base or _coming(day, calendar)) + step)


def _in_days(found: re.Match[str], calendar: Calendar) -> Days:
    amount = _AMOUNTS.get(found["amount"]) or int(found["amount"])
    return _on(
        calendar.today + amount * {"day": DAY, "week": WEEK, "fortnight": 2 * WEEK}[found["unit"]]
    )


def _next_days(found: re.Match[str], calendar: Calendar) -> Days:
    unit = {"day": DAY, "week": WEEK, "fortnight": 2 * WEEK}[found["unit"]]
    amount = _AMOUNTS.get(found["amount"] or "a") or int(found["amount"])
    return _whole(calendar.today, calendar.today + amount * unit - DAY)


def _of_edition(found: re.Match[str], calendar: Calendar) -> Days | None:
    """The first, the last or the third day of what is on."""
    days = calendar.edition
    word = found["which"]
    if word in {"last", "final", "closing"}:
        number = len(days)
    elif word in {"opening", "very first"}:
        number = 1
    else:
        ordinals = "first second third fourth fifth".split()
        counts = "one two three four five".split()
        names = {w: i for some in (ordinals, counts) for i, w in enumerate(some, 1)}
        number = names.get(word) or int(word.rstrip("stndrh"))
    return _on(days[number - 1]) if 1 <= number <= len(days) else None


def _week_of_edition(found: re.Match[str], calendar: Calendar) -> Days | None:
    """The second week of what is on, where it has one."""
    days = calendar.edition
    if not days:
        return None
    mondays = sorted({day - day.weekday() * DAY for day in days})
    word = found["number"] or found["which"]
    place = {
        "one": 1,
        "first": 1,
        "two": 2,
        "second": 2,
        "three": 3,
        "third": 3,
        "last": 0,
        "final": 0,
    }
    number = place[word] if word in place else int(word)
    if number > len(mondays):
        return None
    monday = mondays[number - 1]
    return _whole(monday, monday + 6 * DAY)


def _month(found: re.Match[str], calendar: Calendar) -> Days:
    today = calendar.today
    name = found.groupdict().get("name")
    if name:
        number = next(i for i, m in enumerate(MONTHS, 1) if m.startswith(name[:3]))
        first = date(today.year + (number < today.month), number, 1)
    else:
        first = (
            date(today.year + (today.month == 12), today.month % 12 + 1, 1)
            if found["which"] == "next"
            else today.replace(day=1)
        )
    last = (first.replace(day=28) + 4 * DAY).replace(day=1) - DAY
    return _whole(max(first, today), last)


_THIS_OR_NEXT = r"(?P<which>this|the|next|all|the coming|the week after next)"
_PHRASES = [
    _phrase(rf"(?:an? )?(?P<length>week|fortnight|two weeks) (?:on |from |this )?(?P<day>today|tomorrow|{_WEEKDAY})", _week_on),
    _phrase(rf"(?P<day>today|tomorrow|{_WEEKDAY}) (?P<length>week|fortnight)", _week_on),
    _phrase(rf"in {_AMOUNT} (?P<unit>day|week|fortnight)s?'?(?: time)?", _in_days),
    _phrase(rf"{_AMOUNT} (?P<unit>day|week|fortnight)s? from (?:now|today)", _in_days),
    _phrase(rf"(?:in |over |within )?(?:the )?(?:next|coming) {_AMOUNT}? ?(?P<unit>day|fortnight)s?|(?:in |over |within )?the next {_AMOUNT.replace('amount', 'amount2')} weeks",
            lambda m, c: _next_days(m, c) if m["unit"] and (m["amount"] or m["unit"] != "day") else _whole(c.today, c.today + (_AMOUNTS.get(m["amount2"] or "") or 2) * WEEK - DAY)),
    _phrase(r"(?:this|the(?: whole)?|whole|all) fortnight", lambda _, c: _whole(c.today, _monday(c) + 13 * DAY)),
    _phrase(r"(?:(?:at|towards|by|for|near) )?(?:the )?(?:(?:back |tail )?end of|late(?:r)?(?: on)?(?: in)?|second half of|latter part of) (?P<which>this|the|next) week", lambda m, c: _ahead(_week_of(m), c, 3, 4)),
    _phrase(r"(?:(?:at|for) )?(?:the )?(?:start|beginning|front end|first half|early part) of (?P<which>this|the|next) week|early (?:in )?(?P<which2>this|the|next) week", lambda m, c: _ahead("next" in (m["which"] or m["which2"] or ""), c, 0, 1)),
    _phrase(r"mid[ -]?week|(?:the )?middle of (?P<which>this|the|next) week", lambda m, c: _ahead(_week_of(m), c, 1, 3)),
    _phrase(r"(?:for )?(?:the )?(?:rest|remainder) of (?:the|this) week|(?:left|remaining|still to come|coming up|to come) (?:for )?(?:this|the|in the) week", lambda _, c: _ahead(0, c)),
    _phrase(r"(?:the )?week after next", lambda _, c: _ahead(2, c)),
    _phrase(r"(?:the )?week after(?: this(?: one)?)?(?! next)", lambda _, c: _ahead(1, c)),
    _phrase(r"(?:in )?(?:the )?(?:week (?P<number>one|two|three|1|2|3)|(?P<which>first|second|third|last|final) week)", _week_of_edition),
    _phrase(r"(?:(?:at|over|for|on) )?(?P<which>this|the|next)\s+weekend", lambda m, c: _ahead(_week_of(m), c, 5, 6)),
    _phrase(r"(?P<which>this|the|next|all|the coming|whole)\s+(?:whole\s+|working\s+)?week(?!end)", lambda m, c: _ahead(_week_of(m), c)),
    _phrase(r"(?:on )?(?:the )?(?P<which>last|final|closing|opening|very first|first|second|third|fourth|fifth) day(?: of (?:the )?(?:week|programme|event|thing|it))?(?! of\b)", _of_edition),
    _phrase(r"(?:on )?day (?P<which>[1-9]|one|two|three|four|five)", _of_edition),
    _phrase(r"(?P<which>this|next) month", _month),
    _phrase(rf"(?:in|during|throughout) (?P<name>(?!may\b|mar\b)(?:{_MONTH}))(?! \d)", _month),
]  # fmt: skip
