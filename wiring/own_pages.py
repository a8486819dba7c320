"""What a signed-in person has of their own on the web, put together."""

from __future__ import annotations

from aiohttp import web

from core import Core
from hub.booking_forms import BookingForms
from hub.calendar_feeds import calendar_feed_routes
from hub.mine import Mine
from hub.own_data import own_data_routes
from hub.record import OwnRecord
from integrations.formats import FileFormats
from pages import chat_link
from services.first_contact import FirstContact


def own_pages(core: Core, first_contact: FirstContact) -> list[web.RouteDef]:
    settings = core.settings
    forms = BookingForms(core.bookings, core.catalogue, core.people, first_contact)
    record = OwnRecord(
        core.record,
        core.again,
        core.people,
        core.catalogue,
        core.documents,
        core.clock,
        zone=settings.zone,
    )
    mine = Mine(
        core.bookings,
        core.catalogue,
        core.people,
        core.own_calendars,
        record,
        core.clock,
        zone=settings.zone,
        chat_link=chat_link(settings),
        public_url=settings.public_url,
    )
    return [
        *forms.routes(),
        *mine.routes(),
        *own_data_routes(core.own_files),
        *record.routes(),
        *calendar_feed_routes(
            core.own_calendars,
            FileFormats(core.clock, settings.public_url).own_ics,
            public_url=settings.public_url,
        ),
    ]
