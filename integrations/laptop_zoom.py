"""Zoom, played on one machine: what it was asked is kept to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from integrations.laptop import Asks
from learning.people import Person
from learning.sessions import Session
from services.ports.zoom import Participant, Registration


class LaptopZoom:
    """A meeting's id is its mark, so nothing is made twice, and nothing has to be remembered."""

    def __init__(self, asks: Asks, public_url: str) -> None:
        self._asks = asks
        self._public_url = public_url

    async def create(self, session: Session, mark: str) -> str:
        self._asks.note("Zoom", f"make a meeting: {session.title}")
        return mark

    async def find(self, mark: str) -> str:
        return ""

    async def change(self, meeting_id: str, session: Session, mark: str) -> None:
        self._asks.note("Zoom", f"change the meeting: {session.title}")

    async def remove(self, meeting_id: str) -> None:
        self._asks.note("Zoom", f"remove {meeting_id}")

    async def register(self, meeting_id: str, person: Person) -> Registration:
        self._asks.note("Zoom", f"register {person.name or person.id} for {meeting_id}")
        registrant_id = f"{meeting_id}.{person.id}"
        return Registration(
            registrant_id=registrant_id,
            email=person.email,
            join_url=f"{self._public_url}/laptop/zoom/{quote(registrant_id, safe='')}",
        )

    async def registrations(self, meeting_id: str) -> Sequence[Registration]:
        return ()

    async def unregister(self, meeting_id: str, registration: Registration) -> None:
        self._asks.note("Zoom", f"cancel {registration.registrant_id}")

    async def participants(self, meeting_id: str) -> Sequence[Participant]:
        """Nobody meets here."""
        return ()
