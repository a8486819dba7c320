"""What a signed-in person has and can press in a list of sessions that is drawn once for everybody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiohttp import web
from markupsafe import Markup

from cards import sayings
from hub import listing, look
from hub.kept import Kept
from hub.own_place import TONES, buttons
from hub.visitors import Visitor, visitor_of
from learning.bookings import BookingState
from learning.people import PersonId
from learning.sessions import Session, SessionId
from services.booking import BookingService, Standing
from services.ports.clocks import Clock

MARK = re.compile(r"<!--own (\d+)-->")
"""Where a list leaves room for it, by the session's id."""

ANYBODY = Visitor(person_id=PersonId(""), name="", form=Markup("<!--form-->"))
"""In whose place the visitor's own sign is put: what people wrote has no such thing in it."""

KEPT = 4096

STATES = {
    BookingState.BOOKED: "You’re booked",
    BookingState.OFFERED: "Held for you",
}


class OwnList:
    def __init__(self, bookings: BookingService, clock: Clock) -> None:
        self._bookings = bookings
        self._clock = clock
        self._lines = Kept[str](KEPT)

    async def filled(
        self, request: web.Request, drawn: Markup, sessions: Sequence[Session]
    ) -> Markup:
        """The list for whoever looks at it; `sessions` are those that are in it, as they are now."""
        visitor = visitor_of(request)
        if visitor is None:
            return drawn
        mine = {s.session.id: s for s in await self._bookings.mine(visitor.person_id)}
        shown, now = {s.id: s for s in sessions}, self._clock.now()

        def of(mark: re.Match[str]) -> str:
            session = shown.get(SessionId(int(mark[1])))
            return "" if session is None else self._own(session, mine.get(session.id), now)

        filled = MARK.sub(of, drawn).replace(ANYBODY.form, visitor.form)
        return Markup(filled)  # noqa: S704 -- what is put in comes from templates

    def _own(self, session: Session, standing: Standing | None, now: datetime) -> str:
        """Drawn once for all who have nothing there yet, as most have: all of them can do the same."""
        if standing is not None:
            return _drawn(session, standing, now)
        stands = listing.standing(session, now)
        key = (session.id, session.title, session.code, session.details.waiting_list, stands)
        line = self._lines.get(key)
        if line is None:
            line = _drawn(session, None, now)
            self._lines.put(key, line)
        return line


def _drawn(session: Session, standing: Standing | None, now: datetime) -> str:
    booking = standing.booking if standing else None
    state = ""
    if standing is not None and booking is not None and not session.is_cancelled:
        waits = f"Waiting, {sayings.ordinal(max(1, standing.position))} in line"
        state = STATES.get(booking.state, waits)
    parts: Any = look.TEMPLATES.get_template("place_parts.html").module
    tone = TONES[booking.state] if booking else ""
    return str(parts.own_line(state, tone, buttons(session, booking, now), ANYBODY))
