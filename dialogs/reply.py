"""An answer on its way to a person, and what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from cards.kit import Card
from language.commands import Command, Find, WhatsOn
from learning.people import Channel, Person
from learning.sessions import SessionId
from learning.sources import IN_CHAT
from services.listing import Programme


class Purpose(StrEnum):
    """What the person's next words will answer."""

    BOOK = "book"
    CANCEL = "cancel"
    CANCEL_SESSION = "cancel_session"
    CALL_OFF = "call_off"
    CLASH = "clash"
    OTHER_DATE = "other_date"
    LEAVE_COURSE = "leave_course"
    FORGET = "forget"
    PLAN = "plan"
    IDEA = "idea"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something the bot waits to be told: which of these sessions, or yes or no."""

    purpose: Purpose
    sessions: tuple[SessionId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A card; whether it is for one person's eyes; the list it shows; what it asks.

    `asked` is what that list answers, `upto` how many of it are on the card.
    `forgets` means that nothing of this turn may be remembered. `with_file`: their data is offered as a
    file besides, where one can be sent. `instead` are words that do what was
    asked where the asker is known: in the bot's own chat.
    """

    card: Card
    private: bool = False
    shown: tuple[SessionId, ...] = ()
    asked: WhatsOn | Find | None = None
    upto: int = 0
    question: Question | None = None
    forgets: bool = False
    with_file: bool = False
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who is asking, in which zone their days begin, of which programme, and whether others listen.

    `channel` is the Teams channel they ask in, `team_group_id` the Entra group behind its team. `only`
    are the commands that are obeyed where they ask; None for all.
    """

    person: Person
    zone: ZoneInfo
    programme: Programme
    in_public: bool = False
    channel: Channel | None = None
    team_group_id: str = ""
    source: str = "chat"
    only: tuple[type[Command], ...] | None = None

    @property
    def led_by(self) -> str:
        """What led them here from elsewhere, to be carried on by the buttons of the answer, or ''."""
        return "" if self.source in IN_CHAT else self.source
