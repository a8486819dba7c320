"""What words are understood by, besides themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from language.calendar import Calendar
from language.commands import Find, WhatsOn
from language.sayings import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well words fit the programme: whether a session surely does, how near in meaning the nearest
    is, the share of the words that the best one has, and the words without the names of sessions.
    """

    is_sure: bool = False
    nearest: float = 0.0
    share: float = 0.0
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What was said before, the calendar and the programme, as far as words are understood by them.

    `asked` is what the list shown last was an answer to; `shown` how many sessions it had. `wishes`
    tells how near words are to what people say who want each thing, where there is a sentence
    model; `fit` how well they fit the programme; `named` which session they name beyond doubt, by words
    alone: what it is called, or ''.
    """

    calendar: Calendar
    asked: WhatsOn | Find | None = None
    shown: int = 0
    wishes: Callable[[str], Mapping[Wish, float]] | None = None
    fit: Callable[[str], Fit] = lambda _: Fit()
    named: Callable[[str], str] = lambda _: ""


def any_of(*patterns: str) -> str:
    """A pattern for whichever of these is found first."""
    return f"(?:{'|'.join(patterns)})"


def whole(*patterns: str) -> Callable[[str], re.Match[str] | None]:
    """A text that is any of these from its beginning to its end."""
    return re.compile(any_of(*patterns)).fullmatch
