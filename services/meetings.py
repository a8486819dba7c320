"""Keeping each session's calendar event, its Teams meeting and its attendees, up to date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

import structlog

from learning.bookings import BookingState
from learning.people import Person
from learning.sessions import Format, Session, SessionId
from services.addresses import Addresses
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.storage import Meeting, NewUnitOfWork
from services.ports.systems import Calendar, Directory, EventVanished

log = structlog.get_logger()

MOST_ATTENDEES = 500
"""Exchange's limit for one event; beyond it people still get the link from us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the event should be: the session and who has a place, as of one moment."""

    session: Session
    people: tuple[Person, ...]


class MeetingService:
    """Brings one event up to date at a time; running it again changes nothing.

    Never two at once for one session: the outbox gives each event one writer.
    """

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        calendar: Calendar,
        directory: Directory,
        people: PeopleService,
        clock: Clock,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._calendar = calendar
        self._addresses = Addresses(directory, people)

    async def bring_up_to_date(self, session_id: SessionId) -> bool:
        """Make, change, fill or cancel the event. False when nothing was left to do.

        Raises Unavailable or Rejected.
        """
        async with self._new_uow(read_only=True) as uow:
            session = await uow.sessions.get(session_id)
            meeting = await uow.meetings.find(session_id) or Meeting(session_id=session_id)
            roster = await uow.bookings.of_session(session_id)
            booked = [b.person_id for b in roster if b.state is BookingState.BOOKED]
            people = await uow.people.among(booked)
        wanted = Wanted(session=session, people=tuple(people[i] for i in booked))
        if not _wants_event(session):
            return await self._remove(session, meeting)
        if session.is_over(self._clock.now()):
            return False
        if not meeting.event_id:
            await self._create(wanted, meeting)
            return True
        try:
            return await self._update(wanted, meeting)
        except EventVanished:
            log.warning("event vanished, making it again", session=session_id)
            await self._create(wanted, Meeting(session_id=session_id))
            return True

    async def _create(self, wanted: Wanted, meeting: Meeting) -> None:
        attendees = await self._addresses.added(wanted.people[:MOST_ATTENDEES])
        if not meeting.transaction:
            meeting = await self._begin(meeting)
        try:
            event = await self._calendar.create(wanted.session, attendees, meeting.transaction)
        except EventVanished:
            meeting = await self._begin(meeting)
            event = await self._calendar.create(wanted.session, attendees, meeting.transaction)
        await self._save(
            replace(
                meeting,
                event_id=event.id,
                sequence=wanted.session.sequence,
                roster_version=wanted.session.roster_version,
            ),
            join_url=event.join_url or None,
        )

    async def _begin(self, meeting: Meeting) -> Meeting:
        """Name the attempt, and store the name before anything is asked for under it."""
        meeting = replace(meeting, transaction=f"learnweek-{uuid4()}")
        await self._save(meeting)
        return meeting

    async def _update(self, wanted: Wanted, meeting: Meeting) -> bool:
        session = wanted.session
        did_something = False
        if meeting.sequence != session.sequence or not session.join_url:
            event = await self._calendar.change(meeting.event_id, session)
            meeting = replace(meeting, sequence=session.sequence)
            await self._save(meeting, join_url=event.join_url or None)
            did_something = True
        if meeting.roster_version != session.roster_version:
            attendees = await self._addresses.added(wanted.people[:MOST_ATTENDEES])
            await self._calendar.invite(meeting.event_id, attendees)
            await self._save(replace(meeting, roster_version=session.roster_version))
            did_something = True
        return did_something

    async def _remove(self, session: Session, meeting: Meeting) -> bool:
        if not meeting.transaction:
            return False
        try:
            event_id = meeting.event_id or await self._made_perhaps(session, meeting)
            await self._calendar.cancel(event_id, session)
        except EventVanished:
            log.info("event was gone already", session=session.id)
        is_elsewhere = session.details.format is not Format.TEAMS
        await self._save(Meeting(session_id=session.id), join_url="" if is_elsewhere else None)
        return True

    async def _made_perhaps(self, session: Session, meeting: Meeting) -> str:
        """The event of a try that never answered: asked for once more, with nobody invited."""
        return (await self._calendar.create(session, (), meeting.transaction)).id

    async def _save(self, meeting: Meeting, join_url: str | None = None) -> None:
        async with self._new_uow() as uow:
            await uow.meetings.save(meeting)
            if join_url is not None:
                session = await uow.sessions.get(meeting.session_id, lock=True)
                if session.join_url != join_url:
                    await uow.sessions.save(replace(session, join_url=join_url))
            await uow.commit()


def _wants_event(session: Session) -> bool:
    return session.details.format is Format.TEAMS and not session.is_cancelled
