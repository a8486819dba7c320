"""Microsoft Graph: where people work, and when they are free or busy. Nothing else of either is read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from integrations.graph import PASSING, Guarded, options
from learning.people import PersonId
from learning.plans import Span
from learning.profiles import Profile
from services.ports.profiles import ReadProfiles
from services.ports.systems import Rejected, Unavailable

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

WANTED = "$select=id,department,officeLocation,preferredLanguage&$expand=manager($select=id)"

STEP = 15
"""Minutes to which free and busy are told where a calendar tells no more than that."""

LONGEST = timedelta(days=42)
"""Exchange tells of no more days than this at once."""

TAKEN = frozenset({"tentative", "busy", "oof"})
TAKEN_SIGNS = frozenset("123")
"""The same in an availabilityView: 0 is free, 4 works elsewhere."""

REFUSED = frozenset({401, 403})


class GraphProfiles:
    """Needs User.Read.All."""

    def __init__(self, graph: Guarded) -> None:
        self._graph = graph

    async def read(self, people: Sequence[PersonId], now: datetime) -> ReadProfiles:
        answer = await self._graph.call(lambda client: _post(client, "$batch", batch(people)))
        return profiles(people, answer, now)


class GraphDiary:
    """Needs Calendars.ReadBasic, or Calendars.ReadWrite, for the mailbox that asks.

    The organiser's asks, who sees of a colleague's calendar no more than any colleague does; where
    there is none, each person's own. Only what is taken leaves this file.
    """

    def __init__(self, graph: Guarded, organiser: str) -> None:
        self._graph = graph
        self._organiser = organiser
        self._one_at_a_time = asyncio.Semaphore(1)  # beside the three of GraphCalendar

    async def busy(self, address: str, start: datetime, end: datetime) -> list[Span]:
        mailbox = quote(self._organiser or address, safe="")
        asked = schedule(address, start, min(end, start + LONGEST))
        async with self._one_at_a_time:
            answer = await self._graph.call(
                lambda client: _post(client, f"users/{mailbox}/calendar/getSchedule", asked)
            )
        return spans(answer, start)


def batch(people: Sequence[PersonId]) -> dict[str, Any]:
    """One request for each of at most twenty people; their places in it are its ids."""
    return {
        "requests": [
            {"id": str(number), "method": "GET", "url": f"/users/{quote(id, safe='')}?{WANTED}"}
            for number, id in enumerate(people)
        ]
    }


def profiles(people: Sequence[PersonId], answer: Mapping[str, Any], now: datetime) -> ReadProfiles:
    """What a batch told. Raises Rejected where we may not ask at all."""
    told: list[Profile] = []
    wait, reason = 0.0, ""
    answers = {each["id"]: each for each in answer.get("responses", [])}
    for number, person_id in enumerate(people):
        each = answers.get(str(number), {"status": 503})
        status, body = int(each["status"]), each.get("body")
        if status in REFUSED:
            raise Rejected(f"Graph: {status} {_code(body)}".strip())
        if status in PASSING:
            wait = max(wait, _retry_after(each.get("headers") or {}))
            reason = f"Graph: {status} {_code(body)}".strip()
        else:
            told.append(_profile(person_id, body if status == 200 else {}, now))
    later = Unavailable(reason, retry_after=wait or None) if reason else None
    return ReadProfiles(profiles=tuple(told), unanswered=later)


def schedule(address: str, start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "schedules": [address],
        "startTime": _utc(start),
        "endTime": _utc(end),
        "availabilityViewInterval": STEP,
    }


def spans(answer: Mapping[str, Any], start: datetime) -> list[Span]:
    """When somebody is taken, and nothing of what by. Raises Rejected where it is not told."""
    found: list[dict[str, Any]] = answer.get("value") or [_UNTOLD]
    told = found[0]
    if error := told.get("error"):
        raise Rejected(f"Graph: {error.get('responseCode') or 'no free or busy'}")
    items: list[Mapping[str, Any]] = told.get("scheduleItems") or []
    taken = [
        Span(start=_moment(item["start"]), end=_moment(item["end"]))
        for item in items
        if item.get("status") in TAKEN
    ]
    if items:
        return taken
    step = timedelta(minutes=STEP)
    view = str(told.get("availabilityView") or "")
    return [
        Span(start=start + number * step, end=start + (number + 1) * step)
        for number, sign in enumerate(view)
        if sign in TAKEN_SIGNS
    ]


_UNTOLD: dict[str, Any] = {"error": {"responseCode": "nothing told"}}


async def _post(client: GraphServiceClient, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A request as plain JSON: the SDK's batches log what is refused, and hide how long to wait."""
    from kiota_abstractions.method import Method
    from kiota_abstractions.request_information import RequestInformation
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError

    adapter: Any = client.request_adapter
    request = RequestInformation(Method.POST)
    request.url = f"{adapter.base_url}/{path}"
    request.configure(options(calendar=False))
    request.headers.try_add("Accept", "application/json")
    request.headers.try_add("Prefer", 'outlook.timezone="UTC"')
    request.set_stream_content(json.dumps(body).encode(), "application/json")
    answer = await adapter.send_primitive_async(request, "bytes", {"XXX": ODataError})
    try:
        return json.loads(answer or b"{}")
    except ValueError as error:
        raise Unavailable("Graph: no JSON in the answer") from error


def _profile(person_id: PersonId, user: Mapping[str, Any], now: datetime) -> Profile:
    manager: Mapping[str, str] = user.get("manager") or {}
    return Profile(
        person_id=person_id,
        department=user.get("department") or "",
        office=user.get("officeLocation") or "",
        manager_id=manager.get("id", "").casefold(),
        language=user.get("preferredLanguage") or "",
        read_at=now,
    )


def _code(body: Any) -> str:
    match body:
        case {"error": {"code": str() as code}}:
            return code
        case _:
            return ""


def _retry_after(headers: Mapping[str, str]) -> float:
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    return float(value) if value.replace(".", "", 1).isdigit() else 0.0


def _utc(instant: datetime) -> dict[str, str]:
    return {
        "dateTime": instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "timeZone": "UTC",
    }


def _moment(told: Mapping[str, str]) -> datetime:
    """Graph writes seven digits of a second, and zones by their names in Windows or elsewhere."""
    named = told.get("timeZone") or "UTC"
    try:
        zone = ZoneInfo(WINDOWS_TO_OLSON.get(named, named))
        local = datetime.fromisoformat(told["dateTime"].rstrip("Z")[:19])
    except (KeyError, ValueError, OSError) as error:
        raise Rejected("Graph: no moment in time") from error
    return local.replace(tzinfo=zone).astimezone(UTC)
