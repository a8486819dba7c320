"""Writing changes of the programme inside one unit of work, with all that must happen because of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from learning import notices
from learning.bookings import Booking, BookingState
from learning.notices import Kind, Notice
from learning.people import PersonId
from learning.programme_changes import Change, Changes
from learning.programme_text import differing, written
from learning.sessions import CourseId, Edition, Session
from services.places import Places
from services.ports.journal import Entry, What
from services.ports.storage import UnitOfWork

AT_ONCE = 50
"""Sessions that are written before others come to their turn."""

Progress = Callable[[int, int], None]
"""Told how many sessions are written, and of how many."""


class Publishing:
    """Whoever calls holds the sessions' rows locked."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def write(
        self,
        uow: UnitOfWork,
        edition: Edition,
        changes: Changes,
        *,
        by: PersonId,
        now: datetime,
        progress: Progress,
        course_id: CourseId | None = None,
    ) -> None:
        """What is added is live sessions of a course, where one is named."""
        total = len(changes.added) + len(changes.changed)
        for start in range(0, len(changes.changed), AT_ONCE):
            progress(start, total)
            portion = changes.changed[start : start + AT_ONCE]
            await self._change(uow, portion, now)
            await uow.journal.note(*(_changed(change, by, now) for change in portion))
        progress(len(changes.changed), total)
        added = await uow.sessions.add(edition.id, changes.added, course_id)
        for start in range(0, len(added), AT_ONCE):
            progress(len(changes.changed) + start, total)
            portion = added[start : start + AT_ONCE]
            await uow.outbox.add([n for s in portion for n in notices.meetings(s, now)])
            await uow.journal.note(*(_added(session, by, now) for session in portion))
        if total > 1:
            await uow.journal.note(_published(edition, changes, by, now))
        progress(total, total)

    async def cancel(
        self, uow: UnitOfWork, session: Session, live: Sequence[Booking], now: datetime
    ) -> None:
        """Whatever was still to be said of it is taken back, and everybody concerned is told."""
        for kind in (Kind.NUDGE, Kind.PLACE_OFFERED, Kind.SESSION_CHANGED):
            await uow.outbox.withdraw(kind, session.id)
        if not session.is_over(now):
            told = Kind.SESSION_CANCELLED
            await uow.outbox.add([notices.to_person(told, b.person_id, session, now) for b in live])
        await uow.outbox.add(notices.meetings(session, now) or [notices.event(session, now)])
        await self._places.show(uow, session, now)

    async def _change(self, uow: UnitOfWork, changed: Sequence[Change], now: datetime) -> None:
        """Give sessions their new details, keep everyone's place, and tell those concerned once."""
        afters = [replace(change.after, changed_at=now) for change in changed]
        sessions = [await self._places.fill(uow, session, now) for session in afters]
        await uow.sessions.save_all(sessions)
        live = await uow.bookings.live_of(s.id for s in sessions)
        queued: list[Notice] = []
        for change, session in zip(changed, sessions, strict=True):
            concerned = live.get(session.id, [])
            if change.moved and concerned:
                await self._move_nudges(uow, session, concerned, now)
            queued += _news(change, session, concerned, now)
            queued += notices.meetings(session, now, was=change.session)
        await uow.outbox.add(queued)

    async def _move_nudges(
        self, uow: UnitOfWork, session: Session, live: Sequence[Booking], now: datetime
    ) -> None:
        await uow.outbox.withdraw(Kind.NUDGE, session.id)
        if not session.is_cancelled:
            booked = [b for b in live if b.state is BookingState.BOOKED]
            await self._places.nudge(uow, session, booked, now)


def _news(
    change: Change, session: Session, concerned: Sequence[Booking], now: datetime
) -> list[Notice]:
    if not change.is_news(now):
        return []
    before = change.session.starts_at
    was = before.isoformat() if change.moved and before else ""
    return [
        notices.to_person(Kind.SESSION_CHANGED, b.person_id, session, now, was=was)
        for b in concerned
    ]


def subject(session: Session) -> str:
    return f"{session.code} {session.title}"


def cancelled(session: Session, by: PersonId, now: datetime) -> Entry:
    return Entry(
        at=now,
        by_id=by,
        what=What.SESSION_CANCELLED,
        subject=subject(session),
        session_id=session.id,
        before={"state": "published"},
        after={"state": "cancelled"},
    )


def _added(session: Session, by: PersonId, now: datetime) -> Entry:
    return Entry(
        at=now,
        by_id=by,
        what=What.SESSION_ADDED,
        subject=subject(session),
        session_id=session.id,
        after={column: text for column, text in written(session.details).items() if text},
    )


def _changed(change: Change, by: PersonId, now: datetime) -> Entry:
    before, after = differing(change.session.details, change.details)
    return Entry(
        at=now,
        by_id=by,
        what=What.SESSION_CHANGED,
        subject=subject(change.after),
        session_id=change.session.id,
        before=before,
        after=after,
    )


def _published(edition: Edition, changes: Changes, by: PersonId, now: datetime) -> Entry:
    counts = {
        "added": len(changes.added),
        "changed": len(changes.changed),
        "unchanged": len(changes.unchanged),
        "not in the file": len(changes.withdrawn),
    }
    return Entry(
        at=now,
        by_id=by,
        what=What.PUBLISHED,
        subject=edition.name,
        after={name: str(count) for name, count in counts.items() if count},
    )
