"""Places as they change, over HTTP as a browser's EventSource speaks it."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from hub.live import PATH, Live
from tests.hub.programmes import TUESDAY, Shelf, StillClock, a_catalogue, a_session

Client = TestClient[web.Request, web.Application]
SOON = TUESDAY + timedelta(hours=1)
OFTEN = timedelta(milliseconds=5)
QUIET = timedelta(minutes=5)


@dataclass(slots=True)
class Event:
    """What came between two empty lines."""

    id: str = ""
    states: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    is_comment: bool = False


class Reader:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self) -> Event:
        """Raises EOFError when there is nothing more to come."""
        event = Event()
        async with asyncio.timeout(20):
            while line := await self._response.content.readline():
                name, _, value = line.decode().rstrip("\n").partition(":")
                match name:
                    case "id":
                        event.id = value.strip()
                    case "data":
                        event.states = json.loads(value)
                    case "" if value or line == b":\n":
                        event.is_comment = True
                    case "":
                        return event
                    case _:
                        pass
        raise EOFError

    async def last(self) -> None:
        """Read on until there is nothing more to come."""
        while True:
            await self.next()


@dataclass(slots=True, kw_only=True)
class Scene:
    client: Client
    live: Live
    shelf: Shelf
    clock: StillClock

    @asynccontextmanager
    async def reading(self, last: str = "") -> AsyncGenerator[Reader]:
        headers = {"Last-Event-ID": last} if last else {}
        async with self.client.get(PATH, headers=headers) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == "text/event-stream"
            assert response.headers["Cache-Control"] == "no-store"
            yield Reader(response)

    async def gone(self) -> None:
        """Until nobody is listened for any more."""
        async with asyncio.timeout(20):
            while self.live.listening:  # noqa: ASYNC110 -- a closed line calls nobody
                await asyncio.sleep(0.005)


@asynccontextmanager
async def a_scene(
    *, heartbeat: timedelta = QUIET, every: timedelta = OFTEN, sessions: int = 2, **more: Any
) -> AsyncGenerator[Scene]:
    shelf = Shelf([a_session(n, f"Session {n}", SOON) for n in range(1, sessions + 1)])
    clock = StillClock()
    live = Live(
        a_catalogue(shelf, clock),
        clock,
        zone=ZoneInfo("Europe/London"),
        every=every,
        heartbeat=heartbeat,
        **more,
    )
    application = web.Application()
    application.add_routes(live.routes())
    async with TestClient(TestServer(application)) as client:
        yield Scene(client=client, live=live, shelf=shelf, clock=clock)
        live.close()


async def test_first_everything_is_told_then_only_what_changed():
    async with a_scene() as scene, scene.reading() as reader:
        first = await reader.next()
        scene.shelf.count(
            a_session(1, "Session 1", SOON), a_session(2, "Session 2", SOON, taken=14)
        )
        second = await reader.next()
        scene.clock.instant = SOON
        third = await reader.next()

    assert first.states == {"1": ["open", "15 places left"], "2": ["open", "15 places left"]}
    assert second.states == {"2": ["open", "1 place left"]}
    assert third.states == {"1": ["on-now", "On now"], "2": ["on-now", "On now"]}


async def test_who_comes_between_two_looks_is_told_what_is_so_now_and_so_are_the_others():
    async with a_scene(every=QUIET) as scene, scene.reading() as always:
        await always.next()
        scene.shelf.count(
            a_session(1, "Session 1", SOON), a_session(2, "Session 2", SOON, taken=14)
        )
        async with scene.reading() as late:
            first = await late.next()
        told = await always.next()

    assert first.states == {"1": ["open", "15 places left"], "2": ["open", "1 place left"]}
    assert told.states == {"2": ["open", "1 place left"]}


async def test_who_comes_back_hears_what_they_missed_and_a_stranger_hears_everything():
    async with a_scene(sessions=3) as scene, scene.reading() as always:
        last = (await always.next()).id
        for taken in (1, 2):
            sessions = [a_session(n, f"Session {n}", SOON) for n in (1, 2)]
            scene.shelf.count(*sessions, a_session(3, "Session 3", SOON, taken=taken))
            newest = (await always.next()).id
        async with scene.reading(last) as back:
            missed = (await back.next()).states
        async with scene.reading(newest) as back:
            nothing = (await back.next()).states
        async with scene.reading("of-another-process-7") as other:
            everything = (await other.next()).states

    assert missed == {"3": ["open", "13 places left"]}
    assert nothing == {}
    assert everything.keys() == {"1", "2", "3"}


async def test_silence_is_broken_by_a_comment():
    async with a_scene(heartbeat=OFTEN) as scene, scene.reading() as reader:
        first, second = await reader.next(), await reader.next()

    assert (first.is_comment, second.is_comment) == (False, True)


async def test_there_is_an_end_to_how_many_may_listen():
    async with a_scene(most=1) as scene, scene.reading() as reader:
        await reader.next()
        async with scene.client.get(PATH) as refused:
            assert (refused.status, refused.headers["Retry-After"]) == (503, "30")


async def test_nothing_is_looked_at_when_nobody_listens():
    async with a_scene(heartbeat=OFTEN) as scene:
        async with scene.reading() as reader:
            await reader.next()
            assert "places" in {task.get_name() for task in asyncio.all_tasks()}
        await scene.gone()
        await asyncio.sleep(0)

        assert "places" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_a_reader_who_does_not_read_is_let_go_and_others_miss_nothing():
    """It hangs with its line open, so that what is sent to it fills every buffer on the way."""
    async with a_scene(sessions=4000, slowest=QUIET) as scene, scene.reading() as reader:
        await reader.next()
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect((scene.client.server.host, scene.client.server.port))
        stuck, writer = await asyncio.open_connection(sock=line, limit=1024)
        writer.write(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert await stuck.readline() == b"HTTP/1.1 200 OK\r\n"
        for number in range(1, 200):
            scene.shelf.count(
                *(a_session(n, f"Session {n}", SOON, taken=number % 15) for n in range(1, 4001))
            )
            event = await reader.next()
            assert len(event.states) == 4000
            if scene.live.listening == 1:
                break
        writer.close()

        assert scene.live.listening == 1


@pytest.mark.parametrize("waits", [False, True])
async def test_the_end_is_told_at_once_to_who_listens_and_to_who_comes(waits: bool):
    async with a_scene() as scene, scene.reading() as reader:
        await reader.next()
        if waits:
            scene.shelf.count(a_session(1, "Session 1", SOON, taken=3))
        scene.live.close()

        with pytest.raises(EOFError):
            await reader.last()
        async with scene.client.get(PATH) as refused:
            assert refused.status == 503


async def test_a_look_that_fails_is_not_the_last():
    async with a_scene() as scene, scene.reading() as reader:
        await reader.next()
        held, scene.shelf.sessions_held = scene.shelf.sessions_held, None  # type: ignore[assignment]
        while scene.live.is_well:  # noqa: ASYNC110 -- what fails in silence calls nobody
            await asyncio.sleep(0)
        scene.shelf.count(a_session(1, held[0].title, SOON, taken=5), held[1])
        event = await reader.next()

    assert event.states == {"1": ["open", "10 places left"]}
