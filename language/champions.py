"""What people type about champions and their posts. Names of people and groups stay as typed."""

from __future__ import annotations

import re

from language.commands import (
    Book,
    Command,
    EndChampion,
    MyPosts,
    NameChampion,
    ShareSession,
    WhatToPromote,
    WhoAreChampions,
)
from learning.champions import TAG

LONGEST = 300
"""A name, and the name of a department."""

_I = re.IGNORECASE
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "`": "'"})
_POLITE = r"(?:(?:please|can you|could you|would you|ok(?:ay)?|hi|hello)[ ,]+)*"
_END = r"(?:[ ,]+(?:please|thanks|thank you))?[ .!?]*"
_ONE = r"(?:an? |the |our )?champion"
_GROUP = r"(?: (?:for|of|in|at)(?: the| our)? (?P<group>.+?))"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_POLITE}(?:{pattern}){_END}", _I)


_NAME = (
    _whole(rf"(?:make|name|appoint|add|have|register) (?P<who>.+?)(?: as| to be)? {_ONE}{_GROUP}?"),
    _whole(rf"(?P<who>.+?) is now {_ONE}{_GROUP}"),
)
_END_ONE = (
    _whole(rf"(?P<who>.+?) (?:isn't|is not) {_ONE}(?: any ?more)?{_GROUP}?(?: any ?more)?"),
    _whole(rf"(?P<who>.+?) is no longer {_ONE}{_GROUP}?"),
    _whole(rf"(?:remove|drop|take) (?P<who>.+?)(?: off)? (?:as|from being) {_ONE}{_GROUP}?"),
    _whole(rf"(?:stop|end) (?P<who>.+?) (?:being|as) {_ONE}{_GROUP}?"),
)
_WHO = _whole(
    r"(?:(?:show|list|see)(?: me)? )?(?:all )?(?:the |our )?champions"
    r"|who (?:are|is) (?:all )?(?:the |our |an? )?champions?"
)
_MY_POSTS = _whole(
    r"(?:(?:show|list|see)(?: me)? )?my posts"
    r"|(?:what|who|how many(?: people)?) (?:did|have|has) my posts? (?:bring|brought)(?: in)?"
    r"|how (?:are|did) my posts? (?:do|doing|going)"
)
_PROMOTE = _whole(
    r"what (?:can|should|shall|do) i (?:promote|share|post)(?: (?:now|next|today|this week))?"
    r"|what to (?:promote|share)(?: (?:now|next|today|this week))?"
)
_SHARE = _whole(r"share(?: the)?(?: session)? (?P<what>.+?)")
_NO_SESSION = re.compile(
    r"(?:(?:my|your|his|her|their|our|a|an|some|any|with|in|on|to|the highlights|highlights)\b"
    r"|(?:daily |today'?s )?highlights\b|(?:viva )?(?:engage|yammer)\b).*",
    _I,
)
"""What people share besides: their screen, the highlights. All that is no session's name."""

_VIA = _whole(rf"book (?P<what>.+?) via (?P<tag>{TAG.pattern})")


def about_champions(text: str) -> Command | None:
    """What these words want, if it is about champions and what they share; None for all others."""
    said = " ".join(text[:LONGEST].translate(_QUOTES).split())
    if found := _VIA.fullmatch(said):
        return Book(found["what"].casefold(), found["tag"].casefold())
    for pattern in _END_ONE:
        if found := pattern.fullmatch(said):
            return EndChampion(found["who"], found["group"] or "")
    for pattern in _NAME:
        if found := pattern.fullmatch(said):
            return NameChampion(found["who"], found["group"] or "")
    if _WHO.fullmatch(said):
        return WhoAreChampions()
    if _MY_POSTS.fullmatch(said):
        return MyPosts()
    if _PROMOTE.fullmatch(said):
        return WhatToPromote()
    found = _SHARE.fullmatch(said)
    if found and not _NO_SESSION.fullmatch(found["what"]):
        return ShareSession(found["what"].casefold())
    return None
