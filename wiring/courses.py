"""What is said of programmes over months: answers, reminders and their effects, put together."""

from __future__ import annotations

from core import Core
from dialogs.collation_answers import CollationAnswers
from dialogs.commitment_answers import CommitmentAnswers
from dialogs.course_answers import CourseAnswers
from dialogs.quote_answers import QuoteAnswers
from jobs.course_effects import CourseEffects
from services.commitments import COMMITMENT
from services.course_timelines import CourseTimelines
from services.organisers import Organisers
from services.ports.systems import Messenger
from services.result_pictures import ResultPictures
from services.shared_commitments import SharedCommitments


def course_answers(core: Core) -> CourseAnswers:
    return CourseAnswers(
        core.course_paths,
        core.course_modules,
        ResultPictures(core.documents),
        core.clock,
        zone=core.settings.zone,
        public_url=core.settings.public_url,
    )


def collation_answers(core: Core, organisers: Organisers) -> CollationAnswers:
    return CollationAnswers(core.collation, organisers)


def commitment_answers(core: Core) -> CommitmentAnswers:
    return CommitmentAnswers(
        core.commitments,
        SharedCommitments(core.work, core.seals),
        CourseTimelines(core.work, core.clock, core.commitments),
        QuoteAnswers(core.quotes),
        core.clock,
    )


def course_effects(core: Core, messenger: Messenger) -> CourseEffects:
    """Reminders, and answers for those who lead."""
    return CourseEffects(
        core.course_reminders,
        core.collation,
        core.people,
        messenger,
        others={COMMITMENT: commitment_answers(core).due_card},
        zone=core.settings.zone,
    )
