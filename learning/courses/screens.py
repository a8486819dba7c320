"""The screens of a step: how long they take, where to pause, and whether a card still shows one."""

from __future__ import annotations

import hashlib
import math

from learning.courses.definition import Screen, Step

SITTING = 3
"""Minutes that people have between two visits; after as many, a place to pause is named."""

LEAST_LEFT = 1
"""Minutes for which it is not worth pausing any more."""


def minutes_left(step: Step, number: int) -> int:
    """How long the screens from this one on take; 0 where the file does not say."""
    left = max(0, len(step.screens) - number)
    return math.ceil(step.minutes * left / len(step.screens)) if step.screens else step.minutes


def is_resting_place(step: Step, number: int) -> bool:
    """Whether a sitting's worth of screens lies behind who comes to this one, and enough ahead."""
    if number < 1 or not step.screens:
        return False
    each = step.minutes / len(step.screens)
    sittings = math.floor(each * number / SITTING) - math.floor(each * (number - 1) / SITTING)
    return sittings > 0 and each * (len(step.screens) - number) > LEAST_LEFT


def mark(screen: Screen) -> str:
    """Goes with what a card of this screen sends: it is another one once other things are asked."""
    asked = [
        (q.id, str(q.kind), q.low, q.high, [option.text for option in q.options])
        for q in screen.questions
    ]
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:8]


def unanswered(step: Step, answered: frozenset[str]) -> int | None:
    """The first screen with a question that needs an answer and has none."""
    for number, screen in enumerate(step.screens):
        if any(q.is_required and q.id not in answered for q in screen.questions):
            return number
    return None
