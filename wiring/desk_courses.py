"""The desk's pages of programmes over months, put together. All of them are below /desk/courses."""

from __future__ import annotations

from aiohttp import web

from core import Core
from hub.course_pictures import picture_routes
from hub.desk.course_commitments import CourseCommitmentPages
from hub.desk.course_merging import CourseMergingPages
from hub.desk.course_progress import CourseProgressPages
from hub.desk.course_questionnaire import CourseQuestionnairePages
from hub.desk.course_quotes import CourseQuotePages
from hub.desk.courses import CoursePages
from hub.desk.known import known
from integrations.spreadsheets import write_csv
from services.course_desk import CourseDesk
from services.course_progress import CourseProgress
from services.enrolling import WhoIsMeant
from services.ports.systems import Colleagues


def course_desk(core: Core, colleagues: Colleagues) -> list[web.RouteDef]:
    """Every one of them for organisers only."""
    zone = core.settings.zone
    meant = WhoIsMeant(core.work, core.enrolments, colleagues)
    routes = [
        *CoursePages(
            CourseDesk(core.work, core.course_paths), meant, core.enrolments, zone=zone
        ).routes(),
        *CourseProgressPages(
            CourseProgress(core.work, core.clock, core.course_paths, zone=zone), write_csv
        ).routes(),
        *CourseQuestionnairePages(core.collation, zone=zone).routes(),
        *CourseCommitmentPages(core.commitment_figures, write_csv, zone=zone).routes(),
        *CourseQuotePages(core.quotes).routes(),
        *CourseMergingPages(core.set_life).routes(),
    ]
    return known(core.people, routes)


def course_pictures(core: Core) -> list[web.RouteDef]:
    """For everybody who knows their address."""
    return picture_routes(CourseDesk(core.work, core.course_paths))
