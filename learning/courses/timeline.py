"""What somebody has done on their courses, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Happened(StrEnum):
    JOINED = "joined"
    STEP_DONE = "step done"
    BOOKED = "booked"
    WAS_THERE = "was there"
    IN_A_SET = "in a set"
    SET_MET = "set met"
    COMMITTED = "committed"
    CHECKED = "checked"
    QUOTED = "quoted"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`what` is its name, such as a step's title; `text` is what they wrote themselves."""

    at: datetime
    kind: Happened
    course: str = ""
    what: str = ""
    text: str = ""


def in_order(events: Iterable[Event]) -> list[Event]:
    """The latest last; at the same moment as the path goes."""
    kinds = list(Happened)
    return sorted(events, key=lambda event: (event.at, kinds.index(event.kind)))
