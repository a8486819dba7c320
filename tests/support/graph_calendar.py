"""Mailboxes' calendars: what Graph does with events, and the mail that follows from it."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from tests.support.events import Event, check, in_zone, moment
from tests.support.graph_calls import Call, GraphRefused, Handler, Reply
from tests.support.graph_directory import Directory
from tests.support.graph_series import move, occurrences, spans

ONE = "/users/{user-id}/events/{event-id}"
MOST_SCHEDULES = 20
LONGEST_VIEW = timedelta(days=62)

# What is in people's calendars is nobody's business: it must not turn up anywhere.
SECRET_SUBJECT = "Something private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message that Exchange sent to an attendee because of a change."""

    kind: Literal["invitation", "update", "cancellation"]
    to: str
    event_id: str
    subject: str
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One PATCH: whether it touched nothing but who is invited, and who came and went."""

    event_id: str
    attendees_only: bool
    added: frozenset[str]
    removed: frozenset[str]
    given: Mapping[str, Any]


class Calendar:
    """Everybody's events.

    A transaction id stays used even after its event is gone. What cannot be seen
    from an answer but would hurt somebody is told in `faults`.
    """

    def __init__(self, directory: Directory, faults: list[str]) -> None:
        self.events: dict[str, Event] = {}
        self.mail: list[Mail] = []
        self.changes: list[Change] = []
        self.duplicate_status = 409
        self.meeting_at_once = True
        self.busy: dict[str, list[tuple[datetime, datetime]]] = {}
        self.free: dict[str, list[tuple[datetime, datetime]]] = {}
        self.tells_items = True
        self._directory = directory
        self._faults = faults
        self._writing: set[str] = set()

    def handlers(self) -> dict[str, Handler]:
        return {
            "POST /users/{user-id}/events": self._create,
            f"GET {ONE}": self._get,
            f"PATCH {ONE}": self._patch,
            f"DELETE {ONE}": self._delete,
            f"POST {ONE}/cancel": self._cancel,
            f"GET {ONE}/instances": self._instances,
            "POST /users/{user-id}/calendar/getSchedule": self._schedule,
        }

    @contextmanager
    def writing(self, call: Call) -> Generator[None, None, None]:
        """Two writes to one event at the same time lose one of them."""
        id = call.ids.get("event-id", "") if not call.operation.startswith("GET") else ""
        if id and id in self._writing:
            self._faults.append(f"two writes at once on {id}")
        self._writing.add(id)
        try:
            yield
        finally:
            self._writing.discard(id)

    def _create(self, call: Call) -> Reply:
        user = self._directory.mailbox(call.ids["user-id"])
        data = _without_annotations(call.body)
        check(data, data)
        self._check_twice(data)
        used = data.get("transactionId")
        for event in self.events.values():
            if used and (event.mailbox, event.transaction_id) == (user["id"], used):
                raise GraphRefused(
                    self.duplicate_status,
                    "ErrorDuplicateTransactionId",
                    "Your request can't be completed. The TransactionId specified in the request "
                    "has already been used to create a different event.",
                    **{"@event.existingEventId": event.id},
                )
        organiser = {"name": user["displayName"], "address": user["mail"]}
        event = Event(mailbox=user["id"], organiser=organiser, data=data)
        if data.get("isOnlineMeeting"):
            event.join_url = f"https://teams.microsoft.com/l/meetup-join/19%3a{event.id[6:38]}/0"
        self.events[event.id] = event
        self._send("invitation", event, event.attendees)
        body = event.told(call.timezone, with_meeting=self.meeting_at_once)
        return Reply(status=201, body=body)

    def _get(self, call: Call) -> Reply:
        told = self._event(call).told(call.timezone)
        kept = {"id", "@odata.etag", *call.select} if call.select else set(told)
        return Reply(body={name: value for name, value in told.items() if name in kept})

    def _patch(self, call: Call) -> Reply:
        event = self._event(call)
        given = _without_annotations(call.body)
        if place := _place(call):
            self._send("update", event, event.attendees)
            return Reply(body=move(event, int(place), given, call.timezone))
        if "transactionId" in given:
            raise GraphRefused(400, "ErrorInvalidPropertySet", "transactionId cannot change.")
        if call.headers.get("If-Match", "*") not in ("*", event.etag):
            raise GraphRefused(412, "ErrorIrresolvableConflict", "The event has changed.")
        data = event.data | given
        check(data, given)
        self._check_twice(data)
        if event.join_url and event.join_url not in _content(given, event.join_url):
            self._faults.append(f"the body of {event.subject!r} lost its meeting")
            event.join_url = None
        before, event.data = event.attendees, data
        event.version += 1
        self._tell(event, before, given)
        return Reply(body=event.told(call.timezone))

    def _tell(self, event: Event, before: list[str], given: dict[str, Any]) -> None:
        """Who hears of a PATCH: all, unless only the list of people changed."""
        was, is_now = ({each.lower() for each in group} for group in (before, event.attendees))
        change = Change(
            event_id=event.id,
            attendees_only=set(given) == {"attendees"},
            added=frozenset(is_now - was),
            removed=frozenset(was - is_now),
            given=given,
        )
        self.changes.append(change)
        self._send("invitation", event, sorted(change.added))
        self._send("cancellation", event, sorted(change.removed))
        if not change.attendees_only:
            self._send("update", event, sorted(was & is_now))

    def _instances(self, call: Call) -> Reply:
        event = self._event(call)
        if not event.data.get("recurrence"):
            raise GraphRefused(400, "ErrorInvalidRequest", "Only a series has occurrences.")
        asked = call.url.query
        begin, end = (datetime.fromisoformat(asked[n]) for n in ("startDateTime", "endDateTime"))
        most = int(asked.get("$top", "10"))
        there = [
            e
            for e, (s, to) in zip(occurrences(event, call.timezone), spans(event), strict=True)
            if s < end and begin < to
        ]
        return Reply(body={"value": there[:most]})

    def _cancel(self, call: Call) -> Reply:
        event = self._event(call)
        comment = call.body.get("comment") or call.body.get("Comment") or ""
        event.state = "cancelled"
        self._send("cancellation", event, event.attendees, comment)
        return Reply(status=202)

    def _delete(self, call: Call) -> Reply:
        event = self._event(call)
        event.state = "deleted"
        self._send("cancellation", event, event.attendees)
        return Reply(status=204)

    def _schedule(self, call: Call) -> Reply:
        self._directory.mailbox(call.ids["user-id"])
        asked = {name[0].lower() + name[1:]: value for name, value in call.body.items()}
        begin, end = moment(asked.get("startTime", {})), moment(asked.get("endTime", {}))
        minutes = asked.get("availabilityViewInterval") or 30
        if not 5 <= minutes <= 1440:
            raise GraphRefused(400, "ErrorInvalidMergedFreeBusyInterval", f"{minutes} minutes.")
        if not timedelta() < end - begin <= LONGEST_VIEW:
            raise GraphRefused(400, "ErrorInvalidTimeInterval", "Not within the allowed range.")
        if len(asked.get("schedules", [])) > MOST_SCHEDULES:
            raise GraphRefused(400, "ErrorTooManySchedules", f"At most {MOST_SCHEDULES} at once.")
        step = timedelta(minutes=minutes)
        return Reply(
            body={
                "value": [
                    self._free_busy(address, begin, end, step, call.timezone)
                    for address in asked.get("schedules", [])
                ]
            }
        )

    def _free_busy(
        self, address: str, begin: datetime, end: datetime, step: timedelta, zone: str
    ) -> dict[str, Any]:
        if self._directory.find(address) is None:
            message = "Unable to resolve e-mail address to an Active Directory object."
            error = {"message": message, "responseCode": "ErrorMailRecipientNotFound"}
            return {"scheduleId": address, "availabilityView": "", "error": error}
        taken = [*self.busy.get(address.lower(), [])]
        for event in self.events.values():
            people = [event.organiser["address"], *event.attendees]
            if event.state == "live" and address.lower() in map(str.lower, people):
                taken += spans(event)
        view = ""
        at = begin
        while at < end:
            view += "2" if any(s < at + step and at < e for s, e in taken) else "0"
            at += step
        about = {"subject": SECRET_SUBJECT, "location": "A clinic", "isPrivate": False}
        free = [(s, e, "free") for s, e in self.free.get(address.lower(), [])]
        items = [
            {"status": how, "start": in_zone(s, zone), "end": in_zone(e, zone), **about}
            for s, e, how in sorted([*((s, e, "busy") for s, e in taken), *free])
            if s < end and begin < e
        ]
        told = {"scheduleId": address, "availabilityView": view}
        return told | ({"scheduleItems": items} if self.tells_items else {})

    def _event(self, call: Call) -> Event:
        mailbox = self._directory.mailbox(call.ids["user-id"])["id"]
        event = self.events.get(call.ids["event-id"].partition(".")[0])
        if event is None or event.mailbox != mailbox or event.state != "live":
            raise GraphRefused(
                404, "ErrorItemNotFound", "The specified object was not found in the store."
            )
        return event

    def _check_twice(self, data: dict[str, Any]) -> None:
        names = [(each.get("emailAddress") or {}) for each in data.get("attendees", [])]
        addresses = [(each.get("address") or "").lower() for each in names]
        twice = {each for each in addresses if addresses.count(each) > 1}
        self._faults += [f"{data.get('subject')!r} invites {each} twice" for each in twice]

    def _send(self, kind: Any, event: Event, to: list[str], comment: str = "") -> None:
        about = {"event_id": event.id, "subject": event.subject, "comment": comment}
        self.mail += [Mail(kind=kind, to=address, **about) for address in to]


def _place(call: Call) -> str:
    """Which occurrence of a series is meant; '' for an event as a whole."""
    return call.ids["event-id"].partition(".")[2]


def _without_annotations(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if not name.startswith("@")}


def _content(given: dict[str, Any], unchanged: str) -> str:
    return (given["body"] or {}).get("content") or "" if "body" in given else unchanged
