"""What people type about how a session was: saying it, and asking what others said."""

from __future__ import annotations

import re

from language.calendar import Calendar
from language.commands import Command, GiveFeedback, SeeFeedback
from language.when import read_when

LONGEST = 200

_I = re.IGNORECASE
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "`": "'"})
_CODE = r"(?=\S*\d)(?=\S*[a-z])[\w.-]{2,40}"
_POLITE = (
    r"(?:(?:please|can i|could i|may i|can you|could you|i want to|i'?d like to|let me|ok(?:ay)?"
    r"|hi|hello)[ ,]+)*"
)
_END = r"(?:[ ,]+(?:please|thanks|thank you))?[.!?]*"
_GIVING = r"(?:(?:give|leave|send|add|share|change)(?: (?:some|my|you|a bit of|a little))? )"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_POLITE}{pattern}{_END}", _I)


_ALONE = _whole(
    rf"(?:{_GIVING}?feedback(?: (?:card|form|now))?|change my (?:answer|answers|rating|stars)"
    r"|rate (?:a|my|the) (?:session|sessions|workshop|workshops))"
)
_GIVE = _whole(
    rf"(?:(?:rate|review|score)|{_GIVING}?(?:my )?feedback (?:on|about|to)|{_GIVING}feedback for"
    rf"|change my (?:answer|rating) (?:on|for|about|to)) (?P<what>{_CODE})"
)
_GIVE_TITLE = _whole(
    rf"(?:rate(?: the)?(?: session| workshop)?|{_GIVING}?(?:my )?feedback (?:on|about))"
    r" (?P<what>.+?)"
)
_SEE = _whole(
    r"(?:(?:show|see|give|get|list)(?: me)? )?(?:the )?(?:collated )?"
    rf"feedback(?: (?:result|results|scores?))? (?:for|of|from) (?P<what>{_CODE})"
)
_ASKED = _whole(
    r"(?:what (?:did|do|have) (?:people|they|everyone|everybody|attendees|participants|colleagues)"
    r" (?:thinks?|thought|say|said) (?:of|about)|how did (?:people|they|everyone) (?:rate|like|find)"
    r"|(?:(?:show|see)(?: me)? )?(?:the )?feedback results? (?:for|of|on)"
    r"|(?:show|see)(?: me)? the feedback (?:for|of|on)) (?P<what>.+?)"
)


def about_feedback(text: str, calendar: Calendar) -> Command | None:
    """What these words want, if it is about how a session was; None for all others.

    "Feedback on Tuesday" looks for a session.
    """
    said = " ".join(text[:LONGEST].translate(_QUOTES).split())
    if said.casefold().strip(" .?!") == "feedback":
        return GiveFeedback("", said)
    if _ALONE.fullmatch(said):
        return GiveFeedback()
    if found := _ASKED.fullmatch(said):
        return SeeFeedback(found["what"])
    if found := _GIVE.fullmatch(said):
        return GiveFeedback(found["what"], said)
    if found := _SEE.fullmatch(said):
        return SeeFeedback(found["what"], said)
    found = _GIVE_TITLE.fullmatch(said)
    if found and read_when(found["what"], calendar)[0] is None:
        return GiveFeedback(found["what"], said)
    return None
