"""Where people work and when they are free, read from Graph as it answers."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations import graph_profiles
from integrations.circuits import Circuits
from integrations.graph import Graph
from integrations.graph_profiles import GraphDiary, GraphProfiles
from learning.people import PersonId
from learning.plans import Span
from learning.profiles import Profile
from services.ports.systems import Rejected, Unavailable
from tests.support.activities import a_person
from tests.support.clocks import FixedClock
from tests.support.graph import ORGANISER
from tests.support.graph_calendar import SECRET_SUBJECT
from tests.support.graph_client import ASHA, BO, Client, a_client
from tests.support.troubles import FOREVER

NOW = datetime(2026, 5, 18, 7, 0, tzinfo=UTC)
NINE = NOW.replace(hour=9)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TWENTY = [a_person(f"Person {n}") for n in range(20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    client: Client
    profiles: GraphProfiles
    diary: GraphDiary
    own_diary: GraphDiary

    @property
    def graph(self) -> Any:
        return self.client.graph

    def requests(self) -> list[tuple[str, Any]]:
        return [(path, body) for _, path, body in self.graph.log]


@pytest.fixture
async def directory() -> AsyncIterator[Directory]:
    async with a_client() as client:

        async def token() -> str:
            return client.bearer

        graph, circuits = Graph(client.graph.base_url, token), Circuits(FixedClock())
        client.graph.directory.add_user(
            ASHA,
            department="Policy",
            officeLocation="Town Hall",
            preferredLanguage="cy-GB",
            jobTitle="Adviser",
        )
        client.graph.directory.set_manager(ASHA, BO)
        yield Directory(
            client=client,
            profiles=GraphProfiles(graph.behind(circuits.of("People"))),
            diary=GraphDiary(graph.behind(circuits.of("Free and busy")), ORGANISER.email),
            own_diary=GraphDiary(graph.behind(circuits.of("Free and busy")), ""),
        )
        await graph.close()


def person_id(person: Any) -> PersonId:
    return PersonId(person.aad_id)


# --- where people work -------------------------------------------------------------------------


async def test_many_people_are_asked_about_in_one_request_and_of_little(directory: Directory):
    read = await directory.profiles.read([person_id(ASHA), person_id(BO)], NOW)

    assert read.unanswered is None
    assert read.profiles == (
        Profile(
            person_id=person_id(ASHA),
            department="Policy",
            office="Town Hall",
            manager_id=BO.aad_id,
            language="cy-GB",
            read_at=NOW,
        ),
        Profile(person_id=person_id(BO), read_at=NOW),
    )
    batch, *inner = directory.requests()
    assert batch[0] == "/$batch"
    assert [each["url"].partition("?")[2] for each in batch[1]["requests"]] == 2 * [
        "$select=id,department,officeLocation,preferredLanguage&$expand=manager($select=id)"
    ]
    assert len(inner) == 2


async def test_somebody_whom_the_directory_does_not_know_has_an_empty_profile(
    directory: Directory,
):
    nobody = PersonId("00000000-0000-4000-8000-000000000000")

    read = await directory.profiles.read([nobody, person_id(ASHA)], NOW)

    assert read.unanswered is None
    assert read.profiles[0] == Profile(person_id=nobody, read_at=NOW)
    assert read.profiles[1].department == "Policy"


async def test_those_who_were_not_told_of_are_to_be_asked_about_when_graph_says(
    directory: Directory,
):
    for person in TWENTY:
        directory.graph.directory.add_user(person, department="Parks")
    path = f"/users/{TWENTY[3].aad_id}"
    directory.graph.fail_next(429, headers={"Retry-After": "17"}, path_contains=path)
    directory.graph.fail_next(503, path_contains=f"/users/{TWENTY[4].aad_id}")

    read = await directory.profiles.read([person_id(p) for p in TWENTY], NOW)

    assert len(read.profiles) == 18
    assert {p.department for p in read.profiles} == {"Parks"}
    assert read.unanswered is not None
    assert read.unanswered.retry_after == 17


async def test_where_nobody_may_be_asked_about_it_says_so(directory: Directory):
    directory.graph.fail_next(
        403,
        code="Authorization_RequestDenied",
        method="GET",
        path_contains="/users/",
        times=FOREVER,
    )

    with pytest.raises(Rejected, match="403 Authorization_RequestDenied"):
        await directory.profiles.read([person_id(ASHA)], NOW)


@pytest.mark.parametrize(("status", "wait"), [(429, 30.0), (503, 30.0), (500, None)])
async def test_a_batch_that_fails_as_a_whole_is_tried_later_and_not_by_the_sdk(
    directory: Directory, status: int, wait: float | None
):
    headers = {"Retry-After": "30"} if wait else {}
    directory.graph.fail_next(status, headers=headers, path_contains="$batch", times=FOREVER)

    with pytest.raises(Unavailable) as raised:
        await directory.profiles.read([person_id(ASHA)], NOW)

    assert raised.value.retry_after == wait
    assert len(directory.requests()) == 1


# --- free and busy -----------------------------------------------------------------------------


async def test_what_is_taken_is_told_by_the_minute_whatever_the_summer_time(directory: Directory):
    directory.graph.set_busy(ASHA.email, NINE + 5 * MINUTE, NINE + 50 * MINUTE)
    directory.graph.calendar.free[ASHA.email] = [(NINE + 2 * HOUR, NINE + 3 * HOUR)]
    winter = NINE.replace(month=12)
    directory.graph.set_busy(ASHA.email, winter, winter + HOUR)

    in_may = await directory.diary.busy(ASHA.email, NOW, NOW + timedelta(days=5))
    in_winter = await directory.diary.busy(ASHA.email, winter - HOUR, winter + 9 * HOUR)

    assert in_may == [Span(start=NINE + 5 * MINUTE, end=NINE + 50 * MINUTE)]
    assert in_winter == [Span(start=winter, end=winter + HOUR)]


async def test_the_organisers_mailbox_asks_and_only_about_that_person(directory: Directory):
    await directory.diary.busy(ASHA.email, NOW, NOW + timedelta(days=5))
    await directory.own_diary.busy(ASHA.email, NOW, NOW + timedelta(days=5))

    (first, body), (second, _) = directory.requests()
    assert first == f"/users/{ORGANISER.email}/calendar/getSchedule"
    assert second == f"/users/{ASHA.email}/calendar/getSchedule"
    assert body == {
        "schedules": [ASHA.email],
        "startTime": {"dateTime": "2026-05-18T07:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-05-23T07:00:00", "timeZone": "UTC"},
        "availabilityViewInterval": 15,
    }


async def test_a_calendar_that_only_tells_free_and_busy_is_read_by_quarters_of_an_hour(
    directory: Directory,
):
    directory.graph.calendar.tells_items = False
    directory.graph.set_busy(ASHA.email, NINE + 20 * MINUTE, NINE + 35 * MINUTE)

    found = await directory.diary.busy(ASHA.email, NOW, NOW + 9 * HOUR)

    assert min(s.start for s in found) == NINE + 15 * MINUTE
    assert max(s.end for s in found) == NINE + 45 * MINUTE


async def test_no_more_days_are_asked_about_than_exchange_tells(directory: Directory):
    assert await directory.diary.busy(ASHA.email, NOW, NOW + timedelta(days=900)) == []


async def test_somebody_without_a_mailbox_has_no_calendar_to_look_at(directory: Directory):
    with pytest.raises(Rejected, match="ErrorMailRecipientNotFound"):
        await directory.diary.busy("nobody@example.gov.uk", NOW, NOW + HOUR)


async def test_a_refusal_says_no_more_than_its_code(directory: Directory):
    directory.graph.deny("getSchedule")

    with pytest.raises(Rejected) as raised:
        await directory.diary.busy(ASHA.email, NOW, NOW + HOUR)

    assert str(raised.value) == "Graph: 403 ErrorAccessDenied"


async def test_nothing_of_a_calendar_but_its_times_is_kept_or_logged(
    directory: Directory, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    directory.graph.set_busy(ASHA.email, NINE, NINE + HOUR)

    found = await directory.diary.busy(ASHA.email, NOW, NOW + timedelta(days=5))

    written = capsys.readouterr()
    everything = f"{found} {caplog.text} {written.out} {written.err}"
    assert SECRET_SUBJECT not in everything
    assert ASHA.email not in everything


@pytest.mark.parametrize(
    ("told", "utc"),
    [
        ({"dateTime": "2026-05-18T10:00:00.0000000", "timeZone": "UTC"}, "10:00"),
        ({"dateTime": "2026-05-18T10:00:00.0000000", "timeZone": "Europe/London"}, "09:00"),
        ({"dateTime": "2026-05-18T10:00:00.0000000", "timeZone": "GMT Standard Time"}, "09:00"),
        ({"dateTime": "2026-05-18T10:00:00Z", "timeZone": None}, "10:00"),
    ],
)
def test_times_are_read_in_whatever_zone_they_are_told(told: dict[str, str], utc: str):
    items = [{"status": "oof", "start": told, "end": told}]

    [span] = graph_profiles.spans({"value": [{"scheduleItems": items}]}, NOW)

    assert f"{span.start:%H:%M}" == utc


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"value": []},
        {"value": [{"error": {"responseCode": "ErrorNoFreeBusy"}}]},
        {
            "value": [
                {
                    "scheduleItems": [
                        {
                            "status": "busy",
                            "start": {"dateTime": "x", "timeZone": "Middle/Earth"},
                            "end": {"dateTime": "x", "timeZone": "UTC"},
                        }
                    ]
                }
            ]
        },
    ],
)
def test_an_answer_that_tells_nothing_is_no_empty_diary(answer: dict[str, Any]):
    with pytest.raises(Rejected):
        graph_profiles.spans(answer, NOW)
