"""Times of day as British people write them: "half two", "after 6", "9 til 11", "before lunch"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

Span = tuple[time | None, time | None]
"""The times of day between which something is to begin; None for no limit."""

PARTS: dict[str, Span] = {
    "morning": (None, time(12)),
    "daytime": (None, time(17)),
    "lunchtime": (time(12), time(14)),
    "afternoon": (time(12), time(17, 30)),
    "evening": (time(17), None),
    "night": (time(18), None),
    "mid morning": (time(10), time(12)),
    "mid afternoon": (time(14), time(16)),
    "early morning": (None, time(10)),
    "late morning": (time(11), time(12)),
    "early afternoon": (time(12), time(14, 30)),
    "late afternoon": (time(15), time(17, 30)),
    "early evening": (time(17), time(20)),
    "late evening": (time(19), None),
    "late": (time(16), None),
    "first thing": (None, time(10)),
    "elevenses": (time(10, 30), time(11, 30)),
    "teatime": (time(16), time(18)),
    "before work": (None, time(9)),
    "after work": (time(17), None),
}
_SAME = {
    "lunch": "lunchtime", "lunch time": "lunchtime", "lunch break": "lunchtime",
    "lunch hour": "lunchtime", "dinnertime": "lunchtime", "dinner time": "lunchtime",
    "nite": "night", "day time": "daytime", "during the day": "daytime",
    "arvo": "afternoon", "aft": "afternoon", "am": "morning", "pm": "afternoon",
    "eve": "evening", "tonight": "evening", "first thing in the morning": "first thing",
    "early": "early morning", "early doors": "early morning", "crack of dawn": "early morning",
    "last thing": "late", "end of the day": "late", "tea time": "teatime",
    "after hours": "after work", "out of hours": "after work", "before hours": "before work",
}  # fmt: skip

SOON = timedelta(minutes=15)
"""How much later than "in an hour" still counts."""

AT = timedelta(minutes=30)
"""What begins "at two" begins before half past."""

_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
_SOME = {"a couple of": 2, "couple of": 2, "a few": 3, "fifteen": 15, "twenty": 20, "thirty": 30}
_HOUR = rf"(?:[01]?\d|2[0-3]|{'|'.join(_NUMBERS)})"
_CLOCK = (
    rf"(?:half(?:\s+past)?\s+{_HOUR}|quarter\s+(?:past|to)\s+{_HOUR}|(?:twenty|ten|five)\s+(?:past|to)\s+{_HOUR}"
    rf"|{_HOUR}[:.][0-5]\d(?:\s?[ap]\.?m\b\.?)?|{_HOUR}\s?[ap]\.?m\b\.?|{_HOUR}\s?o'?\s?clock"
    r"|noon|midday|mid-day|midnight|(?:[01]\d|2[0-3])[0-5]0\s?(?:hrs|hours|h)?(?!\d))"
)
"""A time of day beyond doubt."""

_ANY = rf"(?:{_CLOCK}|{_HOUR})(?![\d:./%-])(?!\s*(?:st|nd|rd|th)\b)"
"""A time of day where one is expected: a bare number is an hour."""

_ENDS = (
    r"(?=\s*(?:$|[,;:?!]|(?:on|in|at|for|or|and|to|with|about|please|this|next|today|tomorrow|tonight"
    r"|any|anything|something|some|is|are|what|whats|which|got|have|i|if|when|mon|tue|wed|thu|fri|sat|sun)\w*\b))"
)
"""What may come after a bare hour; "after 2 years" names no time of day."""

_PART = "|".join(sorted((*PARTS, *_SAME), key=len, reverse=True)).replace(" ", r"[\s-]+")
NAMES_OF_PARTS = _PART
"""A pattern of them all."""
_LEARN = (
    r"(?!\s+(?:and|&|n|'n')\s+learn)(?!\s+(?:shifts?|school|classes|class|workers?|teams?|staff)\b)"
)
_LATER = (
    r"after|from|past|since|not before|later than|(?:any ?time|starting|starts|beginning|free) (?:after|from|at)"
    r"|(?:i|we)(?: only| usually| normally)?(?:'m| am| are)? (?:finish|finished|get off|clock off|knock off|done|free)(?: work)? (?:at|by|from|after|about)"
)
_SOONER = (
    r"before|by|until|till|til|'til|up to|no later than|earlier than|(?:any ?time) before"
    r"|(?:ends?|ending|finish(?:es|ing)?|done|over) (?:by|before|at)"
    r"|before (?:my|the|our) (?:shift|rota|round|clinic|list|day)(?: starts?| begins?)?(?: at)?"
    r"|before (?:i|we) (?:clock on|clock in|start|go in|go on|get in|am on|are on)(?: work| shift)?(?: at)?"
    r"|(?:i|we)(?: have to| need to| must| gotta)? (?:start|leave|go|be off)(?: work)? (?:at|by)"
)
_TO = r"(?:\s*(?:-|\u2013|\u2014)\s*|\s+(?:and|to|until|till?|'til)\s+)"

_RANGE = re.compile(
    rf"\b(?P<lead>between|from)?\s*\b(?P<start>{_CLOCK}|{_HOUR})(?P<to>{_TO})(?P<end>{_ANY})\b"
)
_ONE_SIDED = re.compile(
    rf"\b(?:(?P<later>{_LATER})|(?P<sooner>{_SOONER}))\s+(?:about |around |the )?"
    rf"(?:(?P<clock>{_CLOCK})|(?P<hour>{_HOUR})(?![\d:./%-]){_ENDS}|(?P<part>{_PART})\b{_LEARN})(?:\s+(?:on\s?wards?|on)\b(?!\s+\w))?"
)
_ONWARDS = re.compile(rf"\b(?P<time>{_ANY})\s+(?:on\s?wards|or later|and later|or after)\b")
_EXACT = re.compile(
    rf"\b(?:(?P<lead>at|@|around|round|for|about)\s+)?(?:about |around )?(?:(?P<clock>{_CLOCK})|(?P<hour>{_HOUR})(?![\d:./%-]){_ENDS})(?!\w)"
)
_IN_A_PART = re.compile(
    rf"\b(?P<lead>in the |this |at |over |during |during the |in my |on my |for |over my )?(?P<part>(?<!\bi )(?:{_PART}))(?P<many>s)?\b(?!\s+i\b){_LEARN}"
)
_OF_A_SESSION = re.compile(
    r"\s+(?:sessions?|workshops?|courses?|classes|class|talks?) (?:on|about|for)\b"
)
_ANY_DAY = ("in the ", "at ", "over ", "during ", "during the ")
"""Before a part of the day: "lone working in the evening" is on any day, "this evening" is today."""

_AMOUNT = r"(?:(?P<half>half an?)|(?P<one>an?|one|the)|(?P<some>a couple of|couple of|a few|\d{1,3}|two|three|four|five|ten|fifteen|twenty|thirty))"
_FROM_NOW = re.compile(
    rf"\b(?P<lead>(?:in|within|over|for) the next|in|within|next)\s+{_AMOUNT}?\s*(?P<unit>hours?|hrs?|minutes?|mins?)\b(?:'s?)?(?:\s+time)?"
)
_HALF_OF_DAY = re.compile(
    rf"\b(?P<hour>(?!one\b){_HOUR}(?:[:.][0-5]\d)?)\s+(?P<half>in the (?:morning|afternoon|evening)|at night)\b"
)
_REST = re.compile(
    r"\b(?P<now>(?:for )?(?:the )?rest of (?:the day|today)|left (?:for )?today|later(?: on)?(?: today)?$|later (?:on )?today|still to come today|remaining today)\b"
)


def read_clock(text: str, *, has_day: bool) -> tuple[Span | None, str, bool]:
    """The times of day in a text, the text without them, and whether it means many days' ("mornings").

    Where no day is named, words that are often something else have to be led to.
    """
    text = _HALF_OF_DAY.sub(_with_half, text)
    for reader in (_range, _one_sided, _onwards):
        if found := reader(text, has_day):
            return *found, False
    if has_day and (found := _exact(text, has_day)):
        return *found, False
    if part := _part(text, has_day):
        return part
    if found := _exact(text, has_day):
        return *found, False
    return None, text, False


def read_from_now(text: str, now: time) -> tuple[Span | None, str]:
    """The times of today that are said by the time that it is: "in an hour", "the rest of today"."""
    return _from_now(text, now) or _rest(text, now) or (None, text)


def without(text: str, found: re.Match[str]) -> str:
    """The text without a match and the little word that led to it."""
    before = _LEAD.sub("", text[: found.start()].rstrip())
    return f"{before} {text[found.end() :]}"


_LEAD = re.compile(r"\b(?:on|for|in|at|by|during|over|from)\s*$")


def _with_half(found: re.Match[str]) -> str:
    return f"{found['hour']}{'am' if 'morning' in found['half'] else 'pm'}"


def read_delay(text: str) -> timedelta | None:
    """How long "in an hour" and "in 20 minutes" are."""
    found = _FROM_NOW.search(text)
    return _amount(found) if found and found["lead"] == "in" else None


def _amount(found: re.Match[str]) -> timedelta | None:
    unit = timedelta(hours=1) if found["unit"].startswith("h") else timedelta(minutes=1)
    if found["half"]:
        return unit / 2
    if some := found["some"]:
        return unit * (_SOME.get(some) or _NUMBERS.get(some) or int(some))
    return unit if found["one"] or found["lead"] != "in" else None


def _from_now(text: str, now: time) -> tuple[Span, str] | None:
    found = _FROM_NOW.search(text)
    if not found or (found["lead"] == "next" and not (found["some"] or "hour" in found["unit"])):
        return None
    amount = _amount(found)
    if amount is None:
        return None
    is_within = found["lead"] != "in"
    begins = timedelta() if is_within else max(timedelta(), amount - timedelta(hours=1))
    ends = amount if is_within else amount + SOON
    return (_later(now, begins), _later(now, ends)), without(text, found)


def _rest(text: str, now: time) -> tuple[Span, str] | None:
    found = _REST.search(text)
    return ((now, None), without(text, found)) if found else None


def _range(text: str, has_day: bool) -> tuple[Span, str] | None:
    """Two bare numbers are hours where "from" or "til" says so, or where a day is named."""
    for found in _RANGE.finditer(text):
        is_clear = any(re.fullmatch(_CLOCK, found[side]) for side in ("start", "end"))
        is_led = bool(found["lead"]) or re.search(r"til", found["to"]) is not None
        if not (is_clear or is_led or has_day):
            continue
        if span := _span(found["start"], found["end"]):
            return span, without(text, found)
    return None


def _span(first: str, second: str) -> Span | None:
    """ "1-3pm" is one in the afternoon, "7 to 9" is in the evening, "10 to 2" over noon."""
    end = _time(second)
    half = re.search(r"([ap])\.?m", second)
    start = _time(f"{first}{half[1]}m") if half and first.isdigit() else _time(first)
    if start is None or end is None:
        return None
    if start >= end and half:
        start = _time(first) or start
    if start >= end and end.hour < 12:
        end = end.replace(hour=end.hour + 12)
    if start >= end and start.hour >= 12:
        start = start.replace(hour=start.hour - 12)
    return (start, end) if start < end else None


def _one_sided(text: str, _has_day: bool) -> tuple[Span, str] | None:
    found = _ONE_SIDED.search(text)
    if not found:
        return None
    if name := found["part"]:
        start, end = _named(name)
        if name in {"work", "hours"} or "work" in name or "hours" in name:
            return None
        if found["later"] == "from":
            span: Span = (start, None)
        else:
            is_lunch = start == time(12) and end == time(14)
            span = (
                (time(13) if is_lunch else end or start, None)
                if found["later"]
                else (None, start or time(12))
            )
        return span, without(text, found)
    at = _time(found["clock"] or found["hour"])
    if at is None:
        return None
    return ((at, None) if found["later"] else (None, at)), without(text, found)


def _onwards(text: str, _has_day: bool) -> tuple[Span, str] | None:
    found = _ONWARDS.search(text)
    at = _time(found["time"]) if found else None
    return ((at, None), without(text, found)) if found and at else None


def _exact(text: str, has_day: bool) -> tuple[Span, str] | None:
    for found in _EXACT.finditer(text):
        if found["hour"] and found["lead"] not in {"at", "@", "around", "round"}:
            continue
        if re.fullmatch(r"\d{1,2}\.\d\d|\d{4}", found["clock"] or "") and not (
            has_day or found["lead"]
        ):
            continue
        at = _time(found["clock"] or found["hour"])
        if at is not None:
            return (at, _later(at, AT)), without(text, found)
    return None


def _part(text: str, has_day: bool) -> tuple[Span, str, bool] | None:
    """A part of a day; without a day it must stand alone or be led to ("lunch and learn" is none)."""
    for found in _IN_A_PART.finditer(text):
        name = _canonical(found["part"])
        is_led = bool(found["lead"]) and name != "night" and found["lead"] != "for "
        is_clear = " " in found["part"] or found["part"] in {
            "tonight",
            "elevenses",
            "arvo",
            "teatime",
        }
        is_of_session = _OF_A_SESSION.match(text, found.end()) is not None and name != "night"
        if not (has_day or is_led or is_clear or is_of_session or found[0] == text.strip()):
            continue
        rest = without(text, found)
        is_any = bool(found["many"]) or (found["lead"] in _ANY_DAY and bool(rest.strip()))
        return PARTS[name], rest, is_any and not has_day
    return None


def _canonical(name: str) -> str:
    plain = re.sub(r"[\s-]+", " ", name)
    return _SAME.get(plain, plain)


def _named(name: str) -> Span:
    return PARTS[_canonical(name)]


def _time(text: str) -> time | None:
    """The time of day that these words name. A bare hour from 1 to 7 is in the afternoon."""
    plain = " ".join(text.split()).strip(". ")
    if plain in {"noon", "midday", "mid-day"}:
        return time(12)
    if plain == "midnight":
        return time(0)
    if found := re.fullmatch(rf"(half|quarter|twenty|ten|five)\s*(past|to)?\s*({_HOUR})", plain):
        minutes = {"half": 30, "quarter": 15, "twenty": 20, "ten": 10, "five": 5}[found[1]]
        hour = _hour(found[3])
        at = timedelta(hours=hour, minutes=-minutes if found[2] == "to" else minutes)
        return (datetime.combine(date(2000, 1, 1), time()) + at).time()
    if found := re.fullmatch(r"([01]\d|2[0-3])([0-5]0)\s?(?:hrs|hours|h)?", plain):
        return time(int(found[1]), int(found[2]))
    if found := re.fullmatch(rf"({_HOUR})(?:[:.]([0-5]\d))?\s?(?:([ap])\.?m|o'?\s?clock)?", plain):
        minutes = int(found[2] or 0)
        if found[3]:
            hour = (_NUMBERS.get(found[1]) or int(found[1])) % 12 + (12 if found[3] == "p" else 0)
        else:
            hour = _hour(
                found[1],
                is_exact=found[1].startswith("0") or (bool(found[2]) and int(found[1]) >= 8),
            )
        return time(hour, minutes) if hour < 24 else None
    return None


def _hour(text: str, *, is_exact: bool = False) -> int:
    number = _NUMBERS.get(text) or int(text)
    return number if is_exact or not 1 <= number <= 7 else number + 12


def _later(at: time, by: timedelta) -> time:
    """Not beyond the end of the day."""
    moved = datetime.combine(date(2000, 1, 1), at) + by
    return moved.time().replace(second=0, microsecond=0) if moved.day == 1 else time(23, 59)
