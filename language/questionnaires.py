"""What those who lead a live session type to see what people answered before it."""

from __future__ import annotations

import re

from language.commands import Command, SeeCollation

LONGEST = 100

_POLITE = (
    r"(?:(?:please|can i|could i|may i|can you|could you|i want to|i'?d like to|let me)[ ,]+)*"
)
_SHOW = r"(?:(?:show|see|give|get|read|list)(?: me)? )?"
_WHAT = r"(?:answers?|responses?|results?|replies)"
_ASKED = r"(?:pre[- ]?(?:course|session) )?questionnaires?'?s?"
_SEE = re.compile(
    rf"{_POLITE}{_SHOW}(?:the |all |my |our )*"
    rf"(?:(?:collated )?{_ASKED} {_WHAT}|(?:collated )?{_WHAT} (?:to|of|from|in) (?:the |our )?{_ASKED})"
    r"(?:[ ,]+(?:please|thanks|thank you))?[.!?]*",
    re.IGNORECASE,
)
_ASK = re.compile(
    r"what (?:did|have|do) (?:people|they|everyone|everybody|participants) "
    rf"(?:answer(?:ed)?|say|said|write|written) (?:to|in|on) (?:the |our )?{_ASKED}[.!?]*",
    re.IGNORECASE,
)


def about_questionnaires(text: str) -> Command | None:
    """What these words want, if it is to see answers to a questionnaire; None for all others."""
    said = " ".join(text[:LONGEST].replace("\u2019", "'").split())
    return SeeCollation() if _SEE.fullmatch(said) or _ASK.fullmatch(said) else None
