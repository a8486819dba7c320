"""What somebody attended, as far as it was recorded."""

from __future__ import annotations

from learning.people import PersonId
from learning.record import Record, record
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork


class RecordService:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock) -> None:
        self._new_uow = new_uow
        self._clock = clock

    async def of(self, person_id: PersonId) -> Record:
        async with self._new_uow(read_only=True) as uow:
            outcomes = await uow.attendance.of_person(person_id)
            sessions = await uow.sessions.among(o.session_id for o in outcomes)
            editions = {e.id: e for e in await uow.editions.all()} if outcomes else {}
        return record(outcomes, sessions, editions, self._clock.now())
