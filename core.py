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
from services.commitment_figures import CommitmentFigures
from services.commitments import CommitmentService
from services.course_collation import CourseCollation
from services.course_imports import CourseImports
from services.course_modules import CourseModules
from services.course_paths import CoursePaths
from services.course_reminders import CourseReminders
from services.dilemmas import DilemmaService
from services.doors import Doors
from services.earlier import EarlierEditions
from services.enrolments import Enrolments
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
from services.quotes import QuoteService
from services.record import RecordService
from services.reports import Reports
from services.set_changes import SetChanges
from services.set_life import SetLife
from services.set_meetings import SetMeetings
from services.set_turns import SetTurns
from services.set_wishes import SetWishes
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
    course_imports: CourseImports
    enrolments: Enrolments
    course_reminders: CourseReminders
    collation: CourseCollation
    course_paths: CoursePaths
    course_modules: CourseModules
    commitments: CommitmentService
    commitment_figures: CommitmentFigures
    quotes: QuoteService
    set_wishes: SetWishes
    set_changes: SetChanges
    set_turns: SetTurns
    set_life: SetLife
    set_meetings: SetMeetings
    dilemmas: DilemmaService


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
    commitments = CommitmentService(work, clock, seals, zone=settings.zone)
    course_paths = CoursePaths(work, zone=settings.zone)
    quiet = nudge_rules(settings).quiet
    turns = SetTurns(work, clock, quiet=quiet, zone=settings.zone)
    set_life = SetLife(work, clock, turns, quiet=quiet, zone=settings.zone)
    return Core(
        settings=settings,
        clock=clock,
        database=database,
        work=work,
        places=places,
        catalogue=catalogue,
        bookings=BookingService(work, clock, places),
        people=PeopleService(work, clock, places, missed, set_life),
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
        course_imports=CourseImports(work, clock, places, timezone=settings.timezone),
        enrolments=Enrolments(
            work, clock, places, set_life, zone=settings.zone, quiet=nudge_rules(settings).quiet
        ),
        course_reminders=CourseReminders(
            work,
            clock,
            course_paths,
            quiet=nudge_rules(settings).quiet,
            zone=settings.zone,
            others=[commitments],
        ),
        collation=CourseCollation(
            work, clock, course_paths, seals, quiet=nudge_rules(settings).quiet, zone=settings.zone
        ),
        course_paths=course_paths,
        course_modules=CourseModules(work, clock, seals, zone=settings.zone),
        commitments=commitments,
        commitment_figures=CommitmentFigures(
            work, clock, settings.secret_key.get_secret_value(), zone=settings.zone
        ),
        quotes=QuoteService(work, clock, zone=settings.zone),
        set_wishes=SetWishes(
            work, clock, zone=settings.zone, tenant=settings.microsoft_app_tenant_id
        ),
        set_changes=SetChanges(
            work, clock, set_life, zone=settings.zone, quiet=nudge_rules(settings).quiet
        ),
        set_turns=turns,
        set_life=set_life,
        set_meetings=SetMeetings(work, clock, seals, turns),
        dilemmas=DilemmaService(work, clock, seals),
    )


def _hub_key(settings: Settings) -> str:
    """By which everything about the SharePoint list is kept; '' where there is none."""
    site, of_it = settings.sharepoint_site_id, settings.sharepoint_list_id
    return f"{site}/{of_it}" if site and of_it and not settings.is_laptop else ""


def nudge_rules(settings: Settings) -> NudgeRules:
    start, end = settings.quiet_hours
    return NudgeRules(before=settings.nudges, quiet=QuietHours(start=start, end=end))
