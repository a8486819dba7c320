"""Teams' attendance reports on one machine: nobody joins a meeting there, so there are none."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.laptop import Asks
from learning.attendance import Seen
from learning.sessions import Session


class LaptopAttendance:
    """Notes what would be asked. Who is there is said by hand: on the card, or by the door's code."""

    def __init__(self, asks: Asks) -> None:
        self._asks = asks

    async def of(self, session: Session) -> Sequence[Seen]:
        self._asks.note("Teams", f"who was in the meeting: {session.title} (no report here)")
        return []
