"""What people type about what they commit to, their way through a programme, and quotes they give."""

from __future__ import annotations

import re
from datetime import date, timedelta

from language.calendar import Calendar
from language.commands import Command, Commit, Commitments, Quotes, ToCommitments, ToQuotes
from language.day_names import MONTHS, read_days, spelt
from language.when import read_when

LONGEST = 4000
"""Characters that are looked at: a commitment that is too long is refused, and not cut."""

_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "`": "'"})
_POLITE = r"(?:(?:hi|hello|hey|ok(?:ay)?|so|please|yes|thanks|thank you)[ ,.!]+)*"
_END = r"(?:[ ,]+(?:please|thanks|thank you))?[\s.!?]*"

_I_WILL = re.compile(
    rf"{_POLITE}(?:i will|i'll|i shall|i(?:'m| am) going to|i (?:hereby )?(?:commit|promise) to) "
    rf"(?P<text>.+)[ ,]+by (?P<day>.+?){_END}",
    re.IGNORECASE,
)
_END_OF = re.compile(r"(?:the )?end of (?P<what>.+)")
_YEAR = re.compile(r"(?P<which>the|this|next) year")
_MONTH = re.compile(r"(?P<which>the|this|next) month")
_NAMED = re.compile(
    rf"(?P<name>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)})(?: (?P<year>\d{{4}}))?"
)
_WEEK = re.compile(r"(?:the|this|next) week")

_SHOW = r"(?:(?:show|list|see|view)(?: me)? |what are )?"
_WHOLE: tuple[tuple[re.Pattern[str], Command], ...] = tuple(
    (re.compile(f"{_POLITE}(?:{pattern}){_END}", re.IGNORECASE), command)
    for pattern, command in (
        (
            rf"{_SHOW}(?:all )?my (?:commitments?|promises)"
            r"|what (?:did|have) i (?:commit(?:ted)?|promised?)(?: to(?: do)?)?",
            Commitments(ToCommitments.LIST),
        ),
        (
            r"(?:add|make|new|write|i want to make|i'd like to make)(?: an?| another| my| new)* commitment"
            r"|commit to something",
            Commitments(ToCommitments.NEW),
        ),
        (
            rf"{_SHOW}(?:our|the set's|my set's) commitments",
            Commitments(ToCommitments.OURS),
        ),
        (
            rf"{_SHOW}my (?:own )?(?:programme )?timeline"
            r"|what have i done (?:so far )?(?:on|in) (?:the|my) programme",
            Commitments(ToCommitments.TIMELINE),
        ),
        (
            r"(?:give|offer|write|leave|share|add)(?: you)? (?:a|my) quote"
            r"|(?:change|edit|show|see)(?: me)? my quote|my quote",
            Quotes(ToQuotes.OPEN),
        ),
        (
            r"(?:revoke|withdraw|remove|delete|take back|take down) my quote"
            r"|take my quote (?:back|down|away)",
            Quotes(ToQuotes.REVOKE),
        ),
    )
)

_may_be = re.compile(
    r"\b(?:commit\w*|promise\w*|timeline|quote|programme|i will|i'll|i shall|going to)\b",
    re.IGNORECASE,
).search
"""Most of what people type has none of these words, and is looked at no further."""


def about_commitments(text: str, calendar: Calendar) -> Command | None:
    """What these words want, if it is about commitments; None for all others. They stay as typed."""
    said = " ".join(text[:LONGEST].translate(_QUOTES).split())
    if not _may_be(said):
        return None
    for whole, command in _WHOLE:
        if whole.fullmatch(said):
            return command
    found = _I_WILL.fullmatch(said)
    if found is None:
        return None
    due_on = read_day(found["day"], calendar.today)
    return Commit(found["text"].strip(" ,"), due_on, said) if due_on else None


def read_day(words: str, today: date) -> date | None:
    """The last of the days that are meant, from today on: "31 March", "Friday", "the end of May"."""
    plain = words.casefold().strip()
    end = _END_OF.fullmatch(plain)
    what = end["what"] if end else plain
    if year := _YEAR.fullmatch(what):
        return date(today.year + (year["which"] == "next"), 12, 31) if end else None
    if what in ("christmas", "new year") and not end:
        return date(today.year, 12, 24 if what == "christmas" else 31)
    if month := _MONTH.fullmatch(what):
        return _last_of(today.year, today.month + (month["which"] == "next"))
    if named := _NAMED.fullmatch(what):
        number = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(named["name"][:3]))
        year = int(named["year"] or 0) or today.year + (number < today.month)
        return _last_of(year, number)
    if _WEEK.fullmatch(what):
        return _friday(today, 7 if what.startswith("next") else 0)
    calendar = Calendar(today=today)
    if read_days(spelt(what), calendar)[0] is None:  # a time of day alone: "by 5pm"
        return None
    when, rest = read_when(what, calendar)
    return when.last if when is not None and not rest else None


def _last_of(year: int, month: int) -> date | None:
    """The last day of a month; the 13th is January of the next year."""
    years, months = divmod(month, 12)
    return date(year + years, months + 1, 1) - timedelta(days=1) if 0 < year < 9000 else None


def _friday(today: date, days: int) -> date:
    """At a weekend the week that is meant is over, so it is the next one's."""
    friday = today + timedelta(days=4 - today.weekday() + days)
    return friday if friday >= today else friday + timedelta(days=7)
