"""The private address of one person's calendar: made, shown again, renewed, taken away, opened."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import structlog

from learning.errors import NotFound
from learning.own_calendar import Entry, entries
from learning.people import PersonId
from learning.sessions import SessionId
from services.own_links import seen_by
from services.ports.calendar_keys import CalendarKey
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork

log = structlog.get_logger()

KEY = re.compile(r"[0-9a-f]{40}")
"""As long as nobody can guess it; without signs that a chat would read as emphasis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """For one person's eyes: whoever has it sees their bookings."""

    key: str
    made_at: datetime


class OwnCalendars:
    """Keys are made from the secret key and a stored salt: what is stored opens nothing."""

    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, secret: str) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._secret = hmac.digest(secret.encode(), b"own calendars", hashlib.sha256)

    async def find(self, person_id: PersonId) -> OwnKey | None:
        """The key that they have. One made with another secret key opens nothing, so it is none."""
        async with self._new_uow(glance=True) as uow:
            stored = await uow.calendar_keys.find(person_id)
        return self._own(stored)

    async def make(self, person_id: PersonId, *, anew: bool = False) -> OwnKey:
        """The key that they have, or else a new one; `anew`: a new one, and the old one opens no more.

        Raises NotFound for somebody whom we do not know.
        """
        async with self._new_uow() as uow:
            # Held, so that nobody is forgotten in between.
            if await uow.people.find(person_id, lock=True) is None:
                raise NotFound("person", person_id)
            own = self._own(await uow.calendar_keys.find(person_id))
            if own is not None and not anew:
                return own
            salt, now = secrets.token_hex(16), self._clock.now()
            key = self._key(salt)
            await uow.calendar_keys.save(
                CalendarKey(person_id=person_id, salt=salt, digest=_digest(key), made_at=now)
            )
            await uow.commit()
        log.info("calendar address made", person=person_id)
        return OwnKey(key=key, made_at=now)

    async def revoke(self, person_id: PersonId) -> bool:
        """Have their address open nothing any more; whether there was one."""
        async with self._new_uow() as uow:
            stored = await uow.calendar_keys.find(person_id)
            if stored is None:
                return False
            await uow.calendar_keys.remove(person_id)
            await uow.commit()
        log.info("calendar address revoked", person=person_id)
        return True

    async def opened(self, key: str) -> list[Entry] | None:
        """What the calendar with this key holds; None where there is none, whatever the reason."""
        if not KEY.fullmatch(key):
            return None
        async with self._new_uow(read_only=True) as uow:
            stored = await uow.calendar_keys.with_digest(_digest(key))
            if stored is None or not hmac.compare_digest(self._key(stored.salt), key):
                return None
            owner = stored.person_id
            bookings = await uow.bookings.history(owner)
            among = await uow.sessions.among({b.session_id for b in bookings})
            sessions = await seen_by(uow, owner, among.values())
        return entries(bookings, sessions, lambda session_id: self._uid(owner, session_id))

    def _own(self, stored: CalendarKey | None) -> OwnKey | None:
        if stored is None:
            return None
        key = self._key(stored.salt)
        is_ours = hmac.compare_digest(_digest(key), stored.digest)
        return OwnKey(key=key, made_at=stored.made_at) if is_ours else None

    def _key(self, salt: str) -> str:
        return self._signed(f"key:{salt}")

    def _uid(self, person_id: PersonId, session_id: SessionId) -> str:
        """Theirs alone, as two people's events of one session differ, and it tells nobody who they are."""
        return f"{self._signed(f'event:{session_id}:{person_id}')}@learnweek"

    def _signed(self, words: str) -> str:
        return hmac.digest(self._secret, words.encode(), hashlib.sha256).hex()[:40]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
