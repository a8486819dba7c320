"""A calendar event as Exchange keeps it, and as it tells of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.support.graph_calls import GraphRefused
from tests.support.now import now

MOST_ATTENDEES = 500
READ_ONLY = frozenset(
    [
        "id",
        "iCalUId",
        "changeKey",
        "createdDateTime",
        "lastModifiedDateTime",
        "onlineMeeting",
        "onlineMeetingUrl",
        "organizer",
        "isOrganizer",
        "webLink",
        "isCancelled",
    ]
)

# The Windows names that Graph takes beside the IANA ones.
WINDOWS_ZONES = {
    "GMT Standard Time": "Europe/London",
    "Romance Standard Time": "Europe/Paris",
    "W. Europe Standard Time": "Europe/Berlin",
    "Eastern Standard Time": "America/New_York",
    "Pacific Standard Time": "America/Los_Angeles",
    "India Standard Time": "Asia/Kolkata",
}


@dataclass(slots=True, kw_only=True)
class Event:
    """One event; `data` is what was asked for, and state says whether it still stands."""

    mailbox: str
    organiser: dict[str, str]
    data: dict[str, Any]
    id: str = field(default_factory=lambda: f"AAkALg{uuid4().hex}==")
    state: Literal["live", "cancelled", "deleted"] = "live"
    join_url: str | None = None
    version: int = 1
    created: datetime = field(default_factory=now)
    moved: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Of a series: the start and end of each occurrence that is not where it was, by its place."""

    @property
    def subject(self) -> str:
        return self.data.get("subject") or ""

    @property
    def transaction_id(self) -> str:
        return self.data.get("transactionId") or ""

    @property
    def attendees(self) -> list[str]:
        """The addresses of those invited, as they were written."""
        return [_address(each) for each in self.data.get("attendees", [])]

    @property
    def starts(self) -> datetime:
        return moment(self.data["start"])

    @property
    def ends(self) -> datetime:
        return moment(self.data["end"])

    @property
    def etag(self) -> str:
        return f'W/"{self.id[-8:]}{self.version}"'

    def told(self, zone: str, *, with_meeting: bool = True) -> dict[str, Any]:
        """The event in an answer, its times in that zone."""
        meeting = self.join_url if with_meeting else None
        changed = f"{now().isoformat()[:23]}0000Z"
        return {
            "@odata.etag": self.etag,
            **self.data,
            "id": self.id,
            "iCalUId": f"040000008200E00074C5B7101A82E008{self.id[6:38]}",
            "changeKey": f"key{self.version}",
            "createdDateTime": f"{self.created.isoformat()[:23]}0000Z",
            "lastModifiedDateTime": changed,
            "type": "seriesMaster" if self.data.get("recurrence") else "singleInstance",
            "isCancelled": False,
            "isOrganizer": True,
            "organizer": {"emailAddress": self.organiser},
            "start": in_zone(self.starts, zone),
            "end": in_zone(self.ends, zone),
            "body": self._body(meeting),
            "attendees": [
                {"status": {"response": "none", "time": "0001-01-01T00:00:00Z"}, **each}
                for each in self.data.get("attendees", [])
            ],
            "onlineMeetingUrl": None,
            "onlineMeeting": {"joinUrl": meeting, "conferenceId": "1775"} if meeting else None,
        }

    def _body(self, meeting: str | None) -> dict[str, Any]:
        body = self.data.get("body") or {"contentType": "html", "content": ""}
        if not meeting or meeting in body["content"]:
            return body
        return {**body, "content": f'{body["content"]}<div><a href="{meeting}">Join</a></div>'}


def moment(at: dict[str, str]) -> datetime:
    """A Graph dateTimeTimeZone, in UTC."""
    try:
        zone = ZoneInfo(WINDOWS_ZONES.get(at["timeZone"], at["timeZone"]))
        local = datetime.fromisoformat(at["dateTime"])
    except (KeyError, TypeError, ValueError, ZoneInfoNotFoundError) as error:
        raise GraphRefused(400, "ErrorInvalidTimeZone", f"No moment in time: {at}") from error
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def in_zone(at: datetime, zone: str) -> dict[str, str]:
    try:
        local = at.astimezone(ZoneInfo(WINDOWS_ZONES.get(zone, zone)))
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise GraphRefused(400, "ErrorInvalidTimeZone", f"No such zone: {zone}") from error
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone}


def check(data: dict[str, Any], given: Iterable[str]) -> None:
    """Refuse an event that cannot be; `given` are the properties that the caller wrote."""
    if READ_ONLY & set(given):
        raise GraphRefused(400, "ErrorInvalidPropertySet", f"Read-only: {READ_ONLY & set(given)}")
    if not data.get("start") or not data.get("end"):
        raise GraphRefused(400, "ErrorPropertyValidationFailure", "An event starts and ends.")
    if recurrence := data.get("recurrence"):
        first, pattern = data["start"]["dateTime"], recurrence.get("pattern", {})
        starts = datetime.fromisoformat(first)
        days = pattern.get("daysOfWeek", [])
        if recurrence.get("range", {}).get("startDate") != first[:10]:
            raise GraphRefused(400, "ErrorPropertyValidationFailure", "Its range starts elsewhere.")
        if pattern.get("type") != "weekly" or days != [f"{starts:%A}".lower()]:
            raise GraphRefused(
                400, "ErrorPropertyValidationFailure", "Not a week's day of its own."
            )
        if pattern.get("interval", 0) < 1 or recurrence["range"].get("numberOfOccurrences", 0) < 1:
            raise GraphRefused(400, "ErrorPropertyValidationFailure", "It never comes again.")
    if moment(data["end"]) <= moment(data["start"]):
        raise GraphRefused(
            400, "ErrorCalendarEndDateIsEarlierThanStartDate", "It ends before it starts."
        )
    addresses = [_address(each).lower() for each in data.get("attendees", [])]
    if len(addresses) > MOST_ATTENDEES:
        raise GraphRefused(400, "ErrorRecipientLimitExceeded", f"{len(addresses)} attendees.")
    if any("@" not in address for address in addresses):
        raise GraphRefused(400, "ErrorInvalidRecipients", "An attendee has no address.")


def _address(attendee: dict[str, Any]) -> str:
    return (attendee.get("emailAddress") or {}).get("address") or ""
