"""What people can want, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from language.calendar import When


class Wanted(StrEnum):
    """What a session must be or have, besides what it is about and when it is."""

    PLACES_LEFT = "places_left"
    IN_PERSON = "in_person"
    TEAMS = "teams"
    ZOOM = "zoom"
    ONLINE = "online"
    SELF_PACED = "self_paced"


class Than(StrEnum):
    """How another session should differ from the one shown; any other time will do where it is "" ."""

    ANOTHER_TIME = ""
    SHORTER = "shorter"
    LONGER = "longer"
    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class WhatsOn:
    """What is on in these days; `about` narrows it, None for `when` means the next day with anything."""

    when: When | None = None
    about: str = ""
    wanted: frozenset[Wanted] = frozenset()


@dataclass(frozen=True, slots=True)
class Find:
    """Sessions about something. `asked` tells "find …" from words that were nothing else."""

    text: str
    when: When | None = None
    asked: bool = True
    wanted: frozenset[Wanted] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    what: str


@dataclass(frozen=True, slots=True)
class Cancel:
    what: str


@dataclass(frozen=True, slots=True)
class CancelSession:
    """An organiser calls a session off, for everybody."""

    what: str


@dataclass(frozen=True, slots=True)
class WhoIsUnreached:
    """An organiser asks who cannot be told anything, and why."""


@dataclass(frozen=True, slots=True)
class WhatWasSent:
    """An organiser asks what was sent to how many, and what became of it."""


@dataclass(frozen=True, slots=True)
class MyBookings:
    pass


@dataclass(frozen=True, slots=True)
class Resources:
    pass


@dataclass(frozen=True, slots=True)
class Nudges:
    on: bool


@dataclass(frozen=True, slots=True)
class Highlights:
    on: bool


@dataclass(frozen=True, slots=True)
class ChannelHighlights:
    on: bool


@dataclass(frozen=True, slots=True)
class MyData:
    pass


@dataclass(frozen=True, slots=True)
class ForgetMe:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    pass


@dataclass(frozen=True, slots=True)
class Greeting:
    pass


@dataclass(frozen=True, slots=True)
class Thanks:
    pass


@dataclass(frozen=True, slots=True)
class Yes:
    pass


@dataclass(frozen=True, slots=True)
class No:
    pass


@dataclass(frozen=True, slots=True)
class More:
    """More of what was asked for last."""


@dataclass(frozen=True, slots=True)
class Another:
    """One like a session, the one just shown where none is named, that differs from it in this."""

    than: Than = Than.ANOTHER_TIME
    what: str = ""


@dataclass(frozen=True, slots=True)
class Snooze:
    """Not now: remind me then, or after so long."""

    when: When | None = None
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Human:
    """A question or a complaint that needs a person."""


@dataclass(frozen=True, slots=True)
class Chatter:
    """Nothing that the bot is for."""


@dataclass(frozen=True, slots=True)
class Several:
    """More than one thing, in the order in which they were said."""

    commands: tuple[Command, ...]


Command = (
    WhatsOn | Find | Book | Cancel | CancelSession | WhoIsUnreached | WhatWasSent | MyBookings | Resources
    | Nudges | Highlights | ChannelHighlights | MyData | ForgetMe | Help | Greeting | Thanks | Yes | No
    | More | Another | Snooze | Human | Chatter | Several
)  # fmt: skip
