"""What `doctor` looks at: each part, what is missing, and the fix."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.authentication import (
    SigningKeys,
)
from cards import sayings
from console.doctor import Check, Off, Wrong
from core import Core
from hub.ledger import KINDS
from integrations.entra import BOT_SCOPE, GRAPH_SCOPE, Entra
from integrations.graph_attendance import NoAccessPolicy, NotPermitted
from integrations.laptop_attendance import LaptopAttendance
from integrations.zoom import ScopesMissing, Zoom
from integrations.zoom_tokens import SignInRefused
from learning.people import PersonId
from learning.sessions import Format, Session
from services.ports.systems import Missing, Rejected, Unavailable
from store import migrate
from wiring import course_checks, engage_checks, hub_checks, set_checks, tab_checks
from wiring.outside import Outside

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

    async def attendance() -> str:
        if outside.teams_attendance is None:
            raise Off("Teams is not asked who was there. Set GRAPH_ORGANISER to a mailbox.")
        if isinstance(outside.teams_attendance, LaptopAttendance):
            raise Off("laptop mode: check-in and the door's code work, no report is asked for")
        try:
            await database()
            latest = await _latest_meeting(core)
        except Wrong:
            latest = None
        try:
            await outside.teams_attendance.check(latest)
        except NoAccessPolicy as error:
            raise Off(
                f"the access policy is missing ({error}). Run New-CsApplicationAccessPolicy and "
                "Grant-CsApplicationAccessPolicy for the organiser (docs/attendance.md); it takes "
                "up to 30 minutes. Until then people are checked in by hand."
            ) from error
        except NotPermitted as error:
            raise Off(
                f"a permission is missing ({error}). Grant OnlineMeetings.Read.All and "
                "OnlineMeetingArtifact.Read.All, and the access policy (docs/attendance.md). Until "
                "then people are checked in by hand."
            ) from error
        except (Unavailable, Rejected) as error:
            raise Wrong(f"Teams' attendance reports cannot be asked for ({error}).") from error
        return "Teams' reports are read after each session"

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

    async def backlog() -> str:
        try:
            await database()
        except Wrong as error:
            raise Off("nothing can be looked up in this database.") from error
        counts = await core.reports.backlog()
        if not counts:
            return "nothing waits for a system that does not answer"
        held = ", ".join(f"{count} {KINDS[kind]}" for kind, count in counts.items())
        return f"held back, and tried again by itself: {held}. See: python app.py deliveries"

    async def details() -> str:
        if outside.profiles is None or outside.diary is None or settings.is_laptop:
            raise Off("laptop mode: the directory and calendars are played")
        user = settings.graph_organiser or next(iter(settings.organisers), "")
        if not user:
            raise Off("nobody to ask about. Set GRAPH_ORGANISER to a mailbox.")
        assert outside.entra is not None
        await _token(outside.entra, GRAPH_SCOPE)
        missing: list[str] = []
        try:
            read = await outside.profiles.read([PersonId(user)], core.clock.now())
            if read.unanswered is not None:
                raise read.unanswered
        except (Unavailable, Rejected) as error:
            missing.append(_missing("where people work", error, "User.Read.All"))
        try:
            now = core.clock.now()
            if settings.graph_organiser:
                await outside.diary.busy(user, now, now + timedelta(days=1))
        except (Unavailable, Rejected) as error:
            missing.append(_missing("when people are free", error, "Calendars.ReadBasic"))
        if missing:
            raise Off(" ".join(missing))
        return "where people work and when they are free can be read"

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

    async def readable() -> None:
        try:
            await database()
        except Wrong as error:
            raise Off("nothing can be looked up in this database.") from error

    async def programmes() -> str:
        await readable()
        return await course_checks.finding(core)

    async def sets() -> str:
        await readable()
        return await set_checks.finding(core, outside)

    async def zoom() -> str:
        if settings.is_laptop:
            raise Off("laptop mode")
        given = {
            "ZOOM_ACCOUNT_ID": settings.zoom_account_id,
            "ZOOM_CLIENT_ID": settings.zoom_client_id,
            "ZOOM_CLIENT_SECRET": settings.zoom_client_secret.get_secret_value(),
        }
        missing = [name for name, value in given.items() if not value]
        if len(missing) == len(given):
            raise Off("not set. Sessions on Zoom keep the link that the programme file gives.")
        if missing or not isinstance(outside.zoom, Zoom):
            raise Wrong(f"is set only in part. Also set {', '.join(missing)}.")
        try:
            await outside.zoom.check()
        except SignInRefused as error:
            raise Wrong(f"sign-in refused ({error}). Check {', '.join(given)}.") from error
        except ScopesMissing as error:
            raise Wrong(
                f"the app lacks {', '.join(error.scopes)}. Add them to it in Zoom's marketplace."
            ) from error
        except Missing as error:
            raise Wrong(
                f"Zoom knows no user {settings.zoom_host} ({error}). Set ZOOM_HOST to the id or "
                "mail address of a licensed user."
            ) from error
        except Rejected as error:
            raise Wrong(f"the host's meetings cannot be read ({error}).") from error
        except Unavailable as error:
            raise Wrong(
                f"{error}. Allow ZOOM_BASE_URL and ZOOM_TOKEN_URL through the firewall."
            ) from error
        return f"meetings are made for {settings.zoom_host}"

    return [
        Check(part="Database", run=database),
        Check(part="Bot sign-in", run=bot),
        Check(part="Signing keys", run=signing_keys),
        Check(part="Public address", run=address),
        Check(part="Signing in to the pages", run=lambda: tab_checks.finding(core, outside)),
        Check(part="Calendar and Teams meetings", run=calendar),
        Check(part="Attendance", run=attendance),
        Check(part="App for people", run=apps),
        Check(part="Organisers", run=organisers),
        Check(part="People", run=people),
        Check(part="People's details", run=details),
        Check(part="Deliveries", run=backlog),
        Check(part="Sentence model", run=sentence_model),
        Check(part="Programmes", run=programmes),
        Check(part="Action learning sets", run=sets),
        Check(part="SharePoint hub list", run=lambda: hub_checks.finding(core, outside)),
        Check(part="Viva Engage", run=lambda: engage_checks.finding(core, outside)),
        Check(part="Zoom", run=zoom),
    ]


async def _latest_meeting(core: Core) -> Session | None:
    """The Teams session that ended last: of it there should be reports to look for."""
    now = core.clock.now()
    over = [
        s
        for s in (await core.catalogue.programme()).sessions
        if s.join_url and s.details.format is Format.TEAMS and s.is_over(now)
    ]
    return max(over, key=lambda s: s.ends_at or now, default=None)


def _missing(what: str, error: Exception, permission: str) -> str:
    if isinstance(error, Unavailable):
        return (
            f"{what} cannot be read just now ({error}). Allow GRAPH_BASE_URL through the firewall."
        )
    return f"{what} is not read ({error}). Grant {permission} (docs/people.md)."


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
