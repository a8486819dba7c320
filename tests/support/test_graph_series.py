"""The stand-in's series: every date of it, as Exchange would have them; and chats."""

from typing import Any
from urllib.parse import quote

from tests.support.graph_client import ASHA, BO, EVENTS, a_client, an_event, code, invited

SERIES: dict[str, Any] = {
    "pattern": {"type": "weekly", "interval": 4, "daysOfWeek": ["tuesday"]},
    "range": {"type": "numbered", "startDate": "2026-10-06", "numberOfOccurrences": 3},
}
LOCAL = {
    "start": {"dateTime": "2026-10-06T10:00:00", "timeZone": "Europe/London"},
    "end": {"dateTime": "2026-10-06T11:00:00", "timeZone": "Europe/London"},
}
RANGE = "startDateTime=2026-09-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z"


def at(text: str) -> dict[str, str]:
    return {"dateTime": text, "timeZone": "Europe/London"}


async def test_a_series_keeps_its_local_time_over_the_change_of_the_clocks():
    async with a_client() as client:
        one = await client.made(**LOCAL, recurrence=SERIES)

        status, told, _ = await client.call("GET", f"{one}/instances?{RANGE}")

    assert status == 200
    assert [(e["type"], e["start"]["dateTime"][:16]) for e in told["value"]] == [
        ("occurrence", "2026-10-06T09:00"),
        ("occurrence", "2026-11-03T10:00"),
        ("occurrence", "2026-12-01T10:00"),
    ]


async def test_one_date_is_moved_alone_and_not_beyond_its_neighbours():
    async with a_client() as client:
        one = await client.made(**LOCAL, recurrence=SERIES)
        _, told, _ = await client.call("GET", f"{one}/instances?{RANGE}")
        second = f"{EVENTS}/{quote(told['value'][1]['id'])}"

        new = {"start": at("2026-11-04T10:00:00"), "end": at("2026-11-04T11:00:00")}
        moved = await client.call("PATCH", second, new)
        far = {"start": at("2026-12-01T15:00:00"), "end": at("2026-12-01T16:00:00")}
        refused = await client.call("PATCH", second, far)
        _, told, _ = await client.call("GET", f"{one}/instances?{RANGE}")

    assert moved[0] == 200
    assert code(refused) == (400, "ErrorOccurrenceCrossingBoundary")
    assert [e["type"] for e in told["value"]] == ["occurrence", "exception", "occurrence"]
    assert told["value"][1]["originalStart"] == "2026-11-03T10:00:00Z"


async def test_a_pattern_that_is_not_of_its_first_day_is_refused():
    async with a_client() as client:
        other = {**SERIES, "pattern": {**SERIES["pattern"], "daysOfWeek": ["monday"]}}

        refused = await client.call("POST", EVENTS, an_event(**LOCAL, recurrence=other))

    assert code(refused)[0] == 400


async def test_those_invited_to_a_series_are_busy_on_each_of_its_dates():
    async with a_client() as client:
        await client.made(**LOCAL, recurrence=SERIES, attendees=invited(ASHA))
        asked = {
            "schedules": [ASHA.email],
            "startTime": at("2026-11-03T00:00:00"),
            "endTime": at("2026-11-04T00:00:00"),
        }

        _, told, _ = await client.call(
            "POST", EVENTS.replace("/events", "/calendar/getSchedule"), asked
        )

    [item] = told["value"][0]["scheduleItems"]
    assert item["start"]["dateTime"][:16] == "2026-11-03T10:00"


async def test_a_chat_is_made_of_people_in_the_directory():
    def member(id: str) -> dict[str, Any]:
        return {
            "@odata.type": "#microsoft.graph.aadUserConversationMember",
            "roles": ["owner"],
            "user@odata.bind": f"https://graph.microsoft.com/v1.0/users('{id}')",
        }

    async with a_client() as client:
        people = [member(ASHA.aad_id), member(BO.aad_id)]
        made = await client.call(
            "POST", "/chats", {"chatType": "group", "topic": "Set 1", "members": people}
        )
        unknown = await client.call(
            "POST", "/chats", {"chatType": "group", "members": [*people, member("nobody")]}
        )

        assert (made[0], code(unknown)[0]) == (201, 404)
        assert client.graph.chats.made == {made[1]["id"]: ("Set 1", [ASHA.aad_id, BO.aad_id])}
