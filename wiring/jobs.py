"""What happens by the clock: every job, when it runs, and what it does in a line for organisers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from core import Core
from jobs.timetable import Entry
from learning.people import PersonId
from services.attendance_polls import AttendancePolls
from services.outreach import Outreach
from services.profiles import ProfileService
from services.retention import RetentionService
from services.zoom_meetings import ZoomMeetings
from store.conversations import SqlConversationStore
from store.purge import SqlPurge
from store.retention import SqlRetention


def entries(
    core: Core,
    *,
    outreach: Outreach,
    polls: AttendancePolls,
    profiles: ProfileService,
    conversations: SqlConversationStore,
    retention: SqlRetention,
    fits: Callable[[], Awaitable[object]],
    others: Iterable[Entry],
) -> list[Entry]:
    """All of them; `others` are those of the parts that may be off."""
    return [
        Entry(
            name="highlights",
            cron="* * * * *",
            run=outreach.queue,
            words="Writes down the daily highlights once their time has come.",
        ),
        Entry(
            name="offers",
            cron="* * * * *",
            run=core.bookings.lapse_offers,
            words="Passes on places that were offered and not taken up in time.",
        ),
        Entry(
            name="runs again",
            cron="* * * * *",
            run=core.again.queue,
            words="Tells people who asked for it that a session runs again.",
        ),
        Entry(
            name="attendance",
            cron="* * * * *",
            run=polls.queue,
            words="Asks Teams and Zoom who was there when a session has ended.",
        ),
        Entry(
            name="feedback",
            cron="* * * * *",
            run=core.feedback.queue,
            words="Writes down who is to be asked how a session was that has ended.",
        ),
        Entry(
            name="what people said",
            cron="*/10 * * * *",
            run=core.feedback.show,
            words="Renews what may be shown of people's feedback, and tells those who ran a session.",
        ),
        Entry(
            name="programmes",
            cron="*/5 * * * *",
            run=core.course_reminders.queue,
            words="Reminds people of what waits on their programmes, once a day at most.",
        ),
        Entry(
            name="questionnaires",
            cron="*/10 * * * *",
            run=core.collation.show,
            words="Puts answers together for those who lead, once a questionnaire has closed.",
        ),
        Entry(
            name="guests",
            cron="50 3 * * *",
            run=core.attendance.forget_guests,
            words="Forgets the names of guests a month after their session.",
        ),
        Entry(
            name="profiles",
            cron="15 * * * sat,sun",
            run=profiles.queue,
            words="Reads people's department and office from the directory.",
        ),
        Entry(
            name="champions",
            cron="*/5 * * * *",
            run=core.champions.queue_cards,
            words="Writes down what champions may promote, on Monday mornings.",
        ),
        Entry(
            name="words not found",
            cron="* * * * *",
            run=core.missed.write,
            words="Writes down single words that people looked for and did not find.",
        ),
        Entry(
            name="old talk",
            cron="20 3 * * *",
            run=conversations.forget_old,
            words="Forgets what old conversations were about.",
        ),
        Entry(
            name="old rows",
            cron="40 3 * * *",
            run=retention.count_old,
            takes_long=True,
            words="Keeps deliveries of more than a month ago as numbers only.",
        ),
        Entry(
            name="retention",
            cron="5 4 * * *",
            run=_retention(core).purge,
            takes_long=True,
            words="Takes people out of what was kept long enough; the counts stay.",
        ),
        Entry(
            name="schema",
            cron="* * * * *",
            run=fits,
            words="Looks whether this version still fits the database.",
        ),
        Entry(
            name="old work",
            cron="25 * * * *",
            run=core.errands.forget_old,
            words="Removes long work, and the files it made, after a day.",
        ),
        *others,
    ]


def _retention(core: Core) -> RetentionService:
    return RetentionService(
        SqlPurge(core.database),
        core.people,
        core.clock,
        periods=core.settings.retention,
        organisers=[PersonId(i.casefold()) for i in core.settings.organisers],
    )


def zoom_entries(zoom: ZoomMeetings) -> list[Entry]:
    return [
        Entry(
            name="Zoom",
            cron="*/10 * * * *",
            run=zoom.catch_up,
            words="Looks whether every Zoom meeting is as its session is.",
        ),
        Entry(
            name="old registrations",
            cron="55 3 * * *",
            run=zoom.forget_old,
            words="Forgets who was registered with Zoom for sessions of long ago.",
        ),
    ]
