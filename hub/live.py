"""Places left, told as they change to every page that is open (server-sent events)."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from hub import listing, look
from hub.listing import Standing
from hub.together import Together
from learning.sessions import by_time
from services.catalogue import Catalogue
from services.ports.clocks import Clock

log = structlog.get_logger()

PATH = "/hub/places"

EVERY = timedelta(seconds=2)
"""Between two looks at the counts; one look serves everybody who listens to this process."""

HEARTBEAT = timedelta(seconds=15)
"""Silence for longer looks like a broken line to what stands between us and the browser."""

SLOWEST = timedelta(seconds=10)
"""For what is sent to leave; whoever takes longer has gone, or cannot follow, and is let go."""

MOST = 1000
"""Who may listen to one process at a time."""

BEHIND = 8
"""Changes that wait for a slow reader, who is let go with more: its browser comes back and asks anew."""

RETRY = 3000
"""Milliseconds after which a browser comes back."""

State = tuple[Standing, str]
"""What a session's label is: its standing, and the words."""


@dataclass(slots=True, eq=False)
class Listener:
    """One who hears of changes; `changes` ends with None when nothing more will come."""

    line: asyncio.Transport
    changes: asyncio.Queue[bytes | None] = field(
        default_factory=lambda: asyncio.Queue[bytes | None](BEHIND)
    )
    is_gone: bool = False

    def forget(self) -> None:
        while not self.changes.empty():
            self.changes.get_nowait()

    def end(self) -> None:
        """Have its reader stop, whatever still waits for it."""
        self.is_gone = True
        self.forget()
        self.changes.put_nowait(None)

    def drop(self) -> None:
        """Hang up, whatever is on its way: nobody waits for it to arrive."""
        self.end()
        self.line.abort()


class Live:
    """The label of every session that is on the page, and who wants to hear when one changes.

    Only while somebody listens are the counts looked at. An event's id says of which process it is and
    how many changes that had seen, so that who comes back to it hears what they missed.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        clock: Clock,
        *,
        zone: ZoneInfo,
        most: int = MOST,
        every: timedelta = EVERY,
        heartbeat: timedelta = HEARTBEAT,
        slowest: timedelta = SLOWEST,
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._zone = zone
        self._most = most
        self._every = every.total_seconds()
        self._heartbeat = heartbeat.total_seconds()
        self._slowest = slowest.total_seconds()
        self._run = secrets.token_hex(4)
        self._number = 0
        self._states: dict[int, State] = {}
        self._changed: dict[int, int] = {}
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self._looks = Together(self._look)
        self._is_over = False
        self.is_well = True
        """Whether the last look at the counts went well."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.listen, allow_head=False)]

    @property
    def listening(self) -> int:
        return len(self._listeners)

    def close(self) -> None:
        """Nothing more will come: everybody is let go, and comes back to another process."""
        self._is_over = True
        for listener in self._listeners:
            listener.end()
        if self._looking is not None:
            self._looking.cancel()

    async def listen(self, request: web.Request) -> web.StreamResponse:
        if self._is_over or len(self._listeners) >= self._most:
            return web.Response(
                status=HTTPStatus.SERVICE_UNAVAILABLE,
                headers={"Retry-After": "30", "Cache-Control": "no-store", **look.PLAIN_HEADERS},
            )
        assert request.transport is not None, "a request came by some line"
        async with self._listener(request.transport) as listener:
            await self._look_at_once()
            response = web.StreamResponse(
                headers={
                    "Content-Type": "text/event-stream",
                    "Cache-Control": "no-store",
                    # Proxies that gather what they pass on would hold it back.
                    "X-Accel-Buffering": "no",
                    **look.PLAIN_HEADERS,
                }
            )
            await response.prepare(request)
            if not listener.is_gone:
                listener.forget()  # what has come meanwhile is in what they are told first
                missed = self._missed(request.headers.get("Last-Event-ID", ""))
                first = b"retry: %d\n" % RETRY + self._event(missed)
                await self._tell(listener, response, first)
        return response

    async def _tell(
        self, listener: Listener, response: web.StreamResponse, change: bytes | None
    ) -> None:
        """What is there now, then each change, until either side has had enough."""
        try:
            while change is not None:
                async with asyncio.timeout(self._slowest):
                    await response.write(change)
                change = await self._next(listener)
        except (TimeoutError, ConnectionError):
            listener.drop()

    async def _next(self, listener: Listener) -> bytes | None:
        try:
            async with asyncio.timeout(self._heartbeat):
                return await listener.changes.get()
        except TimeoutError:
            return b":\n\n"

    @asynccontextmanager
    async def _listener(self, line: asyncio.Transport) -> AsyncGenerator[Listener]:
        listener = Listener(line)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def _look_at_once(self) -> None:
        """So that who comes is told nothing that is older than the page on which it will stand."""
        if self._is_over:
            return
        await self._looks.ask()
        if self._looking is None and self._listeners and not self._is_over:
            self._looking = asyncio.create_task(self._keep_looking(), name="places")

    async def _keep_looking(self) -> None:
        self.is_well = True
        while True:
            await asyncio.sleep(self._every)
            try:
                await self._looks.ask()
                self.is_well = True
            except Exception:  # whatever it is, the next look may go well
                if self.is_well:
                    log.exception("places were not looked at")
                self.is_well = False

    async def _look(self) -> None:
        """Look at the counts; tell everybody what is otherwise than before."""
        now = self._clock.now()
        programme = await self._catalogue.programme()
        current = [s for s in by_time(programme.sessions) if listing.is_current(s, now, self._zone)]
        fresh = await self._catalogue.counted(current)
        states = {int(s.id): listing.state(s, now) for s in fresh}
        changed = {i: state for i, state in states.items() if self._states.get(i) != state}
        if not changed:
            return
        self._number += 1
        self._states = states
        self._changed = {i: self._changed.get(i, 0) for i in states}
        self._changed |= dict.fromkeys(changed, self._number)
        event = self._event(changed)
        for listener in self._listeners:
            self._pass_on(listener, event)

    def _pass_on(self, listener: Listener, event: bytes) -> None:
        try:
            listener.changes.put_nowait(event)
        except asyncio.QueueFull:
            log.info("a reader was too slow")
            listener.drop()

    def _missed(self, last: str) -> Mapping[int, State]:
        """What has changed since the event with this id; everything where that was not ours."""
        run, _, number = last.partition("-")
        if run != self._run or not number.isascii() or not number.isdigit():
            return self._states
        return {i: s for i, s in self._states.items() if self._changed[i] > int(number)}

    def _event(self, states: Mapping[int, State]) -> bytes:
        data = json.dumps(states, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self._run}-{self._number}\ndata: {data}\n\n".encode()
