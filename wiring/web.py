"""Everything that is served: who may see it is settled before any of it runs."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.endpoint import LARGEST
from core import Core
from hub.access import Doorkeeper, check_rules
from hub.compression import compressed
from hub.sign_in import sign_in_routes
from hub.visitors import Visitors
from pages import chat_link
from services.organisers import Organisers
from wiring.desk import desk
from wiring.outside import Outside


def web_application(
    core: Core, outside: Outside, organisers: Organisers, routes: Iterable[web.AbstractRouteDef]
) -> web.Application:
    """These routes, the organisers' desk and signing in. Raises NoRule for an address without one."""
    settings = core.settings
    visitors = Visitors(
        settings.secret_key.get_secret_value(),
        core.clock,
        is_https=settings.public_url.startswith("https:"),
    )
    doorkeeper = Doorkeeper(
        visitors, organisers.includes, origin=settings.public_url, on_laptop=settings.is_laptop
    )
    application = web.Application(
        client_max_size=LARGEST, middlewares=[compressed, doorkeeper.guard]
    )
    application.add_routes(routes)
    application.add_routes(desk(core))
    application.add_routes(
        sign_in_routes(
            visitors,
            outside.web_sign_in,
            outside.tab_tokens,
            chat_link=chat_link(settings).replace("&message={text}", ""),
            on_laptop=settings.is_laptop,
        )
    )
    check_rules(application.router.routes())
    return application
