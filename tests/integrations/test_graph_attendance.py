"""Teams' attendance reports, read from Graph as it answers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from integrations.circuits import Circuits
from integrations.graph import Graph
from integrations.graph_attendance import GraphAttendance, NoAccessPolicy, NotPermitted
from learning.attendance import Seen
from learning.sessions import Format, Session
from services.ports.systems import Rejected, Unavailable
from tests.support.clocks import FixedClock
from tests.support.events import Event
from tests.support.graph import ORGANISER
from tests.support.graph_attendance import GUEST, a_guest, present
from tests.support.graph_client import ASHA, BO, Client, a_client
from tests.support.login import TENANT
from tests.support.values import ELEVEN, NINE, TEN, a_session

MINUTE = timedelta(minutes=1)
SOMEWHERE_ELSE = "99999999-9999-4999-8999-999999999999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    client: Client
    reports: GraphAttendance
    event: Event
    session: Session

    def ended(self, *presences: object, begins: int = 0, ends: int = 60):
        """The meeting was held from and until so many minutes after the session's start."""
        return self.client.graph.attendance.ended(
            self.event,
            TEN + begins * MINUTE,
            TEN + ends * MINUTE,
            *presences,  # pyright: ignore[reportArgumentType] -- presences all
        )

    async def seen(self) -> list[Seen]:
        return list(await self.reports.of(self.session))


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with a_client() as client:
        await client.made()
        event = client.graph.events[-1]
        graph = Graph(client.graph.base_url, lambda: _token(client))
        circuit = Circuits(FixedClock()).of("Attendance")
        yield Teams(
            client=client,
            reports=GraphAttendance(graph.behind(circuit), ORGANISER.email, TENANT),
            event=event,
            session=a_session(format=Format.TEAMS, join_url=event.join_url or ""),
        )
        await graph.close()


async def _token(client: Client) -> str:
    return client.bearer


async def test_each_record_is_told_with_its_account_its_address_and_its_times(teams: Teams):
    asha = present(ASHA, (TEN, TEN + 10 * MINUTE), (TEN + 20 * MINUTE, ELEVEN), role="Presenter")
    host = present(ORGANISER, (TEN, ELEVEN), role="Organizer")
    report = teams.ended(asha, host)

    first, second = await teams.seen()

    assert (first.report, first.record) == (report.id, asha.id)
    assert (first.account, first.email, first.name) == (ASHA.aad_id, ASHA.email, "Asha")
    assert first.spans == ((TEN, TEN + 10 * MINUTE), (TEN + 20 * MINUTE, ELEVEN))
    assert first.seconds == 50 * 60
    assert [each.is_organiser for each in (first, second)] == [False, True]


async def test_only_accounts_of_our_own_directory_are_accounts(teams: Teams):
    span = (TEN, ELEVEN)
    teams.ended(
        present(ASHA, span),
        present(ASHA, span, tenant=TENANT),
        present(BO, span, tenant=SOMEWHERE_ELSE),
        present(BO, span, kind=GUEST),
        a_guest("Visitor", span),
        a_guest(None, span),
        present(BO, span, account="8:orgid:not-an-object-id"),
    )

    found = await teams.seen()

    assert [each.account for each in found] == [ASHA.aad_id, ASHA.aad_id, "", "", "", "", ""]
    assert [(each.email, each.name) for each in found[-3:]] == [
        ("", "Visitor"),
        ("", ""),
        (BO.email, "Bo"),
    ]


async def test_the_reports_of_a_meeting_that_began_again_are_all_read(teams: Teams):
    teams.client.graph.attendance.page_size = 1
    teams.ended(present(ASHA, (TEN, TEN + 20 * MINUTE)), begins=0, ends=20)
    teams.ended(present(ASHA, (TEN + 25 * MINUTE, ELEVEN)), begins=25, ends=60)

    assert len({each.report for each in await teams.seen()}) == 2


async def test_reports_of_another_time_are_not_read_at_all(teams: Teams):
    """Somebody tried the link out the day before; that is nobody's business here."""
    earlier = teams.ended(present(ASHA, (NINE, NINE + MINUTE)), begins=-60, ends=-50)
    teams.ended(present(BO, (TEN, ELEVEN)))

    assert [each.account for each in await teams.seen()] == [BO.aad_id]
    assert not any(earlier.id in path for _, path, _ in teams.client.graph.log)


async def test_a_long_report_is_read_to_its_end(teams: Teams):
    teams.client.graph.attendance.records_at_once = 3
    crowd = [a_guest(f"Guest {number}", (TEN, ELEVEN)) for number in range(10)]
    teams.ended(*crowd)

    assert [each.record for each in await teams.seen()] == [each.id for each in crowd]


@pytest.mark.parametrize("link", ["", "https://teams.microsoft.com/l/meetup-join/it's%20gone"])
async def test_where_there_is_no_meeting_there_is_no_report(teams: Teams, link: str):
    session = replace(teams.session, join_url=link)

    assert await teams.reports.of(session) == []


async def test_a_report_that_is_not_there_yet_is_fine(teams: Teams):
    assert await teams.seen() == []
    teams.client.graph.fail_next(404, path_contains="attendanceReports")
    assert await teams.seen() == []


@pytest.mark.parametrize(
    ("missing", "refusal", "words"),
    [
        ("policy", NoAccessPolicy, "application access policy"),
        ("permission", NotPermitted, "OnlineMeetingArtifact.Read.All"),
    ],
)
async def test_what_is_missing_is_named(
    teams: Teams, missing: str, refusal: type[Rejected], words: str
):
    teams.client.graph.attendance.without = missing  # pyright: ignore[reportAttributeAccessIssue] -- one of its words

    for ask in (teams.seen, lambda: teams.reports.check(teams.session), teams.reports.check):
        with pytest.raises(refusal, match=words):
            await ask()


async def test_with_all_that_is_needed_the_check_finds_nothing_wrong(teams: Teams):
    await teams.reports.check()
    await teams.reports.check(teams.session)
    teams.client.graph.fail_next(404, path_contains="onlineMeetings")
    await teams.reports.check()


async def test_a_graph_that_is_down_is_asked_again_later(teams: Teams):
    teams.client.graph.fail_next(503, headers={"Retry-After": "7"}, path_contains="onlineMeetings")

    with pytest.raises(Unavailable) as raised:
        await teams.seen()

    assert raised.value.retry_after == 7.0


async def test_an_organiser_whom_nobody_knows_is_said_so(teams: Teams):
    teams.client.graph.directory.users.pop(ORGANISER.aad_id)

    with pytest.raises(Rejected, match="organiser's account is not found"):
        await teams.seen()


async def test_the_organiser_is_looked_up_once(teams: Teams):
    for _ in range(3):
        await teams.seen()

    asked = [path for _, path, _ in teams.client.graph.log]
    assert asked.count(f"/users/{ORGANISER.email}") == 1
