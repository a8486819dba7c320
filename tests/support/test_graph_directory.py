"""That people and groups are told as Graph tells of them."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from tests.support.graph_client import (
    ASHA,
    BO,
    Client,
    a_client,
    code,
)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with a_client() as client:
        yield client


async def test_a_user_is_told_with_what_is_selected(client: Client):
    _, usual, _ = await client.call("GET", f"/users/{quote(ASHA.email)}")
    _, selected, _ = await client.call("GET", f"/users/{ASHA.aad_id}?$select=mail,department")
    nobody = await client.call("GET", "/users/nobody")

    assert "department" not in usual
    assert usual["userPrincipalName"] == ASHA.email
    assert selected == {"id": ASHA.aad_id, "mail": ASHA.email, "department": "Policy"}
    assert code(nobody) == (404, "Request_ResourceNotFound")


async def test_groups_hold_people_and_groups_in_pages(client: Client):
    client.graph.directory.add_group("inner", [BO])
    client.graph.directory.add_group("staff", [ASHA, "inner"])

    asked = {"groupIds": ["staff", "inner", "unknown"]}
    _, groups, _ = await client.call("POST", f"/users/{BO.aad_id}/checkMemberGroups", asked)
    _, direct, _ = await client.call("GET", "/groups/staff/members?$select=id")
    _, page, _ = await client.call("GET", "/groups/staff/transitiveMembers?$top=2&$select=mail")
    _, last, _ = await client.call("GET", page["@odata.nextLink"])

    assert groups["value"] == ["staff", "inner"]
    assert [each["id"] for each in direct["value"]] == [ASHA.aad_id, "inner"]
    assert [each["id"] for each in page["value"] + last["value"]] == [
        ASHA.aad_id,
        "inner",
        BO.aad_id,
    ]
    assert "@odata.nextLink" not in last
    assert code(await client.call("GET", "/groups/none")) == (404, "Request_ResourceNotFound")
