"""What is served besides the bot: the hub, the health of the process, the laptop page."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.authentication import SigningKeys
from bot.turns import Turns
from config import Settings
from core import Core
from dialogs.programme_answers import ProgrammeAnswers
from hub.door import door_routes
from hub.health import Check, health_routes
from hub.laptop import Button, laptop_routes
from hub.live import Live
from hub.own_list import OwnList
from hub.own_place import OwnPlaces
from hub.pages import hub_routes
from integrations import laptop
from integrations.formats import FileFormats
from integrations.metrics import Metrics
from jobs.timetable import Timetable
from learning.courses.quotes import Place
from learning.sessions import Session
from services.outreach import Outreach


def chat_link(settings: Settings) -> str:
    """What opens the chat with the bot, `{text}` in it standing for what to say; '' on a laptop."""
    bot = settings.microsoft_app_id
    address = "https://teams.microsoft.com/l/chat/0/0"
    return f"{address}?users=28:{bot}&message={{text}}" if bot else ""


PROGRAMME = "programme"
"""The tab of the app package in which a session is shown."""


def session_page(settings: Settings) -> Callable[[Session], str]:
    """Where people see a session: in the tab inside Teams, on a laptop as a page."""

    def page(session: Session) -> str:
        web = f"{settings.public_url}/hub/sessions/{quote(session.code, safe='')}"
        if settings.is_laptop:
            return web
        context = json.dumps({"subEntityId": session.code}, separators=(",", ":"))
        where = urlencode({"webUrl": web, "context": context}, quote_via=quote, safe="")
        app = settings.microsoft_app_id
        return f"https://teams.microsoft.com/l/entity/{app}/{PROGRAMME}?{where}"

    return page


def pages(
    core: Core,
    keys: SigningKeys | None,
    metrics: Metrics,
    turns: Turns,
    schema: Check,
    live: Live,
) -> list[web.RouteDef]:
    async def stays() -> str:
        return "stopping" if turns.are_over else ""

    async def database() -> str:
        async with core.work(read_only=True) as uow:
            await uow.sessions.version()
        return ""

    async def signing_keys() -> str:
        if keys is not None and not keys.are_known:
            await keys.warm_up()
        return "" if keys is None or keys.are_known else "the channel's keys cannot be fetched"

    async def figures() -> bytes:
        async with core.work(read_only=True) as uow:
            return metrics.text(await uow.outbox.counts())

    settings = core.settings
    own_places = OwnPlaces(
        core.bookings,
        core.catalogue,
        core.people,
        core.clock,
        zone=settings.zone,
        chat_link=chat_link(settings),
    )
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
            chat_link=chat_link(settings),
            calendar_file=FileFormats(core.clock, settings.public_url).ics,
            answers=ProgrammeAnswers(core.catalogue, core.bookings, core.clock, core.missed),
            live=live,
            public_url=settings.public_url,
            own_place=own_places.of,
            own_list=OwnList(core.bookings, core.clock),
            periods=settings.retention,
            quotes=partial(core.quotes.shown, Place.HUB),
        ),
        *door_routes(
            core.catalogue,
            core.doors,
            core.clock,
            zone=settings.zone,
            chat_link=chat_link(settings),
        ),
    ]


def laptop_pages(
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
