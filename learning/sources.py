"""What brought a booking: where somebody was when they booked."""

from __future__ import annotations

import re
from enum import StrEnum

from learning.errors import LearningError


class Source(StrEnum):
    CHAT = "chat"
    CARD = "card"
    PLAN = "plan"
    HIGHLIGHTS = "highlights"
    NUDGE = "nudge"
    ENGAGE = "engage"
    HUB = "hub"
    CHAMPION = "champion"
    SHARE = "share"
    DESK = "desk"
    OTHER = "other"


LONGEST = 40
"""As many characters as are kept with a booking."""

TAG = re.compile(r"[a-z0-9]{8}", re.IGNORECASE)
"""What a champion's share is known by."""

IN_CHAT = frozenset({Source.CHAT, Source.CARD, Source.PLAN})

NAMES = {
    Source.CHAT: "Chat",
    Source.HIGHLIGHTS: "Highlights",
    Source.NUDGE: "Nudges",
    Source.ENGAGE: "Viva Engage",
    Source.HUB: "Hub pages",
    Source.CHAMPION: "Champions’ posts",
    Source.SHARE: "Shared cards",
    Source.DESK: "Booked by an organiser",
    Source.OTHER: "Other",
}
"""What the channels of the report are called."""


def of_champion(tag: str) -> str:
    """The source of what a share with this tag brings. Raises LearningError for what is no tag."""
    if not TAG.fullmatch(tag):
        raise LearningError("That is no tag of a share.")
    return f"{Source.CHAMPION}:{tag}"


def tag_of(source: str) -> str:
    """The tag of the share that brought it, '' for everything else."""
    before, _, tag = source.partition(":")
    return tag if before == Source.CHAMPION and TAG.fullmatch(tag) else ""


def known(text: str) -> str:
    """A source as it may be kept: anything that comes from outside and is none is "card"."""
    if text in _KEPT or tag_of(text):
        return text
    return Source.CARD


def channel_of(source: str) -> Source:
    """The channel of the report that a kept source belongs to: all that is said in chat is one."""
    if tag_of(source):
        return Source.CHAMPION
    if source not in _ALL:
        return Source.OTHER
    return Source.CHAT if Source(source) in IN_CHAT else Source(source)


_ALL = frozenset(Source)
_KEPT = frozenset({*Source} - {Source.CHAMPION, Source.OTHER})
