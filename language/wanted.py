"""What else a session must be: with places left, in person, on Teams, online."""

from __future__ import annotations

import re

from language.commands import Wanted

_KIND = r"(?:sessions?|workshops?|courses?|ones?|talks?|events?|things?|stuff|calls?|meetings?|classes|training)"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_DAY = (
    rf"(?:today|tomorrow|tonight|(?:on |this |next )?{_WEEKDAY}|(?:this|next) week|(?:this|in the) (?:morning|afternoon|evening)"
    r"|at \d{1,2}(?::\d\d)?(?:am|pm)?)"
)
_PATTERNS = {
    Wanted.PLACES_LEFT: (
        r"(?:(?:that|which)(?: still)? )?(?:with |has |have |got |has got |have got |still got |there are |there is )*(?:any |some )?"
        r"(?:places?|spaces?|seats?|spots?|room|availability) (?:left|free|available|still|remaining|going)"
        r"|(?:with|that (?:still )?(?:has|have)|has got|have got|still got) (?:any |some |enough )?(?:places|spaces|seats|spots|room|availability)"
        r"|(?:that (?:is|are|isn'?t|aren'?t) |which (?:is|are) )?(?:not full|not fully booked|still (?:bookable|open|available|free))"
        r"|(?:that )?(?:i can|we can) still (?:book|get on|get into|join)"
    ),
    Wanted.IN_PERSON: r"(?:(?:rather |prefer )?not (?:be )?(?:on|at|in front of) (?:a |another |the )?screen|in the flesh|in a (?:proper |real )?room|in[ -]person|face[ -]to[ -]face|f2f|on[ -]site|in the (?:same )?room|not online|offline)(?: only)?",
    Wanted.SELF_PACED: (
        r"(?:that )?(?:i|you|we) can do (?:at )?any ?time|(?:at|in) (?:my|your|our) own (?:time|pace)|self[ -]paced|on demand"
    ),
    Wanted.TEAMS: rf"(?:on|via|over|through) (?:ms |microsoft )?teams(?! (?!{_DAY}\b)\w)|(?:ms |microsoft )?teams(?= (?:only|{_KIND})\b)(?! (?:calls?|meetings?|events?)\b)",
    Wanted.ZOOM: rf"(?:on|via|over|through) zoom|zoom(?= (?:only|{_KIND})\b)",
    Wanted.ONLINE: (
        rf"(?:from home|from my desk|at my desk|remotely|virtually)|(?:but )?(?:not|isn'?t|aren'?t) (?:in[ -]person|face[ -]to[ -]face|f2f)"
        rf"|(?:where |that |so )?i (?:don'?t|do not) have to (?:travel|go anywhere|leave (?:my desk|home|the house|the office))|without (?:travelling|having to travel)|"
        rf"(?:online|virtual|remote)(?= (?:only|{_KIND})\b)"
        r"|\b(?<!\w )(?:online|virtual)$|(?<=that's )online|(?<=is )online(?! \w)"
    ),
}
_BOTH = re.compile(
    r"\b(?:online|virtual(?:ly)?|remote(?:ly)?) (?:and|or|&) (?:in[ -]person|face[ -]to[ -]face)\b"
    r"|\b(?:in[ -]person|face[ -]to[ -]face) (?:and|or|&) (?:online|virtual(?:ly)?|remote(?:ly)?)\b"
)
_COMPILED = {
    wanted: re.compile(
        rf"\b(?<!\bno )(?<!\bnot )(?<!n\'t )(?<!\bisnt )(?<!\barent )(?:{pattern})(?!\w)(?: only)?"
    )
    for wanted, pattern in _PATTERNS.items()
}


def read_wanted(text: str) -> tuple[frozenset[Wanted], str]:
    """What a text asks of a session besides its subject and its time, and the text without that."""
    found: set[Wanted] = set()
    if _BOTH.search(text):
        found |= {Wanted.IN_PERSON, Wanted.ONLINE}
        text = " ".join(_BOTH.sub(" ", text).split())
    for wanted, pattern in _COMPILED.items():
        plain = pattern.sub(" ", text)
        if plain != text:
            found.add(wanted)
            text = " ".join(plain.split())
    return frozenset(found), text
