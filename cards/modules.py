"""The screens of a module or questionnaire, with their questions, and what came of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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
    Words,
)
from learning.courses.results import LONGEST_ANSWER, Answer, Level, Result, summary

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

LEVELS = {Level.STRONG: "strong", Level.BETWEEN: "in between", Level.WEAK: "weak"}


def screen_card(
    step: Step,
    number: int,
    answers: Mapping[str, Answer],
    *,
    about: Mapping[str, object],
    picture: Callable[[str], str],
    fault: str = "",
) -> Card:
    """One screen, numbered from 0, with what was answered before. `about` is what its buttons carry.

    `picture`: the address of a picture by its file's name. `fault` is what is wrong with what was sent.
    """
    screen, last = step.screens[number], len(step.screens) - 1
    progress = f"{step.title} · {number + 1} of {last + 1}"
    return kit.card(
        f"{screen.title or step.title}, {number + 1} of {last + 1}",
        kit.quiet(progress),
        kit.heading(screen.title or step.title),
        kit.notice(fault, "warning") if fault else None,
        *(element for block in screen.blocks for element in _block(block, answers, picture)),
        actions=_ways(screen, number, last, about),
    )


def result_card(
    step: Step, found: Sequence[Result], *, about: Mapping[str, object], image: str = ""
) -> Card:
    """What the answers to a module say, each dimension with its words; `image` shows the same."""
    said = summary(found)
    return kit.card(
        f"{step.title}: {said or 'your result'}",
        kit.quiet(f"{step.title} · your result"),
        kit.heading(said or "No side of it stands out."),
        {"type": "Image", "url": image, "altText": spoken(found), "size": "Stretch"}
        if image
        else None,
        *(element for result in found for element in _result(result)),
        kit.quiet("Only you see this result."),
        actions=[execute("Look at my answers again", "course.screen", **about, screen=0)],
    )


def spoken(found: Sequence[Result]) -> str:
    """The picture of a result in words."""
    parts = [f"{r.dimension.title}: {round(r.share * 100)} of 100" for r in found]
    return "; ".join(parts)


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
    block: Block, answers: Mapping[str, Answer], picture: Callable[[str], str]
) -> list[Element]:
    match block:
        case Words():
            # Its Markdown is the author's, and is meant to be seen as such.
            words: Element = {"type": "TextBlock", "text": block.text, "wrap": True}
            return [words | {"weight": "Bolder"} if block.is_heading else words]
        case Picture():
            return [{"type": "Image", "url": picture(block.file), "altText": block.alt}]
        case Question():
            return _question(block, answers.get(block.id))


def _question(question: Question, answer: Answer | None) -> list[Element]:
    key = f"{PREFIX}{question.id}"
    match question.kind:
        case QuestionKind.SCALE:
            titles = [str(point) for point in range(1, POINTS + 1)]
            titles[0], titles[-1] = f"1 · {question.low}", f"{POINTS} · {question.high}"
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


def _choice(
    key: str, label: str, choices: Sequence[Element], answer: object, style: str = "expanded"
) -> Element:
    given = {} if answer is None else {"value": str(answer)}
    return {
        "type": "Input.ChoiceSet",
        "id": key,
        "label": label,
        "style": style,
        "wrap": True,
        "choices": list(choices),
        **given,
    }


def _ranking(key: str, question: Question, answer: Answer | None) -> list[Element]:
    """A list to choose from for each place: it works with a keyboard, a screen reader and a thumb."""
    choices = [{"title": o.text, "value": str(n)} for n, o in enumerate(question.options)]
    order = answer if isinstance(answer, tuple) else ()
    places = [
        _choice(
            f"{key}{PLACE}{place}",
            ORDINALS[place],
            choices,
            order[place] if place < len(order) else None,
            style="compact",
        )
        for place in range(len(choices))
    ]
    return [kit.text(question.ask, weight="Bolder"), *places]


def _result(result: Result) -> list[Element]:
    title = result.dimension.title
    return [
        kit.text(f"{title[0].upper()}{title[1:]}: {LEVELS[result.level]}", weight="Bolder"),
        kit.text(result.words),
    ]


def _ways(screen: Screen, number: int, last: int, about: Mapping[str, object]) -> list[Action]:
    """On, and back; what was typed goes along with either."""
    onward = "Finish" if number == last else "Save and go on" if screen.questions else "Go on"
    ways = [execute(onward, "course.next", **about, screen=number)]
    if number:
        ways.append(execute("Back", "course.back", **about, screen=number))
    return [*ways, execute("Later", "course.later", **about, screen=number)]
