"""The hub list as `doctor` finds it, and `hub-setup`, which makes it."""

from __future__ import annotations

import console.hub_setup
from console.doctor import Off, Wrong
from console.hub_setup import Site
from core import Core
from integrations import hub_setup as setting_up
from integrations.entra import GRAPH_SCOPE, Entra
from learning.hub_list import Standing
from services.ports.systems import Missing, Rejected, Unavailable
from wiring.hub_list import hub_setup, watched_at
from wiring.outside import Outside

OFF = "the programme comes from files alone. Set SHAREPOINT_SITE_ID and run `python app.py hub-setup`."


async def finding(core: Core, outside: Outside) -> str:
    """What works. Raises Off or Wrong, with what to do."""
    settings = core.settings
    if settings.is_laptop:
        raise Off("laptop mode")
    if not settings.sharepoint_site_id:
        raise Off(OFF if not settings.sharepoint_list_id else "SHAREPOINT_SITE_ID is not set.")
    if outside.graph is None or outside.entra is None:
        raise Off("laptop mode")
    if not _is_id(settings.sharepoint_site_id):
        raise Wrong(f"{settings.sharepoint_site_id} is an address. {_how_to_find(core)}")
    hub = hub_setup(settings, outside.graph, outside.circuits)
    site = await _site(core, outside.entra)
    try:
        await hub.site_name()
    except (Unavailable, Rejected) as error:
        raise Wrong(console.hub_setup.no_site(site, error)) from error
    if not settings.sharepoint_list_id:
        raise Off("the site can be used. Run `python app.py hub-setup` to have the list made.")
    try:
        missing = await hub.columns_missing(settings.sharepoint_list_id)
    except Missing as error:
        raise Wrong(
            f"the site has no list {settings.sharepoint_list_id} ({error}). Check "
            "SHAREPOINT_LIST_ID, or leave it empty and run `python app.py hub-setup`."
        ) from error
    except (Unavailable, Rejected) as error:
        raise Wrong(f"the list cannot be read ({error}).") from error
    if missing:
        raise Wrong(f"the list lacks {', '.join(missing)}. Run `python app.py hub-setup`.")
    return _so_far(core, await core.hub_reports.standing() or Standing(), site)


def _so_far(core: Core, found: Standing, site: Site) -> str:
    """How reading, writing and being told of changes have gone. Raises Wrong."""
    if found.unwritten:
        raise Wrong(
            f"the list is read, and cannot be written ({found.unwritten}). Grant the app `write`:"
            f"\n\n{console.hub_setup.grant(site, 'write')}\n"
        )
    if found.trouble:
        raise Wrong(f"the last try to read the list failed ({found.trouble}).")
    read = "not read yet: start the bot"
    if found.read_at is not None:
        local = found.read_at.astimezone(core.settings.zone)
        read = f"last read on {local:%d.%m.%Y at %H:%M}"
    told = "SharePoint tells of changes, and they are looked for every 5 minutes"
    if not watched_at(core.settings):
        told = "looked at every 5 minutes, for PUBLIC_URL is not an address that SharePoint reaches"
    elif not found.is_watched:
        why = f" ({found.unwatched})" if found.unwatched else ""
        told = f"looked at every 5 minutes: SharePoint does not tell of changes yet{why}"
    faults = f"; {len(found.faults)} faults in it, ask me what is wrong with the hub list"
    return f"{read}; {told}{faults if found.faults else ''}"


async def set_up(core: Core, outside: Outside, edition: str) -> int:
    """Make the list with its columns and its page, or say what is missing."""
    settings = core.settings
    if outside.graph is None or outside.entra is None:
        print("In laptop mode there is no SharePoint. Set MICROSOFT_APP_ID and its companions.")
        return 1
    if not _is_id(settings.sharepoint_site_id):
        print(_how_to_find(core))
        return 1
    if edition:
        await _choose_edition(core, edition)
    hub = hub_setup(settings, outside.graph, outside.circuits)
    list_id = settings.sharepoint_list_id
    return await console.hub_setup.run(
        await _site(core, outside.entra),
        list_id,
        site_name=hub.site_name,
        set_up=lambda: setting_up.set_up(hub, list_id),
    )


def _is_id(site: str) -> bool:
    """Whether this may be the id of a site, and not its address."""
    return bool(site) and not {":", "/"} & set(site)


def _how_to_find(core: Core) -> str:
    graph = core.settings.graph_base_url
    return (
        f"Set SHAREPOINT_SITE_ID to the `id` that GET {graph}/sites/<host>:/sites/<name> answers."
    )


async def _choose_edition(core: Core, name: str) -> None:
    """Where the dates of the list are near to several editions, it belongs to this one."""
    edition = await core.programme.edition_named(name)
    if not core.hub_key:
        print("Set SHAREPOINT_LIST_ID first: without a list there is nothing to choose for.")
        return
    async with core.work() as uow:
        await uow.hub.choose_edition(core.hub_key, edition.id)
        await uow.commit()
    print(f"Where it is not clear by its dates, the list is of {edition.name}.")


async def _site(core: Core, entra: Entra) -> Site:
    settings = core.settings
    try:
        consent = setting_up.site_permissions(await entra.token(GRAPH_SCOPE))
    except Rejected as error:
        raise Wrong(
            f"sign-in refused ({error}). Check MICROSOFT_APP_ID and its companions."
        ) from error
    except Unavailable as error:
        raise Wrong(f"{error}. Allow ENTRA_AUTHORITY through the firewall.") from error
    return Site(
        id=settings.sharepoint_site_id,
        app_id=settings.microsoft_app_id,
        graph_url=settings.graph_base_url,
        consent=consent,
    )
