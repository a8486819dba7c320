"""That apps are found and added as Graph does it."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from tests.support.graph_client import ASHA, Client, a_client, code

APPS = f"/users/{ASHA.aad_id}/teamwork/installedApps"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with a_client() as client:
        client.graph.apps.catalogue = {"manifest-id": "catalogue-id"}
        yield client


def bind(client: Client, app: str) -> dict[str, str]:
    return {"teamsApp@odata.bind": f"{client.graph.base_url}/appCatalogs/teamsApps/{app}"}


async def test_an_app_is_found_by_the_id_of_its_manifest(client: Client):
    async def find(filter: str) -> list[str]:
        _, found, _ = await client.call("GET", f"/appCatalogs/teamsApps?$filter={quote(filter)}")
        return [app["id"] for app in found["value"]]

    assert await find("externalId eq 'manifest-id'") == ["catalogue-id"]
    assert await find("externalId eq 'another'") == []


async def test_an_app_is_added_for_a_person_once(client: Client):
    told: list[str] = []
    client.graph.apps.when_added = told.append

    status, body, _ = await client.call("POST", APPS, bind(client, "catalogue-id"))
    again = await client.call("POST", APPS, bind(client, "catalogue-id"))
    mine = quote("teamsApp/id eq 'catalogue-id'")
    _, apps, _ = await client.call("GET", f"{APPS}?$expand=teamsApp&$filter={mine}")

    assert (status, body) == (201, None)
    assert code(again) == (409, "Conflict")
    assert [app["teamsApp"]["id"] for app in apps["value"]] == ["catalogue-id"]
    assert told == [ASHA.aad_id]


async def test_what_is_unknown_cannot_be_added(client: Client):
    app = await client.call("POST", APPS, bind(client, "manifest-id"))
    nobody = await client.call(
        "POST", "/users/nobody/teamwork/installedApps", bind(client, "catalogue-id")
    )

    assert (code(app), code(nobody)) == ((404, "NotFound"), (404, "NotFound"))
