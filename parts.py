"""Puts the parts together: the systems around us, the bot, the pages, the clock, the sender."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.adapter import TeamsAdapter
from bot.authentication import (
    ChannelAuthentication,
    LaptopAuthentication,
    ServiceHosts,
    SigningKeys,
)
from bot.connector import Connector, PooledConnectors
from bot.endpoint import LARGEST, Endpoint
from bot.messenger import TeamsMessenger
from bot.replies import Replies
from bot.roster import WithRoster
from bot.spoken import Spoken
from bot.turns import Turns
from core import Core, nudge_rules
from dialogs.state import PersonState
from hub.access import Doorkeeper, check_rules
from hub.compression import compressed
from hub.live import Live
from hub.sign_in import sign_in_routes
from hub.visitors import Visitors
from integrations.clock import steady
from integrations.entra import BOT_SCOPE
from integrations.metrics import Metrics
from jobs.attendance import attendance_effects
from jobs.deliver import Deliverer
from jobs.effects import Effects
from jobs.profiles import profile_effects
from jobs.timetable import Entry, Timetable
from jobs.zoom_effects import zoom_effects
from learning.sessions import Format
from pages import chat_link, laptop_pages, pages, session_page
from services.addresses import Addresses
from services.attendance_polls import AttendancePolls
from services.first_contact import FirstContact
from services.meetings import MeetingService
from services.organisers import Organisers
from services.outreach import Outreach
from services.plans import PlanService
from services.ports.attendance import AttendanceReports
from services.profiles import ProfileService
from services.zoom_attendance import ZoomAttendance
from services.zoom_meetings import ZoomMeetings
from store import migrate
from store.conversations import SqlConversationStore
from store.delivery_queue import SqlDeliveryQueue
from store.pace import SqlPace
from store.retention import SqlRetention
from store.wake_ups import WakeUps, wake_ups
from wiring.answers import a_bot, answers
from wiring.desk import desk
from wiring.desk_people import people_desk
from wiring.engage import Engagement
from wiring.hub_list import hub_list
from wiring.outside import Outside
from wiring.own_pages import own_pages

log = structlog.get_logger()


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
    live: Live
    web: web.Application


def _zoom_entries(zoom: ZoomMeetings) -> list[Entry]:
    return [
        Entry(
            name="Zoom",
            cron="*/10 * * * *",
            run=zoom.catch_up,
            words="Looks whether every Zoom meeting is as its session is.",
        ),
        Entry(
            name="old registrations",
            cron="55 3 * * *",
            run=zoom.forget_old,
            words="Forgets who was registered with Zoom for sessions of long ago.",
        ),
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
        page=session_page(settings),
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
    conversation, actions = answers(core, state, organisers, plans, engagement)
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
            Entry(
                name="highlights",
                cron="* * * * *",
                run=outreach.queue,
                words="Writes down the daily highlights once their time has come.",
            ),
            Entry(
                name="offers",
                cron="* * * * *",
                run=core.bookings.lapse_offers,
                words="Passes on places that were offered and not taken up in time.",
            ),
            Entry(
                name="attendance",
                cron="* * * * *",
                run=polls.queue,
                words="Asks Teams and Zoom who was there when a session has ended.",
            ),
            Entry(
                name="guests",
                cron="50 3 * * *",
                run=core.attendance.forget_guests,
                words="Forgets the names of guests a month after their session.",
            ),
            Entry(
                name="profiles",
                cron="15 * * * sat,sun",
                run=profiles.queue,
                words="Reads people's department and office from the directory.",
            ),
            Entry(
                name="old talk",
                cron="20 3 * * *",
                run=store.forget_old,
                words="Forgets what old conversations were about.",
            ),
            Entry(
                name="old rows",
                cron="40 3 * * *",
                run=retention.count_old,
                takes_long=True,
                words="Keeps deliveries of more than a month ago as numbers only.",
            ),
            Entry(
                name="schema",
                cron="* * * * *",
                run=fits,
                words="Looks whether this version still fits the database.",
            ),
            Entry(
                name="old work",
                cron="25 * * * *",
                run=core.errands.forget_old,
                words="Removes long work, and the files it made, after a day.",
            ),
            *hub.entries,
            *engagement.entries,
            *(_zoom_entries(zoom) if zoom else []),
        ],
        clock,
    )
    metrics = Metrics(outside.circuits.states)
    replies = Replies(messenger, core.people, first_contact)
    bot = a_bot(core, conversation, actions, state, outreach, replies)
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
    visitors = Visitors(
        settings.secret_key.get_secret_value(),
        clock,
        is_https=settings.public_url.startswith("https:"),
    )
    doorkeeper = Doorkeeper(
        visitors, organisers.includes, origin=settings.public_url, on_laptop=settings.is_laptop
    )
    application = web.Application(
        client_max_size=LARGEST, middlewares=[compressed, doorkeeper.guard]
    )
    application.router.add_post("/api/messages", endpoint.handle)
    live = Live(core.catalogue, core.clock, zone=settings.zone)
    application.add_routes(pages(core, keys, metrics, turns, fits, live))
    application.add_routes(hub.routes)
    application.add_routes(
        sign_in_routes(
            visitors,
            outside.web_sign_in,
            outside.tab_tokens,
            chat_link=chat_link(settings).replace("&message={text}", ""),
            on_laptop=settings.is_laptop,
        )
    )
    application.add_routes(desk(core))
    application.add_routes(people_desk(core, outside.colleagues, timetable))
    application.add_routes(own_pages(core, first_contact))
    if outside.asks is not None:
        application.add_routes(laptop_pages(core, outreach, timetable, outside.asks, chat_url))
    check_rules(application.router.routes())
    return Product(
        core=core,
        keys=keys,
        outreach=outreach,
        turns=turns,
        deliverer=deliverer,
        wake_ups=others,
        timetable=timetable,
        live=live,
        web=application,
    )
