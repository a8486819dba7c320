"""Puts the parts together: the systems around us, the bot, the pages, the clock, the sender."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import aiohttp
import structlog
from aiohttp import web

from bot.actions import Actions
from bot.adapter import TeamsAdapter
from bot.authentication import (
    ChannelAuthentication,
    LaptopAuthentication,
    ServiceHosts,
    SigningKeys,
)
from bot.connector import Connector, PooledConnectors
from bot.endpoint import LARGEST, Endpoint
from bot.handler import LearnweekBot
from bot.messenger import TeamsMessenger
from bot.refreshes import Refreshes
from bot.replies import Replies
from bot.roster import WithRoster
from bot.search_box import SearchBox, Zones
from bot.spoken import Spoken
from bot.turns import Turns
from bot.unfurling import Unfurling
from config import Settings
from core import Core, nudge_rules
from dialogs.attendance_answers import AttendanceAnswers
from dialogs.booking_answers import BookingAnswers
from dialogs.conversation import Conversation
from dialogs.organiser_answers import OrganiserAnswers
from dialogs.personal_answers import PersonalAnswers
from dialogs.plan_answers import PlanAnswers
from dialogs.programme_answers import ProgrammeAnswers
from dialogs.state import PersonState
from integrations import laptop
from integrations.circuits import Circuits
from integrations.clock import steady
from integrations.entra import BOT_SCOPE, GRAPH_SCOPE, AppCredential, Entra
from integrations.graph import Graph
from integrations.graph_apps import GraphApps
from integrations.graph_attendance import GraphAttendance
from integrations.graph_calendar import GraphCalendar
from integrations.graph_directory import GraphDirectory
from integrations.graph_profiles import GraphDiary, GraphProfiles
from integrations.laptop_attendance import LaptopAttendance
from integrations.laptop_people import LaptopDiary, LaptopProfiles
from integrations.laptop_zoom import LaptopZoom
from integrations.metrics import Metrics
from integrations.zoom import Zoom
from integrations.zoom_tokens import ZoomApp
from jobs.attendance import attendance_effects
from jobs.deliver import Deliverer
from jobs.effects import Effects
from jobs.profiles import profile_effects
from jobs.timetable import Entry, Timetable
from jobs.zoom_effects import zoom_effects
from learning.sessions import Format
from pages import chat_link, laptop_pages, pages
from services.addresses import Addresses
from services.attendance_polls import AttendancePolls
from services.first_contact import FirstContact
from services.meetings import MeetingService
from services.organisers import Organisers
from services.outreach import Outreach
from services.plans import PlanService
from services.ports.attendance import AttendanceReports
from services.ports.profiles import Diary, ProfileSource
from services.ports.systems import Calendar, Directory
from services.profiles import ProfileService
from services.zoom_attendance import ZoomAttendance
from services.zoom_meetings import ZoomMeetings
from store import migrate
from store.conversations import SqlConversationStore
from store.delivery_queue import SqlDeliveryQueue
from store.pace import SqlPace
from store.retention import SqlRetention
from store.wake_ups import WakeUps, wake_ups
from wiring.engage import Engagement, EngageSide, connect_engage, played_engage
from wiring.hub_list import hub_list

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The systems around us, real or played; None for a part that is off."""

    http: aiohttp.ClientSession
    entra: Entra | None
    graph_calendar: GraphCalendar | None
    calendar: Calendar | None
    directory: Directory
    apps: GraphApps | None
    asks: laptop.Asks | None
    circuits: Circuits
    profiles: ProfileSource | None
    diary: Diary | None
    teams_attendance: GraphAttendance | LaptopAttendance | None
    graph: Graph | None = None
    zoom: Zoom | LaptopZoom | None
    engage: EngageSide | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Everything, ready to serve."""

    core: Core
    keys: SigningKeys | None
    outreach: Outreach
    turns: Turns
    deliverer: Deliverer
    wake_ups: WakeUps | None
    timetable: Timetable
    web: web.Application


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
                directory=laptop.LaptopDirectory(),
                apps=None,
                asks=asks,
                circuits=circuits,
                profiles=LaptopProfiles(asks),
                diary=LaptopDiary(asks, settings.zone),
                teams_attendance=LaptopAttendance(asks),
                zoom=LaptopZoom(asks, settings.public_url),
                engage=played_engage(core, asks),
            )
            return
        entra = Entra(
            AppCredential(
                authority=settings.entra_authority,
                tenant_id=settings.microsoft_app_tenant_id,
                app_id=settings.microsoft_app_id,
                secret=settings.microsoft_app_password.get_secret_value(),
                certificate=settings.microsoft_app_certificate,
                certificate_key=settings.microsoft_app_certificate_key,
            )
        )
        graph = Graph(settings.graph_base_url, lambda: entra.token(GRAPH_SCOPE))
        organiser = settings.graph_organiser
        calendar = teams_attendance = None
        if organiser:
            calendar = GraphCalendar(graph.behind(circuits.of("Calendar")), organiser)
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
                directory=GraphDirectory(graph.behind(circuits.of("Directory"))),
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


def _zoom_entries(zoom: ZoomMeetings) -> list[Entry]:
    return [
        Entry(name="Zoom", cron="*/10 * * * *", run=zoom.catch_up),
        Entry(name="old registrations", cron="55 3 * * *", run=zoom.forget_old),
    ]


def assemble(core: Core, outside: Outside, chat_url: str = "") -> Product:
    """Every part with what it needs."""
    settings, clock = core.settings, core.clock
    entra = outside.entra
    spoken = Spoken(settings.send_rate, steady)
    connector = Connector(outside.http, (lambda: entra.token(BOT_SCOPE)) if entra else None, spoken)
    bot_id = f"28:{settings.microsoft_app_id or 'learnweek'}"
    messenger = TeamsMessenger(connector, bot_id=bot_id)
    directory = WithRoster(outside.directory, connector)
    organisers = Organisers(
        directory,
        clock,
        named=settings.organisers,
        group=settings.organisers_group,
        everybody=settings.is_laptop and not (settings.organisers or settings.organisers_group),
    )
    outreach = Outreach(
        core.work,
        clock,
        core.catalogue,
        zone=settings.zone,
        at=settings.highlights_at,
        rate=settings.send_rate,
    )
    meetings = None
    if outside.calendar is not None:
        meetings = MeetingService(core.work, outside.calendar, directory, core.people, clock)
    zoom = None
    if outside.zoom is not None:
        zoom = ZoomMeetings(core.work, outside.zoom, Addresses(directory, core.people), clock)
    first_contact = FirstContact(core.work, clock, core.people, messenger, outside.apps)
    effects = Effects(
        messenger,
        core.people,
        core.bookings,
        core.catalogue,
        core.channels,
        outreach,
        first_contact,
        meetings,
        clock,
        rules=nudge_rules(settings),
        zone=settings.zone,
    )
    systems: dict[Format, AttendanceReports] = {}
    if outside.teams_attendance is not None:
        systems[Format.TEAMS] = outside.teams_attendance
    if outside.zoom is not None:
        systems[Format.ZOOM] = ZoomAttendance(core.work, outside.zoom, core.doors)
    polls = AttendancePolls(core.work, clock, core.catalogue, core.attendance, systems)
    hub = hub_list(core, outside.graph, outside.circuits, core.people, messenger)
    profiles = ProfileService(core.work, outside.profiles, clock, zone=settings.zone)
    engagement = Engagement(core, outside.engage, organisers, outreach)
    store = SqlConversationStore(core.database, clock)
    state = PersonState(store)
    plans = PlanService(
        core.catalogue,
        core.bookings,
        core.people,
        Addresses(directory, core.people),
        outside.diary,
        clock,
    )
    conversation, actions = _answers(core, state, organisers, plans, engagement)
    pace = SqlPace(core.database, rate=settings.send_rate, beside=spoken.excess)
    queue = SqlDeliveryQueue(core.database, steady)
    deliverer = Deliverer(
        queue,
        {
            **effects.table(),
            **attendance_effects(polls),
            **profile_effects(profiles),
            **zoom_effects(zoom),
            **hub.effects,
            **engagement.effects(conversation, state, core.people, messenger),
        },
        pace,
        clock,
    )
    others = wake_ups(core.database, deliverer.wake, clock)
    core.work.wake = others.committed if others else deliverer.wake
    retention = SqlRetention(core.database, clock)
    turns = Turns()

    async def fits() -> str:
        """Why this version may not run on the database. Then nothing more is begun here."""
        words = await migrate.hindrance(core.database)
        if words and not turns.are_over:
            log.error("this version may not run on the database any more", reason=words)
            turns.are_over = True
            deliverer.stop()
            timetable.stop()
        return words and f"the database {words}"

    timetable = Timetable(
        [
            Entry(name="highlights", cron="* * * * *", run=outreach.queue),
            Entry(name="offers", cron="* * * * *", run=core.bookings.lapse_offers),
            Entry(name="attendance", cron="* * * * *", run=polls.queue),
            Entry(name="guests", cron="50 3 * * *", run=core.attendance.forget_guests),
            Entry(name="profiles", cron="15 * * * sat,sun", run=profiles.queue),
            Entry(name="old talk", cron="20 3 * * *", run=store.forget_old),
            Entry(name="old rows", cron="40 3 * * *", run=retention.count_old, takes_long=True),
            Entry(name="schema", cron="* * * * *", run=fits),
            *hub.entries,
            *engagement.entries,
            *(_zoom_entries(zoom) if zoom else []),
        ]
    )
    metrics = Metrics(outside.circuits.states)
    replies = Replies(messenger, core.people, first_contact)
    bot = _bot(core, conversation, actions, state, outreach, replies)
    keys = None
    if settings.is_laptop:
        authentication = LaptopAuthentication(PooledConnectors(connector))
    else:
        keys = SigningKeys(outside.http, settings.bot_openid_metadata_url)
        authentication = ChannelAuthentication(
            keys,
            PooledConnectors(connector),
            app_id=settings.microsoft_app_id,
            tenant_id=settings.microsoft_app_tenant_id,
            hosts=ServiceHosts(settings.bot_service_hosts),
        )
    endpoint = Endpoint(TeamsAdapter(authentication), authentication, bot, metrics, turns)
    application = web.Application(client_max_size=LARGEST)
    application.router.add_post("/api/messages", endpoint.handle)
    application.add_routes(pages(core, keys, metrics, turns, fits))
    application.add_routes(hub.routes)
    if outside.asks is not None:
        application.add_routes(laptop_pages(core, outreach, timetable, outside.asks, chat_url))
    return Product(
        core=core,
        keys=keys,
        outreach=outreach,
        turns=turns,
        deliverer=deliverer,
        wake_ups=others,
        timetable=timetable,
        web=application,
    )


def _answers(
    core: Core,
    state: PersonState,
    organisers: Organisers,
    planning: PlanService,
    engagement: Engagement,
) -> tuple[Conversation, Actions]:
    """What words and buttons are answered with, wherever they come from."""
    booking = BookingAnswers(core.catalogue, core.bookings, core.clock)
    programme = ProgrammeAnswers(core.catalogue, core.bookings, core.clock)
    personal = PersonalAnswers(
        core.people,
        core.bookings,
        core.channels,
        organisers,
        core.clock,
        contact=core.settings.learning_contact,
    )
    organiser = OrganiserAnswers(
        core.catalogue,
        booking,
        organisers,
        core.programme,
        core.reports,
        core.ledger,
        core.hub_reports,
    )
    attendance = AttendanceAnswers(
        core.catalogue,
        booking,
        organisers,
        core.attendance,
        core.doors,
        core.clock,
        public_url=core.settings.public_url,
    )
    plans = PlanAnswers(planning)
    conversation = Conversation(
        state,
        core.catalogue,
        core.clock,
        programme=programme,
        booking=booking,
        personal=personal,
        organiser=organiser,
        engage=engagement.answers,
        plans=plans,
        attendance=attendance,
    )
    actions = Actions(
        programme=programme,
        booking=booking,
        personal=personal,
        organiser=organiser,
        engage=engagement.answers,
        plans=plans,
        attendance=attendance,
    )
    return conversation, actions


def _bot(
    core: Core,
    conversation: Conversation,
    actions: Actions,
    state: PersonState,
    outreach: Outreach,
    replies: Replies,
) -> LearnweekBot:
    settings = core.settings
    zones = Zones(core.people, settings.zone)
    return LearnweekBot(
        conversation,
        actions,
        replies,
        state,
        core.people,
        core.channels,
        core.catalogue,
        Refreshes(outreach, core.clock, zone=settings.zone),
        SearchBox(core.catalogue, core.clock, zones),
        Unfurling(
            core.catalogue,
            core.clock,
            zones,
            public_url=settings.public_url,
            chat_link=chat_link(settings),
        ),
        zone=settings.zone,
    )
