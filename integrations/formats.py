"""The files that exports are written as; what is slow to load is loaded when asked for."""

from __future__ import annotations

from collections.abc import Sequence

from integrations import spreadsheets
from learning.own_calendar import OwnEvent
from learning.sessions import Session
from services.ports.clocks import Clock


class FileFormats:
    csv = staticmethod(spreadsheets.write_csv)
    xlsx = staticmethod(spreadsheets.write_xlsx)

    def __init__(self, clock: Clock, public_url: str) -> None:
        self._clock = clock
        self._public_url = public_url

    def ics(self, sessions: Sequence[Session]) -> bytes:
        """The sessions as a calendar, each with the address of its page."""
        from integrations import calendars

        return calendars.sessions_ics(
            sessions,
            now=self._clock.now(),
            link=lambda s: f"{self._public_url}/hub/sessions/{s.code}",
        )

    def own_ics(self, events: Sequence[OwnEvent]) -> bytes:
        """One person's bookings as their own calendar."""
        from integrations import calendars

        return calendars.own_ics(events, now=self._clock.now())
