"""One transaction over all repositories; a commit that queued something wakes the sender."""

from __future__ import annotations

from datetime import datetime
from types import TracebackType
from typing import Self

from services.ports.deliveries import Wake
from store.action_sets import SqlSets
from store.again import SqlWants
from store.attendance import SqlAttendances
from store.audit import breaches
from store.bookings import SqlBookings
from store.calendar_keys import SqlCalendarKeys
from store.champions import SqlChampions
from store.collations import SqlCollations
from store.commitments import SqlCommitments, SqlQuotes
from store.conversations import SqlConversations
from store.course_nudges import SqlCourseNudges
from store.course_people import SqlCoursePeople
from store.course_steps import SqlCourseAnswers, SqlReflections, SqlStepStates
from store.courses import SqlCourses, SqlEnrolments
from store.dilemmas import SqlDilemmas
from store.engage import SqlEngage
from store.engine import Database
from store.errands import SqlErrands
from store.feedback import SqlFeedback
from store.hub_list import SqlHubTables
from store.ideas import SqlIdeas
from store.journal import SqlJournal
from store.ledger import SqlLedger
from store.meetings import SqlMeetings
from store.outbox import SqlOutbox
from store.people import SqlChannels, SqlPeople
from store.personal import SqlPersonal
from store.profiles import SqlProfiles
from store.report import SqlReportTables
from store.sessions import SqlEditions, SqlSessions
from store.zoom import SqlZoom


class SqlUnitOfWork:
    """Rolls back unless committed.

    A read-only one sees the database as of its first look, never waits for writers and cannot write.
    A glance is the same, but each of its statements sees its own moment; a survey is for long reads.
    """

    def __init__(
        self, database: Database, wake: Wake, *, read_only: bool, glance: bool, survey: bool
    ) -> None:
        self._database = database
        self._wake = wake
        self._read_only = read_only or glance or survey
        self._look = database.survey if survey else database.glance if glance else database.look

    async def __aenter__(self) -> Self:
        self._way = self._look() if self._read_only else self._database.write()
        self._db = db = await self._way.__aenter__()
        self.editions = SqlEditions(db)
        self.sessions = SqlSessions(db)
        self.bookings = SqlBookings(db)
        self.people = SqlPeople(db)
        self.channels = SqlChannels(db)
        self.outbox = SqlOutbox(db)
        self.ledger = SqlLedger(db)
        self.conversations = SqlConversations(db)
        self.meetings = SqlMeetings(db)
        self.zoom = SqlZoom(db)
        self.profiles = SqlProfiles(db)
        self.attendance = SqlAttendances(db)
        self.hub = SqlHubTables(db)
        self.engage = SqlEngage(db)
        self.journal = SqlJournal(db)
        self.calendar_keys = SqlCalendarKeys(db)
        self.personal = SqlPersonal(db)
        self.errands = SqlErrands(db)
        self.ideas = SqlIdeas(db)
        self.again = SqlWants(db)
        self.champions = SqlChampions(db)
        self.feedback = SqlFeedback(db)
        self.report = SqlReportTables(db)
        self.courses = SqlCourses(db)
        self.enrolments = SqlEnrolments(db)
        self.step_states = SqlStepStates(db)
        self.course_answers = SqlCourseAnswers(db)
        self.reflections = SqlReflections(db)
        self.sets = SqlSets(db)
        self.dilemmas = SqlDilemmas(db)
        self.course_people = SqlCoursePeople(db)
        self.course_nudges = SqlCourseNudges(db)
        self.collations = SqlCollations(db)
        self.commitments = SqlCommitments(db)
        self.quotes = SqlQuotes(db)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._way.__aexit__(kind, error, trace)

    async def commit(self) -> None:
        assert not self._read_only, "a read-only unit of work has nothing to commit"
        await self._db.commit()
        if self.outbox.earliest is not None:
            self._wake(self.outbox.earliest)

    async def audit(self, now: datetime) -> list[str]:
        return await breaches(self._db, now)


class SqlWork:
    """Makes units of work on one database; a commit that queued something calls `wake`."""

    def __init__(self, database: Database) -> None:
        self.wake: Wake = lambda due: None
        self._database = database

    def __call__(
        self, *, read_only: bool = False, glance: bool = False, survey: bool = False
    ) -> SqlUnitOfWork:
        wake: Wake = lambda due: self.wake(due)  # noqa: E731 -- whoever is woken by then
        return SqlUnitOfWork(
            self._database, wake, read_only=read_only, glance=glance, survey=survey
        )
