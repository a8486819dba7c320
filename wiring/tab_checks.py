"""Signing in to the pages, as `doctor` finds the app registration: each fault with how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from config import Settings
from console.doctor import Off, Wrong
from core import Core
from hub.sign_in import BACK
from integrations.entra import GRAPH_SCOPE, Entra
from integrations.graph_json import GraphJson
from integrations.graph_registration import GraphRegistration, Registration
from integrations.tab_tokens import SCOPE
from services.ports.systems import Rejected, Unavailable
from wiring.outside import Outside

TEAMS_CLIENTS = {
    "1fec8e78-bce4-4aaf-ab1b-5451cc387264": "Teams on desktops and phones",
    "5e3ce6c0-2b1f-4285-8d4b-75ee78787346": "Teams on the web",
}
"""The same in every organisation."""

WHERE = "in the Entra admin centre, App registrations"


async def finding(core: Core, outside: Outside) -> str:
    """What works. Raises Off or Wrong, with what to do."""
    settings = core.settings
    if settings.is_laptop or outside.graph is None or outside.entra is None:
        raise Off("laptop mode: one press signs in as the person of the chat window")
    if not settings.public_url.startswith("https://"):
        raise Off("Teams shows pages over https alone. Set PUBLIC_URL to such an address.")
    if not settings.microsoft_app_tenant_id:
        raise Off("nobody can sign in to the pages. Set MICROSOFT_APP_TENANT_ID.")
    graph = outside.graph.behind(outside.circuits.of("App registration"))
    await _check_sign_in(outside.entra)
    try:
        found = await GraphRegistration(GraphJson(graph, settings.graph_base_url)).of_app(
            settings.microsoft_app_id
        )
    except Rejected as error:
        raise Off(
            f"the app registration cannot be read ({error}). Grant Application.Read.All, or check"
            f" by hand {_by_hand(settings)}"
        ) from error
    except Unavailable as error:
        raise Off(
            f"the app registration cannot be read just now ({error}). Allow GRAPH_BASE_URL through"
            " the firewall."
        ) from error
    if found is None:
        raise Off(
            "the app is registered in another organisation, which alone can read it. Check there"
            f" {_by_hand(settings)}"
        )
    if faults := list(_faults(found, settings)):
        raise Wrong(f"{' '.join(faults)} docs/teams-tab.md has every step.")
    return f"people sign in inside Teams for {_uri(settings)}, and outside by {_redirect(settings)}"


async def _check_sign_in(entra: Entra) -> None:
    try:
        await entra.token(GRAPH_SCOPE)
    except Rejected as error:
        raise Wrong(
            f"sign-in refused ({error}). Check MICROSOFT_APP_ID and its companions."
        ) from error
    except Unavailable as error:
        raise Wrong(f"{error}. Allow ENTRA_AUTHORITY through the firewall.") from error


def _faults(found: Registration, settings: Settings) -> Iterator[str]:
    app, uri, redirect = settings.microsoft_app_id, _uri(settings), _redirect(settings)
    if uri.casefold() not in {each.casefold() for each in found.uris}:
        has = f"it has {', '.join(found.uris)}" if found.uris else "it has none"
        yield (
            f"the application id URI {uri} is missing ({has}). Run: az ad app update --id {app}"
            f" --identifier-uris {' '.join([*found.uris, uri])}."
        )
    scope = found.scopes.get(SCOPE)
    if scope is None:
        yield (
            f"the scope {SCOPE} is missing. Add it {WHERE}, {app}, Expose an API, Add a scope, for"
            " admins and users, and both clients of Teams to it:"
            f" {' and '.join(TEAMS_CLIENTS)}."
        )
    else:
        if not scope.is_enabled:
            yield (
                f"the scope {SCOPE} is switched off. Set its state to Enabled {WHERE}, {app},"
                " Expose an API."
            )
        for client, name in TEAMS_CLIENTS.items():
            if client not in scope.clients:
                yield (
                    f"{name} may not ask for {SCOPE}. Add {client} {WHERE}, {app}, Expose an API,"
                    " Add a client application, with this scope ticked."
                )
    if redirect not in found.redirects:
        yield (
            f"the redirect URI {redirect} is missing, so nobody can sign in outside Teams. Run: az"
            f" ad app update --id {app} --web-redirect-uris {' '.join([*found.redirects, redirect])}."
        )


def _by_hand(settings: Settings) -> str:
    return (
        f"that it has the application id URI {_uri(settings)}, the scope {SCOPE} for the clients"
        f" {' and '.join(TEAMS_CLIENTS)}, and the redirect URI {_redirect(settings)}"
        " (docs/teams-tab.md)."
    )


def _uri(settings: Settings) -> str:
    """As the app package has it."""
    return f"api://{urlsplit(settings.public_url).hostname}/botid-{settings.microsoft_app_id}"


def _redirect(settings: Settings) -> str:
    return f"{settings.public_url}{BACK}"
