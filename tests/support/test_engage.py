"""That the stand-in for Viva Engage is as strict as the real one is described."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.support.activities import a_person
from tests.support.clocks import MONDAY, FixedClock
from tests.support.engage import COMMUNITY, NO_TOKEN, Engage
from tests.support.login import Login
from tests.support.tokens import ENGAGE, GRAPH


class Client:
    """Asks as anybody might."""

    def __init__(self, http: aiohttp.ClientSession, engage: Engage, token: str) -> None:
        self.engage = engage
        self.token = token
        self._http = http

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.engage.base_url}{path}"
        async with self._http.request(method, url, headers=headers, **more) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else await answer.text()


@pytest.fixture
async def client() -> AsyncGenerator[Client]:
    clock = FixedClock()
    async with Login() as login, aiohttp.ClientSession() as http:
        engage = Engage(login, now=clock.now)
        async with engage:
            grant = login.tokens.issue(ENGAGE, tenant=login.tenant, client_id="x", username="x")
            yield Client(http, engage, grant.token)
            engage.faults.clear()


async def test_a_message_is_written_as_a_form_or_as_json(client: Client):
    form = await client.ask(
        "POST", "/messages.json", data={"body": "one", "group_id": str(COMMUNITY)}
    )
    told = await client.ask("POST", "/messages.json", json={"body": "two", "group_id": COMMUNITY})

    assert (form[0], told[0]) == (201, 201)
    message = form[1]["messages"][0]
    assert message["body"] == {"parsed": "one", "plain": "one", "rich": "one"}
    assert message["thread_id"] == message["id"]
    assert message["created_at"] == "2026/05/18 08:00:00 +0000"
    assert message["liked_by"] == {"count": 0, "names": []}
    assert [p.body for p in client.engage.posts] == ["one", "two"]


async def test_without_a_token_for_it_nothing_is_told(client: Client):
    login = client.engage._login
    client.token = login.tokens.issue(GRAPH, tenant=login.tenant, client_id="x").token

    assert await client.ask("GET", "/users/current.json") == (401, NO_TOKEN)


async def test_ten_calls_in_half_a_minute_and_no_word_of_when_to_come_again(client: Client):
    answers = [(await client.ask("GET", "/users/current.json"))[0] for _ in range(11)]
    clock = FixedClock(MONDAY + timedelta(seconds=31))
    client.engage.now = clock.now

    assert answers == [200] * 10 + [429]
    assert (await client.ask("GET", "/users/current.json"))[0] == 200


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"group_id": COMMUNITY}, "without a body"),
        ({"body": " ", "group_id": COMMUNITY}, "without a body"),
        ({"body": "x"}, "to nowhere"),
        ({"body": "x", "group_id": COMMUNITY, "replied_to_id": 1}, "a message to"),
        ({"body": "x", "direct_to_user_ids": "1"}, "no array of integers"),
        ({"body": "x" * 10_001, "group_id": COMMUNITY}, "10001 characters"),
        ({"body": "[[user:1]] look", "group_id": COMMUNITY}, "markup"),
        ({"body": "\\*stars\\*", "group_id": COMMUNITY}, "markup"),
    ],
)
async def test_a_message_that_makes_no_sense_is_a_fault(
    client: Client, body: dict[str, Any], fault: str
):
    status, _ = await client.ask("POST", "/messages.json", json=body)

    assert status == 400
    assert fault in client.engage.faults[0]


async def test_threads_and_private_conversations_are_read_by_who_is_in_them(client: Client):
    engage = client.engage
    asha, bo = engage.add(a_person("Asha")), engage.add(a_person("Bo"))
    first = engage.asks(asha, "what's on")
    below = engage.says(bo, "me too", below=first)
    private = engage.writes(asha, "book GM1")
    hidden = engage._add(sender_id=asha, body="psst", readers=frozenset({asha, bo})).id

    received = (await client.ask("GET", "/messages/received.json"))[1]
    told = (await client.ask("GET", "/messages/private.json"))[1]
    thread = (await client.ask("GET", f"/messages/in_thread/{first}.json"))[1]

    assert [m["id"] for m in received["messages"]] == [private, first]
    assert received["messages"][1]["notified_user_ids"] == [engage.service]
    assert [m["id"] for m in told["messages"]] == [private]
    [conversation] = [r for r in told["references"] if r["type"] == "thread"]
    assert conversation["participants_count"] == 2
    assert [m["id"] for m in thread["messages"]] == [below, first]
    assert (await client.ask("GET", f"/messages/{hidden}.json"))[0] == 404


async def test_who_looks_more_often_than_once_a_minute_is_a_fault(client: Client):
    await client.ask("GET", "/messages/received.json")
    await client.ask("GET", "/messages/received.json", params={"older_than": "5"})
    assert client.engage.faults == []

    await client.ask("GET", "/messages/received.json")

    assert "was read again after 0.0 s" in client.engage.faults[0]


async def test_only_ones_own_messages_are_deleted(client: Client):
    asha = client.engage.add(a_person("Asha"))
    theirs = client.engage.says(asha, "hello")
    mine = (await client.ask("POST", "/messages.json", json={"body": "x", "group_id": COMMUNITY}))[
        1
    ]["messages"][0]["id"]

    assert (await client.ask("DELETE", f"/messages/{theirs}"))[0] == 403
    assert (await client.ask("DELETE", f"/messages/{mine}"))[0] == 200
    assert (await client.ask("DELETE", f"/messages/{mine}"))[0] == 404
    assert client.engage.posts == []
