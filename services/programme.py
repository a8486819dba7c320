"""Publishing a programme: an edition read from a file, and changes that people are told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from learning import bookings, notices, programme_changes, programme_file
from learning.bookings import Booking, BookingState
from learning.errors import LearningError
from learning.notices import Kind
from learning.programme_changes import Change, Changes
from learning.programme_file import Reading
from learning.programme_table import Table
from learning.sessions import Details, Edition, EditionId, Session, SessionId, SessionState
from services.places import Places
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

NEAR = timedelta(days=30)
"""A file belongs to the edition whose days are within this of its own, unless it is told otherwise."""


class WhichEdition(LearningError):
    """The file could belong to more than one edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What an import did, or would do; with faults, nothing."""

    edition: str
    reading: Reading
    changes: Changes

    @property
    def is_faulty(self) -> bool:
        return bool(self.reading.faults)

    def __str__(self) -> str:
        report = programme_changes.report(self.changes, self.reading)
        return report if self.is_faulty else f"{self.edition}: {report}"


class ProgrammeService:
    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, places: Places, *, timezone: str
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._places = places
        self._timezone = timezone

    async def import_table(
        self,
        table: Table,
        *,
        edition_name: str = "",
        dry_run: bool = False,
        known: Mapping[str, Details] | None = None,
    ) -> Import:
        """Read a programme into its edition: all of it or, with any fault, nothing.

        `known` is what its source said before; see `programme_changes.changes`.
        """
        reading = programme_file.read(table, self._timezone)
        if reading.faults:
            return Import(edition=edition_name, reading=reading, changes=Changes())
        now = self._clock.now()
        async with self._new_uow() as uow:
            await uow.editions.hold()
            edition = await self._edition(uow, edition_name, reading.details)
            existing = await uow.sessions.of_edition(edition.id, lock=True)
            changes = programme_changes.changes(existing, reading.details, reading.columns, known)
            added = await uow.sessions.add(edition.id, changes.added)
            await uow.outbox.add([n for s in added for n in notices.meetings(s, now)])
            for change in changes.changed:
                await self._apply(uow, change, now)
            if not dry_run:
                await uow.commit()
        if not dry_run:
            log.info("programme imported", added=len(added), changed=len(changes.changed))
        return Import(edition=edition.name, reading=reading, changes=changes)

    async def cancel_session(self, session_id: SessionId) -> int:
        """Call a session off and tell everyone who has a place or waits. Returns how many."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            if session.is_cancelled:
                return 0
            session = replace(session, state=SessionState.CANCELLED, sequence=session.sequence + 1)
            await uow.sessions.save(session)
            live = [b for b in await uow.bookings.of_session(session_id) if b.is_live]
            for kind in (Kind.NUDGE, Kind.PLACE_OFFERED, Kind.SESSION_CHANGED):
                await uow.outbox.withdraw(kind, session_id)
            if not session.is_over(now):
                await uow.outbox.add(
                    [
                        notices.to_person(Kind.SESSION_CANCELLED, b.person_id, session, now)
                        for b in live
                    ]
                )
            await uow.outbox.add(notices.meetings(session, now) or [notices.event(session, now)])
            await self._places.show(uow, session, now)
            await uow.commit()
        log.info("session cancelled", session=session_id, told=len(live))
        return len(live)

    async def editions(self) -> list[Edition]:
        async with self._new_uow(read_only=True) as uow:
            return await uow.editions.all()

    async def sessions_of(self, edition_name: str = "") -> list[Session]:
        """The sessions of one edition, or of the one that is on, next or last."""
        edition = await self.edition_named(edition_name)
        async with self._new_uow(read_only=True) as uow:
            return await uow.sessions.of_edition(edition.id)

    async def edition_named(self, name: str = "") -> Edition:
        """That edition; without a name the one that is on, else the next, else the last."""
        async with self._new_uow(read_only=True) as uow:
            editions = await uow.editions.all()
            if name:
                found = await uow.editions.named(name)
                if found is None:
                    names = ", ".join(f"“{e.name}”" for e in editions) or "none yet"
                    raise LearningError(f"There is no edition “{name}”. There are: {names}.")
                return found
            if not editions:
                raise LearningError("There is no edition yet: import a programme first.")
            spans = await _spans(uow, editions)
        now = self._clock.now()
        return min(editions, key=lambda e: _distance(spans.get(e.id), now))

    async def _edition(self, uow: UnitOfWork, name: str, details: Sequence[Details]) -> Edition:
        if name:
            return await uow.editions.named(name) or await uow.editions.add(name)
        editions = await uow.editions.all()
        spans = await _spans(uow, editions)
        times = [d.starts_at for d in details if d.starts_at is not None]
        near = [e for e in editions if _is_near(spans.get(e.id), times)]
        if len(near) > 1:
            names = ", ".join(f"“{e.name}”" for e in near)
            raise WhichEdition(f"This file could belong to {names}: say which with --edition.")
        if near:
            return near[0]
        name = f"Learning at Work Week, {min(times):%B %Y}" if times else "Resources"
        return await uow.editions.named(name) or await uow.editions.add(name)

    async def _apply(self, uow: UnitOfWork, change: Change, now: datetime) -> None:
        """Give a session its new details, keep everyone's place, and tell those concerned once."""
        old = change.session
        session = replace(
            old,
            details=change.details,
            sequence=old.sequence + 1,
            kept=bookings.resized(old, change.details.capacity),
        )
        session = await self._places.fill(uow, session, now)
        await uow.sessions.save(session)
        live = [b for b in await uow.bookings.of_session(session.id) if b.is_live]
        if change.moved:
            await self._move_nudges(uow, session, live, now)
        if change.tells_people and not session.is_cancelled and not session.is_over(now):
            was = old.starts_at.isoformat() if change.moved and old.starts_at else ""
            await uow.outbox.add(
                [
                    notices.to_person(Kind.SESSION_CHANGED, b.person_id, session, now, was=was)
                    for b in live
                ]
            )
        await uow.outbox.add(notices.meetings(session, now, was=old))

    async def _move_nudges(
        self, uow: UnitOfWork, session: Session, live: Sequence[Booking], now: datetime
    ) -> None:
        await uow.outbox.withdraw(Kind.NUDGE, session.id)
        if not session.is_cancelled:
            booked = [b for b in live if b.state is BookingState.BOOKED]
            await self._places.nudge(uow, session, booked, now)


Span = tuple[datetime, datetime]


async def _spans(uow: UnitOfWork, editions: Sequence[Edition]) -> dict[EditionId, Span]:
    """From when to when each edition lasts; those without dates have none."""
    spans: dict[EditionId, Span] = {}
    for edition in editions:
        sessions = await uow.sessions.of_edition(edition.id)
        times = [s.starts_at for s in sessions if s.starts_at is not None]
        if times:
            spans[edition.id] = (min(times), max(times))
    return spans


def _is_near(span: Span | None, times: Sequence[datetime]) -> bool:
    if span is None or not times:
        return span is None and not times
    return span[0] - NEAR <= max(times) and min(times) <= span[1] + NEAR


def _distance(span: Span | None, now: datetime) -> tuple[int, float]:
    """Sorts what is on before what is to come, that before what is past, and dateless ones last."""
    if span is None:
        return (3, 0.0)
    first, last = span
    if now > last + timedelta(days=1):
        return (2, (now - last).total_seconds())
    return (0 if now >= first else 1, (first - now).total_seconds())
