"""What an understanding makes of a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from language.calendar import When
from tests.understanding.lines import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that was understood: what is wanted, and the codes that would be offered, best first.

    Where `is_sure` is false, the product says that it may not have understood. `is_done`: it would
    be done at once, without asking.
    """

    intent: str
    codes: tuple[str, ...] = ()
    when: When | None = None
    is_sure: bool = True
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was made of one line. `asks`: it would ask which of several things to do."""

    parts: tuple[Part, ...]
    asks: bool = False


Understand = Callable[[Line], Answer]
