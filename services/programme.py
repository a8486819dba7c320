"""Publishing a programme: an edition read from a file, and changes that people are told of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from learning import programme_changes, programme_file
from learning.errors import LearningError
from learning.people import PersonId
from learning.programme_changes import Changes
from learning.programme_file import Reading
from learning.programme_table import Table
from learning.sessions import Details, Edition, EditionId, Session, SessionId, SessionState
from services import publishing
from services.places import Places
from services.ports.clocks import Clock
from services.ports.journal import NOBODY
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.publishing import Progress, Publishing

log = structlog.get_logger()

NEAR = timedelta(days=30)
"""A file belongs to the edition whose days are within this of its own, unless it is told otherwise."""


class WhichEdition(LearningError):
    """The file could belong to more than one edition."""


class EditionTaken(LearningError):
    """An edition that was to be new is there already, with other sessions."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is an edition “{name}” already. Nothing was stored: choose another name."
        )


class DatesOfCourse(LearningError):
    """An edition takes no other sessions than those of its course's folder."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The dates of “{name}” are those of its folder. Add one there, and import the folder."
        )


class ProgrammeChanged(LearningError):
    """What somebody agreed to is not what would be done now."""

    def __init__(self) -> None:
        super().__init__("The programme was changed in the meantime. Nothing was stored.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What an import did, or would do; with faults, nothing."""

    edition: str
    reading: Reading
    changes: Changes

    @property
    def mark(self) -> str:
        """Stands for exactly these changes."""
        return self.changes.mark(self.edition)

    @property
    def is_faulty(self) -> bool:
        return bool(self.reading.faults)

    def __str__(self) -> str:
        report = programme_changes.report(self.changes, self.reading)
        return report if self.is_faulty else f"{self.edition}: {report}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One edition with its sessions, and which others there are; None while there is none at all."""

    editions: tuple[Edition, ...]
    edition: Edition | None
    sessions: tuple[Session, ...]


class ProgrammeService:
    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, places: Places, *, timezone: str
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._publishing = Publishing(places)
        self._timezone = timezone

    async def import_table(
        self,
        table: Table,
        *,
        edition_name: str = "",
        dry_run: bool = False,
        known: Mapping[str, Details] | None = None,
        by: PersonId = NOBODY,
        mark: str = "",
        anew: bool = False,
        progress: Progress = lambda done, total: None,
    ) -> Import:
        """Read a programme into its edition: all of it or, with any fault, nothing.

        `known` is what its source said before; see `programme_changes.changes`. `mark` is that of the
        changes which somebody has agreed to: raises ProgrammeChanged where it would be others by now.
        `anew`: raises EditionTaken where its edition is there already, unless it is just this.
        """
        reading = await asyncio.to_thread(programme_file.read, table, self._timezone)
        if reading.faults:
            return Import(edition=edition_name, reading=reading, changes=Changes())
        if dry_run:
            would_be = await self._would_be(reading, edition_name, known)
            if anew:
                _check_new(await self.editions(), would_be.edition, would_be.changes)
            return would_be
        now = self._clock.now()
        async with self._new_uow() as uow:
            await uow.editions.hold()
            edition = await self._edition(uow, edition_name, reading.details)
            there = [edition] if edition.id else []
            if not edition.id:
                edition = await uow.editions.add(edition.name)
            existing = await uow.sessions.of_edition(edition.id, lock=True)
            changes = await _changes(existing, reading, known)
            _check_no_course(existing, edition.name, changes)
            if anew:
                _check_new(there, edition.name, changes)
            done = Import(edition=edition.name, reading=reading, changes=changes)
            if mark and mark != await asyncio.to_thread(lambda: done.mark):
                raise ProgrammeChanged
            await self._publishing.write(uow, edition, changes, by=by, now=now, progress=progress)
            await uow.commit()
        log.info("programme imported", added=len(changes.added), changed=len(changes.changed))
        return done

    async def _would_be(
        self, reading: Reading, edition_name: str, known: Mapping[str, Details] | None
    ) -> Import:
        """What an import would do now. Nobody waits for it, and nothing is stored."""
        async with self._new_uow(survey=True) as uow:
            edition = await self._edition(uow, edition_name, reading.details)
            existing = await uow.sessions.of_edition(edition.id) if edition.id else []
        changes = await _changes(existing, reading, known)
        _check_no_course(existing, edition.name, changes)
        return Import(edition=edition.name, reading=reading, changes=changes)

    async def cancel_session(
        self, session_id: SessionId, *, by: PersonId = NOBODY, seen: int | None = None
    ) -> int:
        """Call a session off and tell everyone who has a place or waits. Returns how many.

        `seen` is the `sequence` that it had when somebody agreed to this: raises ProgrammeChanged where
        it has been changed since. One that is called off already stays so, and nobody is told again.
        """
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            if session.is_cancelled:
                return 0
            if seen not in (None, session.sequence):
                raise ProgrammeChanged
            session = replace(
                session,
                state=SessionState.CANCELLED,
                sequence=session.sequence + 1,
                changed_at=now,
            )
            await uow.sessions.save(session)
            live = [b for b in await uow.bookings.of_session(session_id) if b.is_live]
            await self._publishing.cancel(uow, session, live, now)
            await uow.journal.note(publishing.cancelled(session, by, now))
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

    async def look(self, edition_id: EditionId | None = None) -> Overview:
        """That edition, else the one that is on, next or last, as the database has it now."""
        async with self._new_uow(survey=True) as uow:
            editions = await uow.editions.all()
            chosen = next((e for e in editions if e.id == edition_id), None)
            if chosen is not None:
                sessions = await uow.sessions.of_edition(chosen.id)
            else:
                sessions = await uow.sessions.all()
        if chosen is None and editions:
            chosen = nearest(_of_week(editions, sessions), sessions, self._clock.now())
        return Overview(
            editions=tuple(editions),
            edition=chosen,
            sessions=tuple(s for s in sessions if chosen and s.edition_id == chosen.id),
        )

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
            sessions = await uow.sessions.all()
        return nearest(_of_week(editions, sessions), sessions, self._clock.now())

    async def _edition(self, uow: UnitOfWork, name: str, details: Sequence[Details]) -> Edition:
        """The edition that the file belongs to; its id is 0 where there is none of that name yet."""
        if name:
            return await uow.editions.named(name) or _new(name)
        sessions = await uow.sessions.all()
        courses = {s.edition_id for s in sessions if s.course_id is not None}
        editions = [e for e in await uow.editions.all() if e.id not in courses]
        spans = _spans(sessions)
        times = [d.starts_at for d in details if d.starts_at is not None]
        near = [e for e in editions if _is_near(spans.get(e.id), times)]
        if len(near) > 1:
            names = ", ".join(f"“{e.name}”" for e in near)
            raise WhichEdition(f"This file could belong to {names}: say which with --edition.")
        if near:
            return near[0]
        name = f"Learning at Work Week, {min(times):%B %Y}" if times else "Resources"
        return await uow.editions.named(name) or _new(name)


def _of_week(editions: Sequence[Edition], sessions: Iterable[Session]) -> Sequence[Edition]:
    """Without those of courses, unless there are no others."""
    courses = {s.edition_id for s in sessions if s.course_id is not None}
    return [e for e in editions if e.id not in courses] or editions


def _check_no_course(existing: Sequence[Session], name: str, changes: Changes) -> None:
    """Raises DatesOfCourse where sessions would be added beside the live sessions of a course."""
    if changes.added and any(s.course_id is not None for s in existing):
        raise DatesOfCourse(name)


def _new(name: str) -> Edition:
    return Edition(id=EditionId(0), name=name)


def _check_new(there: Sequence[Edition], name: str, changes: Changes) -> None:
    """Raises EditionTaken. Whoever presses twice finds what they made, and no fault."""
    is_taken = any(e.name.casefold() == name.casefold() for e in there)
    if is_taken and (changes.added or changes.changed or changes.withdrawn):
        raise EditionTaken(name)


async def _changes(
    existing: Sequence[Session], reading: Reading, known: Mapping[str, Details] | None
) -> Changes:
    """In a thread: thousands of sessions take a while, in which people chat."""
    return await asyncio.to_thread(
        programme_changes.changes, existing, reading.details, reading.columns, known
    )


Span = tuple[datetime, datetime]


def nearest(editions: Sequence[Edition], sessions: Iterable[Session], now: datetime) -> Edition:
    """The edition that is on, else the next, else the last; `sessions` are those of all of them."""
    spans = _spans(sessions)
    return min(editions, key=lambda e: _distance(spans.get(e.id), now))


def _spans(sessions: Iterable[Session]) -> dict[EditionId, Span]:
    """From when to when each edition lasts; those without dates have none."""
    spans: dict[EditionId, Span] = {}
    for session in sessions:
        if session.starts_at is not None:
            first, last = spans.get(session.edition_id, (session.starts_at, session.starts_at))
            spans[session.edition_id] = min(first, session.starts_at), max(last, session.starts_at)
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
