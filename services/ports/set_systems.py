"""What is asked of the systems around us for an action learning set: a calendar series, and a chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from learning.people import Person, PersonId
from services.ports.systems import CalendarEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlan:
    """What the series should be. `dates` are the starts and ends of its meetings, by number.

    `begins` is the local start of its rhythm, every `weeks` weeks, from which some dates may differ.
    """

    subject: str
    dates: tuple[tuple[datetime, datetime], ...]
    begins: datetime
    weeks: int
    zone: ZoneInfo


class SeriesCalendar(Protocol):
    """The organiser mailbox's calendar. All raise Unavailable or Rejected."""

    async def create(
        self, plan: SeriesPlan, attendees: Sequence[Person], transaction: str
    ) -> CalendarEvent:
        """Make the series with its Teams meeting, in its rhythm; asking twice with one transaction
        makes one. Raises EventVanished if it was made and has been deleted since."""
        ...

    async def change(self, event_id: str, plan: SeriesPlan, now: datetime) -> CalendarEvent:
        """Bring its subject, and each date that is still ahead, up to the plan. Raises EventVanished."""
        ...

    async def invite(self, event_id: str, attendees: Sequence[Person]) -> None:
        """Replace the list of attendees. Raises EventVanished."""
        ...

    async def cancel(self, event_id: str, subject: str) -> None:
        """Cancel the whole series for everybody; one that is gone already is fine."""
        ...


class GroupChats(Protocol):
    async def create(self, topic: str, people: Sequence[PersonId]) -> str:
        """Make a chat of these people and return its id.

        Raises Unavailable, or Rejected where the app may not. It has no way to ask for one chat twice:
        after an answer that was lost, there may be two.
        """
        ...
