"""Cards about what people commit to: making it, sharing it, and checking in on it.

No line that stands for a card in a notification has anything in it that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from learning.courses.commitments import LONGEST, Said, State
from learning.sessions import CourseId

PAGE = 6
"""Commitments on one card."""

ONLY_YOU = "Only you can read it."
YOUR_SET = (
    "Those who are in your action learning set, and whoever facilitates it, can read it. "
    "Nobody else can."
)
NO_MORE = "One reminder a day at most. Type nudges off to have none."
HEADINGS = {
    Said.DONE: "Done: you did what you said",
    Said.ON_THE_WAY: "On the way. I'll ask again",
    Said.CHANGED: "Changed",
    Said.DROPPED: "Dropped",
}
LIST = execute("My commitments", "commitment.list")
TIMELINE = execute("My timeline", "commitment.timeline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A commitment as its maker sees it. `day` is the check-in that can be answered now, `said` what was
    answered at it, `is_due` whether an answer is waited for."""

    id: int
    text: str
    course: str
    due_on: date
    is_shared: bool
    state: State
    day: int | None = None
    said: Said | None = None
    is_due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed into a form, right or not: nothing of it is lost."""

    text: str = ""
    due: str = ""
    shared: bool = False


def form_card(
    course: str, about: Mapping[str, object], typed: Typed | None = None, *, fault: str = ""
) -> Card:
    """I will … by …. `about` is what its button carries: the course, or the commitment to be changed."""
    typed = typed or Typed()
    is_new = "id" not in about
    title = "What will you do?" if is_new else "Change your commitment"
    return kit.card(
        f"{fault} {title}" if fault else title,
        kit.quiet(course),
        kit.heading(title),
        kit.notice(fault, "warning") if fault else None,
        _words(typed.text),
        _due(typed.due),
        _sharing(typed.shared) if is_new else None,
        kit.quiet("I ask you how it goes after 30, 60 and 90 days."),
        actions=[execute("Save", "commitment.save", **about), LIST],
    )


def one_card(line: Line, *, heading: str = "", note: str = "") -> Card:
    """A commitment as it stands, and what its maker can do about it."""
    title = heading or "Your commitment"
    return kit.card(
        title,
        kit.quiet(line.course),
        kit.heading(title),
        kit.notice(note) if note else None,
        kit.text(f"I will {line.text}"),
        kit.quiet(_standing(line)),
        kit.text(YOUR_SET if line.is_shared else ONLY_YOU),
        kit.buttons(*check_buttons(line)) if line.is_due else None,
        actions=[
            execute(
                "Make it private" if line.is_shared else "Share it with my set",
                "commitment.share",
                id=line.id,
                shared=not line.is_shared,
            ),
            execute("Change it", "commitment.edit", id=line.id),
            execute("Delete it", "commitment.ask_delete", id=line.id),
            LIST,
        ],
    )


def list_card(lines: Sequence[Line], courses: Sequence[tuple[CourseId, str]], start: int) -> Card:
    """All of somebody's, those first that wait for their word, from this place of the list on."""
    shown = lines[start : start + PAGE]
    waiting = sum(line.is_due for line in lines)
    title = "What you said you would do"
    if not lines:
        title = "You have made no commitment yet"
    how = f": {waiting} to check in on" if waiting else ""
    ways = [
        execute("Add a commitment", "commitment.new", course=number) for number, _ in courses[:1]
    ]
    if start + PAGE < len(lines):
        ways.append(execute("Show more", "commitment.list", start=start + PAGE))
    empty = "On a programme you can say: I will ring one customer a week by 31 March."
    return kit.card(
        f"{title}{how}",
        kit.heading(title),
        kit.text(empty) if not lines else None,
        *(_row(line) for line in shown),
        actions=[*ways, TIMELINE],
    )


def check_card(line: Line, *, note: str = "", reminds: bool = False) -> Card:
    """How is it going? It is answered in place."""
    title = f"{line.day} days on: how is it going?"
    return kit.card(
        title,
        kit.quiet(line.course),
        kit.heading(title),
        kit.notice(note) if note else None,
        kit.text(f"I will {line.text}"),
        kit.quiet(_standing(line)),
        kit.buttons(*check_buttons(line)),
        kit.quiet(NO_MORE) if reminds else None,
        actions=[LIST],
    )


def check_buttons(line: Line) -> list[Action]:
    about = {"id": line.id, "day": line.day}
    return [
        execute("Done", "commitment.check", **about, state=str(Said.DONE)),
        execute("On the way", "commitment.check", **about, state=str(Said.ON_THE_WAY)),
        execute("It has changed", "commitment.check", **about, state=str(Said.CHANGED)),
        execute("I dropped it", "commitment.lesson", **about),
    ]


def changed_card(line: Line, typed: Typed, *, fault: str = "") -> Card:
    """What it has become, at a check-in."""
    title = "What has it become?"
    return kit.card(
        f"{fault} {title}" if fault else title,
        kit.quiet(line.course),
        kit.heading(title),
        kit.notice(fault, "warning") if fault else None,
        _words(typed.text),
        _due(typed.due),
        actions=[
            execute("Save", "commitment.check", id=line.id, day=line.day, state=str(Said.CHANGED)),
            LIST,
        ],
    )


def lesson_card(line: Line, text: str = "", *, fault: str = "") -> Card:
    """Dropping something is allowed; what was learnt by it is worth a line."""
    title = "Dropped: what did you learn?"
    return kit.card(
        f"{fault} {title}" if fault else title,
        kit.quiet(line.course),
        kit.heading(title),
        kit.notice(fault, "warning") if fault else None,
        kit.text(f"I will {line.text}"),
        {
            "type": "Input.Text",
            "id": "lesson",
            "label": "What you learnt. Only you can read it, and it may stay empty",
            "isMultiline": True,
            "maxLength": LONGEST,
            **({"value": text} if text else {}),
        },
        actions=[
            execute(
                "Drop it", "commitment.check", id=line.id, day=line.day, state=str(Said.DROPPED)
            ),
            LIST,
        ],
    )


def checked_card(line: Line, said: Said, *, lesson: str = "", more: bool = False) -> Card:
    """What was said, and that it can still be said otherwise."""
    title = HEADINGS[said]
    buttons = [b for b in check_buttons(line) if b["data"].get("state") != said]
    ways = [execute("The next one", "commitment.list")] if more else [LIST]
    return kit.card(
        title,
        kit.quiet(f"{line.course} · after {line.day} days"),
        kit.heading(title),
        kit.text(f"I will {line.text}"),
        kit.quiet(_standing(line)),
        kit.text(f"What you learnt: {lesson}") if lesson else None,
        kit.quiet("Not so? Choose again:"),
        kit.buttons(*buttons),
        actions=[*ways, TIMELINE],
    )


def ask_delete_card(line: Line) -> Card:
    title = "Delete this commitment?"
    return kit.card(
        title,
        kit.heading(title),
        kit.text(f"I will {line.text}"),
        kit.text("It goes for good, with what you said of it at its check-ins."),
        actions=[
            execute("Delete it for good", "commitment.delete", id=line.id),
            execute("Keep it", "commitment.show", id=line.id),
        ],
    )


def ours_card(name: str, shared: Sequence[tuple[str, str, date, State]], *, set_id: int) -> Card:
    """What the members of a set share with it: who, what, by when and how it stands."""
    title = f"What {name} will do"
    rows = [
        kit.group(
            kit.text(who, weight="Bolder"),
            kit.text(f"I will {text}"),
            kit.quiet(_by(due_on, state)),
            separator=True,
        )
        for who, text, due_on, state in shared
    ]
    seen = list(kit.fitting(rows))
    left = len(rows) - len(seen)
    empty = (
        "Nobody shares a commitment with the set yet. "
        "Those that you make are private until you share them."
    )
    return kit.card(
        title,
        kit.heading(title),
        kit.text(empty) if not rows else None,
        *seen,
        kit.quiet(f"and {left} more, for which there is no room here") if left else None,
        kit.quiet("Whoever made a commitment can hide it again at any time."),
        actions=[execute("Look again", "commitment.ours", set=set_id), LIST],
    )


def sets_card(sets: Sequence[tuple[int, str]]) -> Card:
    title = "Whose commitments would you like to see?"
    return kit.card(
        title,
        kit.heading(title),
        actions=[execute(name, "commitment.ours", set=number) for number, name in sets[:PAGE]],
    )


def _row(line: Line) -> Element:
    seen = execute("Open", "commitment.show", id=line.id)
    return kit.group(
        kit.text(f"I will {line.text}"),
        kit.quiet(_standing(line)),
        kit.text(f"{line.day} days on: how is it going?", weight="Bolder") if line.is_due else None,
        kit.buttons(*(check_buttons(line) if line.is_due else []), seen),
        separator=True,
    )


def _standing(line: Line) -> str:
    return f"{_by(line.due_on, line.state)} · {'shared with your set' if line.is_shared else 'private'}"


def _by(due_on: date, state: State) -> str:
    by = f"By {day(due_on)}"
    return by if state is State.OPEN else f"{by} · {state}"


def day(value: date) -> str:
    """'Wednesday 30 September 2026': what is promised may lie far ahead."""
    return f"{sayings.day(value)} {value.year}"


def _words(text: str) -> Element:
    return {
        "type": "Input.Text",
        "id": "text",
        "label": "I will …",
        "placeholder": "ring one customer a week",
        "isMultiline": True,
        "isRequired": True,
        "errorMessage": "Write what you will do",
        "maxLength": LONGEST,
        **({"value": text} if text else {}),
    }


def _due(due: str) -> Element:
    return {
        "type": "Input.Date",
        "id": "due",
        "label": "… by",
        "isRequired": True,
        "errorMessage": "Choose the day by which you will have done it",
        **({"value": due} if due else {}),
    }


def _sharing(shared: bool) -> Element:
    return {
        "type": "Input.ChoiceSet",
        "id": "with_set",
        "label": "Who can read it?",
        "style": "expanded",
        "wrap": True,
        "choices": [
            {"title": "Only me", "value": "no"},
            {"title": "My action learning set and whoever facilitates it", "value": "yes"},
        ],
        "value": "yes" if shared else "no",
    }
