"""Runs one command; nothing imports it."""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import structlog

import config
from checkup import checks
from config import Settings, WrongSettings
from console import arguments, copying, courses, deliveries, files, reports, terminal
from console.doctor import Wrong, examine
from console.playground import Playground
from core import Core, opened
from integrations import laptop, spreadsheets
from integrations.clock import SystemClock
from integrations.formats import FileFormats
from integrations.logs import configure_logs
from learning.errors import LearningError
from learning.programme_table import Table
from parts import assemble
from services.copying import EditionCopies
from services.ports.journal import CONSOLE
from serving import NOTICE, serving
from store import migrate
from store.engine import open_database
from wiring import engage_checks, hub_checks
from wiring.course_folders import course_in
from wiring.outside import connected

if TYPE_CHECKING:
    from language.meaning import Meaning

log = structlog.get_logger()

SAMPLE = Path(__file__).parent / "sample"
VAR = Path("var")
STOPPED_BY_HAND = 130

LONGEST_STOP = 9.0
"""Seconds from being told to stop; whoever told us waits some ten, and then kills."""


class PortTaken(Exception):
    """Somebody else listens where we would."""


async def serve(settings: Settings, *, with_window: bool = False) -> NoReturn:
    """Serve until told to stop. Raises PortTaken, or LearningError where the database is old."""
    await _check_port(settings.listens_on, settings.port)
    clock = laptop.LaptopClock(SystemClock()) if settings.is_laptop else SystemClock()
    stop = _stop_signal()
    window = Playground(f"http://127.0.0.1:{settings.port}/api/messages", VAR / "chat")
    try:
        if with_window:
            await window.start()
        async with opened(settings, clock) as core:
            await _check_schema(core)
            if settings.is_laptop:
                await _load_sample(core)
            words = await window.where()
            async with connected(core) as outside:
                product = assemble(core, outside, window.address)
                async with serving(
                    product,
                    settings.listens_on,
                    settings.port,
                    load=_load_meaning,
                    # Only PostgreSQL has replicas, and so a balancer before them.
                    notice=0.0 if core.database.writer else NOTICE,
                ) as port:
                    gc.collect()
                    gc.freeze()  # what has been loaded stays: no collection looks at it again
                    _greet(settings, port, words)
                    await stop.wait()
    finally:
        await window.stop()
    _leave()


def _leave() -> NoReturn:
    """End now that everything is done: Python would wait for a thread that still loads the model."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _load_meaning() -> Meaning | None:
    """What words mean, where set-up could fetch the model for it."""
    from integrations import meanings, sentence_model  # NumPy makes every start slower

    try:
        return meanings.load()
    except sentence_model.DamagedModel as error:
        log.warning("no sentence model", reason=str(error))
        return None


async def _check_port(host: str, port: int) -> None:
    """Looked at before anything else is started. Raises PortTaken."""
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(
            f"Port {port} is in use: is Learnweek running already? Stop what uses it, or choose"
            f" another port with PORT={port + 1} in front of the command."
        ) from error
    server.close()


def _greet(settings: Settings, port: int, window: str) -> None:
    log.info("serving", port=port)
    if not settings.is_laptop:
        return
    behind = f"Look behind it: {settings.public_url}/laptop  (send nudges, move the clock)"
    print("", window, behind, "Ctrl-C stops it.", "", sep="\n", flush=True)


async def _load_sample(core: Core) -> None:
    """The sample week, with today as a day of it, and the courses to take at any time."""
    today = core.clock.now().astimezone(core.settings.zone).date()
    programme = await core.catalogue.programme()
    if today in programme.days(core.settings.zone):
        return
    weeks = {s.edition_id for s in programme.sessions}
    if any(e.id in weeks and not e.name.startswith(SAMPLE_EDITION) for e in programme.editions):
        return
    table = laptop.from_today(_table(SAMPLE / "week.csv"), today)
    await core.programme.import_table(table, edition_name=f"{SAMPLE_EDITION} of {today:%d.%m.%Y}")
    resources = _table(SAMPLE / "resources.csv")
    await core.programme.import_table(resources, edition_name=f"{SAMPLE_EDITION}: resources")


SAMPLE_EDITION = "Sample week"


def _table(path: Path) -> Table:
    return spreadsheets.read_table(path.name, path.read_bytes())


def _stop_signal() -> asyncio.Event:
    """Set when the process is told to stop, however early. It ends in time, whatever holds it up."""
    stop = asyncio.Event()

    def told() -> None:
        if not stop.is_set():
            # Threads that wait for a sign-in host cannot be cancelled, and Python joins them.
            signal.setitimer(signal.ITIMER_REAL, LONGEST_STOP)
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, told)
    return stop


async def _check_schema(core: Core) -> None:
    """Raises LearningError where this version may not run on the tables."""
    if words := await migrate.hindrance(core.database):
        raise LearningError(f"The database {words}")


async def doctor(settings: Settings) -> int:
    """Look at every part; see `console.doctor`."""
    async with opened(settings, SystemClock()) as core, connected(core) as outside:
        return await examine(checks(core, outside))


async def hub_setup(settings: Settings, edition: str) -> int:
    """Make the SharePoint list; see `hub_checks.set_up`."""
    async with opened(settings, SystemClock()) as core, connected(core) as outside:
        await _check_schema(core)
        try:
            return await hub_checks.set_up(core, outside, edition)
        except Wrong as wrong:
            raise LearningError(str(wrong)) from wrong


async def audit(core: Core) -> int:
    async with core.work(read_only=True) as uow:
        breaches = await uow.audit(core.clock.now())
    print("\n".join(breaches) or "All rules are kept.")
    return 1 if breaches else 0


async def cancel(core: Core, code: str, edition: str) -> int:
    sessions = await core.programme.sessions_of(edition)
    found = [s for s in sessions if s.code.casefold() == code.casefold()]
    if not found:
        raise LearningError(f"There is no session {code} in this edition.")
    told = await core.programme.cancel_session(found[0].id, by=CONSOLE)
    print(f"{found[0].title} is cancelled; {told} people will be told.")
    return 0


def manifest(settings: Settings, out: Path) -> int:
    from console.manifest import ManifestFault, build_package

    try:
        build_package(app_id=settings.microsoft_app_id, public_url=settings.public_url, out=out)
    except ManifestFault as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"{out} is ready to upload in the Teams admin centre.")
    return 0


async def migrated(settings: Settings) -> int:
    database = open_database(settings.database_url)
    try:
        await migrate.upgrade(database)
        if words := await migrate.hindrance(database):
            raise LearningError(f"The database {words}")
        revision = await migrate.revision_of(database)
    finally:
        await database.close()
    newer = "" if revision == migrate.HEAD else ", newer than this version, which may run on it"
    print(f"The database is at revision {revision}{newer}.")
    return 0


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Run one command; its exit code."""
    match options.command:
        case None | "serve":
            return await serve(settings)
        case "laptop":
            return await serve(settings, with_window=True)
        case "chat":
            return await terminal.chat(settings.port)
        case "migrate":
            return await migrated(settings)
        case "hub-setup":
            return await hub_setup(settings, options.edition)
        case "engage-login":
            return await engage_checks.login(settings, SystemClock())
        case "doctor":
            return await doctor(settings)
        case _:
            clock = SystemClock()
            async with opened(settings, clock) as core:
                await _check_schema(core)
                return await _on_database(core, options)


async def _on_database(core: Core, options: argparse.Namespace) -> int:
    match options.command:
        case "import" if options.file.is_dir():
            return await courses.import_folder(
                core.course_imports,
                lambda folder: course_in(folder, core.settings.timezone),
                options.file,
                options.edition,
                dry_run=options.dry_run,
            )
        case "import":
            return await files.import_file(
                core.programme,
                lambda name, data: spreadsheets.read_table(name, data, core.settings.timezone),
                options.file,
                options.edition,
                dry_run=options.dry_run,
            )
        case "copy-edition":
            copies = EditionCopies(core.programme, timezone=core.settings.timezone)
            return await copying.copy_edition(
                copies, options.name, options.to, options.starts, dry_run=options.dry_run
            )
        case "export":
            formats = FileFormats(core.clock, core.settings.public_url)
            return await files.export(
                core.reports, formats, options.what, options.edition, options.format
            )
        case "report":
            return await reports.report(
                core.evaluation, _writer(core), options.edition, options.out
            )
        case "earlier":
            return await reports.earlier(core.earlier, options.file)
        case "deliveries":
            return await deliveries.show(core.ledger, options.limit, core.settings.zone)
        case "cancel":
            return await cancel(core, options.code, options.edition)
        case _:
            return await audit(core)


def _writer(core: Core) -> reports.Write:
    from wiring.reports import written  # what draws documents is slow to load

    return partial(written, core)


def main(words: Sequence[str]) -> int:
    options = arguments.parser().parse_args(words)
    try:
        settings = _settings()
        configure_logs(json=settings.log_format == "json", level=settings.log_level)
        if options.command == "manifest":
            return manifest(settings, options.out)
        return asyncio.run(run(settings, options))
    except (WrongSettings, LearningError, PortTaken) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return STOPPED_BY_HAND


def _settings() -> Settings:
    """The settings; a laptop has its own address and secret key."""
    settings = config.load()
    if not settings.is_laptop:
        return settings
    given: dict[str, str] = {}
    if "public_url" not in settings.model_fields_set:
        given["public_url"] = f"http://localhost:{settings.port}"
    if not settings.secret_key.get_secret_value():
        given["secret_key"] = laptop.kept_secret(VAR)
    return config.load(**given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
