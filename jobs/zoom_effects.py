"""What the outbox brings about in Zoom: a session's meeting, and who is registered for it."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.deliver import Effect, NoLongerNeeded
from learning.notices import ZOOM, Kind
from services.ports.deliveries import Delivery
from services.zoom_meetings import ZoomMeetings


def zoom_effects(meetings: ZoomMeetings | None) -> Mapping[Kind, Effect]:
    """Whatever a row asks for, the whole meeting is brought up to date: many rows are one pass."""

    async def meeting(delivery: Delivery) -> str:
        session_id = delivery.notice.session_id
        if meetings is None or session_id is None:
            raise NoLongerNeeded("Zoom is off")
        if not await meetings.bring_up_to_date(session_id):
            raise NoLongerNeeded("already up to date")
        return ""

    return dict.fromkeys(ZOOM, meeting)
