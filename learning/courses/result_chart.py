"""The result of a module as a picture: a bar for each dimension, told apart without colour."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from learning.courses.results import Level, Result
from learning.drawings import Bar, Chart, Fill

FILLS = {Level.STRONG: Fill.SOLID, Level.BETWEEN: Fill.HATCHED, Level.WEAK: Fill.DOTTED}
SAYS = {Level.STRONG: "strong", Level.BETWEEN: "in between", Level.WEAK: "weak"}
TOP = 100
LEAST = 2
"""Somebody without a point has a bar that can be seen too."""


def chart(found: Sequence[Result]) -> Chart:
    return Chart(
        name="result",
        title="",
        alt=spoken(found),
        bars=tuple(
            Bar(
                label=f"{each.dimension.title[0].upper()}{each.dimension.title[1:]}",
                parts=((FILLS[each.level], Decimal(max(LEAST, round(each.share * TOP)))),),
                says=SAYS[each.level],
            )
            for each in found
        ),
        top=Decimal(TOP),
    )


def spoken(found: Sequence[Result]) -> str:
    """The picture in words."""
    return "; ".join(f"{r.dimension.title}: {round(r.share * TOP)} of {TOP}" for r in found)
