"""What somebody is told who was put on a programme, and what they are asked who would leave it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cards import kit, sayings
from cards.kit import Card, execute
from learning.courses.definition import Course, Step, StepKind
from learning.courses.quotes import Quote
from learning.sessions import CourseId

MOST_STEPS = 10
MOST_QUOTES = 2


def welcome_card(
    course: Course,
    course_id: CourseId,
    steps: Sequence[tuple[Step, date | None]],
    today: date,
    quotes: Sequence[Quote] = (),
) -> Card:
    """What it is and what comes when; each step with the day on which it opens, or takes place.

    `quotes` are of people who were on it before and let those invited read them.
    """
    shown = steps[:MOST_STEPS]
    left = len(steps) - len(shown)
    return kit.card(
        f"You are on the programme {course.title}",
        kit.heading(f"Welcome to {course.title}"),
        kit.text(course.summary) if course.summary else None,
        kit.group(
            *(
                kit.text(_line(step, day, today), spacing="None" if number else "Default")
                for number, (step, day) in enumerate(shown)
            )
        ),
        kit.quiet(f"and {left} more") if left > 0 else None,
        kit.quiet("You take the steps here in the chat, a few minutes at a time."),
        *(
            kit.group(kit.text(f"“{each.text}”"), kit.quiet(each.signed_as), separator=True)
            for each in quotes[:MOST_QUOTES]
        ),
        actions=[execute("Open my programme", "course.open", course=course_id)],
    )


def ask_leave_card(course: Course, course_id: CourseId, live: str) -> Card:
    """`live` says which place would be given back, '' for none."""
    return kit.card(
        f"Leave the programme {course.title}?",
        kit.heading(f"Leave {course.title}?"),
        kit.text("You are not reminded of it any more. What you wrote stays yours."),
        kit.text(f"Your place is given back: {live}.") if live else None,
        actions=[
            execute("Leave the programme", "course.leave", course=course_id),
            execute("Stay", "session.leave"),
        ],
    )


def which_to_leave_card(some: Sequence[tuple[CourseId, Course]]) -> Card:
    question = "Which programme would you like to leave?"
    return kit.card(
        question,
        kit.heading(question),
        actions=[
            execute(sayings.shortened(course.title, 40), "course.ask_leave", course=course_id)
            for course_id, course in some[:5]
        ],
    )


def _line(step: Step, day: date | None, today: date) -> str:
    if day is None:
        return f"• {step.title}"
    when = sayings.day_from(day, today)
    if step.kind is StepKind.LIVE:
        return f"• {step.title}: {when}, or another date that you choose"
    return f"• {step.title}: from {when}" if day > today else f"• {step.title}: open now"
