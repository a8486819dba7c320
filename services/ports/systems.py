"""The systems around us, and how they fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from learning.people import Address, Person, PersonId
from learning.sessions import Session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Unavailable(Exception):
    """An outside system did not do what was asked; `retry_after` seconds if it said so."""

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after


class Throttled(Unavailable):
    """The whole app is sending too fast."""


class Conflict(Unavailable):
    """What was asked for is there already, or somebody else is at it; most try again."""


class Rejected(Exception):
    """An outside system refused for good; trying again would not help."""


class Missing(Rejected):
    """What was asked about is not there, or not any more."""


class Unreachable(Rejected):
    """This person or channel cannot be written to until they come back by themselves."""


class NotInstalled(Unreachable):
    """The person has never had the app, so there is no chat to open with them."""


class Message(Protocol):
    """What is sent to people: a card, and the line that the notification preview shows."""

    @property
    def summary(self) -> str: ...
    @property
    def content(self) -> Mapping[str, Any]: ...


class Messenger(Protocol):
    async def send(self, address: Address, message: Message) -> str:
        """Send and return the activity's id. Raises Unavailable, Rejected, Unreachable."""
        ...

    async def open_chat(self, person: Person, near: Address) -> Address:
        """The person's own chat with the bot, in the tenant of `near`.

        Raises as `send` does, and NotInstalled.
        """
        ...


class NotOffered(Rejected):
    """The app cannot be added for anybody: it is not in the catalogue, or we may not look."""


class Apps(Protocol):
    """The organisation's own Teams apps, of which the bot is one."""

    async def install(self, person_id: PersonId) -> None:
        """Add the bot for a person; that they have it already is fine.

        Raises Unavailable, Rejected or NotOffered.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """An event as the calendar holds it."""

    id: str
    join_url: str


class EventVanished(Missing):
    """Somebody deleted the event in the calendar."""


class Calendar(Protocol):
    """The organiser mailbox's calendar. All raise Unavailable or Rejected."""

    async def create(
        self, session: Session, attendees: Sequence[Person], transaction: str
    ) -> CalendarEvent:
        """Make the session's event; asking twice with one transaction makes one, as last asked for.

        Raises EventVanished if it was made and has been deleted since.
        """
        ...

    async def change(self, event_id: str, session: Session) -> CalendarEvent:
        """Bring subject, times and place up to the session. Raises EventVanished."""
        ...

    async def invite(self, event_id: str, attendees: Sequence[Person]) -> None:
        """Replace the list of attendees. Raises EventVanished."""
        ...

    async def cancel(self, event_id: str, session: Session) -> None:
        """Cancel the event for everybody; one that is gone already is fine."""
        ...


class Directory(Protocol):
    async def email_of(self, person: Person) -> str:
        """The person's mail address, or '' when nobody knows it. Raises Unavailable."""
        ...

    async def is_member(self, person_id: PersonId, group_id: str) -> bool: ...
    async def owns_team(self, person: Person, team_group_id: str) -> bool: ...


class Colleagues(Protocol):
    """Everybody in the organisation, whether they ever wrote to us or not."""

    async def called(self, words: str, limit: int) -> list[Person]:
        """Those whose name begins so, or who have this mail address. Raises Unavailable, Rejected."""
        ...

    async def find(self, person_id: PersonId) -> Person | None:
        """Raises Unavailable or Rejected."""
        ...

    async def in_group(self, group: str) -> list[Person]:
        """Everybody in a group, by its id or its name, and in the groups in it.

        Raises Missing where there is no such group, or more than one; Unavailable or Rejected.
        """
        ...


class Metrics(Protocol):
    """What the edge counts."""

    def answered(self, kind: str, seconds: float) -> None: ...
    def refused(self, status: int) -> None: ...


class SentenceModel(Protocol):
    """What English texts mean, as vectors; None in its place where it is not installed."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row of length 1 for each text; the nearer two meanings, the larger the dot product.

        Zeros for a text that says nothing. Some milliseconds for each, so in a thread.
        """
        ...
