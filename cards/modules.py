"""The screens of a module or questionnaire, with their questions, and what came of the answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import orjson

from cards import kit
from cards.kit import Action, Card, Element, execute
from learning.courses.definition import (
    POINTS,
    Block,
    Picture,
    Question,
    QuestionKind,
    Screen,
    Step,
    StepKind,
    Words,
)
from learning.courses.result_chart import SAYS, spoken
from learning.courses.results import LONGEST_ANSWER, Result, summary
from learning.courses.screens import mark, minutes_left
from learning.small_groups import FEWEST

PREFIX, PLACE = "answer.", ".place."
"""What the inputs are called by: a question's id after the first, a place in an order after the second."""

ORDINALS = (
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
)

PRIVATE = "Only you can read what you write here. Those who run the programme cannot."

_WITHOUT_NAMES = (
    f"without your name, if at least {FEWEST} people answer. Your words may still tell who you are."
)
READ_BY = {
    StepKind.QUESTIONNAIRE: f"Those who lead the live session and organisers read this {_WITHOUT_NAMES}",
    StepKind.FOLLOW_UP: f"Organisers read this {_WITHOUT_NAMES}",
}
"""Said wherever people write in their own words and others will read it."""

REST = "This is a good place to pause. Press Later and I keep your place, or go on."
READ_ONLY = "This part has closed. You can read what you wrote; nothing of it changes any more."

LINK = re.compile(r"\[(?P<title>[^\[\]]{1,80})\]\((?P<url>https://[^\s()]+)\)")
"""A paragraph that is nothing but a link."""

ROOM = 27 * 1024
"""Bytes of a card with its picture; Teams refuses cards above 28 KB."""


def screen_card(
    step: Step,
    number: int,
    answers: Mapping[str, object],
    *,
    about: Mapping[str, object],
    picture: Callable[[str], str],
    fault: str = "",
    rests: bool = False,
    is_open: bool = True,
) -> Card:
    """One screen, numbered from 0, with what was answered before. `about` is what its buttons carry.

    `picture`: the address of a picture by its file's name, or ''. `fault` is what is wrong with what was
    sent. `rests`: say that one may pause here. Without `is_open` it can be read and not be answered.
    """
    screen, last = step.screens[number], len(step.screens) - 1
    place = f"{number + 1} of {last + 1}"
    note = fault or ("" if is_open else READ_ONLY) or (REST if rests else "")
    return kit.card(
        f"{screen.title or step.title}, {place}",
        kit.quiet(" · ".join(part for part in (step.title, place, _left(step, number)) if part)),
        kit.heading(screen.title or step.title),
        kit.notice(note, "warning" if fault else "emphasis") if note else None,
        *(
            element
            for block in screen.blocks
            for element in _block(block, answers, picture, is_open=is_open)
        ),
        _read_by(step, screen) if is_open else None,
        actions=_ways(screen, number, last, about, is_open=is_open),
    )


def left_card(step: Step, number: int, *, about: Mapping[str, object]) -> Card:
    """Somebody goes on another time."""
    words = f"Saved. You are at screen {number + 1} of {len(step.screens)} of “{step.title}”."
    return kit.card(
        words,
        kit.text(words, weight="Bolder"),
        kit.text("Go on whenever it suits you: with the button, or by writing continue."),
        actions=[
            execute("Go on", "course.step", **about),
            execute("My programme", "course.open", **_course(about)),
        ],
    )


def finished_card(step: Step, *, about: Mapping[str, object]) -> Card:
    """The end of a step that has no result."""
    words = f"“{step.title}” is done. Thank you."
    again = execute("Look at my answers again", "course.screen", **about, screen=0)
    return kit.card(
        words,
        kit.text(words, weight="Bolder"),
        actions=[
            *([again] if step.questions else []),
            execute("My programme", "course.open", **_course(about)),
        ],
    )


def result_card(
    step: Step,
    found: Sequence[Result],
    *,
    about: Mapping[str, object],
    image: str = "",
    is_drawn_later: bool = False,
) -> Card:
    """What the answers to a module say, each dimension with its words; `image` shows the same.

    `is_drawn_later`: there is a button that asks for the picture. One too large for the card is left out.
    """
    said = summary(found)
    drawn: Element = {"type": "Image", "url": image, "altText": spoken(found), "size": "Stretch"}
    made = kit.card(
        f"{step.title}: {said or 'your result'}",
        kit.quiet(f"{step.title} · your result"),
        kit.heading(said or "No side of it stands out."),
        drawn if image else None,
        *(element for result in found for element in _result(result)),
        kit.quiet("Only you see this result."),
        actions=[
            *([execute("Show it as a picture", "course.step", **about)] if is_drawn_later else []),
            execute("Look at my answers again", "course.screen", **about, screen=0),
            execute("My programme", "course.open", **_course(about)),
        ],
    )
    if image and len(orjson.dumps(made.content)) > ROOM:
        return result_card(step, found, about=about)
    return made


def _course(about: Mapping[str, object]) -> dict[str, object]:
    """What of a step's buttons says which course it is."""
    return {name: value for name, value in about.items() if name == "course"}


def _left(step: Step, number: int) -> str:
    minutes = minutes_left(step, number)
    if not minutes:
        return ""
    return f"about {minutes} minute{'' if minutes == 1 else 's'} left"


def sent_answers(screen: Screen, data: Mapping[str, object]) -> dict[str, object]:
    """What a card sent for the questions of its screen, by their ids; orders put together."""
    found: dict[str, object] = {}
    for question in screen.questions:
        key = f"{PREFIX}{question.id}"
        if question.kind is QuestionKind.RANKING:
            places = [str(data.get(f"{key}{PLACE}{n}") or "") for n in range(len(question.options))]
            found[question.id] = ",".join(places) if any(places) else ""
        else:
            found[question.id] = data.get(key)
    return found


def _block(
    block: Block, answers: Mapping[str, object], picture: Callable[[str], str], *, is_open: bool
) -> list[Element]:
    match block:
        case Words(text=text) if link := LINK.fullmatch(text.strip()):
            return [_link(link["title"], link["url"])]
        case Words():
            # Its Markdown is the author's, and is meant to be seen as such.
            words: Element = {"type": "TextBlock", "text": block.text, "wrap": True}
            return [words | {"weight": "Bolder"} if block.is_heading else words]
        case Picture():
            address = picture(block.file)
            if not address:
                return [kit.quiet(block.alt)]
            return [{"type": "Image", "url": address, "altText": block.alt}]
        case Question():
            answer = answers.get(block.id)
            return _question(block, answer) if is_open else _answered(block, answer)


def _link(title: str, url: str) -> Element:
    return {"type": "ActionSet", "actions": [kit.open_url(title, url)]}


def _question(question: Question, answer: object) -> list[Element]:
    key = f"{PREFIX}{question.id}"
    match question.kind:
        case QuestionKind.SCALE:
            titles = [_point(question, point) for point in range(1, POINTS + 1)]
            choices = [{"title": t, "value": str(n)} for n, t in enumerate(titles, 1)]
            return [_choice(key, question.ask, choices, answer)]
        case QuestionKind.CHOICE:
            choices = [{"title": o.text, "value": str(n)} for n, o in enumerate(question.options)]
            return [_choice(key, question.ask, choices, answer)]
        case QuestionKind.RANKING:
            return _ranking(key, question, answer)
        case QuestionKind.TEXT | QuestionKind.REFLECTION:
            text: Element = {
                "type": "Input.Text",
                "id": key,
                "label": question.ask,
                "isMultiline": True,
                "maxLength": LONGEST_ANSWER,
            }
            if answer is not None:
                text["value"] = answer
            is_private = question.kind is QuestionKind.REFLECTION
            return [text, kit.quiet(PRIVATE)] if is_private else [text]


def _read_by(step: Step, screen: Screen) -> Element | None:
    is_read = any(question.kind is QuestionKind.TEXT for question in screen.questions)
    return kit.quiet(READ_BY[step.kind]) if is_read and step.kind in READ_BY else None


def _point(question: Question, point: int) -> str:
    """A point of a scale, by name at both ends."""
    name = {1: question.low, POINTS: question.high}.get(point, "")
    return f"{point} · {name}" if name else str(point)


def _answered(question: Question, answer: object) -> list[Element]:
    """The question with its answer in words."""
    match question.kind, answer:
        case QuestionKind.SCALE, int():
            words = _point(question, answer)
        case QuestionKind.CHOICE, int():
            words = question.options[answer].text
        case QuestionKind.RANKING, tuple():
            order = cast("tuple[int, ...]", answer)
            words = "; ".join(f"{n}: {question.options[o].text}" for n, o in enumerate(order, 1))
        case _:
            words = str(answer or "No answer.")
    return [kit.text(question.ask, weight="Bolder"), kit.text(words, spacing="Small")]


def _choice(
    key: str, label: str, choices: Sequence[Element], answer: object, style: str = "expanded"
) -> Element:
    given = {} if answer in (None, "") else {"value": str(answer)}
    return {
        "type": "Input.ChoiceSet",
        "id": key,
        "label": label,
        "style": style,
        "wrap": True,
        "choices": list(choices),
        **given,
    }


def _ranking(key: str, question: Question, answer: object) -> list[Element]:
    """A list to choose from for each place: it works with a keyboard, a screen reader and a thumb.

    What was sent and is no order yet is shown as it was sent: numbers with commas between.
    """
    choices = [{"title": o.text, "value": str(n)} for n, o in enumerate(question.options)]
    is_order = isinstance(answer, tuple)
    order = cast("tuple[int, ...]", answer) if is_order else str(answer or "").split(",")
    chosen: list[object] = [*order, *[None] * len(choices)]
    places = [
        _choice(f"{key}{PLACE}{place}", ORDINALS[place], choices, chosen[place], style="compact")
        for place in range(len(choices))
    ]
    return [kit.text(question.ask, weight="Bolder"), *places]


def _result(result: Result) -> list[Element]:
    title = result.dimension.title
    return [
        kit.text(f"{title[0].upper()}{title[1:]}: {SAYS[result.level]}", weight="Bolder"),
        kit.text(result.words),
    ]


def _ways(
    screen: Screen, number: int, last: int, about: Mapping[str, object], *, is_open: bool
) -> list[Action]:
    """On, and back; what was typed goes along with either, and with leaving."""
    data = {**about, "screen": number, "mark": mark(screen)}
    onward = "Save and go on" if screen.questions and is_open else "Go on"
    ways = [execute("Finish" if number == last else onward, "course.next", **data)]
    if number:
        ways.append(execute("Back", "course.back", **data))
    away = execute("Later", "course.later", **data)
    return [*ways, away if is_open else execute("My programme", "course.open", **_course(about))]
