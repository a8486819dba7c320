"""That meetings and their attendance reports are told of as Graph does it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.support.events import Event
from tests.support.graph import ORGANISER
from tests.support.graph_attendance import a_guest, present
from tests.support.graph_client import ASHA, BO, Client, a_client, code

MEETINGS = f"/users/{ORGANISER.aad_id}/onlineMeetings"
BEGINS = datetime(2026, 5, 18, 9, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with a_client() as client:
        yield client


async def an_event(client: Client) -> Event:
    await client.made()
    return client.graph.events[-1]


def by_link(url: str | None, of: str = MEETINGS) -> str:
    return f"{of}?$filter={quote(f'''JoinWebUrl eq '{url}' ''').removesuffix('%20')}"


async def reports(client: Client, event: Event) -> str:
    _, found, _ = await client.call("GET", by_link(event.join_url))
    [meeting] = found["value"]
    return f"{MEETINGS}/{quote(meeting['id'])}/attendanceReports"


async def test_a_meeting_is_found_by_its_whole_link_percent_encoded_once(client: Client):
    event = await an_event(client)
    assert "%3a" in str(event.join_url)

    async def found(link: str) -> int:
        return len((await client.call("GET", by_link(link)))[1]["value"])

    assert await found(str(event.join_url)) == 1
    assert await found(str(event.join_url).replace("%3a", ":")) == 0
    assert await found("https://teams.microsoft.com/l/it''s another") == 0


async def test_apps_name_the_organiser_by_object_id(client: Client):
    event = await an_event(client)

    by_mail = await client.call(
        "GET", by_link(event.join_url, f"/users/{quote(ORGANISER.email)}/onlineMeetings")
    )

    assert code(by_mail) == (400, "BadRequest")


async def test_without_the_policy_or_the_permission_nothing_is_told(client: Client):
    event = await an_event(client)
    said: dict[str, tuple[int, str]] = {}
    for missing in ("policy", "permission"):
        client.graph.attendance.without = missing
        status, body, _ = await client.call("GET", by_link(event.join_url))
        said[missing] = (status, body["error"]["message"])

    assert said == {
        "policy": (403, "No application access policy found for this app."),
        "permission": (403, "Forbidden"),
    }


async def test_there_is_no_report_before_the_meeting_has_ended(client: Client):
    _, told, _ = await client.call("GET", await reports(client, await an_event(client)))

    assert told["value"] == []


async def test_a_report_tells_its_people_only_when_they_are_asked_for(client: Client):
    event = await an_event(client)
    twice = present(ASHA, (BEGINS, BEGINS + 10 * MINUTE), (BEGINS + 20 * MINUTE, ENDS))
    report = client.graph.attendance.ended(event, BEGINS, ENDS, twice)
    listed = await reports(client, event)

    _, briefly, _ = await client.call("GET", f"{listed}/{report.id}")
    _, whole, _ = await client.call("GET", f"{listed}/{report.id}?$expand=attendanceRecords")

    assert "attendanceRecords" not in briefly
    [told] = whole["attendanceRecords"]
    assert (told["identity"]["id"], told["emailAddress"]) == (ASHA.aad_id, ASHA.email)
    assert told["totalAttendanceInSeconds"] == 50 * 60
    assert [i["durationInSeconds"] for i in told["attendanceIntervals"]] == [600, 2400]


async def test_guests_have_no_account_and_telephones_not_even_a_name(client: Client):
    event = await an_event(client)
    guests = (a_guest("Visitor", (BEGINS, ENDS)), a_guest(None, (BEGINS, ENDS)))
    report = client.graph.attendance.ended(event, BEGINS, ENDS, *guests)

    _, told, _ = await client.call(
        "GET", f"{await reports(client, event)}/{report.id}?$expand=attendanceRecords"
    )

    named, unnamed = told["attendanceRecords"]
    assert (named["identity"]["displayName"], named["emailAddress"]) == ("Visitor", None)
    assert unnamed["identity"] is None


async def test_there_are_the_newest_fifty_reports_page_by_page(client: Client):
    event = await an_event(client)
    client.graph.attendance.page_size = 30
    made = [
        client.graph.attendance.ended(event, BEGINS + n * MINUTE, BEGINS + (n + 1) * MINUTE)
        for n in range(60)
    ]

    got: list[str] = []
    address = await reports(client, event)
    while address:
        _, page, _ = await client.call("GET", address)
        got += [report["id"] for report in page["value"]]
        address = page.get("@odata.nextLink", "")

    assert got == [report.id for report in reversed(made[10:])]


async def test_a_long_report_goes_on_at_its_records(client: Client):
    event = await an_event(client)
    client.graph.attendance.records_at_once = 2
    crowd = [present(ASHA), present(BO), present(ASHA), present(BO), present(ASHA)]
    report = client.graph.attendance.ended(event, BEGINS, ENDS, *crowd)

    address = f"{await reports(client, event)}/{report.id}?$expand=attendanceRecords"
    _, whole, _ = await client.call("GET", address)
    got, address = whole["attendanceRecords"], whole["attendanceRecords@odata.nextLink"]
    while address:
        _, page, _ = await client.call("GET", address)
        got += page["value"]
        address = page.get("@odata.nextLink", "")

    assert [record["id"] for record in got] == [each.id for each in crowd]
