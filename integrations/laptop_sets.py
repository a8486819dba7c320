"""The calendar series and chats of action learning sets, played on one machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from integrations.laptop import Asks
from learning.people import Person, PersonId
from services.ports.set_systems import SeriesPlan
from services.ports.systems import CalendarEvent


class LaptopSeries:
    """A series' id is its transaction, so nothing is made twice."""

    def __init__(self, asks: Asks, public_url: str) -> None:
        self._asks = asks
        self._public_url = public_url

    async def create(
        self, plan: SeriesPlan, attendees: Sequence[Person], transaction: str
    ) -> CalendarEvent:
        self._asks.note("Calendar", f"make a series of {len(plan.dates)} dates: {plan.subject}")
        return self._event(transaction)

    async def change(self, event_id: str, plan: SeriesPlan, now: datetime) -> CalendarEvent:
        return self._event(event_id)

    async def invite(self, event_id: str, attendees: Sequence[Person]) -> None:
        names = ", ".join(p.name or p.id for p in attendees) or "nobody"
        self._asks.note("Calendar", f"attendees of {event_id} are now: {names}")

    async def cancel(self, event_id: str, subject: str) -> None:
        self._asks.note("Calendar", f"cancel the series: {subject}")

    def _event(self, event_id: str) -> CalendarEvent:
        return CalendarEvent(id=event_id, join_url=f"{self._public_url}/laptop/meetings/{event_id}")


class LaptopChats:
    """Notes what it was asked for; there is no chat to open on a laptop."""

    def __init__(self, asks: Asks) -> None:
        self._asks = asks

    async def create(self, topic: str, people: Sequence[PersonId]) -> str:
        self._asks.note("Chats", f"make a group chat of {len(people)} people: {topic}")
        return ""
