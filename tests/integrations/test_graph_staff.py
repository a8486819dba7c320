"""Accounts are found by the address that Viva Engage knows, and organisers by their group."""

from collections.abc import AsyncGenerator

import pytest

from integrations.circuits import Circuit
from integrations.graph import Graph as Client
from integrations.graph_staff import GraphStaff
from services.ports.systems import Rejected, Unavailable
from tests.support.activities import Person, a_person
from tests.support.clocks import FixedClock
from tests.support.graph import Graph
from tests.support.login import APP_ID, TENANT, Login
from tests.support.tokens import GRAPH

ASHA, BO, CY = a_person("Asha"), a_person("Bo"), a_person("Cy")


@pytest.fixture
async def graph() -> AsyncGenerator[Graph]:
    async with Login() as login, Graph(login) as graph:
        yield graph


@pytest.fixture
async def staff(graph: Graph) -> AsyncGenerator[GraphStaff]:
    async def token() -> str:
        return graph._login.tokens.issue(GRAPH, tenant=TENANT, client_id=APP_ID).token

    client = Client(graph.base_url, token)
    yield GraphStaff(client.behind(Circuit("Directory", FixedClock())))
    await client.close()


def known(graph: Graph, person: Person, **fields: str) -> None:
    graph.directory.add_user(person, **fields)


async def test_an_account_is_found_by_its_address_or_by_its_name(graph: Graph, staff: GraphStaff):
    known(graph, ASHA, userPrincipalName="axk01@example.gov.uk")
    known(graph, BO, mail="", userPrincipalName=BO.email)

    assert await staff.by_email(ASHA.email.upper()) == ASHA.aad_id
    assert await staff.by_email("axk01@example.gov.uk") == ASHA.aad_id
    assert await staff.by_email(BO.email) == BO.aad_id


async def test_an_address_with_an_apostrophe_is_an_address(graph: Graph, staff: GraphStaff):
    known(graph, ASHA, mail="o'hara@example.gov.uk")

    assert await staff.by_email("o'hara@example.gov.uk") == ASHA.aad_id


async def test_an_address_that_nobody_or_two_have_is_nobodys(graph: Graph, staff: GraphStaff):
    known(graph, ASHA, mail="team@example.gov.uk")
    known(graph, BO, mail="team@example.gov.uk")

    assert await staff.by_email("team@example.gov.uk") is None
    assert await staff.by_email("somebody@elsewhere.example") is None


async def test_everybody_in_a_group_and_in_the_groups_in_it_is_a_member(
    graph: Graph, staff: GraphStaff
):
    for person in (ASHA, BO, CY):
        known(graph, person)
    graph.directory.add_group("inner", [CY])
    graph.directory.add_group("outer", [ASHA, BO, "inner"])

    assert set(await staff.members("outer")) == {ASHA.aad_id, BO.aad_id, CY.aad_id}


async def test_a_large_group_is_read_to_its_end(graph: Graph, staff: GraphStaff):
    people = [a_person(f"Person {n}") for n in range(230)]
    for person in people:
        known(graph, person)
    graph.directory.add_group("all", people)

    assert len(await staff.members("all")) == 230


async def test_what_may_not_be_read_and_what_is_away_are_two_things(
    graph: Graph, staff: GraphStaff
):
    graph.deny()
    with pytest.raises(Rejected):
        await staff.by_email(ASHA.email)
    graph.heal()
    graph.fail_next(503)
    with pytest.raises(Unavailable):
        await staff.members("all")
