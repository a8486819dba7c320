"""What works on the database alone: enough for every command that does not serve."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import structlog

from config import Settings
from integrations import spreadsheets
from integrations.documents import TypstDocuments
from integrations.personal_file import as_zip
from integrations.seals import KeyedSeals
from learning.notices import NudgeRules, QuietHours
from services.again import AgainService
from services.attendance import AttendanceService
from services.booking import BookingService
from services.calendar_keys import OwnCalendars
from services.catalogue import Catalogue
from services.champions import ChampionService
from services.channels import ChannelService
from services.doors import Doors
from services.earlier import EarlierEditions
from services.errands import Errands
from services.evaluation import Evaluation
from services.feedback import FeedbackService
from services.hub_report import HubReports
from services.idea_board import IdeaBoard
from services.ideas import IdeaService
from services.ledger import Ledger
from services.missed import MissedWords
from services.people import PeopleService
from services.personal import PersonalFiles
from services.places import Places
from services.ports.clocks import Clock
from services.ports.documents import Documents
from services.ports.seals import Seals
from services.programme import ProgrammeService
from services.record import RecordService
from services.reports import Reports
from store import migrate
from store.engine import Database, open_database
from store.unit_of_work import SqlWork

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The database and the services on it."""

    settings: Settings
    clock: Clock
    database: Database
    work: SqlWork
    places: Places
    catalogue: Catalogue
    bookings: BookingService
    people: PeopleService
    channels: ChannelService
    programme: ProgrammeService
    reports: Reports
    ledger: Ledger
    seals: Seals
    hub_key: str
    hub_reports: HubReports
    doors: Doors
    attendance: AttendanceService
    feedback: FeedbackService
    own_calendars: OwnCalendars
    errands: Errands
    evaluation: Evaluation
    earlier: EarlierEditions
    missed: MissedWords
    record: RecordService
    documents: Documents
    again: AgainService
    champions: ChampionService
    ideas: IdeaService
    idea_board: IdeaBoard
    own_files: PersonalFiles


@contextlib.asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncGenerator[Core]:
    """The core on its database. SQLite is brought to this version; PostgreSQL must be there."""
    database = open_database(settings.database_url)
    try:
        if database.writer is not None:
            await migrate.upgrade(database)
        yield _core(settings, clock, database)
    finally:
        await database.close()


def _core(settings: Settings, clock: Clock, database: Database) -> Core:
    hub_key = _hub_key(settings)
    places = Places(nudge_rules(settings), settings.zone, in_hub_list=bool(hub_key))
    work = SqlWork(database)
    catalogue = Catalogue(work, clock)
    programme = ProgrammeService(work, clock, places, timezone=settings.timezone)
    doors = Doors(settings.secret_key.get_secret_value())
    missed = MissedWords(work, clock, settings.secret_key.get_secret_value())
    seals = KeyedSeals(settings.secret_key.get_secret_value())
    return Core(
        settings=settings,
        clock=clock,
        database=database,
        work=work,
        places=places,
        catalogue=catalogue,
        bookings=BookingService(work, clock, places),
        people=PeopleService(work, clock, places, missed),
        channels=ChannelService(work),
        programme=programme,
        reports=Reports(work, programme),
        ledger=Ledger(work, clock),
        seals=seals,
        hub_key=hub_key,
        hub_reports=HubReports(work, list_key=hub_key),
        doors=doors,
        attendance=AttendanceService(work, clock, doors, share=settings.attended_share),
        own_calendars=OwnCalendars(work, clock, settings.secret_key.get_secret_value()),
        errands=Errands(work, clock),
        missed=missed,
        earlier=EarlierEditions(work, clock, spreadsheets.read_table),
        evaluation=Evaluation(
            work,
            clock,
            settings.secret_key.get_secret_value(),
            front_line=settings.front_line_departments,
            remote=settings.remote_offices,
        ),
        record=RecordService(work, clock),
        documents=TypstDocuments(),
        again=AgainService(
            work, clock, catalogue, quiet=nudge_rules(settings).quiet, zone=settings.zone
        ),
        feedback=FeedbackService(
            work, clock, catalogue, quiet=nudge_rules(settings).quiet, zone=settings.zone
        ),
        champions=ChampionService(
            work, clock, catalogue, zone=settings.zone, quiet=nudge_rules(settings).quiet
        ),
        ideas=IdeaService(work, clock, catalogue),
        own_files=PersonalFiles(work, clock, missed, as_zip, seals=seals, zone=settings.zone),
        idea_board=IdeaBoard(work, clock, zone=settings.zone, quiet=nudge_rules(settings).quiet),
    )


def _hub_key(settings: Settings) -> str:
    """By which everything about the SharePoint list is kept; '' where there is none."""
    site, of_it = settings.sharepoint_site_id, settings.sharepoint_list_id
    return f"{site}/{of_it}" if site and of_it and not settings.is_laptop else ""


def nudge_rules(settings: Settings) -> NudgeRules:
    start, end = settings.quiet_hours
    return NudgeRules(before=settings.nudges, quiet=QuietHours(start=start, end=end))
