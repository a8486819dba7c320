"""The one reminder a day of what waits on a course: what it is, why now, how long it takes, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, execute
from learning.courses.definition import Course, Step, StepKind
from learning.sessions import CourseId, Session

MOST_DATES = 4
NO_MORE = "One reminder a day at most. Type nudges off to have none."

OPENS_WITH = {
    StepKind.SETS: ("Put myself forward", "set.open"),
    StepKind.QUOTE: ("Write a sentence", "quote.open"),
}
"""Other steps are gone through screen by screen."""


def step_nudge_card(
    course_id: CourseId,
    course: Course,
    step: Step,
    *,
    due: date | None,
    closes: date | None,
    today: date,
    begun: bool = False,
) -> Card:
    """`due` and `closes` are the person's own days; `begun` says that they are in the middle of it."""
    why = _why(due, closes, today)
    return kit.card(
        f"{step.title}: {why}",
        kit.quiet(course.title),
        kit.heading(step.title),
        kit.text(why),
        kit.quiet(long) if (long := how_long(step)) else None,
        kit.quiet(NO_MORE),
        actions=[*_opening(course_id, step, begun), _programme(course_id)],
    )


def booking_nudge_card(
    course_id: CourseId, course: Course, live: Step, sessions: Sequence[Session], *, zone: ZoneInfo
) -> Card:
    """The dates that can still be chosen; whoever is late waits in a queue as for any session."""
    dates = sessions[:MOST_DATES]
    return kit.card(
        f"Choose your date for {live.title}",
        kit.quiet(course.title),
        kit.heading(f"Choose your date: {live.title}"),
        kit.text(
            "You have no place on the live session yet. What comes before and after it goes by your date."
        ),
        *(
            kit.group(
                kit.text(sayings.moment(each, zone), weight="Bolder"),
                kit.quiet(sayings.places(each)),
                kit.buttons(execute("Book this date", "session.book", session=each.id)),
                separator=True,
            )
            for each in dates
        ),
        kit.quiet("There are more dates in your programme.")
        if len(sessions) > len(dates)
        else None,
        kit.quiet(NO_MORE),
        actions=[_programme(course_id)],
    )


def how_long(step: Step) -> str:
    """'About 7 minutes', '5 questions', '' where nothing is known."""
    if step.minutes:
        return f"About {step.minutes} minute{'' if step.minutes == 1 else 's'}"
    count = len(step.questions)
    return f"{count} question{'' if count == 1 else 's'}" if count else ""


def _why(due: date | None, closes: date | None, today: date) -> str:
    """'It is due tomorrow.', 'It was due on Monday 3 May and is still open.', 'It is open now.'"""
    until = f" It closes at the end of {sayings.day_from(closes, today)}." if closes else ""
    if due is None or due == closes:
        return f"It is open now.{until}"
    if due < today:
        return f"It was due on {sayings.day(due)} and is still open.{until}"
    return f"It is due by {sayings.day_from(due, today)}.{until}"


def _opening(course_id: CourseId, step: Step, begun: bool) -> list[Action]:
    if step.kind in OPENS_WITH:
        title, verb = OPENS_WITH[step.kind]
        return [execute(title, verb, course=course_id)]
    return [execute("Go on" if begun else "Start", "course.step", course=course_id, step=step.id)]


def _programme(course_id: CourseId) -> Action:
    return execute("My programme", "course.open", course=course_id)
