"""Puts the parts together: the systems around us, the bot, the pages, the clock, the sender."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

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
from bot.endpoint import Endpoint
from bot.messenger import TeamsMessenger
from bot.replies import Replies
from bot.roster import WithRoster
from bot.spoken import Spoken
from bot.turns import Turns
from core import Core, nudge_rules
from dialogs.state import PersonState
from hub.live import Live
from integrations.clock import steady
from integrations.entra import BOT_SCOPE
from integrations.metrics import Metrics
from jobs.again_effects import again_effects
from jobs.attendance import attendance_effects
from jobs.champion_effects import ChampionEffects
from jobs.course_welcome_effects import CourseWelcomeEffects
from jobs.deliver import Deliverer
from jobs.effects import Effects
from jobs.feedback_effects import FeedbackEffects
from jobs.idea_effects import IdeaEffects
from jobs.profiles import profile_effects
from jobs.timetable import Timetable
from jobs.zoom_effects import zoom_effects
from learning.retention import Data
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
from wiring.courses import course_effects
from wiring.desk_courses import course_desk, course_pictures
from wiring.desk_people import people_desk
from wiring.engage import Engagement
from wiring.hub_list import hub_list
from wiring.jobs import entries, zoom_entries
from wiring.outside import Outside
from wiring.own_pages import own_pages
from wiring.set_meetings import guide_effects, set_entries
from wiring.sets import set_desk, set_effects
from wiring.web import web_application

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
    store = SqlConversationStore(core.database, clock, kept=settings.retention[Data.TALK])
    state = PersonState(store)
    plans = PlanService(
        core.catalogue,
        core.bookings,
        core.people,
        Addresses(directory, core.people),
        outside.diary,
        clock,
    )
    conversation, actions = answers(core, state, organisers, plans, engagement, outside.colleagues)
    pace = SqlPace(core.database, rate=settings.send_rate, beside=spoken.excess)
    queue = SqlDeliveryQueue(core.database, steady)
    deliverer = Deliverer(
        queue,
        {
            **effects.table(),
            **attendance_effects(polls),
            **FeedbackEffects(
                core.feedback, core.attendance, core.people, messenger, zone=settings.zone
            ).table(),
            **again_effects(
                core.again, core.people, core.catalogue, messenger, clock, zone=settings.zone
            ),
            **profile_effects(profiles),
            **ChampionEffects(
                core.champions, core.people, first_contact, messenger, zone=settings.zone
            ).table(),
            **zoom_effects(zoom),
            **course_effects(core, messenger).table(),
            **CourseWelcomeEffects(
                core.course_paths,
                core.people,
                first_contact,
                messenger,
                clock,
                quotes=core.quotes,
                zone=settings.zone,
            ).table(),
            **set_effects(core, outside, first_contact, messenger).table(),
            **guide_effects(core, organisers, messenger).table(),
            **IdeaEffects(
                messenger,
                core.people,
                core.ideas,
                core.catalogue,
                clock,
                zone=settings.zone,
                page=session_page(settings),
                chat=chat_link(settings).replace("{text}", quote("idea: ")),
            ).table(),
            **hub.effects,
            **engagement.effects(conversation, state, core.people, messenger),
        },
        pace,
        clock,
    )
    others = wake_ups(core.database, deliverer.wake, clock)
    core.work.wake = others.committed if others else deliverer.wake
    retention = SqlRetention(core.database, clock, kept=settings.retention[Data.DELIVERIES])
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
        entries(
            core,
            outreach=outreach,
            polls=polls,
            profiles=profiles,
            conversations=store,
            retention=retention,
            fits=fits,
            others=[
                *hub.entries,
                *engagement.entries,
                *(zoom_entries(zoom) if zoom else []),
                *set_entries(core, outside.graph, outside.circuits),
            ],
        ),
        clock,
    )
    metrics = Metrics(outside.circuits.states)
    replies = Replies(messenger, core.people, first_contact)
    bot = a_bot(core, conversation, actions, state, outreach, replies, outside.http)
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
    live = Live(core.catalogue, core.clock, zone=settings.zone)
    application = web_application(
        core,
        outside,
        organisers,
        [
            web.post("/api/messages", endpoint.handle),
            *pages(core, keys, metrics, turns, fits, live),
            *hub.routes,
            *people_desk(core, outside.colleagues, timetable),
            *course_desk(core, outside.colleagues),
            *course_pictures(core),
            *set_desk(core, outside),
            *own_pages(core, first_contact),
            *(
                laptop_pages(core, outreach, timetable, outside.asks, chat_url)
                if outside.asks is not None
                else []
            ),
        ],
    )
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
