"""What organisers look at: sessions and bookings, what was said, and who cannot be told."""

from __future__ import annotations

from learning.bookings import Booking
from learning.people import Person, Unreached
from learning.sessions import Session
from services.ports.storage import LedgerEntry, NewUnitOfWork
from services.programme import ProgrammeService


class Reports:
    def __init__(self, new_uow: NewUnitOfWork, programme: ProgrammeService) -> None:
        self._new_uow = new_uow
        self._programme = programme

    async def sessions(self, edition_name: str = "") -> list[Session]:
        """The sessions of an edition. Raises LearningError when there is none of that name."""
        return await self._programme.sessions_of(edition_name)

    async def bookings(self, edition_name: str = "") -> list[tuple[Session, Booking, Person]]:
        """Every booking of an edition with its session and person, in the order of asking."""
        edition = await self._programme.edition_named(edition_name)
        async with self._new_uow(read_only=True) as uow:
            sessions = {s.id: s for s in await uow.sessions.of_edition(edition.id)}
            bookings = await uow.bookings.of_edition(edition.id)
            people = await uow.people.among({b.person_id for b in bookings})
        return [(sessions[b.session_id], b, people[b.person_id]) for b in bookings]

    async def ledger(self, limit: int = 100) -> list[LedgerEntry]:
        """The newest rows of the outbox: what was said to whom, and what became of it."""
        async with self._new_uow(read_only=True) as uow:
            return await uow.outbox.recent(limit)

    async def unreached(self, most: int = 20) -> list[Unreached]:
        """Who cannot be written to and why, with at most so many names for each reason."""
        async with self._new_uow(read_only=True) as uow:
            return await uow.people.unreached(most)
