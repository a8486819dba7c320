"""Which one thing of all their courses somebody is reminded of on a day, if any."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from learning import local_time
from learning.courses.definition import Step
from learning.courses.schedule import Situation, day_of, days, to_do
from learning.notices import Kind, Notice, QuietHours
from learning.people import PersonId
from learning.sessions import CourseId, Session

REMINDED_AT = time(9, 0)
"""By the person's own clock: after the first look at the day's mail and before most meetings."""

CAUGHT_UP_UNTIL = time(18, 0)
"""When the bot was away in the morning it still speaks on that day; later it waits for the next."""

CAUGHT_UP = timedelta(days=7)
"""What should have been said so long ago is left for the next day that speaks of it."""

BOOKING_DAYS = (28, 14, 7, 3)
"""Days before the next live session on which those without a place are asked to choose a date, where
the file says nothing: early enough to plan a diary, and once more while others can still be found."""

FEW_PLACES = 3
"""With so few places left on all dates together, who has none is told, and once a week from then on."""

OTHER_DAYS = (0, 3, 8)
"""Days from when something that is no step fell due on which it is spoken of: whichever day of the week
that was, two of them are working days."""

SATURDAY = 5

ANYTHING_ELSE = "check-in"
"""What stands in a mailing's name for whatever is no step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something on a course that waits for somebody: `about` is its step's id, or what else it is.

    Tasks rank by `due`, the most overdue one first, then by `order`; `days` are those on which it is
    spoken of.
    """

    course_id: CourseId
    about: str
    due: date = date.max
    order: int = 0
    days: frozenset[date] = frozenset()
    is_step: bool = True


Told = Mapping[tuple[CourseId, str], date]
"""The day on which somebody was last reminded of something, by course and what it is about."""


def step_tasks(
    course_id: CourseId, steps: Iterable[Step], situation: Situation, today: date
) -> list[Task]:
    """The steps that are open and not done, but for the live session."""
    return [
        Task(
            course_id=course_id,
            about=step.id,
            due=day_of(step.due if step.due is not None else step.closes, situation) or date.max,
            order=step.order,
            days=frozenset(days(step, situation)),
        )
        for step in to_do(steps, situation, today)
    ]


def booking_task(
    course_id: CourseId,
    live: Step,
    sessions: Iterable[Session],
    zone: ZoneInfo,
    now: datetime,
) -> Task | None:
    """Choosing a date, for who has no booking, not even in a queue; None where none can be chosen.

    Days are counted from the next date that can still be chosen; those of the file win.
    """
    open_ = [s for s in sessions if s.is_open(now)]
    starts = [s.starts_at.astimezone(zone).date() for s in open_ if s.starts_at]
    if not starts:
        return None
    today, first = now.astimezone(zone).date(), min(starts)
    situation = Situation(live_day=first)
    opens = day_of(live.opens, situation)
    if opens is not None and today < opens:
        return None
    spoken = set(days(live, situation))
    if not live.remind:
        spoken |= {first - timedelta(days=before) for before in BOOKING_DAYS}
    left = [s.places_left for s in open_]
    if None not in left and 0 < sum(n or 0 for n in left) <= FEW_PLACES:
        spoken.add(today - CAUGHT_UP + timedelta(days=1))
    due = day_of(live.due, situation) or first
    return Task(
        course_id=course_id, about=live.id, due=due, order=live.order, days=frozenset(spoken)
    )


def other_task(course_id: CourseId, about: str, since: date) -> Task:
    """What is no step of a course and has waited since that day."""
    return Task(
        course_id=course_id,
        about=about,
        due=since,
        days=frozenset(since + timedelta(days=after) for after in OTHER_DAYS),
        is_step=False,
    )


def chosen(tasks: Iterable[Task], told: Told, today: date) -> Task | None:
    """What to remind of today: of all that is to be spoken of, the most overdue. Never at a weekend.

    What was passed over, or missed while the bot was away, is spoken of on the next day that is free,
    within a week: a day speaks until something was said of the same thing on it or later.
    """
    if today.weekday() >= SATURDAY:
        return None
    speaking = [task for task in tasks if _speaks(task, told, today)]
    return min(speaking, key=lambda task: (task.due, task.order, task.about), default=None)


def is_due(now: datetime, zone: ZoneInfo) -> date | None:
    """The day of which reminders are to be written in this zone by now, if any."""
    local = now.astimezone(zone)
    is_time = REMINDED_AT <= local.time() < CAUGHT_UP_UNTIL
    return local.date() if is_time and local.weekday() < SATURDAY else None


def reminder(
    task: Task, code: str, person_id: PersonId, day: date, quiet: QuietHours, zone: ZoneInfo
) -> Notice:
    """One a day at most, whatever it is of: the key says no more than whom and when."""
    about = task.about if task.is_step else ANYTHING_ELSE
    return Notice(
        kind=Kind.COURSE_NUDGE,
        key=f"{Kind.COURSE_NUDGE}:{person_id}:{day.isoformat()}",
        mailing=mailing(day, code, about),
        due_at=quiet.shift(local_time.at(day, REMINDED_AT, zone), zone),
        person_id=person_id,
        payload={"day": day.isoformat(), "course": task.course_id, "about": task.about},
    )


def mailing(day: date, code: str, about: str) -> str:
    """What the ledger calls all reminders of one day that are about the same."""
    return f"{Kind.COURSE_NUDGE}:{day.isoformat()}:{code}/{about}"


def told_of(notices: Collection[Notice]) -> dict[tuple[CourseId, str], date]:
    """What these reminders, all of one person, were about, and when."""
    found: dict[tuple[CourseId, str], date] = {}
    for notice in notices:
        about = CourseId(notice.payload["course"]), str(notice.payload["about"])
        day = date.fromisoformat(notice.payload["day"])
        found[about] = max(day, found.get(about, day))
    return found


def reminded(counts: Iterable[tuple[str, int]], code: str) -> dict[str, int]:
    """How many reminders there were of each step of a course, from mailings and their numbers."""
    found: dict[str, int] = {}
    for mailing, count in counts:
        course, _, step_id = mailing.partition(":")[2].partition(":")[2].partition("/")
        if course == code:
            found[step_id] = found.get(step_id, 0) + count
    return found


def _speaks(task: Task, told: Told, today: date) -> bool:
    past = [day for day in task.days if today - CAUGHT_UP < day <= today]
    return bool(past) and told.get((task.course_id, task.about), date.min) < max(past)
