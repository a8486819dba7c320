"""What the bot says, and the bot that says it."""

from __future__ import annotations

from aiohttp import ClientSession

from bot.actions import Actions
from bot.authentication import ServiceHosts
from bot.files import OwnFiles, Uploads
from bot.handler import LearnweekBot
from bot.refreshes import Refreshes
from bot.replies import Replies
from bot.search_box import SearchBox, Zones
from bot.unfurling import Unfurling
from core import Core
from dialogs.attendance_answers import AttendanceAnswers
from dialogs.booking_answers import BookingAnswers
from dialogs.conversation import Conversation
from dialogs.course_leaving_answers import CourseLeavingAnswers
from dialogs.feedback_answers import FeedbackAnswers
from dialogs.idea_answers import IdeaAnswers
from dialogs.organiser_answers import OrganiserAnswers
from dialogs.personal_answers import PersonalAnswers
from dialogs.plan_answers import PlanAnswers
from dialogs.programme_answers import ProgrammeAnswers
from dialogs.record_answers import RecordAnswers
from dialogs.report_answers import ReportAnswers
from dialogs.set_answers import SetAnswers
from dialogs.state import PersonState
from pages import chat_link
from services.organisers import Organisers
from services.outreach import Outreach
from services.plans import PlanService
from services.ports.systems import Colleagues
from wiring.champions import champion_answers
from wiring.courses import collation_answers, commitment_answers, course_answers
from wiring.engage import Engagement
from wiring.set_meetings import guide_answers


def answers(
    core: Core,
    state: PersonState,
    organisers: Organisers,
    planning: PlanService,
    engagement: Engagement,
    colleagues: Colleagues,
) -> tuple[Conversation, Actions]:
    """What words and buttons are answered with, wherever they come from."""
    booking = BookingAnswers(core.catalogue, core.bookings, core.clock)
    programme = ProgrammeAnswers(core.catalogue, core.bookings, core.clock, core.missed)
    personal = PersonalAnswers(
        core.people,
        core.bookings,
        core.channels,
        organisers,
        core.clock,
        core.own_calendars,
        contact=core.settings.learning_contact,
        public_url=core.settings.public_url,
    )
    organiser = OrganiserAnswers(
        core.catalogue,
        booking,
        organisers,
        core.programme,
        core.reports,
        core.ledger,
        core.hub_reports,
        core.clock,
    )
    attendance = AttendanceAnswers(
        core.catalogue,
        booking,
        organisers,
        core.attendance,
        core.doors,
        core.clock,
        public_url=core.settings.public_url,
    )
    plans = PlanAnswers(planning)
    feedback = FeedbackAnswers(
        core.catalogue, booking, programme, organisers, core.attendance, core.feedback
    )
    ideas = IdeaAnswers(
        core.ideas,
        core.idea_board,
        core.catalogue,
        organisers,
        core.clock,
        public_url=core.settings.public_url,
    )
    record = RecordAnswers(
        core.catalogue,
        booking,
        core.record,
        core.again,
        core.clock,
        public_url=core.settings.public_url,
    )
    champions = champion_answers(core, booking, organisers, colleagues)
    collation = collation_answers(core, organisers)
    commitments = commitment_answers(core)
    courses = course_answers(core)
    leaving = CourseLeavingAnswers(core.course_paths, core.enrolments)
    sets = SetAnswers(core.set_wishes, core.clock)
    guide = guide_answers(core)
    conversation = Conversation(
        state,
        core.catalogue,
        core.clock,
        programme=programme,
        booking=booking,
        personal=personal,
        organiser=organiser,
        engage=engagement.answers,
        plans=plans,
        ideas=ideas,
        attendance=attendance,
        feedback=feedback,
        record=record,
        champions=champions,
        report=ReportAnswers(core.evaluation, organisers, public_url=core.settings.public_url),
        collation=collation,
        commitments=commitments,
        courses=courses,
        leaving=leaving,
        sets=sets,
        guide=guide,
    )
    actions = Actions(
        programme=programme,
        booking=booking,
        personal=personal,
        organiser=organiser,
        engage=engagement.answers,
        plans=plans,
        ideas=ideas,
        attendance=attendance,
        feedback=feedback,
        record=record,
        champions=champions,
        collation=collation,
        commitments=commitments,
        courses=courses,
        leaving=leaving,
        sets=sets,
        guide=guide,
    )
    return conversation, actions


def a_bot(
    core: Core,
    conversation: Conversation,
    actions: Actions,
    state: PersonState,
    outreach: Outreach,
    replies: Replies,
    http: ClientSession,
) -> LearnweekBot:
    settings = core.settings
    files = OwnFiles(
        core.own_files,
        Uploads(http, ServiceHosts(settings.file_hosts)),
        link=f"{settings.public_url}/hub/mine/data",
    )
    zones = Zones(core.people, settings.zone)
    return LearnweekBot(
        conversation,
        actions,
        replies,
        state,
        core.people,
        core.channels,
        core.catalogue,
        Refreshes(outreach, core.clock, zone=settings.zone),
        SearchBox(core.catalogue, core.clock, zones, core.champions),
        Unfurling(
            core.catalogue,
            core.clock,
            zones,
            public_url=settings.public_url,
            chat_link=chat_link(settings),
        ),
        None if settings.is_laptop else files,
        zone=settings.zone,
    )
