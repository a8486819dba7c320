"""Signing the service account of Viva Engage in, and what `doctor` says of it."""

from __future__ import annotations

import sys

from cards.engage import LOGIN
from config import Settings
from console.doctor import Off, Wrong
from core import Core, opened
from integrations.engage_login import NotSignedIn
from services.ports.clocks import Clock
from services.ports.engage import SignInNeeded
from services.ports.systems import Rejected, Unavailable
from wiring.engage import EngageSide, engage_service, is_set
from wiring.outside import Outside, connected

SETTINGS = (
    "Set ENGAGE_CLIENT_ID to the app registration, and ENGAGE_COMMUNITY_ID to the community's number or "
    "to the id in its address."
)
REFUSED = (
    "Is the service account a member of the community, is ENGAGE_COMMUNITY_ID right, and is Yammer's "
    "access_as_user granted to the app registration?"
)


async def finding(core: Core, outside: Outside) -> str:
    """What `doctor` says. Raises Off or Wrong."""
    settings = core.settings
    if settings.is_laptop:
        raise Off("laptop mode. What would be posted is shown at /laptop.")
    if not settings.engage_client_id and not settings.engage_community_id:
        raise Off(f"not set. {SETTINGS}")
    if outside.engage is None or outside.engage.stored is None:
        raise Wrong(f"not set up wholly. {SETTINGS}")
    standing = await outside.engage.stored.standing()
    if not standing.account:
        raise Wrong(f"nobody has signed in yet. Run {LOGIN}.")
    if standing.needed_since is not None:
        raise Wrong(
            f"sign-in is needed since {standing.needed_since:%d.%m.%Y %H:%M} UTC. Run {LOGIN}."
        )
    name = await _reached(outside.engage)
    answers = await engage_service(core, outside.engage).is_answering()
    return f"posts as {name}; answers people there: {'yes' if answers else 'switched off'}"


async def _reached(side: EngageSide) -> str:
    """The service account's name, once it has read the community. Raises Wrong."""
    assert side.engage is not None, "where it is played nothing is checked"
    try:
        return await side.engage.check()
    except SignInNeeded as error:
        raise Wrong(f"sign-in refused ({error}). Run {LOGIN}.") from error
    except Unavailable as error:
        raise Wrong(
            f"cannot be reached ({error}). Allow ENGAGE_BASE_URL and ENTRA_AUTHORITY through the firewall."
        ) from error
    except Rejected as error:
        raise Wrong(f"the community cannot be read ({error}). {REFUSED}") from error


async def login(settings: Settings, clock: Clock) -> int:
    """`engage-login`: show a device code, wait for the person, keep what they sign in as."""
    if settings.is_laptop:
        print("On a laptop Viva Engage is played; nobody has to sign in.")
        return 0
    if not is_set(settings):
        print(SETTINGS, file=sys.stderr)
        return 1
    async with opened(settings, clock) as core, connected(core) as outside:
        side = outside.engage
        assert side is not None, "both settings are there"
        assert side.stored is not None, "it is not played"
        try:
            code = await side.stored.begin()
            print(code.words, flush=True)
            account = await side.stored.finish(code)
        except NotSignedIn as error:
            print(f"Nobody has signed in ({error}). Run the command again.", file=sys.stderr)
            return 1
        except (Unavailable, Rejected) as error:
            print(
                f"Signing in is not possible ({error}). See docs/viva-engage.md.", file=sys.stderr
            )
            return 1
        waiting = await engage_service(core, side).signed_in()
        print(f"Signed in as {account}.", f"{waiting} waited for it." if waiting else "")
        return await _tried(side)


async def _tried(side: EngageSide) -> int:
    try:
        name = await _reached(side)
    except Wrong as wrong:
        print(f"But {wrong}", file=sys.stderr)
        return 1
    print(f"Posts go to the community as {name}.")
    return 0
