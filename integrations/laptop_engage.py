"""Viva Engage, played on one machine: what would be posted is kept to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from integrations.laptop import Asks
from learning.people import PersonId
from services.ports.clocks import Clock
from services.ports.engage import Feed, Member, Said, SignIn
from services.ports.systems import Missing

SYSTEM = "Viva Engage"


class LaptopEngage:
    """Plays the community and its service account. Nobody writes there but us."""

    def __init__(self, asks: Asks, clock: Clock) -> None:
        self._asks = asks
        self._ids = count(int(clock.now().timestamp()))

    async def standing(self) -> SignIn:
        return SignIn(account="learning@example.org")

    async def miss(self) -> None:
        """Somebody is always signed in here."""

    async def post(self, text: str) -> int:
        self._asks.note(SYSTEM, f"post to the community: {text}")
        return next(self._ids)

    async def reply(self, message_id: int, text: str) -> int:
        self._asks.note(SYSTEM, f"answer message {message_id}: {text}")
        return next(self._ids)

    async def write_to(self, member_id: int, text: str) -> int:
        self._asks.note(SYSTEM, f"write to {member_id}: {text}")
        return next(self._ids)

    async def delete(self, message_id: int) -> None:
        self._asks.note(SYSTEM, f"delete post {message_id}")

    async def message(self, message_id: int) -> Said:
        raise Missing(f"there is no message {message_id}")

    async def member(self, member_id: int) -> Member:
        return Member(id=member_id)

    async def received(self, newer_than: int | None) -> Feed:
        return Feed()

    async def private(self, newer_than: int | None) -> Feed:
        return Feed()

    async def latest(self) -> Sequence[Said]:
        return ()

    async def in_thread(self, thread_id: int, newer_than: int) -> Sequence[Said]:
        return ()


class LaptopStaff:
    """Plays the organisation's accounts: nobody is looked up here."""

    async def by_email(self, email: str) -> PersonId | None:
        return None

    async def members(self, group_id: str) -> Sequence[PersonId]:
        return ()
