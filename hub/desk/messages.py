"""Writing to those booked on a session: the text, who gets it and who cannot, then sending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import deliveries as delivered
from cards import sayings
from cards.desk import FROM
from hub import look
from hub.desk.programme import path
from hub.desk.session import actor, found, no_session
from hub.visitors import visitor_of
from learning.errors import LearningError
from learning.notices import Kind, QuietHours
from learning.people import Person
from learning.sessions import Session, by_time
from services.catalogue import Catalogue
from services.ledger import Ledger
from services.messages import LONGEST, Messages, Whom, checked
from services.ports.clocks import Clock

WHOM = {
    Whom.BOOKED: "Who has a place",
    Whom.WAITING: "Who waits, or is offered a place",
    Whom.EVERYBODY: "All of them",
}
LATEST = 200
"""Mailings among which messages are looked for."""

SEVERAL = 10
"""Names of those who cannot be reached, for each reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    title: str
    path: str
    when: str
    taken: int
    waiting: int


class MessagePages:
    def __init__(
        self,
        messages: Messages,
        catalogue: Catalogue,
        ledger: Ledger,
        clock: Clock,
        *,
        zone: ZoneInfo,
        quiet: QuietHours,
    ) -> None:
        self._messages = messages
        self._catalogue = catalogue
        self._ledger = ledger
        self._clock = clock
        self._zone = zone
        self._quiet = quiet

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk/messages", self.all),
            web.get("/desk/sessions/{id}/message", self.write),
            web.post("/desk/sessions/{id}/message", self.go_on),
        ]

    async def all(self, request: web.Request) -> web.Response:
        programme = await self._catalogue.programme()
        fresh = await self._catalogue.among(s.id for s in programme.everything)
        booked = [s for s in by_time(fresh) if s.taken or s.waiting]
        sent = (await self._ledger.deliveries(LATEST)).mailings
        values: dict[str, Any] = {
            "lines": [self._line(s) for s in booked],
            "sent": [
                (delivered.what(m, self._zone), delivered.numbers(m))
                for m in sent
                if m.subject.kind is Kind.MESSAGE
            ],
        }
        return look.page("desk_messages.html", values, visitor=visitor_of(request))

    async def write(self, request: web.Request) -> web.Response:
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        whom = Whom.BOOKED if session.taken or not session.waiting else Whom.WAITING
        return await self._form(request, session, "", whom)

    async def go_on(self, request: web.Request) -> web.Response:
        """From the text to the look at it, back to the text, or on its way."""
        session = await found(self._catalogue, request)
        if session is None:
            return no_session(request)
        data = await request.post()
        text, step, mark, to = (str(data.get(n, "")) for n in ("text", "step", "mark", "whom"))
        whom = Whom(to) if to in set(Whom) else Whom.BOOKED
        if step == "change":
            return await self._form(request, session, text, whom)
        try:
            words = checked(text)
            if step == "send" and _is_mark(mark):
                count = await self._messages.send(
                    session.id, whom, words, mark=mark, by=actor(request)
                )
                came = f"sent&count={count}" if count else "sent_before"
                return look.moved(f"{path(session)}/roster?done={came}")
            return await self._preview(request, session, words, whom)
        except LearningError as error:
            return await self._form(request, session, text, whom, fault=str(error))

    async def _form(
        self, request: web.Request, session: Session, text: str, whom: Whom, *, fault: str = ""
    ) -> web.Response:
        counts = {w: (await self._messages.audience(session.id, w)).count for w in Whom}
        values: dict[str, Any] = {
            "session": session,
            "path": path(session),
            "when": sayings.moment(session, self._zone),
            "choices": [(w.value, words, counts[w]) for w, words in WHOM.items()],
            "whom": whom.value,
            "text": text,
            "longest": LONGEST,
            "anybody": counts[Whom.EVERYBODY],
            "fault": fault,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return look.page("desk_message.html", values, visitor=visitor_of(request), status=status)

    async def _preview(
        self, request: web.Request, session: Session, words: str, whom: Whom
    ) -> web.Response:
        audience = await self._messages.audience(session.id, whom)
        if not audience.count:
            raise LearningError("Nobody is there to write to: choose somebody else.")
        values: dict[str, Any] = {
            "session": session,
            "path": path(session),
            "when": sayings.moment(session, self._zone),
            "from_whom": FROM,
            "text": words,
            "whom": whom.value,
            "to": WHOM[whom],
            "count": audience.count,
            "reached": len(audience.reached),
            "unreached": _by_reason(audience.unreached),
            "is_quiet": self._is_quiet(self._clock.now()),
            "clock": sayings.clock(self._clock.now(), self._zone),
            "quiet": f"{self._quiet.start:%H:%M} to {self._quiet.end:%H:%M}",
            "mark": uuid4().hex,
        }
        return look.page("desk_message_preview.html", values, visitor=visitor_of(request))

    def _is_quiet(self, now: datetime) -> bool:
        return self._quiet.shift(now, self._zone) != now

    def _line(self, session: Session) -> Line:
        return Line(
            title=session.title,
            path=f"{path(session)}/message",
            when=sayings.moment(session, self._zone),
            taken=session.taken,
            waiting=session.waiting,
        )


def _by_reason(unreached: Sequence[tuple[Person, str]]) -> list[tuple[int, str, str]]:
    """How many, why, and who, the most frequent reason first."""
    names: dict[str, list[str]] = {}
    for person, why in unreached:
        names.setdefault(why, []).append(person.name or person.email or person.id)
    ranked = sorted(names.items(), key=lambda each: (-len(each[1]), each[0]))
    return [(len(who), sayings.unreachable(why), several(who, len(who))) for why, who in ranked]


def several(names: Sequence[str], count: int) -> str:
    """'Asha, Bo and 3 more'."""
    shown = list(names[:SEVERAL])
    left = count - len(shown)
    return sayings.listed([*shown, f"{left:,} more"] if left and shown else shown)


def _is_mark(mark: str) -> bool:
    return len(mark) == len(uuid4().hex) and mark.isalnum() and mark.isascii()
