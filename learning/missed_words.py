"""What is kept of a question for which nothing was found: single words, and nothing of who asked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from learning.search import SHORT_FORMS, STOP_WORDS

SHORTEST, LONGEST = 3, 40
MOST = 6
"""So many words are kept of one question."""

_COURTESIES = frozenset(
    """asap book booking course courses day days event events find free hello help hey hi hour hours
    ideally info interested join kind list maybe month offer place places please programme recommend
    show sign soon suggest tell thank thanks today tomorrow topic topics try week year yes yesterday
    monday tuesday wednesday thursday friday saturday sunday""".split()
)
_LEFT_OUT = STOP_WORDS | SHORT_FORMS | _COURTESIES
_ADDRESSES = re.compile(r"\S*(?:@|://|www\.)\S*|\S*\d\S*")
"""Mail and web addresses, and everything with a digit in it: it may be a number of somebody's."""


def content_words(text: str) -> list[str]:
    """The words that say what was looked for, in small letters, the first few of them."""
    plain = _ADDRESSES.sub(" ", text.casefold().replace("’", "'"))
    found = (
        word.strip("'").replace("'", "")
        for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", plain.replace("'s ", " "))
    )
    kept = (w for w in found if SHORTEST <= len(w) <= LONGEST and w not in _LEFT_OUT)
    return list(dict.fromkeys(kept))[:MOST]


def without_names(words: Iterable[str], names: Iterable[str]) -> list[str]:
    """Those that are no part of any of these names or mail addresses."""
    parts = {part for name in names for part in re.findall(r"[^\W\d_]+", name.casefold())}
    return [word for word in words if word not in parts]
