"""What organisers write to those who have a place on a session, or wait for one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import structlog

from learning import notices
from learning.bookings import Booking, BookingState
from learning.errors import LearningError
from learning.people import NO_CHAT, Person, PersonId
from learning.sessions import Session, SessionId
from services.ports.clocks import Clock
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

LONGEST = 2000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Whom(StrEnum):
    BOOKED = "booked"
    WAITING = "waiting"
    EVERYBODY = "everybody"


STATES = {
    Whom.BOOKED: {BookingState.BOOKED},
    Whom.WAITING: {BookingState.WAITING, BookingState.OFFERED},
    Whom.EVERYBODY: {BookingState.BOOKED, BookingState.WAITING, BookingState.OFFERED},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who would get it, and who cannot be reached with the reason why."""

    session: Session
    reached: tuple[Person, ...]
    unreached: tuple[tuple[Person, str], ...]

    @property
    def count(self) -> int:
        return len(self.reached) + len(self.unreached)


class Messages:
    """No text of theirs stands anywhere but in the outbox."""

    def __init__(self, new_uow: NewUnitOfWork, clock: Clock) -> None:
        self._new_uow = new_uow
        self._clock = clock

    async def audience(self, session_id: SessionId, whom: Whom) -> Audience:
        """Raises NotFound."""
        async with self._new_uow(read_only=True) as uow:
            session = await uow.sessions.get(session_id)
            meant = await _meant(uow, session_id, whom)
            people = await uow.people.among(b.person_id for b in meant)
        ordered = sorted(people.values(), key=lambda p: (p.name.casefold(), p.id))
        return Audience(
            session=session,
            reached=tuple(p for p in ordered if p.is_reachable),
            unreached=tuple((p, p.unreachable or NO_CHAT) for p in ordered if not p.is_reachable),
        )

    async def send(
        self, session_id: SessionId, whom: Whom, text: str, *, mark: str, by: PersonId
    ) -> int:
        """Write to them at once, whatever the hour; returns to how many.

        `mark` is that of the page it was written on: sent from there once more, it goes to nobody.
        Raises LearningError.
        """
        words, now = checked(text), self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            meant = await _meant(uow, session_id, whom)
            written = [notices.message(session, b.person_id, words, mark, now) for b in meant]
            if not written:
                raise LearningError("Nobody is there to write to any more.")
            if await uow.outbox.is_told(written[0].mailing):
                return 0
            await uow.outbox.add(written)
            await uow.journal.note(
                Entry(
                    at=now,
                    by_id=by,
                    what=What.MESSAGE_SENT,
                    subject=f"{session.code} {session.title}",
                    session_id=session_id,
                    after={"to": whom.value, "people": str(len(written))},
                )
            )
            await uow.commit()
        log.info("message written", session=session_id, people=len(written))
        return len(written)


def checked(text: str) -> str:
    """The text as it will be sent. Raises LearningError, which says what to do."""
    words = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not words:
        raise LearningError("Write what you want to say.")
    if len(words) > LONGEST:
        over = len(words) - LONGEST
        raise LearningError(
            f"This is {over:,} character{'' if over == 1 else 's'} too long: at most {LONGEST:,}"
            " can be sent. Shorten it, or put the rest on a page and give its address."
        )
    return words


async def _meant(uow: UnitOfWork, session_id: SessionId, whom: Whom) -> list[Booking]:
    return [b for b in await uow.bookings.of_session(session_id) if b.state in STATES[whom]]
