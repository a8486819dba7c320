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
class HubList:
    """An organiser asks what is wrong with the SharePoint list of the programme."""


class ToEngage(StrEnum):
    """What an organiser can have done about Viva Engage."""

    STATUS = "status"
    PREVIEW = "preview"
    POST = "post"
    ASK_DELETE = "ask_delete"
    DELETE = "delete"
    ANSWERS_ON = "answers_on"
    ANSWERS_OFF = "answers_off"


@dataclass(frozen=True, slots=True)
class Engage:
    """An organiser has something to do with Viva Engage."""

    do: ToEngage


@dataclass(frozen=True, slots=True)
class OrganiserHelp:
    """What organisers can say besides."""


class Standing(StrEnum):
    """How somebody is to be marked: the values are those of the outcome."""

    ATTENDED = "attended"
    BRIEFLY = "briefly"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody is at a session; `word` is what its door shows."""

    what: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Whoever runs a session wants to tick who is there."""

    what: str


@dataclass(frozen=True, slots=True)
class ShowDoor:
    """An organiser wants the page for the door, with its code."""

    what: str


@dataclass(frozen=True, slots=True)
class WhoCame:
    """An organiser asks who was there."""

    what: str


@dataclass(frozen=True, slots=True)
class MarkAttendance:
    """An organiser knows better who was there."""

    who: str
    state: Standing
    what: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class LetCheckIn:
    """An organiser lets somebody check people in at a session, or no longer."""

    who: str
    what: str
    may: bool = True


@dataclass(frozen=True, slots=True)
class MyBookings:
    pass


class ToCalendar(StrEnum):
    """What people can have done about the address of their own calendar."""

    SHOW = "show"
    RENEW = "renew"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class MyCalendar:
    """The private address of one's own bookings as a calendar."""

    do: ToCalendar = ToCalendar.SHOW


@dataclass(frozen=True, slots=True)
class Resources:
    pass


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """Sessions that fit into somebody's diary, about something; about what they like where it is ""."""

    about: str = ""
    when: When | None = None


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
    | Nudges | Highlights | ChannelHighlights | MyData | MyCalendar | ForgetMe | Help | Greeting | Thanks
    | Yes | No | Engage | OrganiserHelp | HubList
    | PlanWeek | Here | CheckIn | ShowDoor | WhoCame | MarkAttendance | LetCheckIn
    | More | Another | Snooze | Human | Chatter | Several
)  # fmt: skip
