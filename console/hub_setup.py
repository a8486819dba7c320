"""`hub-setup`: the SharePoint list of the programme and its page, or which permission is missing."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from services.ports.systems import Missing, Rejected, Unavailable


class Made(Protocol):
    @property
    def list_id(self) -> str: ...
    @property
    def list_url(self) -> str: ...
    @property
    def page_url(self) -> str: ...
    @property
    def made(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site as the settings name it; `consent` are the permissions that the app's token has."""

    id: str
    app_id: str
    graph_url: str
    consent: list[str] | None


async def run(
    site: Site,
    list_id: str,
    *,
    site_name: Callable[[], Awaitable[str]],
    set_up: Callable[[], Awaitable[Made]],
) -> int:
    """Say what was made. The exit code is 1 where something is missing."""
    try:
        name = await site_name()
    except (Unavailable, Rejected) as error:
        print(no_site(site, error))
        return 1
    try:
        made = await set_up()
    except Missing:
        print(f"{name} has no list {list_id}. Leave SHAREPOINT_LIST_ID empty to have one made.")
        return 1
    except Unavailable as error:
        print(f"{name} did not answer ({error}). Run this again: nothing is made twice.")
        return 1
    except Rejected as error:
        print(
            f"The app may read {name}, and may not make the list or its page ({error}). Grant it "
            f"more for the setting up:\n\n{grant(site, 'owner')}\n\n"
            "Where that is refused as well, grant fullcontrol instead. When this has succeeded, "
            "`write` is enough."
        )
        return 1
    for each in made.made:
        print(f"made: {each}")
    if not made.made:
        print("Everything was there already.")
    print(f"list: {made.list_url}\npage: {made.page_url}")
    if made.list_id != list_id:
        print(f"\nSet SHAREPOINT_LIST_ID={made.list_id}")
    return 0


def no_site(site: Site, error: Exception) -> str:
    """Why the site cannot be used, and what an administrator does about it."""
    if isinstance(error, Missing):
        return (
            f"there is no site {site.id} ({error}). SHAREPOINT_SITE_ID is the `id` that "
            f"GET {site.graph_url}/sites/<host>:/sites/<name> answers."
        )
    if isinstance(error, Unavailable):
        return f"SharePoint did not answer ({error}). Allow GRAPH_BASE_URL through the firewall."
    consent = (
        "An administrator consents to the application permission Sites.Selected of Microsoft Graph: "
        "Entra admin centre, App registrations, API permissions."
    )
    if site.consent == []:
        return f"the app has no permission for any site ({error}). {consent}"
    which = f"grants the app this one site:\n\n{grant(site, 'write')}"
    if site.consent is None:
        return f"the app may not use this site ({error}). {consent} Then one {which}"
    return (
        f"{', '.join(site.consent)} is consented to, and that alone opens no site ({error}). "
        f"Somebody who has Sites.FullControl.All {which}"
    )


def grant(site: Site, role: str) -> str:
    """The request that lets the app use the site, to be sent from Graph Explorer."""
    app = {"application": {"id": site.app_id, "displayName": "Learnweek"}}
    body = {"roles": [role], "grantedToIdentities": [app]}
    return f"POST {site.graph_url}/sites/{site.id}/permissions\n{json.dumps(body)}"
