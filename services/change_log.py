"""What was changed, by whom, as organisers look it up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from learning.people import PersonId
from learning.sessions import SessionId
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Some entries, the newest first; `names` are those of the people in them who are still known."""

    entries: tuple[Entry, ...]
    names: Mapping[PersonId, str]
    has_more: bool


class ChangeLog:
    def __init__(self, new_uow: NewUnitOfWork) -> None:
        self._new_uow = new_uow

    async def latest(
        self,
        limit: int,
        *,
        skip: int = 0,
        session_id: SessionId | None = None,
        what: Collection[What] = (),
    ) -> Changes:
        async with self._new_uow(read_only=True) as uow:
            found = await uow.journal.latest(limit + 1, skip=skip, session_id=session_id, what=what)
            entries = found[:limit]
            people = await uow.people.among({i for e in entries for i in (e.by_id, e.person_id)})
        return Changes(
            entries=tuple(entries),
            names={i: person.name for i, person in people.items()},
            has_more=len(found) > limit,
        )
