"""That a list tells of its changes as SharePoint does, and holds apps to what they were granted."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import web

from tests.support.graph_client import ASHA, BO, Client, a_client, code
from tests.support.graph_lists import LONGEST, RESYNC, SITE, Lists, SharedList
from tests.support.now import now
from tests.support.server import Server, application


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with a_client() as client:
        yield client


@pytest.fixture
def lists(client: Client) -> Lists:
    return client.graph.lists


@pytest.fixture
def shared(lists: Lists) -> SharedList:
    return lists.programme()


def path(shared: SharedList) -> str:
    return f"/sites/{quote(SITE)}/lists/{shared.id}"


async def changes(client: Client, link: str) -> tuple[list[dict[str, Any]], str]:
    """Everything to the end of the pages, and the link for the next time."""
    found: list[dict[str, Any]] = []
    while True:
        status, page, _ = await client.call("GET", link)
        assert status == 200, page
        found += page["value"]
        if "@odata.deltaLink" in page:
            return found, page["@odata.deltaLink"]
        link = page["@odata.nextLink"]


async def everything(client: Client, shared: SharedList) -> tuple[list[dict[str, Any]], str]:
    return await changes(client, f"{path(shared)}/items/delta?$expand=fields")


async def test_a_list_is_told_page_by_page_and_then_only_what_changed(
    client: Client, lists: Lists, shared: SharedList
):
    lists.page_size = 2
    first, *_ = [shared.add(ASHA, Title=f"Session {n}") for n in range(5)]
    found, link = await everything(client, shared)

    shared.edit(first, BO, Title="Renamed")
    later, _ = await changes(client, link)

    assert [item["fields"]["Title"] for item in found] == [f"Session {n}" for n in range(5)]
    assert [(item["id"], item["fields"]["Title"]) for item in later] == [("1", "Renamed")]
    assert later[0]["lastModifiedBy"]["user"]["id"] == BO.aad_id
    assert later[0]["createdBy"]["user"]["id"] == ASHA.aad_id
    assert later[0]["eTag"] != found[0]["eTag"]


async def test_a_changed_item_may_come_twice_the_latest_last(
    client: Client, lists: Lists, shared: SharedList
):
    item = shared.add(ASHA, Title="Before")
    _, link = await everything(client, shared)
    lists.repeats = True
    shared.edit(item, ASHA, Title="After")

    found, _ = await changes(client, link)

    assert [each["fields"]["Title"] for each in found] == ["Before", "After"]


async def test_a_deleted_item_is_little_more_than_its_id(client: Client, shared: SharedList):
    item = shared.add(ASHA, Title="Short-lived")
    _, link = await everything(client, shared)
    shared.delete(item)

    gone, _ = await changes(client, link)
    fresh, _ = await everything(client, shared)

    assert (gone, fresh) == ([{"id": "1", "deleted": {"state": "deleted"}}], [])


@pytest.mark.parametrize("why", RESYNC)
async def test_a_link_that_is_too_old_is_answered_with_where_to_start_again(
    client: Client, lists: Lists, shared: SharedList, why: str
):
    shared.add(ASHA, Title="Here")
    _, link = await everything(client, shared)
    lists.expire(shared.id, why)

    status, body, headers = await client.call("GET", link)
    again, _ = await changes(client, headers["Location"])

    assert (status, body["error"]["code"]) == (410, why)
    assert [(item["id"], "fields" in item) for item in again] == [("1", False)]


async def test_only_the_columns_that_are_sent_change(client: Client, shared: SharedList):
    item = shared.add(ASHA, Title="Growth", SessionCapacity=12)

    status, fields, _ = await client.call(
        "PATCH", f"{path(shared)}/items/{item}/fields", {"PlacesLeft": 3, "BookingLink": None}
    )

    assert (status, fields) == (200, {"Title": "Growth", "SessionCapacity": 12, "PlacesLeft": 3})
    assert shared.items[item].by[-1]["application"]["id"] == client.login.app_id


@pytest.mark.parametrize("values", [{"Places left": 3}, {"PlacesLeft": "three"}])
async def test_columns_go_by_their_internal_names_and_take_what_fits_them(
    client: Client, shared: SharedList, values: dict[str, Any]
):
    item = shared.add(ASHA, Title="Growth")

    refused = await client.call("PATCH", f"{path(shared)}/items/{item}/fields", values)

    assert code(refused) == (400, "invalidRequest")


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (None, [403, 403, 403]),
        ("read", [200, 403, 403]),
        ("write", [200, 200, 403]),
        ("owner", [200, 200, 201]),
    ],
)
async def test_an_app_may_do_what_it_was_granted_on_the_site_and_nothing_without(
    client: Client, lists: Lists, shared: SharedList, role: str | None, seen: list[int]
):
    item = shared.add(ASHA, Title="Growth")
    lists.role = role

    answers = [
        await client.call("GET", path(shared)),
        await client.call("PATCH", f"{path(shared)}/items/{item}/fields", {"PlacesLeft": 1}),
        await client.call("POST", f"/sites/{quote(SITE)}/lists", {"displayName": "Another"}),
    ]

    assert [status for status, _, _ in answers] == seen


async def test_whoever_subscribes_is_asked_first_and_told_of_changes_afterwards(
    client: Client, lists: Lists, shared: SharedList
):
    told: list[Any] = []

    async def listen(request: web.Request) -> web.Response:
        if token := request.query.get("validationToken"):
            return web.Response(text=token)
        told.append(await request.json())
        return web.Response(status=202)

    server = Server(application(web.post("/changes", listen)))
    lists.reach["https://bot.example.org"] = await server.start()
    body = {
        "changeType": "updated",
        "resource": f"sites/{SITE}/lists/{shared.id}",
        "notificationUrl": "https://bot.example.org/changes",
        "expirationDateTime": (now() + 0.9 * LONGEST).isoformat(),
        "clientState": "secret",
    }

    made = await client.call("POST", "/subscriptions", body)
    far = await client.call(
        "POST", "/subscriptions", body | {"expirationDateTime": "2099-01-01T00:00:00Z"}
    )
    nowhere = await client.call(
        "POST", "/subscriptions", body | {"notificationUrl": "https://nowhere.example.org/"}
    )
    answers = await lists.notify()
    await server.stop()

    assert (made[0], answers) == (201, [202])
    assert (code(far), code(nowhere)) == ((400, "InvalidRequest"), (400, "InvalidRequest"))
    assert [each["clientState"] for each in told[0]["value"]] == ["secret"]
