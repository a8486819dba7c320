"""What `doctor` looks at: each part, what is missing, and the fix."""

from __future__ import annotations

import asyncio

import structlog

from bot.authentication import (
    SigningKeys,
)
from cards import sayings
from console.doctor import Check, Off, Wrong
from core import Core
from integrations.entra import BOT_SCOPE, GRAPH_SCOPE, Entra
from parts import Outside
from services.ports.systems import Rejected, Unavailable
from store import migrate

log = structlog.get_logger()


def checks(core: Core, outside: Outside) -> list[Check]:
    settings = core.settings

    async def database() -> str:
        try:
            words = await migrate.hindrance(core.database)
        except Exception as error:
            raise Wrong(
                f"cannot be opened ({type(error).__name__}). Check DATABASE_URL."
            ) from error
        if words:
            raise Wrong(words)
        return core.database.writing.dialect.name

    async def bot() -> str:
        if outside.entra is None:
            raise Off("laptop mode. Set MICROSOFT_APP_ID and its companions to serve Teams.")
        await _token(outside.entra, BOT_SCOPE)
        return "the app can sign in as the bot"

    async def signing_keys() -> str:
        if outside.entra is None:
            raise Off("laptop mode")
        keys = SigningKeys(outside.http, settings.bot_openid_metadata_url)
        await keys.warm_up()
        if not keys.are_known:
            raise Wrong("cannot be fetched. Allow BOT_OPENID_METADATA_URL through the firewall.")
        return "fetched"

    async def address() -> str:
        if settings.is_laptop:
            raise Off("laptop mode")
        if not settings.public_url.startswith("https://"):
            raise Wrong("PUBLIC_URL must begin with https:// for Teams to reach the bot.")
        return settings.public_url

    async def calendar() -> str:
        if outside.graph_calendar is None:
            raise Off("no Teams meetings are made. Set GRAPH_ORGANISER to a mailbox.")
        assert outside.entra is not None
        await _token(outside.entra, GRAPH_SCOPE)
        try:
            await outside.graph_calendar.check()
        except (Unavailable, Rejected) as error:
            raise Wrong(
                f"{settings.graph_organiser} cannot be used ({error}). Grant Calendars.ReadWrite "
                "and allow this mailbox with Exchange RBAC for Applications."
            ) from error
        return f"events are made in {settings.graph_organiser}"

    async def organisers() -> str:
        if not settings.organisers and not settings.organisers_group:
            if settings.is_laptop:
                return "everybody, on a laptop"
            raise Wrong("nobody may organise. Set ORGANISERS_GROUP or ORGANISERS.")
        return "set"

    async def apps() -> str:
        if outside.apps is None:
            raise Off("laptop mode")
        user = settings.graph_organiser or next(iter(settings.organisers), "")
        try:
            await outside.apps.check(user)
        except (Unavailable, Rejected) as error:
            raise Off(
                f"people who book in a channel add the app themselves ({error}). Grant "
                "TeamsAppInstallation.ReadWriteSelfForUser.All and AppCatalog.Read.All, and upload "
                "the app to the organisation's catalogue."
            ) from error
        return "added for people who book in a channel"

    async def people() -> str:
        try:
            await database()
        except Wrong as error:
            raise Off("nobody can be looked up in this database.") from error
        unreached = await core.reports.unreached()
        said = [f"{each.count} {sayings.unreachable(each.reason)}" for each in unreached]
        return f"not reached: {', '.join(said)}" if said else "all can be reached"

    async def sentence_model() -> str:
        from integrations import sentence_model  # NumPy would make every start slower

        try:
            model = await asyncio.to_thread(sentence_model.load)
        except sentence_model.DamagedModel as error:
            raise Off(str(error)) from error
        if model is None:
            raise Off(
                "not installed; sessions are found by words and spelling alone. Run "
                "`python -m integrations.sentence_weights` to fetch it."
            )
        return "installed"

    def off(name: str, *values: str) -> Check:
        async def run() -> str:
            if all(values):
                raise Wrong("is set, but this version does not use it yet.")
            raise Off("not set")

        return Check(part=name, run=run)

    return [
        Check(part="Database", run=database),
        Check(part="Bot sign-in", run=bot),
        Check(part="Signing keys", run=signing_keys),
        Check(part="Public address", run=address),
        Check(part="Calendar and Teams meetings", run=calendar),
        Check(part="App for people", run=apps),
        Check(part="Organisers", run=organisers),
        Check(part="People", run=people),
        Check(part="Sentence model", run=sentence_model),
        off("SharePoint hub list", settings.sharepoint_site_id, settings.sharepoint_list_id),
        off("Viva Engage", settings.engage_community_id, settings.engage_client_id),
        off("Zoom", settings.zoom_account_id, settings.zoom_client_id),
    ]


async def _token(entra: Entra, scope: str) -> None:
    try:
        await entra.token(scope)
    except Rejected as error:
        raise Wrong(
            f"sign-in refused ({error}). Check MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and "
            "MICROSOFT_APP_TENANT_ID."
        ) from error
    except Unavailable as error:
        raise Wrong(f"{error}. Allow ENTRA_AUTHORITY through the firewall.") from error
