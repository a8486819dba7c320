"""Colleagues are found by the beginning of a name, or by their address; whatever is typed is text."""

from collections.abc import AsyncGenerator

import pytest

from integrations.circuits import Circuit
from integrations.graph import Graph as Client
from integrations.graph_colleagues import PAGE, GraphColleagues
from learning.people import Person, PersonId
from services.ports.systems import Missing, Rejected, Unavailable
from tests.support import activities
from tests.support.activities import a_person
from tests.support.clocks import FixedClock
from tests.support.graph import Graph
from tests.support.login import APP_ID, TENANT, Login
from tests.support.tokens import GRAPH

ASHA, ASTRID, BO = a_person("Asha"), a_person("Astrid"), a_person("Bo")


@pytest.fixture
async def graph() -> AsyncGenerator[Graph]:
    async with Login() as login, Graph(login) as graph:
        for person in (ASTRID, ASHA, BO):
            graph.directory.add_user(person)
        yield graph


@pytest.fixture
async def colleagues(graph: Graph) -> AsyncGenerator[GraphColleagues]:
    async def token() -> str:
        return graph._login.tokens.issue(GRAPH, tenant=TENANT, client_id=APP_ID).token

    client = Client(graph.base_url, token)
    yield GraphColleagues(client.behind(Circuit("Directory", FixedClock())))
    await client.close()


def known(person: activities.Person, email: str = "") -> Person:
    return Person(id=PersonId(person.aad_id), name=person.name, email=email or person.email)


async def test_they_are_found_by_a_name_s_beginning_or_an_address(colleagues: GraphColleagues):
    assert await colleagues.called("as", 20) == [known(ASHA), known(ASTRID)]
    assert await colleagues.called("as", 1) != []
    assert await colleagues.called(BO.email.upper(), 20) == [known(BO)]
    assert await colleagues.called("sha", 20) == []


async def test_an_apostrophe_ends_no_filter(graph: Graph, colleagues: GraphColleagues):
    graph.directory.add_user(BO, surname="O'Hara")

    assert await colleagues.called("o'h", 20) == [known(BO)]
    assert await colleagues.called("') or startswith(displayName,'a", 20) == []


async def test_one_is_found_by_id_and_who_is_not_there_is_nobody(colleagues: GraphColleagues):
    assert await colleagues.find(PersonId(ASHA.aad_id)) == known(ASHA)
    assert await colleagues.find(PersonId("nobody")) is None


async def test_without_a_mail_address_the_name_of_the_account_is_one(
    graph: Graph, colleagues: GraphColleagues
):
    graph.directory.add_user(BO, mail=None, userPrincipalName="bo@tenant.example")

    assert await colleagues.find(PersonId(BO.aad_id)) == known(BO, email="bo@tenant.example")


@pytest.mark.parametrize(("status", "error"), [(503, Unavailable), (403, Rejected)])
async def test_what_graph_refuses_is_said(
    graph: Graph, colleagues: GraphColleagues, status: int, error: type[Exception]
):
    for _ in range(2):
        graph.fail_next(status, path_contains="/users")

    with pytest.raises(error):
        await colleagues.called("as", 20)
    with pytest.raises(error):
        await colleagues.find(PersonId(ASHA.aad_id))


async def test_a_group_is_read_with_the_groups_in_it_page_by_page(
    graph: Graph, colleagues: GraphColleagues
):
    group = "11111111-2222-4333-8444-555555555555"
    many = [a_person(f"Person Number {number}") for number in range(PAGE)]
    for person in many:
        graph.directory.add_user(person)
    graph.directory.add_group("inner", [BO, ASTRID, ASHA])
    graph.directory.add_group(group, [ASHA, "inner", *many])

    by_id = await colleagues.in_group(group)
    by_name = await colleagues.in_group(f"group {group}")

    assert sorted(p.name for p in by_id) == sorted(
        ["Asha", "Astrid", "Bo", *(p.name for p in many)]
    )
    assert known(ASHA) in by_id
    assert by_name == by_id


@pytest.mark.parametrize(
    "group", ["Nobody's group", "99999999-2222-4333-8444-555555555555", "' or id ne '"]
)
async def test_a_group_that_is_not_there_is_missing(colleagues: GraphColleagues, group: str):
    with pytest.raises(Missing):
        await colleagues.in_group(group)
