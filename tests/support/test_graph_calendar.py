"""That events are kept, changed and ended as Exchange does it, with the mail that follows."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.activities import a_person
from tests.support.graph import ORGANISER
from tests.support.graph_client import (
    ASHA,
    BO,
    EVENTS,
    IMMUTABLE,
    Client,
    a_client,
    an_event,
    code,
    invited,
)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with a_client() as client:
        yield client


async def test_an_event_is_made_and_invites(client: Client):
    prefer = f'{IMMUTABLE}, outlook.timezone="Europe/Berlin"'
    status, event, _ = await client.call("POST", EVENTS, an_event(), Prefer=prefer)

    assert status == 201
    assert event["start"] == {
        "dateTime": "2026-05-18T11:00:00.0000000",
        "timeZone": "Europe/Berlin",
    }
    assert event["onlineMeeting"]["joinUrl"] in event["body"]["content"]
    assert event["organizer"]["emailAddress"]["address"] == ORGANISER.email
    assert client.graph.event_of("lw-GM1").attendees == [ASHA.email]
    assert [(mail.kind, mail.to) for mail in client.graph.mail] == [("invitation", ASHA.email)]
    assert client.graph.log == [("POST", f"/users/{ORGANISER.email}/events", an_event())]


@pytest.mark.parametrize("status", [400, 409])
async def test_a_second_event_of_one_transaction_is_refused_with_the_first(
    client: Client, status: int
):
    client.graph.calendar.duplicate_status = status
    await client.made()

    answer = await client.call("POST", EVENTS, an_event())

    assert code(answer) == (status, "ErrorDuplicateTransactionId")
    first = client.graph.event_of("Resilience")
    assert answer[1]["error"]["@event.existingEventId"] == first.id


async def test_the_meeting_may_be_missing_from_the_first_answer(client: Client):
    client.graph.calendar.meeting_at_once = False

    _, made, _ = await client.call("POST", EVENTS, an_event())
    _, got, _ = await client.call("GET", f"{EVENTS}/{quote(made['id'])}")

    assert made["onlineMeeting"] is None
    assert got["onlineMeeting"]["joinUrl"].startswith("https://teams.microsoft.com/")


async def test_attendees_are_replaced_whole_and_only_those_who_change_are_told(client: Client):
    cy = a_person("Cy")
    event = await client.made(attendees=invited(ASHA, cy))
    client.graph.mail.clear()

    status, told, _ = await client.call("PATCH", event, {"attendees": invited(cy, BO)})

    [change] = client.graph.changes
    assert status == 200
    assert [each["emailAddress"]["address"] for each in told["attendees"]] == [cy.email, BO.email]
    assert change.attendees_only
    assert [(mail.kind, mail.to) for mail in client.graph.mail] == [
        ("invitation", BO.email),
        ("cancellation", ASHA.email),
    ]


async def test_a_new_time_is_told_to_everybody_who_stays(client: Client):
    event = await client.made(attendees=invited(ASHA, BO))
    client.graph.mail.clear()
    later = {"dateTime": "2026-05-18T10:30:00", "timeZone": "Europe/London"}

    await client.call("PATCH", event, {"start": later, "attendees": invited(BO)})

    assert not client.graph.changes[0].attendees_only
    assert [(mail.kind, mail.to) for mail in client.graph.mail] == [
        ("cancellation", ASHA.email),
        ("update", BO.email),
    ]


@pytest.mark.parametrize(
    ("method", "ending", "status", "comment"),
    [("POST", "/cancel", 202, "Sorry"), ("DELETE", "", 204, "")],
)
async def test_an_event_that_is_gone_is_not_found(
    client: Client, method: str, ending: str, status: int, comment: str
):
    event = await client.made()
    body = {"comment": comment} if comment else None

    gone = await client.call(method, event + ending, body)
    after = await client.call("GET", event)
    again = await client.call(method, event + ending, body)

    assert gone[:2] == (status, None)
    assert code(after) == code(again) == (404, "ErrorItemNotFound")
    assert client.graph.events == []
    mail = client.graph.mail[-1]
    assert (mail.kind, mail.to, mail.comment) == ("cancellation", ASHA.email, comment)


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"end": None}, "ErrorPropertyValidationFailure"),
        (
            {"end": {"dateTime": "2026-05-18T09:00:00", "timeZone": "Europe/London"}},
            "ErrorCalendarEndDateIsEarlierThanStartDate",
        ),
        (
            {"end": {"dateTime": "2026-05-18T11:00:00", "timeZone": "London"}},
            "ErrorInvalidTimeZone",
        ),
        ({"attendees": invited(ASHA) * 501}, "ErrorRecipientLimitExceeded"),
        ({"attendees": [{"emailAddress": {"name": "Asha"}}]}, "ErrorInvalidRecipients"),
        ({"iCalUId": "mine"}, "ErrorInvalidPropertySet"),
    ],
)
async def test_no_event_with(client: Client, more: dict[str, Any], wrong: str):
    assert code(await client.call("POST", EVENTS, an_event(**more))) == (400, wrong)


async def test_a_patch_cannot_change_the_transaction_or_a_newer_event(client: Client):
    event = await client.made()

    renamed = await client.call("PATCH", event, {"transactionId": "another"})
    stale = await client.call("PATCH", event, {"subject": "New"}, **{"If-Match": 'W/"old"'})

    assert code(renamed) == (400, "ErrorInvalidPropertySet")
    assert code(stale) == (412, "ErrorIrresolvableConflict")


async def test_nobody_elses_mailbox_holds_the_event(client: Client):
    event = await client.made()
    elsewhere = event.replace(quote(ORGANISER.email), ASHA.aad_id)

    assert code(await client.call("GET", elsewhere)) == (404, "ErrorItemNotFound")
    assert code(await client.call("POST", "/users/x@y.uk/events", an_event())) == (
        404,
        "ErrorInvalidUser",
    )


async def test_losing_the_meeting_from_the_body_is_a_fault(client: Client):
    event = await client.made()
    _, told, _ = await client.call("GET", event)

    await client.call("PATCH", event, {"body": told["body"]})
    assert client.graph.faults == []
    _, told, _ = await client.call("PATCH", event, {"body": {"content": "New words"}})

    assert told["onlineMeeting"] is None
    assert client.graph.faults.pop() == "the body of 'Resilience' lost its meeting"


async def test_a_schedule_shows_events_and_what_else_is_there(client: Client):
    await client.made()
    noon = datetime(2026, 5, 18, 12, tzinfo=UTC)
    client.graph.set_busy(ASHA.email, noon, noon.replace(minute=30))
    asked = {
        "schedules": [ASHA.email, BO.email],
        "startTime": {"dateTime": "2026-05-18T09:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-05-18T13:00:00", "timeZone": "UTC"},
        "availabilityViewInterval": 60,
    }

    path = f"/users/{ORGANISER.aad_id}/calendar/getSchedule"
    _, told, _ = await client.call("POST", path, asked)

    assert [each["availabilityView"] for each in told["value"]] == ["2002", "0000"]
    assert len(told["value"][0]["scheduleItems"]) == 2
