"""The page for trying things out on one machine: start jobs, move the clock, see what was sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from hub import ledger, listing, look
from hub.ledger import LedgerRow, Names
from hub.moved_clock import MovedClock
from hub.own_machine import guarded
from learning.errors import LearningError
from learning.people import Channel, Person, PersonId
from learning.sessions import Session, SessionId
from services.ports.storage import LedgerEntry
from services.ports.systems import Rejected, Unavailable

MOST_SHOWN = 50
LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to start by hand; `run` returns what happened, in words."""

    name: str
    title: str
    explain: str
    run: Callable[[], Awaitable[str]]


class Asked(Protocol):
    """One thing that an outside system would have been asked."""

    @property
    def at(self) -> datetime: ...
    @property
    def system(self) -> str: ...
    @property
    def what(self) -> str: ...


FindPerson = Callable[[PersonId], Awaitable[Person | None]]
FindChannel = Callable[[str], Awaitable[Channel | None]]
FindSessions = Callable[[Iterable[SessionId]], Awaitable[Sequence[Session]]]


def laptop_routes(
    *,
    buttons: Sequence[Button],
    ledger: Callable[[], Awaitable[Sequence[LedgerEntry]]],
    asks: Callable[[], Sequence[Asked]],
    now: Callable[[], datetime],
    set_clock: Callable[[datetime], None],
    zone: ZoneInfo,
    chat_url: Callable[[], str],
    find_person: FindPerson | None = None,
    find_channel: FindChannel | None = None,
    find_sessions: FindSessions | None = None,
) -> list[web.RouteDef]:
    """What is sent shows people, channels and sessions by name where it is given how to find them."""
    page = LaptopPage(
        buttons=buttons,
        entries=ledger,
        asks=asks,
        clock=MovedClock(now, set_clock, zone),
        zone=zone,
        chat_url=chat_url,
        find_person=find_person,
        find_channel=find_channel,
        find_sessions=find_sessions,
    )
    return [
        web.get("/laptop", guarded(page.show)),
        web.post("/laptop/jobs/{name}", guarded(page.run_job)),
        web.post("/laptop/clock", guarded(page.move_clock)),
        web.get("/laptop/meetings/{id}", guarded(meeting)),
        web.get("/laptop/zoom/{id}", guarded(zoom_meeting)),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaptopPage:
    buttons: Sequence[Button]
    entries: Callable[[], Awaitable[Sequence[LedgerEntry]]]
    asks: Callable[[], Sequence[Asked]]
    clock: MovedClock
    zone: ZoneInfo
    chat_url: Callable[[], str]
    find_person: FindPerson | None
    find_channel: FindChannel | None
    find_sessions: FindSessions | None

    async def show(self, request: web.Request) -> web.Response:
        values: dict[str, Any] = {
            "said": request.query.get("said", "")[:LONGEST_MESSAGE],
            "chat": listing.safe_link(self.chat_url()),
            "buttons": self.buttons,
            "clock": self.clock.face(),
            "ledger": await self._ledger(),
            "asks": [self._ask(asked) for asked in list(self.asks())[:MOST_SHOWN]],
        }
        return look.page("laptop.html", values, framed_by=look.NOWHERE)

    async def run_job(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        button = next((b for b in self.buttons if b.name == name), None)
        if button is None:
            return notice("There is no such job", "", HTTPStatus.NOT_FOUND)
        try:
            return back(await button.run())
        except (LearningError, Unavailable, Rejected) as error:
            return back(str(error))

    async def move_clock(self, request: web.Request) -> web.Response:
        form = await request.post()
        step = form.get("move")
        if isinstance(step, str):
            return back(self.clock.step(step))
        return back(self.clock.set(str(form.get("to", ""))))

    async def _ledger(self) -> list[LedgerRow]:
        """The newest first."""
        entries = sorted(await self.entries(), key=lambda e: e.id, reverse=True)[:MOST_SHOWN]
        names = await self._names(entries)
        return [ledger.row(entry, names, self.zone) for entry in entries]

    async def _names(self, entries: Sequence[LedgerEntry]) -> Names:
        people: dict[PersonId, str] = {}
        channels: dict[str, str] = {}
        titles: dict[SessionId, str] = {}
        if self.find_person is not None:
            for id in {e.notice.person_id for e in entries if e.notice.person_id}:
                if person := await self.find_person(id):
                    people[id] = person.name
        if self.find_channel is not None:
            for channel_id in {e.notice.channel_id for e in entries if e.notice.channel_id}:
                if channel := await self.find_channel(channel_id):
                    channels[channel_id] = ledger.channel_name(channel)
        if self.find_sessions is not None:
            ids = {e.notice.session_id for e in entries if e.notice.session_id is not None}
            titles = {s.id: s.title for s in await self.find_sessions(ids)}
        return Names(people=people, channels=channels, sessions=titles)

    def _ask(self, asked: Asked) -> dict[str, str]:
        return {
            "at": ledger.moment(asked.at, self.zone),
            "iso": asked.at.isoformat(timespec="seconds"),
            "system": asked.system,
            "what": asked.what,
        }


async def meeting(_: web.Request) -> web.Response:
    words = "On this machine there is no Teams, so there is no meeting to join."
    return notice("Teams would open this session’s meeting here", words, HTTPStatus.OK)


async def zoom_meeting(_: web.Request) -> web.Response:
    words = "On this machine there is no Zoom, so there is no meeting to join."
    return notice("Zoom would open this session’s meeting here", words, HTTPStatus.OK)


def notice(title: str, words: str, status: HTTPStatus) -> web.Response:
    values = {"title": title, "words": words}
    return look.page("laptop_notice.html", values, status=status, framed_by=look.NOWHERE)


def back(said: str) -> web.Response:
    """To the page, which shows what happened; reloading it does nothing again."""
    location = f"/laptop?said={quote(said[:LONGEST_MESSAGE], safe='')}"
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": location})
