"""People as we meet them: where to reach them, what they want to hear, and forgetting them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog

from learning import bookings
from learning.bookings import Booking
from learning.people import FORGOTTEN, Address, Person, PersonId
from learning.sessions import Session
from services.places import Places
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, Remembered, UnitOfWork

log = structlog.get_logger()

NO_SUCH_CHAT = "ConversationNotFound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What an incoming message tells of its sender; `address` only in their own chat."""

    person_id: PersonId
    name: str = ""
    teams_id: str = ""
    timezone: str | None = None
    address: Address | None = None


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


class PeopleService:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, places: Places) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._places = places

    async def meet(self, contact: Contact) -> Met:
        """The person who is speaking, with what is new about them stored.

        Somebody who writes in their own chat can be reached again, whatever went wrong before.
        """
        async with self._new_uow(glance=True) as uow:
            begun = await uow.people.begin(contact.person_id)
        known, memory, version = begun.person, begun.memory, begun.version
        if known is not None and _merged(known, contact) == known:
            return Met(person=known, memory=memory, version=version)
        async with self._new_uow() as uow:
            known = await uow.people.find(contact.person_id, lock=True)
            person = _merged(known or Person(id=contact.person_id), contact)
            await uow.people.save(person)
            await uow.commit()
        return Met(person=person, memory=memory, version=version)

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
            sessions = await uow.sessions.among(b.session_id for b in history)
        return PersonalData(
            person=person, bookings=tuple((sessions[b.session_id], b) for b in history)
        )

    async def forget(self, person_id: PersonId) -> None:
        """Delete what is kept about a person. Places ahead go back; what has been stays as a count."""
        now = self._clock.now()
        nobody = PersonId(f"{FORGOTTEN}{uuid4().hex}")
        async with self._new_uow() as uow:
            for booking in await uow.bookings.of_person(person_id):
                session = await uow.sessions.get(booking.session_id, lock=True)
                if not session.has_started(now):
                    await self._give_back(uow, session, person_id, now)
            if await uow.bookings.history(person_id):
                await uow.people.save(
                    Person(id=nobody, unreachable="forgotten", wants_nudges=False)
                )
                await uow.bookings.hand_over(person_id, nobody)
            await uow.outbox.withdraw_person(person_id)
            await uow.outbox.forget(person_id, nobody)
            await uow.conversations.forget(person_id)
            await uow.people.remove(person_id)
            await uow.commit()
        log.info("person forgotten")

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
    merged = replace(
        known,
        name=contact.name or known.name,
        teams_id=contact.teams_id or known.teams_id,
        timezone=contact.timezone or known.timezone,
    )
    if contact.address is None:
        return merged
    return replace(merged, address=contact.address, unreachable="")
