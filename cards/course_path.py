"""Where somebody is on their course: what is done, what is open, what comes, and the dates to book."""

from __future__ import annotations

from collections.abc import Sequence

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from cards.sessions import booking_action, standing
from learning.bookings import Booking
from learning.courses import schedule
from learning.courses.definition import Step, StepKind
from learning.courses.own_course import OwnCourse
from learning.courses.schedule import AFTER_LIVE, Standing, concerns, day_of
from learning.courses.screens import minutes_left
from learning.sessions import Session

ELSEWHERE = {
    StepKind.SETS: ("My set", "set.open"),
    StepKind.QUOTE: ("My quote", "quote.open"),
}
"""Steps without screens, by the title and verb of their button."""

COMMITMENTS = "commitment.list"
"""The verb of what people have taken on."""

NONE = "You are not on a programme just now."
NONE_MORE = "If you expected to be, ask those who run it to add you. Here is what else there is."


def path_card(own: OwnCourse, *, note: str = "") -> Card:
    """The whole course, with the one thing to go on with at its top."""
    done = sum(own.is_done(step) for step in own.steps)
    progress = f"{done} of {len(own.steps)} done"
    first = next((step for step in own.to_do if _button(own, step)), None)
    later = [s for s in own.steps if s.kind in AFTER_LIVE and not own.situation.has_place]
    rows = [_row(own, step, is_above=step is first) for step in own.steps if step not in later]
    return kit.card(
        f"{own.course.title}: {progress}",
        kit.quiet("Your programme"),
        kit.heading(own.course.title),
        kit.text(own.course.summary) if own.course.summary and not done else None,
        kit.text(progress, weight="Bolder"),
        kit.text(note) if note else None,
        kit.buttons(_go_on(own, first) if first else None, _commitments(own)),
        *kit.fitting([*rows, _after_live(later)] if later else rows),
    )


def to_do_card(some: Sequence[OwnCourse]) -> Card:
    """What is open and not done, over all their courses."""
    to_book = [(own, step) for own in some if (step := own.to_book) is not None]
    waiting = [*((own, step) for own in some for step in own.to_do), *to_book]
    if not waiting:
        coming = [line for own in some if (line := _next(own))]
        words = "There is nothing to do just now."
        return kit.card(
            words,
            kit.heading(words),
            *(kit.text(line) for line in coming),
            actions=[_open(own, f"Open {own.course.title}"[:60]) for own in some],
        )
    count = f"{len(waiting)} thing{'' if len(waiting) == 1 else 's'} to do"
    rows = [
        kit.group(
            kit.text(step.title, weight="Bolder"),
            kit.quiet(f"{own.course.title} · {_standing(own, step)}"),
            kit.buttons(_button(own, step) or _open(own, "Open")),
            separator=True,
        )
        for own, step in waiting
    ]
    return kit.card(count, kit.heading(count), *kit.fitting(rows))


def choice_card(some: Sequence[OwnCourse], *, note: str = "") -> Card:
    """Somebody is on several."""
    return kit.card(
        "Your programmes",
        kit.heading("Your programmes"),
        kit.text(note) if note else None,
        *(
            kit.group(
                kit.text(own.course.title, weight="Bolder"),
                kit.quiet(f"{sum(map(own.is_done, own.steps))} of {len(own.steps)} done"),
                kit.buttons(_open(own, "Open")),
                separator=True,
            )
            for own in some
        ),
    )


def none_card() -> Card:
    return kit.card(
        NONE,
        kit.text(NONE, weight="Bolder"),
        kit.text(NONE_MORE),
        actions=[
            execute("What's on this week", "day.show", words="this week"),
            execute("My bookings", "bookings.show"),
        ],
    )


def shut_card(own: OwnCourse, step: Step) -> Card:
    """Why a step cannot be opened now, and when it can."""
    why = _lowered(_standing(own, step)) if step in own.steps else "it is for another group"
    words = f"“{step.title}” is not open to you: {why}."
    return kit.card(words, kit.text(words), actions=[_open(own, "My programme")])


def gone_card(own: OwnCourse) -> Card:
    """A card was pressed whose step is no longer part of the course."""
    words = "That part is no longer in the programme. Here is what it holds now."
    return kit.card(words, kit.text(words), actions=[_open(own, "My programme")])


def _commitments(own: OwnCourse) -> Action | None:
    """What people take on, they take on from the live session on."""
    session = own.session
    if session is None or not session.has_started(own.now):
        return None
    return execute("My commitments", COMMITMENTS, course=own.id)


def _go_on(own: OwnCourse, step: Step) -> Action | None:
    """The button that names what it leads to: several steps have one."""
    button = _button(own, step)
    if button is None:
        return None
    state = own.states.get(step.id)
    words = f"Start: {step.title}"
    if state is not None and step.screens:
        words = f"Go on: {step.title} (screen {state.screen + 1} of {len(step.screens)})"
    elif step.kind in ELSEWHERE:
        words = step.title
    return _titled(button, words)


def _row(own: OwnCourse, step: Step, *, is_above: bool) -> Element:
    """`is_above`: its button stands at the top of the card already."""
    own_button = None if is_above else kit.buttons(_button(own, step))
    extra = _live(own) if step.kind is StepKind.LIVE else [own_button]
    return kit.group(
        kit.text(step.title, weight="Bolder"),
        kit.quiet(_standing(own, step)),
        *extra,
        separator=True,
    )


def _after_live(steps: Sequence[Step]) -> Element:
    """What only those come to who were booked on the live session, as long as one is not."""
    return kit.group(
        kit.text("After the live session", weight="Bolder"),
        kit.quiet(", ".join(step.title for step in steps)),
        separator=True,
    )


def _button(own: OwnCourse, step: Step) -> Action | None:
    """What leads to a step, where it can be opened."""
    is_there = concerns(step, own.situation)
    shown = schedule.standing(step, own.situation, own.today)
    if not is_there or shown is Standing.NOT_YET:
        return None
    if step.kind in ELSEWHERE:
        title, verb = ELSEWHERE[step.kind]
        return execute(title, verb, course=own.id)
    if step.kind is StepKind.LIVE:
        return None
    is_closed = shown is Standing.CLOSED
    if is_closed and (step.id not in own.states or step.kind in schedule.NEEDS_PLACE):
        return None
    title = "Look at it again" if own.is_done(step) or is_closed else "Start"
    if title == "Start" and step.id in own.states:
        title = "Go on"
    return execute(title, "course.step", course=own.id, step=step.id)


def _standing(own: OwnCourse, step: Step) -> str:
    """'Done', 'Opens on …', 'Open, about 7 minutes, by …', or why it is not for them yet."""
    if own.is_done(step):
        return "Done"
    if step.kind is StepKind.LIVE:
        return "Choose a date" if own.to_book else "Once, with the others"
    if not concerns(step, own.situation):
        return "For those with a place on the live session"
    opens, closes = day_of(step.opens, own.situation), day_of(step.closes, own.situation)
    match schedule.standing(step, own.situation, own.today):
        case Standing.NOT_YET if opens:
            return f"Opens on {sayings.day(opens)}"
        case Standing.CLOSED if closes:
            return f"Closed on {sayings.day(closes)}"
        case _:
            return ", ".join(_open_words(own, step))


def _open_words(own: OwnCourse, step: Step) -> list[str]:
    state = own.states.get(step.id)
    words = ["Open"]
    if state is not None and step.screens:
        words = [f"Begun, at screen {state.screen + 1} of {len(step.screens)}"]
    if minutes := minutes_left(step, state.screen if state else 0):
        words.append(f"about {minutes} minute{'' if minutes == 1 else 's'}")
    due, closes = day_of(step.due, own.situation), day_of(step.closes, own.situation)
    if due and due < own.today:
        words.append(f"was due on {sayings.day(due)}")
    elif until := due or closes:
        words.append(f"by {sayings.day(until)}")
    return words


def _live(own: OwnCourse) -> list[Element | None]:
    """Their place and what they can do about it, then the other dates that they may choose."""
    ahead = [s for s in own.sessions if not s.has_started(own.now)]
    booked = own.session
    if booked is not None:
        others = [] if booked.has_started(own.now) else ahead
        ahead = [booked, *(s for s in others if s.id != booked.id)]
    if not ahead:
        words = "All dates are over." if own.sessions else "There is no date yet."
        return [kit.quiet(words)]
    return [_date(own, session, own.booking if session is booked else None) for session in ahead]


def _date(own: OwnCourse, session: Session, booking: Booking | None) -> Element:
    action = booking_action(session, booking, own.now)
    if action is not None and booking is None and own.booking is not None:
        action = _titled(action, "Change to this date")
    join = kit.open_url("Join", session.link) if booking is not None and session.link else None
    return kit.group(
        kit.text(sayings.moment(session, own.zone)),
        kit.quiet(f"{standing(session, booking, own.now)} · {sayings.where(session)}"),
        kit.buttons(join, action),
    )


def _next(own: OwnCourse) -> str:
    """What opens next, and when."""
    coming = [
        (day, step)
        for step in own.steps
        if concerns(step, own.situation)
        and (day := day_of(step.opens, own.situation)) is not None
        and day > own.today
    ]
    if not coming:
        return ""
    day, step = min(coming, key=lambda each: each[0])
    return f"Next on {own.course.title}: {step.title} opens on {sayings.day(day)}."


def _open(own: OwnCourse, title: str) -> Action:
    return execute(title, "course.open", course=own.id)


def _titled(button: Action, title: str) -> Action:
    fallback = {**button["fallback"], "title": title}
    return {**button, "title": title, "fallback": fallback}


def _lowered(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"
