"""The list of the programme as Graph tells of it, whatever goes wrong on the way."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from aiohttp import web

from integrations import graph
from integrations.circuits import Circuit
from integrations.graph_json import GraphJson
from integrations.graph_lists import GraphList
from integrations.hub_setup import HubSetup, set_up, site_permissions
from learning.hub_list import ListColumn, column_faults
from services.ports.systems import Missing, Rejected, Unavailable
from tests.support.activities import a_person
from tests.support.clocks import FixedClock
from tests.support.graph import Graph
from tests.support.graph_calls import Reply
from tests.support.graph_lists import RESYNC, SITE, Lists, SharedList
from tests.support.login import APP_ID, TENANT, Login
from tests.support.now import now
from tests.support.server import Server, application
from tests.support.tokens import GRAPH

ASHA, BO = a_person("Asha"), a_person("Bo")


@dataclass(frozen=True, kw_only=True)
class Here:
    """A list in SharePoint, and the product's hold on it."""

    graph: Graph
    lists: Lists
    shared: SharedList
    json: GraphJson
    ours: GraphList


@pytest.fixture
async def here() -> AsyncIterator[Here]:
    async with Login() as login, Graph(login) as standin:
        token = login.tokens.issue(GRAPH, tenant=TENANT, client_id=APP_ID).token

        async def given() -> str:
            return token

        client = graph.Graph(standin.base_url, given)
        shared = standin.lists.programme()
        json = GraphJson(client.behind(Circuit("SharePoint", FixedClock())), standin.base_url)
        ours = GraphList(json, site=SITE, list_id=shared.id, app_id=APP_ID)
        yield Here(graph=standin, lists=standin.lists, shared=shared, json=json, ours=ours)
        await client.close()


async def test_what_is_there_comes_first_and_then_what_changed(here: Here):
    here.lists.page_size = 2
    for n in range(5):
        here.shared.add(ASHA, Title=f"Session {n}")

    first = await here.ours.changes("")
    nothing = await here.ours.changes(first.link)
    here.shared.edit(2, BO, Title="Renamed")
    here.shared.delete(3)
    here.lists.repeats = True
    later = await here.ours.changes(nothing.link)

    assert [item.fields["Title"] for item in first.items] == [f"Session {n}" for n in range(5)]
    assert (first.is_all, nothing.is_all, nothing.items) == (True, False, ())
    [renamed] = later.items
    assert (renamed.id, renamed.fields["Title"], renamed.editor) == (2, "Renamed", BO.aad_id)
    assert (renamed.author, later.gone) == (ASHA.aad_id, (3,))


async def test_a_title_that_looks_like_a_date_stays_as_it_was_typed(here: Here):
    id = here.shared.add(
        ASHA, Title="2026-05-18", SessionCode="6F1D7A52-93C1-4F5E-9D0E-6A7C6E1B2F10"
    )

    item = await here.ours.item(id)

    assert item.fields["Title"] == "2026-05-18"
    assert item.fields["SessionCode"] == "6F1D7A52-93C1-4F5E-9D0E-6A7C6E1B2F10"


@pytest.mark.parametrize("why", RESYNC)
async def test_a_link_that_is_too_old_begins_again_from_everything(here: Here, why: str):
    here.shared.add(ASHA, Title="One")
    here.shared.add(ASHA, Title="Two")
    first = await here.ours.changes("")
    here.shared.delete(1)
    here.lists.expire(here.shared.id, why)

    again = await here.ours.changes(first.link)

    assert again.is_all
    assert [item.fields["Title"] for item in again.items] == ["Two"]
    assert (await here.ours.changes(again.link)).items == ()


async def test_our_own_write_is_nobodys_edit_and_touches_nothing_else(here: Here):
    id = here.shared.add(ASHA, Title="Growth", SessionCapacity=12)

    await here.ours.write(id, {"PlacesLeft": 3, "BookingState": "Open", "BookingLink": None})

    item = await here.ours.item(id)
    assert here.shared.patches == [
        (id, {"PlacesLeft": 3, "BookingState": "Open", "BookingLink": None})
    ]
    assert (item.editor, item.author) == (None, ASHA.aad_id)
    assert (item.fields["Title"], item.fields["SessionCapacity"]) == ("Growth", 12)


async def test_columns_are_known_by_their_internal_names(here: Here):
    here.shared.rename_column("SessionStarts", "Beginn")

    columns = await here.ours.columns()

    assert column_faults(columns) == []
    assert ListColumn(name="SessionStarts", label="Beginn", kind="dateTime") in columns


@pytest.mark.parametrize("status", [429, 503])
async def test_being_slowed_down_is_waited_out_as_long_as_sharepoint_says(here: Here, status: int):
    here.graph.fail_next(status, headers={"Retry-After": "17"})

    with pytest.raises(Unavailable) as slowed:
        await here.ours.changes("")

    assert slowed.value.retry_after == 17
    assert len(here.graph.log) == 1


async def test_what_is_gone_or_not_ours_is_told_apart(here: Here):
    elsewhere = GraphList(here.json, site=SITE, list_id="another", app_id=APP_ID)
    with pytest.raises(Missing):
        await here.ours.item(9)
    with pytest.raises(Missing):
        await elsewhere.changes("")
    here.lists.role = None
    with pytest.raises(Rejected, match="403 accessDenied"):
        await here.ours.changes("")


async def test_a_link_to_somewhere_else_is_not_followed(here: Here):
    here.graph.handlers["GET /sites/{site-id}/lists/{list-id}/items/delta"] = lambda _: _page(
        "https://elsewhere.example.org/v1.0/more"
    )

    with pytest.raises(Unavailable, match="somewhere else"):
        await here.ours.changes("")


def _page(link: str) -> Reply:
    return Reply(body={"value": [], "@odata.nextLink": link})


async def test_a_subscription_is_made_once_renewed_and_made_again_when_it_is_gone(here: Here):
    url = "https://bot.example.org/hub/changes"
    until = now() + timedelta(minutes=42_000)

    async with somebody_who_answers(here.lists):
        made = await here.ours.watch(url, "secret", until, "")
        lost = await here.ours.watch(url, "secret", until, "")
        renewed = await here.ours.watch(url, "secret", until, made.id)
        here.lists.subscriptions.clear()
        again = await here.ours.watch(url, "secret", until, made.id)

    assert made.id == lost.id == renewed.id != again.id
    assert made.until == until.replace(microsecond=0)
    [subscription] = here.lists.subscriptions.values()
    assert subscription.body["clientState"] == "secret"


async def test_an_address_that_sharepoint_cannot_reach_is_refused(here: Here):
    with pytest.raises(Rejected, match="400"):
        await here.ours.watch("https://nowhere.example.org/", "s", now() + timedelta(days=1), "")


@asynccontextmanager
async def somebody_who_answers(lists: Lists) -> AsyncGenerator[None]:
    """At the public address of the bot, as it does."""

    async def echo(request: web.Request) -> web.Response:
        return web.Response(text=request.query["validationToken"])

    server = Server(application(web.post("/hub/changes", echo)))
    lists.reach["https://bot.example.org"] = await server.start()
    yield
    await server.stop()


# --- setting up --------------------------------------------------------------------------------


async def test_setting_up_makes_the_list_its_columns_and_a_page_and_nothing_twice(here: Here):
    here.lists.role = "owner"
    hub = HubSetup(here.json, SITE)

    made = await set_up(hub, "")
    again = await set_up(hub, "")
    by_id = await set_up(hub, made.list_id)

    assert made.made == ("the list", "the page")
    assert (again.made, by_id.made) == ((), ())
    assert again.list_id == by_id.list_id == made.list_id
    ours = GraphList(here.json, site=SITE, list_id=made.list_id, app_id=APP_ID)
    assert column_faults(await ours.columns()) == []
    [page] = here.lists.pages.values()
    assert page["publishingState"]["level"] == "published"
    columns = here.lists.lists[made.list_id].columns
    assert [name for name, column in columns.items() if column.get("indexed")] == [
        "SessionCode",
        "SessionStarts",
        "BookingState",
    ]


async def test_setting_up_adds_what_somebody_deleted_and_publishes_what_was_left(here: Here):
    here.lists.role = "owner"
    hub = HubSetup(here.json, SITE)
    made = await set_up(hub, "")
    here.lists.lists[made.list_id].remove_column("SessionCapacity")
    [page] = here.lists.pages.values()
    page["publishingState"] = {"level": "checkout"}

    assert await hub.columns_missing(made.list_id) == ["Places"]
    again = await set_up(hub, made.list_id)

    assert again.made == ("the column Places",)
    assert page["publishingState"]["level"] == "published"


async def test_setting_up_makes_no_list_where_one_was_named_that_is_not_there(here: Here):
    here.lists.role = "owner"

    with pytest.raises(Missing):
        await set_up(HubSetup(here.json, SITE), "no-such-list")
    assert list(here.lists.lists) == [here.shared.id]


@pytest.mark.parametrize(
    ("roles", "seen"),
    [
        (["Sites.Selected", "User.Read.All"], ["Sites.Selected"]),
        (["User.Read.All"], []),
        (None, None),
    ],
)
async def test_a_token_says_which_permission_was_consented_to(
    here: Here, roles: list[str] | None, seen: list[str] | None
):
    async with Login() as login:
        login.tokens.roles = roles
        token = login.tokens.issue(GRAPH, tenant=TENANT, client_id=APP_ID).token

    assert site_permissions(token) == seen
