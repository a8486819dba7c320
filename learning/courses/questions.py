"""A question as it stands in a page, between ``` and ```."""

from __future__ import annotations

from learning.courses import fields
from learning.courses.definition import Option, Question, QuestionKind
from learning.courses.fields import Fields, Troubles
from learning.courses.pages import Fence, Mapping, Scalar, Sequence
from learning.programme_cells import yes_or_no

FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
MOST_SCORE = 10


def read_question(fence: Fence, troubles: Troubles) -> Question | None:
    """The question that a fence means, or None with what is wrong among the troubles."""
    try:
        kind = QuestionKind(fence.kind)
    except ValueError:
        known = ", ".join(QuestionKind)
        troubles.add(fence.line, f'"{fence.kind}" is no kind of question. Write one of {known}.')
        return None
    before = len(troubles.faults)
    given = Fields(fence.values, troubles)
    question = Question(
        id=given.needed("id", fields.name, ""),
        kind=kind,
        ask=given.needed("ask", fields.words, ""),
        options=_options(given, kind, fence.line, troubles),
        low=_end(given, "low", kind),
        high=_end(given, "high", kind),
        dimension=given.one("dimension", fields.name, "") if kind is QuestionKind.SCALE else "",
        is_required=given.one("required", yes_or_no, kind is not QuestionKind.REFLECTION),
    )
    given.finish()
    return question if len(troubles.faults) == before else None


def _end(given: Fields, name: str, kind: QuestionKind) -> str:
    return given.needed(name, fields.option, "") if kind is QuestionKind.SCALE else ""


def _options(
    given: Fields, kind: QuestionKind, line: int, troubles: Troubles
) -> tuple[Option, ...]:
    if kind not in {QuestionKind.CHOICE, QuestionKind.RANKING}:
        return ()
    node = given.node("options")
    if not isinstance(node, Sequence):
        troubles.add(line, 'wants a list of answers. Begin each with "- ".', "options")
        return ()
    if not FEWEST_OPTIONS <= len(node.items) <= MOST_OPTIONS:
        message = f"has {len(node.items)}; from {FEWEST_OPTIONS} to {MOST_OPTIONS} fit."
        troubles.add(node.line, message, "options")
    found = [_option(item, troubles) for item in node.items]
    texts = [option.text.casefold() for option in found if option.text]
    if len(set(texts)) < len(texts):
        troubles.add(node.line, "has the same answer twice.", "options")
    return tuple(found)


def _option(item: Scalar | Sequence | Mapping, troubles: Troubles) -> Option:
    match item:
        case Scalar():
            item = Mapping(pairs=((Scalar(text="text", line=item.line), item),), line=item.line)
        case Sequence():
            troubles.add(item.line, "is more than one answer. Write one a line.", "options")
            return Option(text="")
        case Mapping():
            pass
    given = Fields(item, troubles)
    option = Option(text=given.needed("text", fields.option, ""), scores=_scores(given, troubles))
    given.finish()
    return option


def _scores(given: Fields, troubles: Troubles) -> dict[str, int]:
    node = given.node("scores")
    if node is None:
        return {}
    if not isinstance(node, Mapping):
        troubles.add(node.line, "wants names and numbers, such as {listening: 2}.", "scores")
        return {}
    each = Fields(node, troubles)
    points = fields.whole(0, MOST_SCORE)
    found = {plain_name(key.text): each.one(key.text, points, 0) for key in node.names()}
    each.finish()
    return found


def plain_name(text: str) -> str:
    """A dimension's name as it is referred to, however it is written."""
    return text.strip().casefold()
