"""Stand-in for Microsoft Graph: the operations we use, each request held to the contract."""

import asyncio
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web
from yarl import URL

from tests.support.activities import Person, a_person
from tests.support.contracts import GraphContract
from tests.support.events import Event
from tests.support.graph_apps import Apps
from tests.support.graph_attendance import Attendance
from tests.support.graph_batch import run_batch
from tests.support.graph_calendar import Calendar, Change, Mail
from tests.support.graph_calls import (
    Call,
    GraphRefused,
    Handler,
    Logged,
    Reply,
    as_planned,
    graph_error,
    sent,
)
from tests.support.graph_chats import Chats
from tests.support.graph_directory import Directory
from tests.support.graph_lists import Lists
from tests.support.graph_registrations import Registrations
from tests.support.login import Login
from tests.support.server import Server, application
from tests.support.tokens import GRAPH
from tests.support.troubles import DROPPED, FOREVER, Trouble, Troubles

ORGANISER = a_person("Learning Team")
AT_ONCE = 4
MAILBOX_PARTS = ("events", "calendar", "calendarView", "mailboxSettings", "sendMail")


class Graph:
    """One tenant's Graph under `base_url`.

    What a caller does wrong is collected in `faults`, and leaving the
    `async with` with faults left over fails the test. With a `delay` every
    request takes that long, so that requests can overlap.
    """

    def __init__(self, login: Login, organiser: Person = ORGANISER) -> None:
        self.base_url = ""
        self.faults: list[str] = []
        self.log: list[Logged] = []
        self.delay = 0.0
        self.most_in_flight: Counter[str] = Counter()
        self.directory = Directory()
        self.calendar = Calendar(self.directory, self.faults)
        self.apps = Apps(self.directory)
        self.chats = Chats(self.directory)
        self.attendance = Attendance(self.directory, self.calendar)
        self.lists = Lists(login.app_id)
        self.registrations = Registrations()
        self.handlers: dict[str, Handler] = {
            **self.apps.handlers(),
            **self.attendance.handlers(),
            **self.calendar.handlers(),
            **self.chats.handlers(),
            **self.directory.handlers(),
            **self.lists.handlers(),
            **self.registrations.handlers(),
        }
        self._login = login
        self._contract = GraphContract()
        self._in_flight: Counter[str] = Counter()
        self._troubles = Troubles()
        self._server = Server(application(web.route("*", "/{path:.*}", self._serve)))
        self.directory.add_user(organiser)

    async def __aenter__(self) -> Self:
        self.base_url = f"{await self._server.start()}/v1.0"
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        await self._server.stop()
        assert kind or not self.faults, f"Graph was asked what it should not: {self.faults}"

    @property
    def mail(self) -> list[Mail]:
        """The invitations, updates and cancellations that went out."""
        return self.calendar.mail

    @property
    def changes(self) -> list[Change]:
        return self.calendar.changes

    @property
    def events(self) -> list[Event]:
        """The events that stand."""
        return [event for event in self.calendar.events.values() if event.state == "live"]

    def event_of(self, key: str) -> Event:
        """The one event that stands whose transaction id begins so, or of that subject."""
        found = [
            event
            for event in self.events
            if event.subject == key or event.transaction_id.startswith(key)
        ]
        there = [(event.transaction_id, event.subject) for event in self.events]
        assert len(found) == 1, f"{len(found)} events of {key!r} among {there}"
        return found[0]

    def fail_next(
        self,
        status: int | None,
        *,
        code: str | None = None,
        message: str = "",
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        path_contains: str = "",
        method: str | None = None,
        delay: float = 0.0,
        acted: bool = False,
    ) -> None:
        """Answer the next requests badly.

        A status of None is only late, DROPPED cuts the connection, and with
        `acted` the request is carried out although the caller is told otherwise.
        """
        self._troubles.plan(
            Trouble(
                status=status,
                body=graph_error(status, code, message) if status else "",
                headers=headers or {},
                delay=delay,
                acted=acted,
                left=times,
                method=method,
                where=path_contains,
            )
        )

    def deny(self, path_contains: str = "") -> None:
        """The permission or access policy for this is missing, until `heal`."""
        refusal = "Access is denied. Check credentials and try again."
        self.fail_next(403, message=refusal, times=FOREVER, path_contains=path_contains)

    def heal(self) -> None:
        """From now on nothing goes wrong."""
        self._troubles.clear()

    def set_busy(self, address: str, begin: datetime, end: datetime) -> None:
        """Something else stands in this person's calendar."""
        self.calendar.busy.setdefault(address.lower(), []).append((begin, end))

    async def _serve(self, request: web.Request) -> web.Response:
        if not self._login.allows(request.headers.get("Authorization"), GRAPH):
            error = graph_error(401, message="Access token is missing or invalid.")
            return web.json_response(error, status=401)
        try:
            body = await request.json() if request.can_read_body else None
        except ValueError:
            body = "not JSON"
        reply = await self._answer(request.method, request.url, request.headers, body)
        return sent(request, reply)

    async def _answer(self, method: str, url: URL, headers: Mapping[str, str], body: Any) -> Reply:
        """Answer one request, or one of a batch."""
        path = url.raw_path
        self.log.append(Logged(method, unquote(path.removeprefix("/v1.0")), body))
        faults = self._contract.request_faults(method, path, body, query=url.query)
        found = self._contract.operation(method, path)
        if faults or found is None:
            self.faults += faults
            return Reply(status=400, body=graph_error(400, message=str(faults)))
        operation, ids = found
        call = Call(operation=operation, ids=ids, url=url, headers=headers, body=body)
        if "/events" in operation and not call.wants_immutable_ids:
            self.faults.append(f'{operation}: without Prefer: IdType="ImmutableId"')
        reply = await self._carefully(call)
        if reply.status != DROPPED:
            self.faults += self._contract.answer_faults(method, path, reply.status, reply.body)
        return reply

    async def _carefully(self, call: Call) -> Reply:
        """Not too many at once in a mailbox, late if asked for, and as badly as planned."""
        with self._counted(call) as at_once, self.calendar.writing(call):
            if at_once > AT_ONCE:
                crowded = "Application is over its MailboxConcurrency limit."
                return Reply(status=429, body=graph_error(429, message=crowded))
            await asyncio.sleep(self.delay)
            return await self._troubles.meet(
                call.method,
                unquote(call.url.raw_path),
                act=lambda: self._act(call),
                fail=as_planned,
            )

    async def _act(self, call: Call) -> Reply:
        if call.operation == "POST /$batch":
            return await run_batch(call, self._answer)
        handler = self.handlers.get(call.operation)
        if handler is None:
            self.faults.append(f"{call.operation}: this stand-in does not play it")
            return Reply(status=501, body=graph_error(501, "notImplemented"))
        try:
            answer = handler(call)
            return answer if isinstance(answer, Reply) else await answer
        except GraphRefused as refused:
            return refused.reply

    @contextmanager
    def _counted(self, call: Call) -> Generator[int, None, None]:
        """How many requests are in this mailbox now, this one too; outside mailboxes none."""
        parts = call.operation.split("/")
        if len(parts) < 4 or parts[3] not in MAILBOX_PARTS:
            yield 0
            return
        user = self.directory.find(call.ids["user-id"])
        mailbox = user["id"] if user else call.ids["user-id"]
        self._in_flight[mailbox] += 1
        self.most_in_flight[mailbox] = max(self.most_in_flight[mailbox], self._in_flight[mailbox])
        try:
            yield self._in_flight[mailbox]
        finally:
            self._in_flight[mailbox] -= 1
