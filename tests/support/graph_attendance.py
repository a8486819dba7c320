"""Teams meetings behind calendar events, and the attendance reports that follow them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from tests.support.activities import Person
from tests.support.events import Event
from tests.support.graph_calendar import Calendar
from tests.support.graph_calls import Call, GraphRefused, Handler, Reply
from tests.support.graph_directory import Directory

NEWEST = 50
MEETINGS = "/users/{user-id}/onlineMeetings"
REPORTS = f"{MEETINGS}/{{onlineMeeting-id}}/attendanceReports"
REPORT = f"{REPORTS}/{{meetingAttendanceReport-id}}"

NO_POLICY = "No application access policy found for this app."
NO_PERMISSION = "Forbidden"
USER = "#microsoft.graph.communicationsUserIdentity"
GUEST = "#microsoft.graph.communicationsGuestIdentity"
OBJECT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One record of a report: somebody and the times at which they came and went.

    Without an `account` Teams knows no more than what they called themselves, or nothing at all.
    """

    spans: tuple[tuple[datetime, datetime], ...]
    account: str | None = None
    email: str | None = None
    name: str | None = None
    tenant: str | None = None
    kind: str = USER
    role: str = "Attendee"
    id: str = field(default_factory=lambda: str(uuid4()))

    def told(self) -> dict[str, Any]:
        is_anybody = self.account is not None or self.name is not None
        identity = {
            "@odata.type": self.kind,
            "id": self.account,
            "displayName": self.name,
            "tenantId": self.tenant,
        }
        if self.kind != USER:
            del identity["tenantId"]
        return {
            "id": self.id,
            "emailAddress": self.email,
            "totalAttendanceInSeconds": sum(map(_seconds, self.spans)),
            "role": self.role,
            "registrationId": None,
            "identity": identity if is_anybody else None,
            "attendanceIntervals": [
                {
                    "joinDateTime": _utc(span[0]),
                    "leaveDateTime": _utc(span[1]),
                    "durationInSeconds": _seconds(span),
                }
                for span in self.spans
            ],
        }


def present(person: Person, *spans: tuple[datetime, datetime], **more: Any) -> Presence:
    """Somebody of the tenant, as a report tells of them."""
    who = Presence(spans=spans, account=person.aad_id, email=person.email, name=person.name)
    return replace(who, **more)


def a_guest(name: str | None, *spans: tuple[datetime, datetime], **more: Any) -> Presence:
    """Somebody without an account here; with no name either, a telephone."""
    guest = Presence(spans=spans, name=name, account=None if name is None else "", kind=GUEST)
    return replace(guest, **more)


@dataclass(slots=True, kw_only=True)
class Report:
    """What Teams wrote when a meeting ended."""

    begins: datetime
    ends: datetime
    presences: Sequence[Presence]
    id: str = field(default_factory=lambda: str(uuid4()))

    def told(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "totalParticipantCount": len(self.presences),
            "meetingStartDateTime": _utc(self.begins),
            "meetingEndDateTime": _utc(self.ends),
        }


class Attendance:
    """Meetings are looked up by their join link, as their organiser, and by their organiser alone.

    `without` is what is missing: the access policy, or the permission.
    """

    def __init__(self, directory: Directory, calendar: Calendar) -> None:
        self.without: Literal["", "policy", "permission"] = ""
        self.page_size = NEWEST
        self.records_at_once = 100
        self.asked = 0
        self._directory = directory
        self._calendar = calendar
        self._reports: dict[str, list[Report]] = {}

    def handlers(self) -> dict[str, Handler]:
        return {
            f"GET {MEETINGS}": self._find,
            f"GET {REPORTS}": self._list,
            f"GET {REPORT}": self._report,
            f"GET {REPORT}/attendanceRecords": self._records,
        }

    def ended(self, event: Event, begins: datetime, ends: datetime, *presences: Presence) -> Report:
        """The meeting of an event was held, and has ended: Teams writes a report."""
        report = Report(begins=begins, ends=ends, presences=presences)
        self._reports.setdefault(_meeting_id(event), []).append(report)
        return report

    def _find(self, call: Call) -> Reply:
        organiser = self._organiser(call)
        text = call.query["$filter"]
        found = re.fullmatch(r"JoinWebUrl eq '((?:[^']|'')*)'", text)
        if found is None:
            raise GraphRefused(400, "BadRequest", f"The filter {text!r} cannot be read.")
        join_url = found[1].replace("''", "'")
        return Reply(
            body={
                "value": [
                    {"id": _meeting_id(event), "joinWebUrl": join_url, "subject": event.subject}
                    for event in self._calendar.events.values()
                    if event.mailbox == organiser and event.join_url == join_url
                ]
            }
        )

    def _list(self, call: Call) -> Reply:
        self.asked += 1
        reports = sorted(self._of(call), key=lambda r: r.begins, reverse=True)[:NEWEST]
        start = int(call.query.get("$skiptoken", 0))
        end = start + self.page_size
        body: dict[str, Any] = {"value": [report.told() for report in reports[start:end]]}
        if end < len(reports):
            body["@odata.nextLink"] = str(call.url.update_query({"$skiptoken": str(end)}))
        return Reply(body=body)

    def _report(self, call: Call) -> Reply:
        report = self._one(call)
        body = report.told()
        if call.query.get("$expand") != "attendanceRecords":
            return Reply(body=body)
        told = [presence.told() for presence in report.presences]
        body["attendanceRecords"] = told[: self.records_at_once]
        if len(told) > self.records_at_once:
            rest = (call.url / "attendanceRecords").with_query({"$skip": self.records_at_once})
            body["attendanceRecords@odata.nextLink"] = str(rest)
        return Reply(body=body)

    def _records(self, call: Call) -> Reply:
        start = int(call.query.get("$skip", 0))
        told = [presence.told() for presence in self._one(call).presences]
        body: dict[str, Any] = {"value": told[start : start + self.records_at_once]}
        if start + self.records_at_once < len(told):
            following = call.url.update_query({"$skip": str(start + self.records_at_once)})
            body["@odata.nextLink"] = str(following)
        return Reply(body=body)

    def _one(self, call: Call) -> Report:
        wanted = call.ids["meetingAttendanceReport-id"]
        for report in self._of(call):
            if report.id == wanted:
                return report
        raise GraphRefused(404, "NotFound", "No such report.")

    def _of(self, call: Call) -> list[Report]:
        organiser = self._organiser(call)
        wanted = call.ids["onlineMeeting-id"]
        for event in self._calendar.events.values():
            if event.mailbox == organiser and _meeting_id(event) == wanted:
                return self._reports.get(wanted, [])
        raise GraphRefused(404, "NotFound", "No such meeting.")

    def _organiser(self, call: Call) -> str:
        """Apps name the organiser by object id, and need the policy for that very user."""
        user = call.ids["user-id"]
        if not OBJECT_ID.fullmatch(user) or user not in self._directory.users:
            raise GraphRefused(400, "BadRequest", f"{user!r} is no object id of a user.")
        if self.without:
            words = NO_POLICY if self.without == "policy" else NO_PERMISSION
            raise GraphRefused(403, "Forbidden", words)
        return user


def _meeting_id(event: Event) -> str:
    return f"MSp{event.id[6:38]}"


def _seconds(span: tuple[datetime, datetime]) -> int:
    return round((span[1] - span[0]).total_seconds())


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.0000000Z"
