"""Who is registered for a session's Zoom meeting: each who has a place, with a link of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

import structlog

from learning.people import FORGOTTEN, Person, PersonId
from learning.sessions import SessionId
from services.addresses import Addresses
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Rejected
from services.ports.zoom import MeetingVanished, NotToday, Registrant, Registration, Zoom

log = structlog.get_logger()

Trouble = Rejected | NotToday


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who has a place, who is registered, and what is known of all of them, as of one moment."""

    session_id: SessionId
    booked: Sequence[PersonId]
    people: Mapping[PersonId, Person]
    registered: Sequence[Registrant]


class ZoomRegistrations:
    def __init__(self, new_uow: NewUnitOfWork, zoom: Zoom, addresses: Addresses) -> None:
        self._new_uow = new_uow
        self._zoom = zoom
        self._addresses = addresses

    async def bring_up_to_date(self, roster: Roster, meeting_id: str) -> None:
        """Register who has a place and is not registered, and take back who has none any more.

        One that is refused does not keep the others from theirs. Raises MeetingVanished,
        Unavailable, NotToday, or Rejected.
        """
        answered = {r.person_id for r in roster.registered if r.registrant_id}
        is_unsure = len(answered) < len(roster.registered)
        made = await self._zoom.registrations(meeting_id) if is_unsure else ()
        by_email = {r.email.casefold(): r for r in made if r.email}
        missing = [roster.people[i] for i in roster.booked if i not in answered]
        troubles = [
            *await self._register(roster.session_id, meeting_id, missing, by_email),
            *await self._unregister(roster, meeting_id, by_email),
        ]
        if troubles:
            raise next((e for e in troubles if isinstance(e, NotToday)), troubles[0])

    async def _register(
        self,
        session_id: SessionId,
        meeting_id: str,
        missing: Sequence[Person],
        by_email: Mapping[str, Registration],
    ) -> list[Trouble]:
        """Each is noted before they are asked for: an answer that is lost is then looked for."""
        people = await self._addresses.added(missing)
        await self._note(*(Registrant(session_id=session_id, person_id=p.id) for p in people))
        refused: list[PersonId] = []
        troubles: list[Trouble] = []
        for person in people:
            got = by_email.get(person.email.casefold())
            try:
                got = got or await self._zoom.register(meeting_id, person)
            except MeetingVanished:
                raise
            except NotToday as error:
                troubles.append(error)
            except Rejected as error:
                log.warning("not registered", person=person.id, reason=str(error))
                refused.append(person.id)
                troubles.append(error)
            else:
                await self._keep(session_id, person.id, got)
        await self._drop(session_id, refused)
        # Whom Zoom will not have, such as the host, is no reason to try again; all of them are.
        return troubles if len(refused) == len(people) else _passing(troubles)

    async def _unregister(
        self, roster: Roster, meeting_id: str, by_email: Mapping[str, Registration]
    ) -> list[Trouble]:
        troubles: list[Trouble] = []
        booked = set(roster.booked)
        for gone in (r for r in roster.registered if r.person_id not in booked):
            person = roster.people.get(gone.person_id)
            email = person.email if person else ""
            registration = by_email.get(email.casefold())
            if gone.registrant_id:
                registration = Registration(
                    registrant_id=gone.registrant_id, email=email, join_url=""
                )
            try:
                if registration is not None:
                    await self._zoom.unregister(meeting_id, registration)
            except MeetingVanished:
                raise
            except (NotToday, Rejected) as error:
                troubles.append(error)
            else:
                await self._drop(gone.session_id, [gone.person_id])
        return troubles

    async def _note(self, *registrants: Registrant) -> None:
        if registrants:
            async with self._new_uow() as uow:
                await uow.zoom.save_registrants(registrants)
                await uow.commit()

    async def _drop(self, session_id: SessionId, people: Sequence[PersonId]) -> None:
        if people:
            async with self._new_uow() as uow:
                await uow.zoom.remove_registrants(session_id, people)
                await uow.commit()

    async def _keep(self, session_id: SessionId, person_id: PersonId, got: Registration) -> None:
        """Keep a registration; of somebody who was forgotten meanwhile only what ends it."""
        async with self._new_uow() as uow:
            is_known = await uow.people.find(person_id, lock=True) is not None
            registrant = Registrant(
                session_id=session_id,
                person_id=person_id if is_known else PersonId(f"{FORGOTTEN}{uuid4().hex}"),
                registrant_id=got.registrant_id,
                join_url=got.join_url if is_known else "",
            )
            await uow.zoom.save_registrants([registrant])
            await uow.commit()


def _passing(troubles: Sequence[Trouble]) -> list[Trouble]:
    return [error for error in troubles if isinstance(error, NotToday)]
