"""The answers of a questionnaire for those who lead the live session: together, and without names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Card, Element, execute
from learning.courses.collating import Collated, Collation, Line
from learning.courses.definition import POINTS, QuestionKind
from learning.small_groups import FEWEST

SHORT = 80
IN_CONFIDENCE = (
    "These were given to you in confidence: without names, in no order, and for leading this session. "
    "Don't try to find out who wrote what."
)


def collation_card(found: Collation, *, zone: ZoneInfo, start: int = 0) -> Card:
    """From this row of the answers on; what a card has no room for comes with its button."""
    session = found.session
    assert session is not None, "those of a whole course are at the desk"
    heading = f"{sayings.shortened(found.step.title, SHORT)}: what people answered"
    where = kit.quiet(f"{session.code} · {sayings.moment(session, zone)}")
    said = how_many(found)
    if not found.figures:
        why = not_yet(found)
        return kit.card(
            f"{found.step.title}: {why}", kit.heading(heading), where, kit.text(said), kit.text(why)
        )
    rows = [row for each in found.figures for row in _rows(each)]
    shown = kit.fitting(rows[start:])
    left = len(rows) - start - len(shown)
    about = {"session": session.id, "step": found.step.id}
    return kit.card(
        f"{heading}. {said}",
        kit.heading(heading),
        where,
        kit.text(said),
        kit.quiet(IN_CONFIDENCE),
        *shown,
        actions=[
            *(
                [execute("More answers", "collation.show", **about, start=start + len(shown))]
                * (left > 0)
            ),
            *([execute("From the beginning", "collation.show", **about, start=0)] * (start > 0)),
        ],
    )


def choice_card(some: Sequence[Collation], *, zone: ZoneInfo) -> Card:
    """Which live session's."""
    heading = "Whose answers would you like to see?"
    rows = [_choice(each, zone) for each in some]
    return kit.card(heading, kit.heading(heading), *kit.fitting(rows))


def _choice(each: Collation, zone: ZoneInfo) -> Element:
    session = each.session
    assert session is not None, "those of a whole course are at the desk"
    show = execute("Show", "collation.show", session=session.id, step=each.step.id, start=0)
    return kit.group(
        kit.text(sayings.shortened(f"{each.step.title} · {session.title}", SHORT), weight="Bolder"),
        kit.quiet(f"{session.code} · {sayings.moment(session, zone)}"),
        kit.quiet(how_many(each)),
        kit.buttons(show),
        separator=True,
    )


def how_many(found: Collation) -> str:
    """'12 of 14 people have answered.'"""
    people = "person has" if found.asked == 1 else "people have"
    return f"{found.handed_in} of {found.asked} {people} answered."


def not_yet(found: Collation) -> str:
    """Why nothing is shown."""
    if found.is_closed:
        return (
            f"It has closed. Answers are shown from {FEWEST} people up, so that nobody can be told from "
            "others: there are too few."
        )
    if found.closes_on is None:
        return (
            f"Answers are shown from {FEWEST} people up, and then again with every {FEWEST} more."
        )
    last = sayings.day(found.closes_on - timedelta(days=1))
    return (
        f"It is open until the end of {last}. Then all answers are shown at once, if there are at least "
        f"{FEWEST}: so nobody can tell whose came last."
    )


def _rows(each: Collated) -> list[Element]:
    question = each.question
    rows = [
        kit.subheading(question.ask),
        kit.quiet(f"{each.count} answer{'' if each.count == 1 else 's'}{average(each)}"),
    ]
    if question.kind is QuestionKind.TEXT:
        return [*rows, *(kit.text(f"“{text}”", spacing="Small") for text in each.texts)]
    table = kit.facts(*(fact(each, line) for line in each.lines))
    return [*rows, table] if table else rows


def average(each: Collated) -> str:
    """', 3.4 of 5 on average' of a scale; ', most important first' of a ranking."""
    if each.mean is not None:
        return f", {float(each.mean):.1f} of {POINTS} on average"
    return ", the highest place first" if each.question.kind is QuestionKind.RANKING else ""


def fact(each: Collated, line: Line) -> tuple[str, str]:
    """How many chose it, or its place on average; and what it is."""
    if line.place is None:
        return str(line.count), line.text
    first = f" (first for {line.count})" if line.count else ""
    return f"{float(line.place):.1f}", f"{line.text}{first}"
