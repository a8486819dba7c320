"""Sending again what was given up: the same rows of the outbox, so that the ledger goes on adding up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from learning.mailings import Subject
from learning.notices import Kind
from learning.people import PersonId
from services.errands import Errands
from services.ports.clocks import Clock
from services.ports.errands import Done, ErrandKind, Progress
from services.ports.journal import Entry, What
from services.ports.storage import LedgerEntry, NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

PAGE = 500


@dataclass(slots=True)
class _Tried:
    again: int = 0
    left: int = 0

    @property
    def words(self) -> str:
        if not self.again and not self.left:
            return "There was nothing left to send again."
        people = "One is" if self.again == 1 else f"{self.again:,} are"
        said = f"{people} on the way again." if self.again else "Nothing was sent again."
        if self.left:
            who = "One person" if self.left == 1 else f"{self.left:,} people"
            said += f" {who} still cannot be reached and got nothing."
        return said


class SecondTries:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, errands: Errands) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._errands = errands

    async def begin(self, mailing: str, title: str, *, by: PersonId) -> str:
        """Have what was given up of this mailing sent again; the errand's id."""

        async def run(progress: Progress) -> Done:
            return Done(words=await self._run(mailing, title, by, progress))

        return await self._errands.begin(
            ErrandKind.SEND_AGAIN, f"Sending again: {title}", by, run, once=True
        )

    async def _run(self, mailing: str, title: str, by: PersonId, progress: Progress) -> str:
        tried, after = _Tried(), 0
        async with self._new_uow(survey=True) as uow:
            total = sum((await uow.ledger.reasons([mailing])).get(mailing, {}).values())
        while True:
            async with self._new_uow() as uow:
                rows = await uow.outbox.given_up(mailing, after=after, limit=PAGE)
                if not rows:
                    break
                reachable = await _reachable(uow, rows)
                await uow.outbox.try_again([row.id for row in reachable], self._clock.now())
                await uow.commit()
            after = rows[-1].id
            tried.again += len(reachable)
            tried.left += len(rows) - len(reachable)
            progress(tried.again + tried.left, total)
        await self._note(mailing, title, by, tried)
        log.info("given up deliveries queued again", rows=tried.again)
        return tried.words

    async def _note(self, mailing: str, title: str, by: PersonId, tried: _Tried) -> None:
        subject = Subject.of(mailing)
        async with self._new_uow() as uow:
            await uow.journal.note(
                Entry(
                    at=self._clock.now(),
                    by_id=by,
                    what=What.DELIVERY_SENT_AGAIN,
                    subject=title,
                    session_id=subject.session_id if subject else None,
                    after={"sent again": str(tried.again), "not reached": str(tried.left)},
                )
            )
            await uow.commit()


async def _reachable(uow: UnitOfWork, rows: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Those that have somebody to go to. A first message opens the chat that it goes to."""
    rows = list(rows)
    people = await uow.people.among({r.notice.person_id for r in rows if r.notice.person_id})
    reachable = {p.id for p in people.values() if p.is_reachable}
    return [
        row
        for row in rows
        if row.notice.person_id is None
        or row.notice.person_id in reachable
        or (row.notice.kind is Kind.OPEN_CHAT and row.notice.person_id in people)
    ]
