"""What people can want, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
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
    """`tag` is that of the champion's post in which it stood."""

    what: str
    tag: str = ""


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
class NameChampion:
    """An organiser names somebody who promotes the week in a department or staff network."""

    who: str
    group: str


@dataclass(frozen=True, slots=True)
class EndChampion:
    """An organiser says who is a champion no longer, of this group or of any where it is ""."""

    who: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class WhoAreChampions:
    """An organiser asks who promotes the week, and what that brought."""


@dataclass(frozen=True, slots=True)
class ShareSession:
    """A champion wants a post about a session."""

    what: str


@dataclass(frozen=True, slots=True)
class WhatToPromote:
    """A champion asks which sessions to share."""


@dataclass(frozen=True, slots=True)
class MyPosts:
    """A champion asks whom their posts brought."""


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """Somebody wants to say how a session was; of what they attended where none is named.

    `text` is all that they typed: where the session is none, they may be looking for one.
    """

    what: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SeeFeedback:
    """Whoever ran a session wants to know what people say of it.

    `text` is all that was typed where somebody else who types it wants to say how it was.
    """

    what: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SeeCollation:
    """Whoever leads a live session wants to know what people answered before it."""


@dataclass(frozen=True, slots=True)
class HowItWent:
    """An organiser wants to know what the week did."""


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
class Idea:
    """An idea for a session, as it was typed; '' where it is still to be told.

    `is_wish` where it was only asked for, and may be in the programme: "can we have a session on …".
    """

    text: str
    is_wish: bool = False


@dataclass(frozen=True, slots=True)
class Ideas:
    """What others would like to have."""


@dataclass(frozen=True, slots=True)
class MyIdeas:
    """One's own ideas, and what became of them."""


@dataclass(frozen=True, slots=True)
class AskForIdeas:
    """An organiser asks everybody for ideas on a question; '' where it is still to be told."""

    question: str


@dataclass(frozen=True, slots=True)
class StopIdeas:
    """An organiser closes the question that is open."""


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
class MySet:
    """Their action learning set, or putting themselves forward for one."""


@dataclass(frozen=True, slots=True)
class Dilemmas:
    """What members of a set bring to its meetings; or bringing one oneself."""

    bring: bool = False


@dataclass(frozen=True, slots=True)
class GuideMeeting:
    """The guide through their set's meeting. `text` is all that was typed: others may look for a guide."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class LeaveSet:
    """They want to be in their set no longer."""


@dataclass(frozen=True, slots=True)
class MyCourses:
    """The programmes over months that they are on."""


@dataclass(frozen=True, slots=True)
class GoOnWithCourse:
    """`text` is how it was put: "continue" may mean something else to who is on none."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class CourseToDo:
    """What waits for them in all of theirs."""


@dataclass(frozen=True, slots=True)
class LeaveCourse:
    """They want to be on a programme no longer; `what` is its title or code, '' where they name none."""

    what: str = ""


@dataclass(frozen=True, slots=True)
class MyLearning:
    """What somebody attended, and the certificates of it."""


@dataclass(frozen=True, slots=True)
class TellAgain:
    """Somebody wants to hear when a session runs again: "it" is the one just shown."""

    what: str


@dataclass(frozen=True, slots=True)
class StopTelling:
    """They no longer want to hear of it; '' for whatever they asked to hear of."""

    what: str = ""


@dataclass(frozen=True, slots=True)
class WhatIAskedFor:
    """What somebody waits to hear of."""


@dataclass(frozen=True, slots=True)
class Commit:
    """ "I will … by …": what somebody commits to, as they typed it. `said` are all of their words, which
    may mean something else from who is on no programme.
    """

    text: str
    due_on: date
    said: str


class ToCommitments(StrEnum):
    LIST = "list"
    NEW = "new"
    OURS = "ours"
    TIMELINE = "timeline"


@dataclass(frozen=True, slots=True)
class Commitments:
    """One's own commitments, those of one's set, or one's way through a programme."""

    do: ToCommitments


class ToQuotes(StrEnum):
    OPEN = "open"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class Quotes:
    """What somebody lets others read of a programme."""

    do: ToQuotes


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
    | GiveFeedback | SeeFeedback | SeeCollation | HowItWent
    | MyCourses | MySet | GoOnWithCourse | CourseToDo | LeaveCourse
    | Idea | Ideas | MyIdeas | AskForIdeas | StopIdeas
    | NameChampion | EndChampion | WhoAreChampions | ShareSession | WhatToPromote | MyPosts
    | MyLearning | TellAgain | StopTelling | WhatIAskedFor
    | Dilemmas | GuideMeeting | LeaveSet | Commit | Commitments | Quotes
    | More | Another | Snooze | Human | Chatter | Several
)  # fmt: skip
