"""What a signed-in person has of their own on the web, put together."""

from __future__ import annotations

from aiohttp import web

from core import Core
from hub.booking_forms import BookingForms
from hub.calendar_feeds import calendar_feed_routes
from hub.mine import Mine
from integrations.formats import FileFormats
from pages import chat_link
from services.first_contact import FirstContact


def own_pages(core: Core, first_contact: FirstContact) -> list[web.RouteDef]:
    settings = core.settings
    forms = BookingForms(core.bookings, core.catalogue, core.people, first_contact)
    mine = Mine(
        core.bookings,
        core.catalogue,
        core.people,
        core.own_calendars,
        core.clock,
        zone=settings.zone,
        chat_link=chat_link(settings),
        public_url=settings.public_url,
    )
    return [
        *forms.routes(),
        *mine.routes(),
        *calendar_feed_routes(
            core.own_calendars,
            FileFormats(core.clock, settings.public_url).own_ics,
            public_url=settings.public_url,
        ),
    ]
