"""Who may organise: those named in the settings, and the members of the organisers' group."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from learning.people import Person, PersonId
from services.ports.clocks import Clock
from services.ports.systems import Directory, Rejected, Unavailable

log = structlog.get_logger()

REMEMBERED = timedelta(minutes=5)


class Organisers:
    """Asked on every action. Somebody taken out of the group loses the right within minutes."""

    def __init__(
        self,
        directory: Directory,
        clock: Clock,
        *,
        named: Collection[str],
        group: str,
        everybody: bool = False,
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._named = frozenset(n.casefold() for n in named)
        self._group = group
        self._everybody = everybody
        self._known: dict[PersonId, tuple[bool, datetime]] = {}

    async def includes(self, person_id: PersonId) -> bool:
        if self._everybody or person_id.casefold() in self._named:
            return True
        if not self._group:
            return False
        known, until = self._known.get(person_id, (False, self._clock.now()))
        if until > self._clock.now():
            return known
        try:
            is_member = await self._directory.is_member(person_id, self._group)
        except (Unavailable, Rejected) as error:
            log.warning("organisers' group not readable", reason=str(error))
            return False
        self._known[person_id] = (is_member, self._clock.now() + REMEMBERED)
        return is_member

    async def may_post_to_team(self, person: Person, team_group_id: str) -> bool:
        """Organisers anywhere, owners in their own team."""
        if await self.includes(person.id):
            return True
        if not team_group_id:
            return False
        try:
            return await self._directory.owns_team(person, team_group_id)
        except (Unavailable, Rejected) as error:
            log.warning("team owners not readable", reason=str(error))
            return False
