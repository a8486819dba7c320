"""People as we meet them: where to reach them, what they want to hear, and forgetting them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog

from learning import bookings, profiles
from learning.attendance import (
    FORGOTTEN_MARK,
    Outcome,
    Record,
    mark_of,
    may_be_reported,
)
from learning.bookings import Booking
from learning.people import FORGOTTEN, Address, Person, PersonId
from learning.profiles import Profile
from learning.sessions import Session, SessionId
from services.missed import MissedWords
from services.places import Places
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, Remembered, UnitOfWork
from services.set_life import SetLife

log = structlog.get_logger()

NO_SUCH_CHAT = "ConversationNotFound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What an incoming message, or a sign-in, tells of somebody; `address` only in their own chat."""

    person_id: PersonId
    name: str = ""
    teams_id: str = ""
    timezone: str | None = None
    address: Address | None = None
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What a turn begins with, read at once: who speaks, what is remembered, which programme it is."""

    person: Person
    memory: Remembered
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """All that is kept about one person."""

    person: Person
    bookings: tuple[tuple[Session, Booking], ...]
    zoom: int = 0
    """For how many sessions Zoom has them registered."""

    profile: Profile | None = None
    attended: tuple[tuple[Session, Outcome], ...] = ()
    calendar_since: datetime | None = None
    """When the private address of their calendar was made."""


class PeopleService:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        places: Places,
        missed: MissedWords | None = None,
        sets: SetLife | None = None,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._places = places
        self._missed = missed
        self._sets = sets

    async def meet(self, contact: Contact) -> Met:
        """The person who is speaking, with what is new about them stored.

        Somebody who writes in their own chat can be reached again, whatever went wrong before.
        """
        async with self._new_uow(glance=True) as uow:
            begun = await uow.people.begin(contact.person_id)
        known, memory, version = begun.person, begun.memory, begun.version
        if known is not None and _merged(known, contact) is known:
            return Met(person=known, memory=memory, version=version)
        async with self._new_uow() as uow:
            known = await uow.people.find(contact.person_id, lock=True)
            person = _merged(known or Person(id=contact.person_id), contact)
            await uow.people.save(person)
            if known is None and profiles.is_in_directory(person.id):
                await uow.outbox.add([profiles.of_newcomer(person.id, self._clock.now())])
            await uow.commit()
        return Met(person=person, memory=memory, version=version)

    async def recall(self, person_id: PersonId) -> Met:
        """What is remembered of somebody, who may be nobody that we know; nothing is stored."""
        async with self._new_uow(glance=True) as uow:
            begun = await uow.people.begin(person_id)
        person = begun.person or Person(id=person_id)
        return Met(person=person, memory=begun.memory, version=begun.version)

    async def find(self, person_id: PersonId) -> Person | None:
        async with self._new_uow(glance=True) as uow:
            return await uow.people.find(person_id)

    async def welcome(self, person_id: PersonId) -> bool:
        """Whether this person is to be welcomed; true once in their life."""
        async with self._new_uow() as uow:
            person = await uow.people.find(person_id, lock=True)
            if person is None or person.welcomed_at is not None:
                return False
            await uow.people.save(replace(person, welcomed_at=self._clock.now()))
            await uow.commit()
        return True

    async def want_nudges(self, person_id: PersonId, wanted: bool) -> None:
        await self._change(person_id, wants_nudges=wanted)

    async def want_highlights(self, person_id: PersonId, wanted: bool) -> None:
        await self._change(person_id, wants_highlights=wanted)

    async def save_email(self, person_id: PersonId, email: str) -> None:
        await self._change(person_id, email=email)

    async def cannot_reach(self, person_id: PersonId, reason: str) -> None:
        """Stop writing to this person until they write themselves; a chat that is gone is forgotten."""
        gone = {"address": None} if reason == NO_SUCH_CHAT else {}
        await self._change(person_id, unreachable=reason, **gone)
        log.info("person unreachable", person=person_id, reason=reason)

    async def moved(self, person_id: PersonId, address: Address) -> None:
        """This person can be reached in this chat."""
        await self._change(person_id, address=address, unreachable="")

    async def data_of(self, person_id: PersonId) -> PersonalData:
        async with self._new_uow(read_only=True) as uow:
            person = await uow.people.find(person_id) or Person(id=person_id)
            history = await uow.bookings.history(person_id)
            outcomes = await uow.attendance.of_person(person_id)
            ids = {b.session_id for b in history} | {o.session_id for o in outcomes}
            sessions = await uow.sessions.among(ids)
            profile = await uow.profiles.find(person_id)
            zoom = await uow.zoom.count_of(person_id)
            calendar = await uow.calendar_keys.find(person_id)
        return PersonalData(
            person=person,
            zoom=zoom,
            bookings=tuple((sessions[b.session_id], b) for b in history),
            profile=profile,
            attended=tuple((sessions[o.session_id], o) for o in outcomes),
            calendar_since=calendar.made_at if calendar else None,
        )

    async def forget(self, person_id: PersonId) -> None:
        """Delete what is kept about a person. Places ahead go back; what has been stays as a count."""
        now = self._clock.now()
        nobody = PersonId(f"{FORGOTTEN}{uuid4().hex}")
        async with self._new_uow() as uow:
            person = await uow.people.find(person_id) or Person(id=person_id)
            reported = await self._hold_sessions(uow, person_id, now)
            for booking in await uow.bookings.of_person(person_id):
                session = await uow.sessions.get(booking.session_id, lock=True)
                if not session.has_started(now):
                    await self._give_back(uow, session, person_id, now)
            await self._stay_forgotten(uow, person_id, nobody, reported, now)
            await uow.feedback.hand_over(person_id, nobody)
            was_there = await uow.attendance.hand_over(person_id, nobody)
            if was_there or await uow.bookings.history(person_id):
                await uow.people.save(
                    Person(id=nobody, unreachable="forgotten", wants_nudges=False)
                )
                await uow.bookings.hand_over(person_id, nobody)
            if self._sets is not None:
                await self._sets.leave_all(uow, person_id, None, now)
            await uow.again.forget(person_id)  # first: whoever is just telling them holds these
            await uow.outbox.withdraw_person(person_id)
            await uow.outbox.forget(person_id, nobody)
            await uow.zoom.hand_over(person_id, nobody)
            await uow.conversations.forget(person_id)
            await uow.hub.forget(person_id)
            await uow.journal.forget(person_id, nobody)
            await uow.errands.forget(person_id, nobody)
            await uow.profiles.remove(person_id)
            await uow.calendar_keys.remove(person_id)
            await uow.champions.forget(person_id, nobody)
            await uow.enrolments.save(
                replace(each, left_at=now)
                for each in await uow.enrolments.of_person(person_id)
                if each.is_on
            )
            await uow.course_people.forget(person_id, nobody)
            await uow.personal.scrub(person)
            await uow.report.hand_over(person_id, nobody)
            await uow.people.remove(person_id)
            if self._missed is not None:
                await self._missed.forget(uow, person_id)
            # After that nobody adds to them any more: whoever has an idea holds their own row.
            await uow.ideas.hand_over(person_id, nobody)
            await uow.commit()
        log.info("person forgotten")

    async def _hold_sessions(
        self, uow: UnitOfWork, person_id: PersonId, now: datetime
    ) -> list[SessionId]:
        """Let nobody take in who was where, or what they say, until commit.

        Returns those of which reports may yet come.
        """
        reported = [s.id for s in await uow.sessions.all() if may_be_reported(s, now)]
        booked = {b.session_id for b in await uow.bookings.of_person(person_id)}
        been = {o.session_id for o in await uow.attendance.of_person(person_id)}
        rated = {a.session_id for a in await uow.feedback.of_person(person_id)}
        for session_id in sorted({*reported, *booked, *been, *rated}):
            await uow.sessions.get(session_id, lock=True)
        return reported

    async def _stay_forgotten(
        self,
        uow: UnitOfWork,
        person_id: PersonId,
        nobody: PersonId,
        sessions: Sequence[SessionId],
        now: datetime,
    ) -> None:
        """Reports of what was just attended are still to come, and name whom we no longer know."""
        person = await uow.people.find(person_id)
        named = {person_id.casefold(), person.email.casefold() if person else ""} - {""}
        marks = [
            Record(
                session_id=session_id,
                system=FORGOTTEN_MARK,
                meeting="",
                report="",
                record=mark_of(session_id, name),
                who=nobody,
            )
            for session_id in sessions
            for name in sorted(named)
        ]
        await uow.attendance.keep(marks, now)

    async def _change(self, person_id: PersonId, **values: Any) -> None:
        """Set these of a person, holding their row: a turn and a delivery may change them at once."""
        async with self._new_uow() as uow:
            if person := await uow.people.find(person_id, lock=True):
                await uow.people.save(replace(person, **values))
                await uow.commit()

    async def _give_back(
        self, uow: UnitOfWork, session: Session, person_id: PersonId, now: datetime
    ) -> None:
        own = await uow.bookings.live(session.id, person_id)
        if own is not None:
            given = bookings.give_back(session, own, now)
            await self._places.change(uow, session, own, given, now)


def _merged(known: Person, contact: Contact) -> Person:
    """The very same where nothing is new: every turn asks."""
    said: dict[str, Any] = {
        "name": contact.name or known.name,
        "teams_id": contact.teams_id or known.teams_id,
        "timezone": contact.timezone or known.timezone,
        "email": known.email or contact.email,
    }
    if contact.address is not None:
        said |= {"address": contact.address, "unreachable": ""}
    new = {name: value for name, value in said.items() if getattr(known, name) != value}
    return replace(known, **new) if new else known
