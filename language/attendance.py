"""What people type about who is there: checking in, who came, corrections. Names stay as typed."""

from __future__ import annotations

import re

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

LONGEST = 500
"""Longer than other wishes: a reason may be a sentence."""

_I = re.IGNORECASE
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "`": "'"})
_CODE = r"(?:(?=\S*\d)(?=\S*[a-z])[\w.-]{2,40}|[a-z]{2,30}-[a-z])"
"""One with a figure in it, or that ends as SHOES-A does: any other word is more likely a title."""

_WORD = r"\d[0-9a-z]{5}"
_POLITE = r"(?:(?:please|can you|could you|ok(?:ay)?|hi|hello)[ ,]+)*"
_END = r"(?:[ ,]+(?:please|thanks|thank you))?[.!?]*"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_POLITE}{pattern}{_END}", _I)


_HERE = _whole(
    r"(?:i'?m |i am )?(?:here|checking in|check me in)(?:(?: at| in| for| to)?"
    rf"(?: (?P<code>[\w.-]{{1,40}}))? (?P<word>{_WORD})|(?: at| in| for| to)? (?P<only>{_CODE}))"
)
_HERE_ALONE = _whole(r"(?:(?:i'?m|i am) here(?: now)?|check me in)")
_CHECK_IN = _whole(
    r"(?:(?:open|show|give)(?: me)? )?(?:the )?check(?:[- ]?in| (?:people|everyone|them) in)"
    rf"(?: (?:card|list|people|everyone))?(?: (?:for|at|to|of))? (?P<what>{_CODE})"
)
_CHECK_IN_TITLE = _whole(
    r"(?:(?:open|show|give)(?: me)? )?(?:the )?check[- ]?in (?:card|list) (?:for|at|of) (?P<what>.+?)"
)
_WHO_CAME = _whole(
    r"(?:who (?:came|turned up|showed up|attended|was there|was)(?: (?:to|at|in|for|on))?"
    r"|(?:(?:show|give)(?: me)? )?(?:the )?attendance(?: (?:of|at|for|in))?)"
    rf" (?P<what>{_CODE})"
)
_WHO_CAME_TITLE = _whole(
    r"(?:who (?:came|turned up) (?:to|at)|(?:(?:show|give)(?: me)? )?the attendance (?:of|at|for))"
    r" (?P<what>.+?)"
)
_DOOR = _whole(
    r"(?:(?:open|show|give|print)(?: me)? )?(?:the )?(?:door|qr)(?: (?:page|code|sign|word))?"
    rf"(?: (?:for|of|at|to))? (?P<what>{_CODE})"
)
_LET = _whole(
    r"(?P<no>(?:don'?t|do not|stop|no longer) )?let(?:ting)? (?!me |us )(?P<who>.+?)"
    r" check(?:ing)? (?:people )?in(?: (?:at|for|to|in))? (?P<what>.+?)"
)
_MARK = re.compile(
    rf"{_POLITE}mark (?P<who>.+?) (?:down )?(?:as )?(?:having )?"
    r"(?P<state>attended|present|there|briefly(?: (?:there|present|attended))?"
    r"|absent|not there|missing|(?:a )?no[- ]show)"
    r"(?: (?:at|in|for|on|to|from))? (?P<what>[^:]+?)(?:(?:\s*:\s*|,? because )(?P<why>.+))?",
    _I,
)
_STATES = {
    "attended": Standing.ATTENDED,
    "present": Standing.ATTENDED,
    "there": Standing.ATTENDED,
    "briefly": Standing.BRIEFLY,
}


def about_attendance(text: str) -> Command | None:
    """What these words want, if it is about who is or was there; None for all others."""
    said = " ".join(text[:LONGEST].translate(_QUOTES).split())
    if found := _HERE.fullmatch(said):
        return Here(found["code"] or found["only"] or "", found["word"] or "")
    if _HERE_ALONE.fullmatch(said):
        return Here("", "")
    for patterns, make in (
        ((_CHECK_IN, _CHECK_IN_TITLE), CheckIn),
        ((_WHO_CAME, _WHO_CAME_TITLE), WhoCame),
        ((_DOOR,), ShowDoor),
    ):
        for pattern in patterns:
            if found := pattern.fullmatch(said):
                return make(found["what"])
    if found := _MARK.fullmatch(said):
        state = _STATES.get(found["state"].casefold().split()[0], Standing.ABSENT)
        return MarkAttendance(found["who"], state, found["what"].strip(), found["why"] or "")
    if found := _LET.fullmatch(said):
        return LetCheckIn(found["who"], found["what"].strip(), not found["no"])
    return None
