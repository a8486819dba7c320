"""Keeping each session's Zoom meeting, and who is registered for it, up to date."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import structlog

from learning import notices
from learning.bookings import BookingState
from learning.sessions import Format, Session, SessionId
from services.addresses import Addresses
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Rejected, Unavailable
from services.ports.zoom import MeetingVanished, NotToday, Zoom, ZoomMeeting
from services.zoom_registrations import Roster, ZoomRegistrations

log = structlog.get_logger()

MOST_A_DAY = 100
"""So often Zoom lets the meetings of one host be made or changed between two midnights in UTC."""

KEPT = timedelta(days=30)
"""After a session, whose registration was whose: reports of who was there name people by it."""

LATER = 3600.0
"""Seconds until it is tried again where that is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the meeting should be, as of one moment."""

    session: Session
    roster: Roster


class ZoomMeetings:
    """Brings one meeting up to date at a time; running it again changes nothing.

    Never two at once for one session: the outbox gives each meeting one writer.
    """

    def __init__(
        self, new_uow: NewUnitOfWork, zoom: Zoom, addresses: Addresses, clock: Clock
    ) -> None:
        self._new_uow = new_uow
        self._zoom = zoom
        self._registrations = ZoomRegistrations(new_uow, zoom, addresses)
        self._clock = clock

    async def bring_up_to_date(self, session_id: SessionId) -> bool:
        """Make, change, fill or remove the meeting. False when nothing was left to do.

        Raises Unavailable, also where Zoom takes no more today, or Rejected.
        """
        wanted, meeting = await self._look(session_id)
        if not _wants_meeting(wanted.session):
            return await self._remove(wanted.session, meeting)
        if wanted.session.is_over(self._clock.now()):
            return False
        try:
            return await self._follow(wanted, meeting)
        except MeetingVanished:
            log.warning("meeting vanished, making it again", session=session_id)
        await self._forget(session_id)
        await self._follow(*await self._look(session_id))
        return True

    async def catch_up(self) -> int:
        """Have every meeting looked after that is not as its session is: how many there are.

        They may have been given up, or have been published while Zoom was not set up.
        """
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            behind = await uow.zoom.behind(now)
        if behind:
            async with self._new_uow() as uow:
                await uow.outbox.add([notices.zoom_again(each, now) for each in behind])
                await uow.commit()
        return len(behind)

    async def forget_old(self) -> int:
        """Forget whose registrations were whose, once nobody asks any more who was there."""
        async with self._new_uow() as uow:
            gone = await uow.zoom.forget_old(self._clock.now() - KEPT)
            await uow.commit()
        return gone

    async def _look(self, session_id: SessionId) -> tuple[Wanted, ZoomMeeting]:
        async with self._new_uow(read_only=True) as uow:
            session = await uow.sessions.get(session_id)
            meeting = await uow.zoom.find(session_id) or ZoomMeeting(session_id=session_id)
            registered = await uow.zoom.registrants(session_id)
            live = await uow.bookings.of_session(session_id)
            booked = [b.person_id for b in live if b.state is BookingState.BOOKED]
            people = await uow.people.among({*booked, *(r.person_id for r in registered)})
        roster = Roster(session_id=session_id, booked=booked, people=people, registered=registered)
        return Wanted(session=session, roster=roster), meeting

    async def _follow(self, wanted: Wanted, meeting: ZoomMeeting) -> bool:
        session = wanted.session
        did_something = False
        if not meeting.meeting_id:
            meeting = await self._make(session, meeting)
            did_something = True
        if meeting.sequence != session.sequence:
            async with self._of_today():
                await self._zoom.change(meeting.meeting_id, session, meeting.mark)
            meeting = replace(meeting, sequence=session.sequence)
            await self._save(meeting)
            did_something = True
        if meeting.roster_version != session.roster_version:
            await self._registrations.bring_up_to_date(wanted.roster, meeting.meeting_id)
            await self._save(replace(meeting, roster_version=session.roster_version))
            did_something = True
        return did_something

    async def _make(self, session: Session, meeting: ZoomMeeting) -> ZoomMeeting:
        """Make the meeting, unless an earlier try did whose answer never came."""
        if meeting.mark and (found := await self._zoom.find(meeting.mark)):
            meeting = replace(meeting, meeting_id=found)  # as which version, nobody knows
            await self._save(meeting)
            return meeting
        async with self._of_today():
            if not meeting.mark:
                meeting = replace(meeting, mark=f"learnweek-{uuid4()}")
                await self._save(meeting)
            meeting_id = await self._zoom.create(session, meeting.mark)
        meeting = replace(meeting, meeting_id=meeting_id, sequence=session.sequence)
        await self._save(meeting)
        return meeting

    async def _remove(self, session: Session, meeting: ZoomMeeting) -> bool:
        if not meeting.mark:
            return False
        meeting_id = meeting.meeting_id or await self._zoom.find(meeting.mark)
        if meeting_id:
            await self._zoom.remove(meeting_id)
        await self._forget(session.id)
        return True

    @asynccontextmanager
    async def _of_today(self) -> AsyncGenerator[None]:
        """One of the day's calls that make or change a meeting; given back where it failed."""
        day = self._clock.now().date()
        async with self._new_uow() as uow:
            if await uow.zoom.count_call(day) > MOST_A_DAY:
                raise NotToday("Zoom: as many meetings as a day allows", retry_after=LATER)
            await uow.commit()
        try:
            yield
        except (Rejected, Unavailable):
            async with self._new_uow() as uow:
                await uow.zoom.count_call(day, -1)
                await uow.commit()
            raise

    async def _save(self, meeting: ZoomMeeting) -> None:
        async with self._new_uow() as uow:
            await uow.zoom.save(meeting)
            await uow.commit()

    async def _forget(self, session_id: SessionId) -> None:
        async with self._new_uow() as uow:
            await uow.zoom.save(ZoomMeeting(session_id=session_id))
            await uow.zoom.remove_registrants(session_id)
            await uow.commit()


def _wants_meeting(session: Session) -> bool:
    return session.details.format is Format.ZOOM and not session.is_cancelled
