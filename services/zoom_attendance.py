"""Zoom's participants, each as the person whose registration they came with."""

from __future__ import annotations

from collections.abc import Sequence

from learning.attendance import Seen, Source
from learning.sessions import Session
from services.doors import Doors
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Missing
from services.ports.zoom import Participant, Zoom


class ZoomAttendance:
    def __init__(self, new_uow: NewUnitOfWork, zoom: Zoom, doors: Doors) -> None:
        self._new_uow = new_uow
        self._zoom = zoom
        self._doors = doors

    async def of(self, session: Session) -> Sequence[Seen]:
        async with self._new_uow(read_only=True) as uow:
            meeting = await uow.zoom.find(session.id)
            registrants = await uow.zoom.registrants(session.id)
        if meeting is None or not meeting.meeting_id:
            return []
        try:
            participants = await self._zoom.participants(meeting.meeting_id)
        except Missing:
            return []
        owners = {r.registrant_id: r.person_id for r in registrants if r.registrant_id}
        return [
            Seen(
                system=Source.ZOOM,
                meeting=meeting.meeting_id,
                report="",
                record=self._record(session, each),
                account=owners.get(each.registrant_id, ""),
                email=each.email,
                name=each.name,
                spans=((each.joined_at, each.left_at),),
            )
            for each in participants
        ]

    def _record(self, session: Session, each: Participant) -> str:
        """Zoom gives presences no id: one is known by who came when, which is not kept in words."""
        said = (each.registrant_id, each.email, each.name, each.joined_at, each.left_at)
        return self._doors.guest(session.id, "|".join(map(str, said)))
