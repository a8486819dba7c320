"""What organisers look at: sessions and bookings, what was said, and who cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from learning import exports
from learning.attendance import Outcome
from learning.bookings import Booking, BookingState
from learning.errors import LearningError
from learning.exports import Sheet
from learning.feedback import Release
from learning.notices import Kind
from learning.people import Person, PersonId, Unreached
from learning.sessions import Session, by_time
from services.ports.deliveries import Outcome as Delivered
from services.ports.errands import Progress
from services.ports.storage import LedgerEntry, NewUnitOfWork
from services.programme import ProgrammeService

Layout = Callable[[], Sheet]
"""Lays rows out: of many it takes its time, and wants a thread."""


def _untold(_done: int, _total: int) -> None:
    """Nobody wants to know how far it is."""


class Reports:
    def __init__(self, new_uow: NewUnitOfWork, programme: ProgrammeService) -> None:
        self._new_uow = new_uow
        self._programme = programme

    async def sessions(self, edition_name: str = "") -> list[Session]:
        """The sessions of an edition. Raises LearningError when there is none of that name."""
        return await self._programme.sessions_of(edition_name)

    async def bookings(
        self, edition_name: str = "", progress: Progress = _untold
    ) -> list[tuple[Session, Booking, Person]]:
        """Every booking of an edition with its session and person, in the order of asking.

        Session by session as of one moment, so that turns go on beside it however many there are.
        """
        edition = await self._programme.edition_named(edition_name)
        people: dict[PersonId, Person] = {}
        found: list[tuple[Session, Booking, Person]] = []
        async with self._new_uow(survey=True) as uow:
            sessions = sorted(await uow.sessions.of_edition(edition.id), key=lambda s: s.id)
            expected = sum(s.next_no - 1 for s in sessions)
            for session in sessions:
                bookings = await uow.bookings.of_session(session.id)
                people |= await uow.people.among({b.person_id for b in bookings} - people.keys())
                found += [(session, b, people[b.person_id]) for b in bookings]
                progress(len(found), expected)
        return found

    async def layout(
        self, what: str, edition_name: str = "", progress: Progress = _untold
    ) -> Layout:
        """Sessions, bookings, attendance or feedback for a spreadsheet. Raises LearningError."""
        match what:
            case "sessions":
                return partial(exports.session_rows, await self.sessions(edition_name))
            case "bookings":
                return partial(exports.booking_rows, await self.bookings(edition_name, progress))
            case "attendance":
                return partial(exports.attendance_rows, *await self.attendance(edition_name))
            case "feedback":
                return partial(exports.feedback_rows, await self.feedback(edition_name))
            case _:
                raise LearningError(f"There is no export of {what}.")

    async def attendance(
        self, edition_name: str = ""
    ) -> tuple[list[tuple[Session, Outcome, Person | None, bool]], dict[str, str]]:
        """Who was at each session, whether they had booked, and what those are called who said so."""
        edition = await self._programme.edition_named(edition_name)
        async with self._new_uow(survey=True) as uow:
            sessions = {s.id: s for s in await uow.sessions.of_edition(edition.id)}
            outcomes = await uow.attendance.of_edition(edition.id)
            bookings = await uow.bookings.of_edition(edition.id)
            ids = {PersonId(i) for o in outcomes for i in (o.who, o.changed_by) if i}
            people = await uow.people.among(ids)
        booked = {(b.session_id, b.person_id) for b in bookings if b.state is BookingState.BOOKED}
        rows = [
            (
                sessions[o.session_id],
                o,
                people.get(PersonId(o.who)),
                (o.session_id, PersonId(o.who)) in booked,
            )
            for o in outcomes
        ]
        names = {str(i): person.name for i, person in people.items()}
        return rows, names

    async def feedback(self, edition_name: str = "") -> list[tuple[Session, Release]]:
        """What may be shown of what people said, of each session of which anything may."""
        edition = await self._programme.edition_named(edition_name)
        async with self._new_uow(survey=True) as uow:
            sessions = by_time(await uow.sessions.of_edition(edition.id))
            releases = await uow.feedback.releases_of(s.id for s in sessions)
        return [(s, releases[s.id]) for s in sessions if s.id in releases]

    async def ledger(self, limit: int = 100) -> list[LedgerEntry]:
        """The newest rows of the outbox: what was said to whom, and what became of it."""
        async with self._new_uow(read_only=True) as uow:
            return await uow.outbox.recent(limit)

    async def backlog(self) -> Mapping[Kind, int]:
        """What is held back because a system does not answer, by kind."""
        async with self._new_uow(read_only=True) as uow:
            counts = await uow.outbox.counts()
        held = {kind: counts.get((kind, Delivered.HELD_BACK), 0) for kind in Kind}
        return {kind: count for kind, count in held.items() if count}

    async def unreached(self, most: int = 20) -> list[Unreached]:
        """Who cannot be written to and why, with at most so many names for each reason."""
        async with self._new_uow(read_only=True) as uow:
            return await uow.people.unreached(most)
