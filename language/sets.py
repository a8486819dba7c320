"""What people type about action learning sets: putting themselves forward, and seeing their own."""

from __future__ import annotations

from language.commands import Command, MySet
from language.context import whole
from language.phrases import bare, tidy

_SET = r"(?:action learning |learning )?(?:sets?|set-?mates)"
_SHOW = (
    r"(?:(?:show|see|view|open|list|who(?: is|'?s| are)(?: in)?|when(?: is|'?s| does| do)|what(?: is|'?s))"
    r"(?: me)? )?"
)

_mine = whole(
    rf"{_SHOW}(?:all )?my {_SET}(?: meet(?:s|ings?)?)?",
    rf"(?:join|put me (?:forward|down|in) for|sign (?:me )?up (?:for|to)|apply for|be in)"
    rf" (?:an? |my |the )?{_SET}",
    rf"put (?:myself|me) forward(?: for (?:an? |my |the )?{_SET})?",
    rf"(?:which|what) {_SET} am i in",
    rf"change my times(?: for (?:my|the) {_SET})?",
)


def about_sets(text: str) -> Command | None:
    """What these words want, if they are about an action learning set."""
    for words in dict.fromkeys((plain := tidy(text), bare(plain))):
        if _mine(words):
            return MySet()
    return None
