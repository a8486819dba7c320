"""That the stand-in answers as Zoom does."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from tests.support.troubles import DROPPED
from tests.support.zoom import ACCOUNT_ID, CLIENT_ID, HOST, SECRET, Zoom

MEETINGS = f"/users/{HOST}/meetings"
A_MEETING = {
    "topic": "Growth mindset",
    "type": 2,
    "start_time": "2026-05-19T10:00:00",
    "timezone": "Europe/London",
    "duration": 60,
    "agenda": "a" * 300,
    "settings": {"approval_type": 0, "registration_type": 1},
}
ASHA = {"email": "asha@example.gov.uk", "first_name": "Asha", "last_name": "Rao"}


@dataclass(slots=True)
class Client:
    zoom: Zoom
    http: aiohttp.ClientSession
    token: str = field(default="", init=False)

    async def sign_in(self, secret: str = SECRET, account: str = ACCOUNT_ID) -> tuple[int, Any]:
        basic = b64encode(f"{CLIENT_ID}:{secret}".encode()).decode()
        form = {"grant_type": "account_credentials", "account_id": account}
        async with self.http.post(
            f"{self.zoom.url}/oauth/token", data=form, headers={"Authorization": f"Basic {basic}"}
        ) as answer:
            told = await answer.json()
        self.token = told.get("access_token", "")
        return answer.status, told

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.zoom.url}/v2{path}"
        async with self.http.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json() if await answer.read() else None

    async def meeting(self) -> int:
        _, made = await self.call("POST", MEETINGS, A_MEETING)
        return made["id"]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Zoom() as zoom, aiohttp.ClientSession() as http:
        client = Client(zoom, http)
        await client.sign_in()
        yield client


async def test_a_token_is_for_an_hour_and_not_for_everybody(client: Client):
    status, token = await client.sign_in()
    wrong = [await client.sign_in(secret="wrong"), await client.sign_in(account="other")]

    assert (status, token["token_type"], token["expires_in"]) == (200, "bearer", 3600)
    assert [(s, t["error"]) for s, t in wrong] == [
        (400, "invalid_client"),
        (400, "invalid_request"),
    ]


async def test_a_token_that_has_run_out_is_refused(client: Client):
    client.zoom.expire()

    status, told = await client.call("GET", f"{MEETINGS}?type=upcoming")

    assert (status, told) == (401, {"code": 124, "message": "Invalid access token."})


async def test_a_token_allows_what_its_scopes_say(client: Client):
    client.zoom.scopes = ["meeting:read:admin"]
    await client.sign_in()

    allowed, _ = await client.call("GET", f"{MEETINGS}?type=upcoming")
    refused = await client.call("POST", MEETINGS, A_MEETING)

    assert allowed == 200
    words = "Invalid access token, does not contain scopes:[meeting:write:meeting:admin]."
    assert refused == (400, {"code": 4711, "message": words})


async def test_a_meeting_is_made_in_its_zone_and_listed_with_a_short_agenda(client: Client):
    made = await client.call("POST", MEETINGS, A_MEETING)
    _, listed = await client.call("GET", f"{MEETINGS}?type=upcoming")

    assert made[0] == 201
    assert made[1]["start_time"] == "2026-05-19T09:00:00Z"
    assert "zak=" in made[1]["start_url"]
    [row] = listed["meetings"]
    assert (row["id"], len(row["agenda"])) == (made[1]["id"], 250)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"topic": ""}, "topic"),
        ({"type": 3}, "type"),
        ({"start_time": "tomorrow"}, "start_time"),
        ({"timezone": "Nowhere/Land"}, "timezone"),
        ({"duration": "60"}, "duration"),
        ({"agenda": "a" * 2001}, "agenda"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_is_no_meeting_is_refused(client: Client, wrong: dict[str, Any], name: str):
    status, told = await client.call("POST", MEETINGS, A_MEETING | wrong)

    assert (status, told["code"], told["errors"][0]["field"]) == (400, 300, name)


async def test_a_meeting_is_changed_and_deleted_once(client: Client):
    one = f"/meetings/{await client.meeting()}"
    body = A_MEETING | {"topic": "Mindset"}

    changed, _ = await client.call("PATCH", one, body)
    topic = client.zoom.meetings[0].topic
    deleted, _ = await client.call("DELETE", one)
    again = await client.call("DELETE", one)

    assert (changed, topic, deleted) == (204, "Mindset", 204)
    assert (again[0], again[1]["code"]) == (404, 3001)


async def test_somebody_elses_meetings_cannot_be_had(client: Client):
    status, told = await client.call("GET", "/users/nobody/meetings?type=upcoming")

    assert (status, told["code"]) == (404, 1001)


async def test_who_is_registered_twice_has_one_link(client: Client):
    people = f"/meetings/{await client.meeting()}/registrants"

    first = await client.call("POST", people, ASHA)
    second = await client.call("POST", people, ASHA)
    bo, _ = await client.call("POST", people, ASHA | {"email": "bo@example.gov.uk"})
    _, listed = await client.call("GET", f"{people}?status=approved")

    assert (first[0], bo) == (201, 201)
    assert first == second
    links = {row["email"]: row["join_url"] for row in listed["registrants"]}
    assert links[ASHA["email"]] == first[1]["join_url"] != links["bo@example.gov.uk"]


async def test_the_host_and_who_has_no_address_cannot_be_registered(client: Client):
    people = f"/meetings/{await client.meeting()}/registrants"

    host = await client.call("POST", people, ASHA | {"email": HOST})
    nobody = await client.call("POST", people, ASHA | {"email": "asha"})

    assert (host[0], host[1]["code"], nobody[0], nobody[1]["code"]) == (400, 3027, 400, 300)


async def test_a_cancelled_registration_is_no_longer_listed(client: Client):
    people = f"/meetings/{await client.meeting()}/registrants"
    _, made = await client.call("POST", people, ASHA)
    one = {"action": "cancel", "registrants": [{"id": made["registrant_id"]}]}

    status, _ = await client.call("PUT", f"{people}/status", one)
    _, listed = await client.call("GET", f"{people}?status=approved")
    unknown = await client.call("PUT", f"{people}/status", one | {"registrants": [{"id": "x"}]})

    assert (status, listed["registrants"]) == (204, [])
    assert (unknown[0], unknown[1]["code"]) == (404, 3043)


async def test_lists_come_in_pages(client: Client):
    client.zoom.most_rows = 2
    for _ in range(5):
        await client.meeting()

    sizes, token = list[int](), ""
    for _ in range(3):
        _, page = await client.call("GET", f"{MEETINGS}?type=upcoming&next_page_token={token}")
        sizes.append(len(page["meetings"]))
        token = page["next_page_token"]

    assert (sizes, token) == ([2, 2, 1], "")


async def test_a_report_has_a_row_for_each_time_somebody_joined(client: Client):
    client.zoom.uuids = ["/a//b=="]
    id = await client.meeting()
    report = f"/report/meetings/{id}/participants?include_fields=registrant_id"
    early = await client.call("GET", report)
    ten, eleven = datetime(2026, 5, 19, 9, tzinfo=UTC), datetime(2026, 5, 19, 10, tzinfo=UTC)
    meeting = client.zoom.meetings[0]
    meeting.row("Asha Rao", ten, eleven, email="asha@example.gov.uk", registrant="r1")
    meeting.row("Bo", ten, eleven, email="bo@elsewhere.example", registrant="r2")
    meeting.row("Bo", eleven, eleven, email="bo@elsewhere.example", registrant="r2")

    _, told = await client.call("GET", report)
    plain = await client.call("GET", f"/report/meetings/{id}/participants")
    once = await client.call("GET", "/report/meetings/%2Fa%2F%2Fb%3D%3D/participants")

    assert (early[0], early[1]["code"]) == (404, 3001)
    rows = told["participants"]
    assert [(r["registrant_id"], r["id"] == "", r["user_email"]) for r in rows] == [
        ("r1", False, "asha@example.gov.uk"),
        ("r2", True, ""),
        ("r2", True, ""),
    ]
    assert "registrant_id" not in plain[1]["participants"][0]
    assert once[0] == 404


async def test_more_than_a_day_allows_is_refused_until_midnight(client: Client):
    people = f"/meetings/{await client.meeting()}/registrants"
    for _ in range(3):
        await client.call("POST", people, ASHA)

    fourth = await client.call("POST", people, ASHA)
    client.zoom.midnight()
    later, _ = await client.call("POST", people, ASHA)

    assert (fourth[0], "daily rate limit (3)" in fourth[1]["message"], later) == (429, True, 201)


async def test_an_answer_can_be_lost_and_a_request_refused(client: Client):
    client.zoom.fail_next(DROPPED, method="POST", where="meetings", acted=True)
    client.zoom.fail_next(429, method="GET", body={"code": 429})

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.call("POST", MEETINGS, A_MEETING)
    refused, _ = await client.call("GET", f"{MEETINGS}?type=upcoming")

    assert (len(client.zoom.meetings), refused) == (1, 429)
