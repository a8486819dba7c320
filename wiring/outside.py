"""The systems around us: how each is reached, or played on a laptop."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from config import Settings
from core import Core
from hub.sign_in import BACK
from integrations import laptop
from integrations.circuits import Circuits
from integrations.clock import steady
from integrations.entra import GRAPH_SCOPE, AppCredential, Entra
from integrations.entra_tokens import EntraTokens
from integrations.graph import Graph
from integrations.graph_apps import GraphApps
from integrations.graph_attendance import GraphAttendance
from integrations.graph_calendar import GraphCalendar
from integrations.graph_chats import GraphChats
from integrations.graph_colleagues import GraphColleagues
from integrations.graph_directory import GraphDirectory
from integrations.graph_profiles import GraphDiary, GraphProfiles
from integrations.graph_series import GraphSeries
from integrations.laptop_attendance import LaptopAttendance
from integrations.laptop_people import LaptopColleagues, LaptopDiary, LaptopProfiles
from integrations.laptop_sets import LaptopChats, LaptopSeries
from integrations.laptop_sign_in import LaptopSignIn
from integrations.laptop_zoom import LaptopZoom
from integrations.tab_tokens import EntraTabTokens, NoTabTokens
from integrations.web_sign_in import EntraWebSignIn
from integrations.zoom import Zoom
from integrations.zoom_tokens import ZoomApp
from services.ports.profiles import Diary, ProfileSource
from services.ports.set_systems import GroupChats, SeriesCalendar
from services.ports.sign_in import TabTokens, WebSignIn
from services.ports.systems import Calendar, Colleagues, Directory
from wiring.engage import EngageSide, connect_engage, played_engage


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The systems around us, real or played; None for a part that is off."""

    http: aiohttp.ClientSession
    entra: Entra | None
    graph_calendar: GraphCalendar | None
    calendar: Calendar | None
    series: SeriesCalendar | None
    chats: GroupChats | None
    directory: Directory
    colleagues: Colleagues
    apps: GraphApps | None
    asks: laptop.Asks | None
    circuits: Circuits
    profiles: ProfileSource | None
    diary: Diary | None
    teams_attendance: GraphAttendance | LaptopAttendance | None
    graph: Graph | None = None
    zoom: Zoom | LaptopZoom | None
    engage: EngageSide | None
    web_sign_in: WebSignIn
    tab_tokens: TabTokens


@contextlib.asynccontextmanager
async def connected(core: Core) -> AsyncGenerator[Outside]:
    """The systems around us; nothing is asked of them yet."""
    settings, circuits = core.settings, Circuits(core.clock)
    async with aiohttp.ClientSession() as http:
        if settings.is_laptop:
            asks = laptop.Asks(core.clock)
            yield Outside(
                http=http,
                entra=None,
                graph_calendar=None,
                calendar=laptop.LaptopCalendar(asks, settings.public_url),
                series=LaptopSeries(asks, settings.public_url),
                chats=LaptopChats(asks),
                directory=laptop.LaptopDirectory(),
                colleagues=LaptopColleagues(asks),
                apps=None,
                asks=asks,
                circuits=circuits,
                profiles=LaptopProfiles(asks),
                diary=LaptopDiary(asks, settings.zone),
                teams_attendance=LaptopAttendance(asks),
                zoom=LaptopZoom(asks, settings.public_url),
                engage=played_engage(core, asks),
                web_sign_in=LaptopSignIn(BACK),
                tab_tokens=NoTabTokens(),
            )
            return
        credential = AppCredential(
            authority=settings.entra_authority,
            tenant_id=settings.microsoft_app_tenant_id,
            app_id=settings.microsoft_app_id,
            secret=settings.microsoft_app_password.get_secret_value(),
            certificate=settings.microsoft_app_certificate,
            certificate_key=settings.microsoft_app_certificate_key,
        )
        entra = Entra(credential)
        tokens = EntraTokens(http, credential.authority, credential.tenant_id)
        graph = Graph(settings.graph_base_url, lambda: entra.token(GRAPH_SCOPE))
        organiser = settings.graph_organiser
        calendar = series = teams_attendance = None
        if organiser:
            calendar = GraphCalendar(graph.behind(circuits.of("Calendar")), organiser)
            series = GraphSeries(graph.behind(circuits.of("Calendar")), organiser, calendar.at_once)
            teams_attendance = GraphAttendance(
                graph.behind(circuits.of("Attendance")),
                organiser,
                settings.microsoft_app_tenant_id,
            )
        try:
            yield Outside(
                http=http,
                entra=entra,
                graph_calendar=calendar,
                calendar=calendar,
                series=series,
                chats=GraphChats(graph.behind(circuits.of("Chats")), settings.graph_base_url),
                directory=GraphDirectory(graph.behind(circuits.of("Directory"))),
                colleagues=GraphColleagues(graph.behind(circuits.of("Directory"))),
                apps=GraphApps(
                    graph.behind(circuits.of("App catalogue")),
                    settings.graph_base_url,
                    settings.microsoft_app_id,
                ),
                asks=None,
                circuits=circuits,
                profiles=GraphProfiles(graph.behind(circuits.of("People"))),
                diary=GraphDiary(graph.behind(circuits.of("Free and busy")), organiser),
                teams_attendance=teams_attendance,
                graph=graph,
                zoom=_zoom(settings, http, circuits),
                engage=connect_engage(core, http, graph, circuits),
                web_sign_in=EntraWebSignIn(credential, tokens, f"{settings.public_url}{BACK}"),
                tab_tokens=EntraTabTokens(
                    tokens,
                    app_id=settings.microsoft_app_id,
                    host=urlsplit(settings.public_url).hostname or "",
                ),
            )
        finally:
            await graph.close()


def _zoom(settings: Settings, http: aiohttp.ClientSession, circuits: Circuits) -> Zoom | None:
    """None where a setting of it is missing."""
    app = ZoomApp(
        token_url=settings.zoom_token_url,
        account_id=settings.zoom_account_id,
        client_id=settings.zoom_client_id,
        client_secret=settings.zoom_client_secret.get_secret_value(),
    )
    if not (app.account_id and app.client_id and app.client_secret):
        return None
    circuit = circuits.of("Zoom")
    return Zoom(http, settings.zoom_base_url, app, circuit, steady, host=settings.zoom_host)
