"""Puts the parts of the SharePoint hub list together: what reads it, writes it and tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import structlog
from aiohttp import web

from config import Settings
from core import Core
from hub.changes import PATH, change_routes, client_state
from integrations.circuits import Circuits
from integrations.graph import Graph
from integrations.graph_json import Expired, GraphJson
from integrations.graph_lists import GraphList
from integrations.hub_setup import HubSetup
from jobs.deliver import Effect
from jobs.hub_effects import HubEffects, without_list
from jobs.timetable import Entry
from learning.notices import Kind
from learning.people import PersonId
from pages import chat_link
from services.hub_items import HubWriter
from services.hub_list import HubReader
from services.hub_watch import HubWatch
from services.people import PeopleService
from services.ports.systems import Messenger, Rejected, Unavailable

log = structlog.get_logger()

MOST_ORGANISERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HubList:
    """What the rest of the product takes in of it; nothing but `effects` where there is no list."""

    effects: Mapping[Kind, Effect]
    entries: Sequence[Entry] = ()
    routes: Sequence[web.RouteDef] = ()


def hub_list(
    core: Core,
    graph: Graph | None,
    circuits: Circuits,
    people: PeopleService,
    messenger: Messenger,
) -> HubList:
    if graph is None or not core.hub_key:
        return HubList(effects=without_list())
    settings, key, link = core.settings, core.hub_key, chat_link(core.settings)
    sharepoint = GraphList(
        sharepoint_graph(settings, graph, circuits),
        site=settings.sharepoint_site_id,
        list_id=settings.sharepoint_list_id,
        app_id=settings.microsoft_app_id,
    )
    directory = GraphJson(graph.behind(circuits.of("Directory")), settings.graph_base_url)

    async def organisers() -> Sequence[PersonId]:
        return await known_organisers(settings, directory)

    reader = HubReader(
        core.work,
        core.clock,
        core.programme,
        sharepoint,
        organisers,
        list_key=key,
        timezone=settings.timezone,
        link=link,
    )
    secret = client_state(settings.secret_key.get_secret_value(), key)
    watch = HubWatch(
        core.work, core.clock, sharepoint, list_key=key, url=watched_at(settings), secret=secret
    )
    writer = HubWriter(core.work, core.clock, sharepoint, list_key=key, link=link)
    effects = HubEffects(reader, writer, watch, core.hub_reports, people, messenger)
    return HubList(
        effects=effects.table(),
        entries=[
            Entry(
                name="hub list",
                cron="*/5 * * * *",
                run=reader.poll,
                words="Reads the SharePoint list where it has changed.",
            )
        ],
        routes=change_routes(reader.changed, secret),
    )


def sharepoint_graph(settings: Settings, graph: Graph, circuits: Circuits) -> GraphJson:
    return GraphJson(graph.behind(circuits.of("SharePoint")), settings.graph_base_url)


def hub_setup(settings: Settings, graph: Graph, circuits: Circuits) -> HubSetup:
    return HubSetup(sharepoint_graph(settings, graph, circuits), settings.sharepoint_site_id)


def watched_at(settings: Settings) -> str:
    """Where SharePoint may tell us of changes; '' where nobody reaches us."""
    url = settings.public_url
    return f"{url}{PATH}" if url.startswith("https://") else ""


async def known_organisers(settings: Settings, directory: GraphJson) -> list[PersonId]:
    """Those named in the settings, and the first of the organisers' group, as far as it can be read."""
    found = [PersonId(each.casefold()) for each in settings.organisers]
    if not settings.organisers_group:
        return found
    group = quote(settings.organisers_group)
    try:
        answer = await directory.ask(
            "GET", f"/groups/{group}/transitiveMembers?$select=id&$top={MOST_ORGANISERS}"
        )
    except (Unavailable, Rejected, Expired) as error:
        log.warning("organisers' group not readable", reason=str(error))
        return found
    members = [PersonId(str(each["id"]).casefold()) for each in answer.get("value", [])]
    return list(dict.fromkeys([*found, *members]))
