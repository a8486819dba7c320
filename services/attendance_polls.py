"""Asking the systems, some time after each session, who was there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog

from learning import attendance as rules
from learning import notices
from learning.attendance import Seen
from learning.sessions import Format, SessionId
from services.attendance import AttendanceService
from services.catalogue import Catalogue
from services.ports.attendance import AttendanceReports
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Rejected

log = structlog.get_logger()

OFF = "no system is asked"


class AttendancePolls:
    """`systems` are those that can be asked, by the format of the sessions they know of."""

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        catalogue: Catalogue,
        attendance: AttendanceService,
        systems: Mapping[Format, AttendanceReports],
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._catalogue = catalogue
        self._attendance = attendance
        self._systems = systems
        self._written: set[tuple[SessionId, datetime]] = set()

    async def queue(self) -> None:
        """Write down when to ask of what has ended; running it again changes nothing."""
        now = self._clock.now()
        programme = await self._catalogue.programme()
        over = {
            (s.id, s.ends_at): s
            for s in programme.everything
            if s.ends_at is not None and rules.is_asked_for(s, now)
        }
        new = [session for key, session in over.items() if key not in self._written]
        if new:
            async with self._new_uow() as uow:
                for session in new:
                    assert session.ends_at is not None, "only what has ended is among them"
                    due = [session.ends_at + after for after in rules.polls(session)]
                    await uow.outbox.add([notices.attendance(session, each) for each in due])
                await uow.commit()
        self._written = set(over)

    async def poll(self, session_id: SessionId, ends_at: datetime, due_at: datetime) -> str:
        """Ask once, and settle. Why nothing came of it, or ''.

        Raises Unavailable or Rejected; what is known by then is settled all the same where asking
        again would not help.
        """
        session = await self._catalogue.get(session_id)
        if session.is_cancelled or session.ends_at != ends_at:
            return "the session has moved or is cancelled"
        now = self._clock.now()
        if any(due_at < ends_at + after <= now for after in rules.polls(session)):
            return "a later look is due"
        system = self._systems.get(session.details.format)
        seen: list[Seen] = []
        try:
            if system is not None:
                seen = list(await system.of(session))
        except Rejected:
            await self._attendance.take_in(session_id, ())
            raise
        new = await self._attendance.take_in(session_id, seen)
        log.info("attendance asked for", session=session_id, records=len(seen), new=new)
        if system is None:
            return OFF
        return "" if new else "nothing new"
