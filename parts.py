"""Puts the parts together: the systems around us, the bot, the pages, the clock, the sender."""

from __future__ import annotations

import asyncio
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
from bot.turns import Turns
from bot.unfurling import Unfurling
from config import Settings
from core import Core, nudge_rules
from dialogs.booking_answers import BookingAnswers
from dialogs.conversation import Conversation
from dialogs.organiser_answers import OrganiserAnswers
from dialogs.personal_answers import PersonalAnswers
from dialogs.programme_answers import ProgrammeAnswers
from dialogs.state import PersonState
from hub.health import health_routes
from hub.laptop import Button, laptop_routes
from hub.pages import hub_routes
from integrations import laptop
from integrations.entra import BOT_SCOPE, GRAPH_SCOPE, AppCredential, Entra
from integrations.formats import FileFormats
from integrations.graph import Graph
from integrations.graph_apps import GraphApps
from integrations.graph_calendar import GraphCalendar
from integrations.graph_directory import GraphDirectory
from integrations.metrics import Metrics
from jobs.deliver import Deliverer
from jobs.effects import Effects
from jobs.timetable import Entry, Timetable
from services.first_contact import FirstContact
from services.meetings import MeetingService
from services.organisers import Organisers
from services.outreach import Outreach
from services.ports import Calendar, Directory
from store import migrate
from store.conversations import SqlConversationStore
from store.outbox import SqlDeliveryQueue
from store.pace import SqlPace

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Everything, ready to serve."""

    core: Core
    keys: SigningKeys | None
    outreach: Outreach
    turns: Turns
    deliverer: Deliverer
    timetable: Timetable
    web: web.Application


@contextlib.asynccontextmanager
async def connected(core: Core) -> AsyncGenerator[Outside]:
    """The systems around us; nothing is asked of them yet."""
    settings = core.settings
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
        calendar = GraphCalendar(graph, organiser) if organiser else None
        try:
            yield Outside(
                http=http,
                entra=entra,
                graph_calendar=calendar,
                calendar=calendar,
                directory=GraphDirectory(graph),
                apps=GraphApps(graph, settings.graph_base_url, settings.microsoft_app_id),
                asks=None,
            )
        finally:
            await graph.close()


def assemble(core: Core, outside: Outside, chat_url: str = "") -> Product:
    """Every part with what it needs."""
    settings, clock = core.settings, core.clock
    entra = outside.entra
    connector = Connector(outside.http, (lambda: entra.token(BOT_SCOPE)) if entra else None)
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
        core.work, clock, core.catalogue, zone=settings.zone, at=settings.highlights_at
    )
    meetings = None
    if outside.calendar is not None:
        meetings = MeetingService(core.work, outside.calendar, directory, core.people, clock)
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
    pace = SqlPace(core.database, rate=settings.send_rate)
    deliverer = Deliverer(SqlDeliveryQueue(core.database), effects.table(), pace, clock)
    core.work.wake = deliverer.wake
    store = SqlConversationStore(core.database, clock)
    timetable = Timetable(
        [
            Entry(name="highlights", cron="* * * * *", run=outreach.queue),
            Entry(name="offers", cron="* * * * *", run=core.bookings.lapse_offers),
            Entry(name="old talk", cron="20 3 * * *", run=store.forget_old),
        ]
    )
    metrics = Metrics()
    replies = Replies(messenger, core.people, first_contact)
    bot = _bot(core, PersonState(store), organisers, outreach, replies)
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
    turns = Turns()
    endpoint = Endpoint(TeamsAdapter(authentication), authentication, bot, metrics, turns)
    application = web.Application(client_max_size=LARGEST)
    application.router.add_post("/api/messages", endpoint.handle)
    application.add_routes(_pages(core, keys, metrics, turns))
    if outside.asks is not None:
        application.add_routes(_laptop_pages(core, outreach, timetable, outside.asks, chat_url))
    return Product(
        core=core,
        keys=keys,
        outreach=outreach,
        turns=turns,
        deliverer=deliverer,
        timetable=timetable,
        web=application,
    )


def _bot(
    core: Core, state: PersonState, organisers: Organisers, outreach: Outreach, replies: Replies
) -> LearnweekBot:
    booking = BookingAnswers(core.catalogue, core.bookings, core.clock)
    programme = ProgrammeAnswers(core.catalogue, core.bookings, core.clock)
    personal = PersonalAnswers(core.people, core.bookings, core.channels, organisers, core.clock)
    organiser = OrganiserAnswers(core.catalogue, booking, organisers, core.programme, core.reports)
    conversation = Conversation(
        state,
        core.catalogue,
        core.clock,
        programme=programme,
        booking=booking,
        personal=personal,
        organiser=organiser,
    )
    actions = Actions(programme=programme, booking=booking, personal=personal, organiser=organiser)
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
            chat_link=_chat_link(settings),
        ),
        zone=settings.zone,
    )


def _chat_link(settings: Settings) -> str:
    """What opens the chat with the bot, `{text}` in it standing for what to say; '' on a laptop."""
    bot = settings.microsoft_app_id
    address = "https://teams.microsoft.com/l/chat/0/0"
    return f"{address}?users=28:{bot}&message={{text}}" if bot else ""


def _pages(
    core: Core, keys: SigningKeys | None, metrics: Metrics, turns: Turns
) -> list[web.RouteDef]:
    async def stays() -> str:
        return "stopping" if turns.are_over else ""

    async def database() -> str:
        async with core.work(read_only=True) as uow:
            await uow.sessions.version()
        return ""

    async def schema() -> str:
        return "" if await migrate.is_current(core.database) else "run: python app.py migrate"

    async def signing_keys() -> str:
        if keys is not None and not keys.are_known:
            await keys.warm_up()
        return "" if keys is None or keys.are_known else "the channel's keys cannot be fetched"

    async def figures() -> bytes:
        async with core.work(read_only=True) as uow:
            return metrics.text(await uow.outbox.counts())

    settings = core.settings
    return [
        *health_routes(
            {
                "database": database,
                "schema": schema,
                "signing keys": signing_keys,
                "turns": stays,
            },
            figures,
        ),
        *hub_routes(
            core.catalogue,
            core.clock,
            zone=settings.zone,
            chat_link=_chat_link(settings),
            calendar_file=FileFormats(core.clock, settings.public_url).ics,
        ),
    ]


def _laptop_pages(
    core: Core, outreach: Outreach, timetable: Timetable, asks: laptop.Asks, chat_url: str
) -> list[web.RouteDef]:
    assert isinstance(core.clock, laptop.LaptopClock)

    async def nudges() -> str:
        hurried = await outreach.nudge_now()
        return (
            f"Nudges on their way: {hurried}."
            if hurried
            else "Nobody has a nudge ahead: book first."
        )

    async def highlights() -> str:
        written = await outreach.queue_now()
        hint = "Nobody asked for highlights yet: type send me highlights in the chat."
        return f"Highlights on their way: {written}." if written else hint

    async def clock() -> str:
        for entry in timetable.entries:
            await entry.run()
        return "Every job has looked at what is due."

    return laptop_routes(
        buttons=[
            Button(
                name="highlights",
                title="Send today's highlights",
                explain="To every channel and person who asked for them.",
                run=highlights,
            ),
            Button(
                name="nudges",
                title="Send the next nudges",
                explain="To everybody who has a booking ahead.",
                run=nudges,
            ),
            Button(
                name="jobs",
                title="Run every job",
                explain="As the clock does: what is due is sent, offers that ran out are passed on.",
                run=clock,
            ),
        ],
        ledger=core.reports.ledger,
        asks=lambda: asks.newest,
        now=core.clock.now,
        set_clock=core.clock.set,
        zone=core.settings.zone,
        chat_url=lambda: chat_url,
        find_person=core.people.find,
        find_channel=core.channels.find,
        find_sessions=core.catalogue.among,
    )


GRACE = 7.0
"""Seconds in which what is under way may come to its end; whoever stops us waits some ten."""

CLOSING = 0.5


@contextlib.asynccontextmanager
async def serving(product: Product, host: str, port: int) -> AsyncGenerator[int]:
    """Serve until left; the port that it listens on.

    Leaving finishes the turns and deliveries under way. Until they are, it still listens, to say
    that it is not ready and takes no other turn.
    """
    runner = web.AppRunner(product.web, access_log=None, shutdown_timeout=CLOSING)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    warming = asyncio.create_task(product.keys.warm_up()) if product.keys else None
    delivering = asyncio.create_task(product.deliverer.run())
    await product.timetable.start()
    try:
        yield runner.addresses[0][1]
    finally:
        if warming is not None:
            warming.cancel()
        product.timetable.stop()
        product.deliverer.stop()
        await _finished(delivering, asyncio.create_task(product.turns.finish()))
        await runner.cleanup()


async def _finished(*under_way: asyncio.Task[None]) -> None:
    """Wait for these, but no longer than GRACE: what an outside system holds up is broken off."""
    _, late = await asyncio.wait(under_way, timeout=GRACE)
    for task in late:
        task.cancel()
    if late:
        log.warning("stopped with something still under way")
        await asyncio.wait(late, timeout=CLOSING)
