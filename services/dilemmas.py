"""Dilemmas: what a member brings to their set, for its members and its facilitator to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from learning.errors import LearningError, NotAllowed
from learning.people import PersonId
from services.ports.clocks import Clock
from services.ports.dilemmas import Dilemma
from services.ports.seals import Seals, of_set
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.set_rooms import Room, enter, rooms_of

log = structlog.get_logger()

LONGEST = 2000


class NotTaken(LearningError):
    """The dilemma cannot be kept as it is; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A dilemma as whoever may read it sees it."""

    id: int
    person_id: PersonId
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one person finds in their set: their own dilemma, and those of the others."""

    room: Room
    is_member: bool
    own: Brought | None
    others: tuple[Brought, ...]


class DilemmaService:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, seals: Seals) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._seals = seals

    async def sets_of(self, person_id: PersonId) -> list[Room]:
        """Those in which they are, or which they facilitate."""
        async with self._new_uow(read_only=True) as uow:
            return await rooms_of(uow, person_id)

    async def look(self, person_id: PersonId, set_id: int) -> Desk:
        """What is still to be presented. Raises NotAllowed."""
        async with self._new_uow(read_only=True) as uow:
            room = await enter(uow, set_id, person_id)
            brought = await open_ones(uow, self._seals, room)
        return Desk(
            room=room,
            is_member=room.has(person_id),
            own=next((each for each in brought if each.person_id == person_id), None),
            others=tuple(each for each in brought if each.person_id != person_id),
        )

    async def bring(self, person_id: PersonId, set_id: int, text: str) -> None:
        """Keep it, in place of what they brought before. Raises NotAllowed or NotTaken."""
        text = text.strip()
        if not text:
            raise NotTaken("Write what you are stuck with, in a few sentences.")
        if len(text) > LONGEST:
            raise NotTaken(f"That has {len(text)} characters where {LONGEST} fit. Shorten it.")
        async with self._new_uow() as uow:
            room = await enter(uow, set_id, person_id, lock=True)
            if not room.has(person_id):
                raise NotAllowed("Members bring dilemmas; you lead this set.")
            own = await _own(uow, set_id, person_id)
            sealed = self._seals.seal(of_set(set_id), text)
            new = Dilemma(
                set_id=set_id,
                person_id=person_id,
                sealed=sealed,
                brought_at=self._clock.now(),
            )
            await uow.dilemmas.save(replace(own, sealed=sealed) if own else new)
            await uow.commit()
        log.info("dilemma brought", set=set_id)

    async def take_back(self, person_id: PersonId, set_id: int) -> bool:
        """Whether there was one that had not been presented. Raises NotAllowed."""
        async with self._new_uow() as uow:
            await enter(uow, set_id, person_id, lock=True)
            own = await _own(uow, set_id, person_id)
            if own is None:
                return False
            await uow.dilemmas.remove(own.id)
            await uow.commit()
        log.info("dilemma taken back", set=set_id)
        return True


async def open_ones(uow: UnitOfWork, seals: Seals, room: Room) -> list[Brought]:
    """Those of present members that are still to be presented."""
    found = await uow.dilemmas.of_set(room.action_set.id)
    return opened(room, seals, [d for d in found if d.is_open and room.has(d.person_id)])


def opened(room: Room, seals: Seals, some: Sequence[Dilemma]) -> list[Brought]:
    owner = of_set(room.action_set.id)
    return [
        Brought(
            id=each.id,
            person_id=each.person_id,
            name=room.name(each.person_id),
            text=seals.open(owner, each.sealed) or "",
        )
        for each in some
    ]


async def _own(uow: UnitOfWork, set_id: int, person_id: PersonId) -> Dilemma | None:
    found = await uow.dilemmas.of_set(set_id)
    return next((d for d in found if d.is_open and d.person_id == person_id), None)
