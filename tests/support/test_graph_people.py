"""That people's managers and calendars are told as Graph tells of them, in a batch too."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.graph import ORGANISER
from tests.support.graph_client import ASHA, BO, Client, a_client, code

SCHEDULE = f"/users/{quote(ORGANISER.email)}/calendar/getSchedule"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with a_client() as client:
        client.graph.directory.set_manager(ASHA, BO)
        yield client


def a_schedule(**more: Any) -> dict[str, Any]:
    return {
        "schedules": [ASHA.email],
        "startTime": {"dateTime": "2026-05-18T08:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-05-18T12:00:00", "timeZone": "UTC"},
        **more,
    }


async def test_a_manager_is_told_with_the_user_or_alone_and_of_some_there_is_none(client: Client):
    asked = "$select=id,department&$expand=manager($select=id)"

    _, asha, _ = await client.call("GET", f"/users/{ASHA.aad_id}?{asked}")
    _, bo, _ = await client.call("GET", f"/users/{BO.aad_id}?{asked}")
    _, alone, _ = await client.call("GET", f"/users/{ASHA.aad_id}/manager?$select=id,mail")
    none = await client.call("GET", f"/users/{BO.aad_id}/manager")

    assert asha["manager"] == {"@odata.type": "#microsoft.graph.user", "id": BO.aad_id}
    assert (asha["department"], "manager" in bo) == ("Policy", False)
    assert alone["mail"] == BO.email
    assert code(none) == (404, "Request_ResourceNotFound")


async def test_each_of_a_batch_fails_alone(client: Client):
    client.graph.fail_next(429, headers={"Retry-After": "9"}, path_contains=f"/users/{ASHA.aad_id}")
    urls = [f"/users/{ASHA.aad_id}?$select=id", f"/users/{BO.aad_id}?$select=id", "/users/nobody"]
    each = [{"id": str(n), "method": "GET", "url": url} for n, url in enumerate(urls)]

    status, told, _ = await client.call("POST", "/$batch", {"requests": each})

    answers = {each["id"]: each for each in told["responses"]}
    assert status == 200
    assert {id: each["status"] for id, each in answers.items()} == {"0": 429, "1": 200, "2": 404}
    assert answers["0"]["headers"] == {"Retry-After": "9"}


async def test_an_address_that_nobody_has_is_told_of_in_its_own_place(client: Client):
    _, told, _ = await client.call(
        "POST", SCHEDULE, a_schedule(schedules=[ASHA.email, "x@example.org"])
    )

    asha, nobody = told["value"]
    assert "error" not in asha
    assert nobody["error"]["responseCode"] == "ErrorMailRecipientNotFound"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"availabilityViewInterval": 4}, "ErrorInvalidMergedFreeBusyInterval"),
        (
            {"endTime": {"dateTime": "2026-08-18T08:00:00", "timeZone": "UTC"}},
            "ErrorInvalidTimeInterval",
        ),
        (
            {"endTime": {"dateTime": "2026-05-18T08:00:00", "timeZone": "UTC"}},
            "ErrorInvalidTimeInterval",
        ),
        ({"schedules": [f"{n}@example.org" for n in range(21)]}, "ErrorTooManySchedules"),
    ],
)
async def test_more_than_exchange_tells_is_refused(
    client: Client, wrong: dict[str, Any], refusal: str
):
    answer = await client.call("POST", SCHEDULE, a_schedule(**wrong))

    assert code(answer) == (400, refusal)


async def test_only_a_mailbox_asks(client: Client):
    asked = "/users/nobody@example.org/calendar/getSchedule"

    assert (await client.call("POST", asked, a_schedule()))[0] == 404
