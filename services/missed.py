"""What people asked for and did not find: gathered beside the turns, and written once a minute."""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

import structlog

from learning.half_years import half_year
from learning.missed_words import content_words, without_names
from learning.people import PersonId
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

MOST_WAITING = 1_000
"""Questions whose words wait to be written; in a rush the oldest are let go."""

MARKS_BACK = 8
"""So many half-years back somebody's marks are looked for when they ask to be forgotten."""

MANY_NAMED = 50


class MissedWords:
    """Words in memory until they are written: what is lost with the process is no harm."""

    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, secret: str) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._secret = secret.encode()
        self._waiting: deque[tuple[PersonId, date, tuple[str, ...]]] = deque(maxlen=MOST_WAITING)

    def note(self, person_id: PersonId, question: str) -> None:
        """Nothing was found for this question; of somebody unknown nothing is kept."""
        if person_id and (words := content_words(question)):
            self._waiting.append((person_id, self._clock.now().date(), tuple(words)))

    async def write(self) -> int:
        """Write down what waits, without the parts of people's names; how many words."""
        if not self._waiting:
            return 0
        waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
        async with self._new_uow(glance=True) as uow:
            asked = {word for _, _, words in waiting for word in words}
            names = {word for word in asked if await _is_name(uow, word)}
        written = 0
        for person_id, day, words in waiting:
            kept = [word for word in words if word not in names]
            written += await self._written(person_id, day, kept)
        if written:
            log.info("words that found nothing written", words=written)
        return written

    async def _written(self, person_id: PersonId, day: date, words: Sequence[str]) -> int:
        mark = self._mark(person_id, half_year(day))
        async with self._new_uow() as uow:
            # Held, so that nobody is marked who asks to be forgotten just now.
            if not words or await uow.people.find(person_id, lock=True) is None:
                return 0
            await uow.report.add_missed([(word, mark) for word in words], day)
            await uow.commit()
        return len(words)

    async def forget(self, uow: UnitOfWork, person_id: PersonId) -> None:
        """Put marks in the place of a person's that lead to nobody; the counts stay.

        Their own row must be gone before, so that nobody marks them any more.
        """
        marks = {mark: uuid4().hex for mark in self.marks(person_id)}
        await uow.report.hand_over_marks(marks)

    def marks(self, person_id: PersonId) -> list[str]:
        """By which the words of somebody are found, of so many half-years."""
        marks: list[str] = []
        start = half_year(self._clock.now().date())
        for _ in range(MARKS_BACK):
            marks.append(self._mark(person_id, start))
            start = half_year(start - timedelta(days=1))
        return marks

    def _mark(self, person_id: PersonId, since: date) -> str:
        """The same for one person in one half-year, and another in the next."""
        said = f"missed:{since.isoformat()}:{person_id}".encode()
        return hmac.digest(self._secret, said, hashlib.sha256).hex()[:32]


async def _is_name(uow: UnitOfWork, word: str) -> bool:
    people = await uow.people.named(word, MANY_NAMED)
    return not without_names([word], [text for p in people for text in (p.name, p.email)])
