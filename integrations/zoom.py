"""Sessions as meetings of one Zoom host, and those who have a place as their registrants."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import quote

import aiohttp
import structlog

from integrations.circuits import Circuit
from integrations.rest import Rest
from integrations.zoom_tokens import ZoomApp, ZoomTokens
from learning.names import first_and_last
from learning.people import Person
from learning.sessions import Session
from services.ports.clocks import Steady
from services.ports.systems import Missing, Rejected, Unavailable
from services.ports.zoom import MeetingVanished, NotToday, Participant, Registration

log = structlog.get_logger()

LIGHT, MEDIUM, HEAVY = "light", "medium", "heavy"
RATES = {LIGHT: 15.0, MEDIUM: 10.0, HEAVY: 5.0}
"""Requests a second by Zoom's labels: half of what a Pro account has for all its apps together."""

PAGE, MOST_PAGES = 300, 100
NO_SUCH_MEETING = 3001
LONGEST_TOPIC, LONGEST_AGENDA = 200, 2000
LATER = 3600.0
"""Seconds until something is tried again of which Zoom takes no more today."""

SCOPES = {
    "meeting:write:meeting:admin": "meeting:write:admin",
    "meeting:update:meeting:admin": "meeting:write:admin",
    "meeting:delete:meeting:admin": "meeting:write:admin",
    "meeting:read:list_meetings:admin": "meeting:read:admin",
    "meeting:write:registrant:admin": "meeting:write:admin",
    "meeting:update:registrant_status:admin": "meeting:write:admin",
    "meeting:read:list_registrants:admin": "meeting:read:admin",
    "report:read:list_meeting_participants:admin": "report:read:admin",
}
"""What we need, each with the scope of an older app that includes it."""


class ScopesMissing(Rejected):
    """The app may not do all that we ask of it."""

    def __init__(self, scopes: Sequence[str]) -> None:
        super().__init__(", ".join(scopes))
        self.scopes = tuple(scopes)


class Spacing:
    """Turns at so many a second: who comes too early waits."""

    def __init__(self, a_second: float, steady: Steady) -> None:
        self._gap = 1 / a_second
        self._steady = steady
        self._next = 0.0

    async def turn(self) -> None:
        now = self._steady()
        mine = max(self._next, now)
        self._next = mine + self._gap
        if mine > now:
            await asyncio.sleep(mine - now)


class Zoom:
    """Every call has the label that Zoom's limits know it by; calls of one label keep a distance."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        base_url: str,
        app: ZoomApp,
        circuit: Circuit,
        steady: Steady,
        *,
        host: str,
        rates: Mapping[str, float] = RATES,
    ) -> None:
        self._tokens = ZoomTokens(http, app, steady)
        self._rest = Rest(http, base_url, self._tokens, circuit, refusal=_refusal)
        self._meetings = f"/users/{quote(host, safe='')}/meetings"
        self._spacing = {label: Spacing(rate, steady) for label, rate in rates.items()}

    async def create(self, session: Session, mark: str) -> str:
        made = await self._ask(MEDIUM, "POST", self._meetings, body=new_meeting(session, mark))
        if not (meeting_id := _object(made).get("id")):
            raise Unavailable("Zoom: a meeting without an id")
        return str(meeting_id)

    async def find(self, mark: str) -> str:
        async for each in self._pages(MEDIUM, self._meetings, "meetings", type="upcoming"):
            if mark in str(each.get("agenda", "")):
                return str(each["id"])
        return ""

    async def change(self, meeting_id: str, session: Session, mark: str) -> None:
        body = changed_meeting(session, mark)
        await self._ask(MEDIUM, "PATCH", _meeting(meeting_id), body=body)

    async def remove(self, meeting_id: str) -> None:
        """Zoom tells by mail those whom it had written to."""
        try:
            reminding = {"cancel_meeting_reminder": "true"}
            await self._ask(LIGHT, "DELETE", _meeting(meeting_id), query=reminding)
        except Missing:
            log.info("meeting was gone already", meeting=meeting_id)

    async def register(self, meeting_id: str, person: Person) -> Registration:
        path = f"{_meeting(meeting_id)}/registrants"
        made = _object(await self._ask(LIGHT, "POST", path, body=registrant(person)))
        if not made.get("registrant_id"):
            raise Unavailable("Zoom: a registration without an id")
        return Registration(
            registrant_id=str(made["registrant_id"]),
            email=person.email,
            join_url=str(made.get("join_url") or ""),
        )

    async def registrations(self, meeting_id: str) -> Sequence[Registration]:
        path = f"{_meeting(meeting_id)}/registrants"
        return [
            Registration(
                registrant_id=str(each["id"]),
                email=str(each.get("email") or ""),
                join_url=str(each.get("join_url") or ""),
            )
            async for each in self._pages(MEDIUM, path, "registrants", status="approved")
        ]

    async def unregister(self, meeting_id: str, registration: Registration) -> None:
        given = {"id": registration.registrant_id, "email": registration.email}
        one = {name: value for name, value in given.items() if value}
        path = f"{_meeting(meeting_id)}/registrants/status"
        try:
            await self._ask(MEDIUM, "PUT", path, body={"action": "cancel", "registrants": [one]})
        except MeetingVanished:
            raise
        except Missing:
            log.info("registration was gone already", registrant=registration.registrant_id)

    async def participants(self, meeting_id: str) -> Sequence[Participant]:
        path = f"/report{_meeting(meeting_id)}/participants"
        pages = self._pages(HEAVY, path, "participants", include_fields="registrant_id")
        return [found async for each in pages for found in _participant(each)]

    async def check(self) -> None:
        """Raises SignInRefused, ScopesMissing, Missing for an unknown host, Rejected, Unavailable."""
        await self._tokens()
        granted = self._tokens.scopes
        if granted and (lacking := [s for s, older in SCOPES.items() if not {s, older} & granted]):
            raise ScopesMissing(lacking)
        await self._ask(MEDIUM, "GET", self._meetings, query={"type": "upcoming", "page_size": "1"})

    async def _ask(
        self,
        label: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        await self._spacing[label].turn()
        try:
            return await self._rest.ask(method, path, query=query, body=body)
        except _NoMoreToday as error:
            raise NotToday(str(error), retry_after=LATER) from error

    async def _pages(
        self, label: str, path: str, what: str, **query: str
    ) -> AsyncGenerator[dict[str, Any]]:
        query |= {"page_size": str(PAGE)}
        for _ in range(MOST_PAGES):
            page = _object(await self._ask(label, "GET", path, query=query))
            for each in page.get(what) or ():
                yield each
            if not page.get("next_page_token"):
                return
            query |= {"next_page_token": str(page["next_page_token"])}


def changed_meeting(session: Session, mark: str) -> dict[str, Any]:
    """The mark comes first: where Zoom lists meetings it cuts what comes after 250 characters."""
    starts, ends = session.starts_at, session.ends_at
    assert starts is not None, "a session on Zoom has times"
    assert ends is not None, "a session on Zoom has times"
    return {
        "topic": session.title[:LONGEST_TOPIC],
        "start_time": f"{starts.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "timezone": session.details.timezone,
        "duration": max(1, math.ceil((ends - starts) / timedelta(minutes=1))),
        "agenda": f"{mark}\n{session.details.summary}"[:LONGEST_AGENDA].rstrip(),
    }


def new_meeting(session: Session, mark: str) -> dict[str, Any]:
    """A scheduled meeting that people are registered for without anybody's approval."""
    settings = {
        "approval_type": 0,
        "registration_type": 1,
        "waiting_room": True,
        "join_before_host": False,
        "mute_upon_entry": True,
        "auto_recording": "none",
    }
    return {**changed_meeting(session, mark), "type": 2, "settings": settings}


def registrant(person: Person) -> dict[str, str]:
    first, last = first_and_last(person.name)
    named = {"first_name": first or person.email.partition("@")[0], "last_name": last}
    return {"email": person.email, **{key: name for key, name in named.items() if name}}


def _meeting(meeting_id: str) -> str:
    """The path of a meeting by its id or UUID; one with slashes where they hurt is encoded twice."""
    once = quote(meeting_id, safe="")
    hurts = meeting_id.startswith("/") or "//" in meeting_id
    return f"/meetings/{quote(once, safe='') if hurts else once}"


def _participant(row: Mapping[str, Any]) -> Iterator[Participant]:
    """One row of a report; none where it does not say from when to when."""
    try:
        joined, left = (datetime.fromisoformat(str(row[k])) for k in ("join_time", "leave_time"))
    except (KeyError, ValueError):
        return
    yield Participant(
        registrant_id=str(row.get("registrant_id") or ""),
        name=str(row.get("name") or ""),
        email=str(row.get("user_email") or ""),
        joined_at=joined,
        left_at=left,
    )


def _object(told: Any) -> dict[str, Any]:
    """What Zoom says, where it is an object."""
    return cast("dict[str, Any]", told) if isinstance(told, dict) else {}


class _NoMoreToday(Rejected):
    """An answer, as far as the circuit is concerned: other things can be asked all the same."""


def _refusal(status: int, said: bytes) -> Exception | None:
    """What Zoom has words of its own for.

    It says 429 of what is too fast and of what is too much for one day, and 404 of a meeting as
    well as of anybody in it.
    """
    try:
        told = _object(json.loads(said))
    except ValueError:
        return None
    if status == 429 and "daily" in str(told.get("message", "")).casefold():
        return _NoMoreToday("Zoom: 429 today's limit")
    if status == 404 and told.get("code") == NO_SUCH_MEETING:
        return MeetingVanished(f"Zoom: 404 {NO_SUCH_MEETING}")
    return None
