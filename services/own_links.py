"""Sessions as one person sees them: into a Zoom meeting everybody has a link of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from learning.people import PersonId
from learning.sessions import Format, Session, SessionId
from services.ports.storage import UnitOfWork


async def seen_by(
    uow: UnitOfWork, person_id: PersonId, sessions: Iterable[Session]
) -> dict[SessionId, Session]:
    """These sessions for this person's eyes only, never to be saved: the link to join is theirs."""
    found = {s.id: s for s in sessions}
    on_zoom = [s for s in found.values() if s.details.format is Format.ZOOM]
    if on_zoom:
        links = await uow.zoom.links(person_id, [s.id for s in on_zoom])
        found |= {s.id: replace(s, join_url=links.get(s.id, "")) for s in on_zoom}
    return found
