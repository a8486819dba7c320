"""That Graph keeps what it is told, and refuses what Graph refuses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.support.graph import ORGANISER, Graph
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
from tests.support.login import APP_ID, TENANT, Login
from tests.support.tokens import BOT
from tests.support.troubles import DROPPED


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with a_client() as client:
        yield client


async def test_a_request_without_a_token_for_graph_is_refused(client: Client):
    grant = client.login.tokens.issue(BOT, tenant=TENANT, client_id=APP_ID)

    answer = await client.call("GET", "/users/x", Authorization=f"Bearer {grant.token}")

    assert code(answer) == (401, "InvalidAuthenticationToken")


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "fault"),
    [
        ("POST", EVENTS, {"subjct": "x"}, {}, "'subjct'"),
        ("POST", EVENTS, an_event(), {"Prefer": "x"}, "ImmutableId"),
        ("POST", EVENTS, an_event(attendees=invited(ASHA, ASHA)), {}, "invites asha"),
        ("GET", "/me", None, {}, "no such operation"),
        ("GET", "/users/x?$top=1", None, {}, "unknown query parameter"),
        ("GET", "/employeeExperience/communities", None, {}, "does not play it"),
        ("PATCH", "/users/x/events/y", None, {}, "not of type 'object'"),
    ],
)
async def test_a_wrong_request_is_a_fault(
    client: Client, method: str, path: str, body: Any, headers: dict[str, str], fault: str
):
    await client.call(method, path, body, **headers)

    assert len(client.graph.faults) == 1
    assert fault in client.graph.faults.pop()


async def test_leaving_with_faults_fails_the_test():
    async def leave_with_faults() -> None:
        async with Login() as login, Graph(login) as graph:
            graph.faults.append("without Prefer")

    with pytest.raises(AssertionError, match="without Prefer"):
        await leave_with_faults()


async def test_a_mailbox_answers_four_at_once(client: Client):
    client.graph.delay = 0.05
    event = await client.made()

    answers = await asyncio.gather(*(client.call("GET", event) for _ in range(6)))

    assert sorted(answer[0] for answer in answers) == [200] * 4 + [429] * 2
    assert client.graph.most_in_flight[ORGANISER.aad_id] == 5  # who is refused is gone at once


async def test_two_writes_to_one_event_at_once_are_a_fault(client: Client):
    event = await client.made()
    client.graph.delay = 0.05

    await asyncio.gather(*(client.call("PATCH", event, {"subject": each}) for each in "ab"))

    assert "two writes at once" in client.graph.faults.pop()


async def test_failures_are_planned_by_path_and_end(client: Client):
    client.graph.fail_next(429, headers={"Retry-After": "1"}, path_contains="/events")
    client.graph.fail_next(DROPPED, path_contains="MemberGroups")

    user = await client.call("GET", f"/users/{ASHA.aad_id}")
    limited = await client.call("POST", EVENTS, an_event())
    well = await client.call("POST", EVENTS, an_event())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.call("POST", f"/users/{ASHA.aad_id}/checkMemberGroups", {"groupIds": []})

    assert (user[0], well[0]) == (200, 201)
    assert code(limited) == (429, "ApplicationThrottled")
    assert limited[2]["Retry-After"] == "1"


async def test_an_event_can_be_made_although_the_answer_is_lost(client: Client):
    client.graph.fail_next(504, acted=True)

    lost = await client.call("POST", EVENTS, an_event())
    again = await client.call("POST", EVENTS, an_event())

    assert lost[0] == 504
    assert code(again)[1] == "ErrorDuplicateTransactionId"
    assert len(client.graph.events) == 1


async def test_a_missing_permission_refuses_until_it_is_given(client: Client):
    client.graph.deny("/events")

    refused = [await client.call("POST", EVENTS, an_event()) for _ in range(2)]
    client.graph.heal()

    assert [code(answer) for answer in refused] == [(403, "ErrorAccessDenied")] * 2
    await client.made()


async def test_a_batch_answers_each_request_alone(client: Client):
    client.graph.fail_next(429, headers={"Retry-After": "3"}, path_contains="/groups/")
    json, immutable = {"Content-Type": "application/json"}, {"Prefer": IMMUTABLE}
    requests: list[dict[str, Any]] = [
        {"id": "1", "method": "GET", "url": f"/users/{ASHA.aad_id}?$select=mail"},
        {"id": "2", "method": "GET", "url": "/groups/staff"},
        {"id": "3", "method": "GET", "url": f"/users/{BO.aad_id}", "dependsOn": ["2"]},
        {"id": "4", "method": "POST", "url": EVENTS, "body": an_event()},
        {"id": "5", "method": "POST", "url": EVENTS, "body": an_event()},
    ]
    requests[4]["headers"] = json | immutable

    status, told, _ = await client.call("POST", "/$batch", {"requests": requests})

    answers = {each["id"]: each for each in told["responses"]}
    assert status == 200
    assert {id: each["status"] for id, each in answers.items()} == {
        "1": 200,
        "2": 429,
        "3": 424,
        "4": 400,
        "5": 201,
    }
    assert answers["1"]["body"]["mail"] == ASHA.email
    assert answers["2"]["headers"]["Retry-After"] == "3"


async def test_a_batch_holds_twenty(client: Client):
    requests = [{"id": str(each), "method": "GET", "url": "/users/x"} for each in range(21)]

    status, _, _ = await client.call("POST", "/$batch", {"requests": requests})

    assert status == 400
    assert "is too long" in client.graph.faults.pop()
