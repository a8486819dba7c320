"""What fits quickly is what fits by the book: the whole schema of cards, against jsonschema itself."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.support.contracts import card_schema, card_shape
from tests.support.shapes import shape

BODY: list[dict[str, Any]] = [
    {"type": "TextBlock", "text": "Growth mindset", "wrap": True, "spacing": "small"},
    {"type": "ColumnSet", "columns": [{"type": "Column", "width": "50px", "items": []}]},
    {"type": "Input.ChoiceSet", "id": "c", "choices": [{"title": "One", "value": "1"}]},
    {"type": "Container", "items": [{"type": "Image", "url": "u"}], "minHeight": "10px"},
    {"type": "Input.Number", "id": "n", "min": 1.5, "fallback": "drop"},
    {
        "type": "ActionSet",
        "actions": [
            {
                "type": "Action.Execute",
                "data": {"a": 1},
                "fallback": {"type": "Action.Submit", "title": "Book"},
            },
            {"type": "Action.ToggleVisibility", "targetElements": ["a", {"elementId": "b"}]},
        ],
    },
]
OTHERS: list[Any] = [None, True, 3, "", [], {}, [1], {"type": "Nope"}, {"type": "Image"}]


def card(*body: Any, **more: Any) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), **more}


def places(part: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a part of a card."""
    for key in list(part) if isinstance(part, dict) else range(len(part)):
        yield (*path, key)
        if isinstance(part[key], dict | list):
            yield from places(part[key], *path, key)


def changed(whole: dict[str, Any], path: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """With something else in this place, with nothing there, and with more beside it."""
    *way, last = path
    for other in [*OTHERS, ..., "beside"]:
        copy = deepcopy(whole)
        part: Any = copy
        for key in way:
            part = part[key]
        if other is ...:
            del part[last]
        elif other != "beside":
            part[last] = other
        elif isinstance(part, dict):
            part["unheard"] = "of"
        yield copy


@pytest.mark.parametrize("part", BODY, ids=lambda part: part["type"])
def test_whatever_is_changed_in_a_part_both_say_the_same(part: dict[str, Any]):
    fits = card_shape()

    assert fits(card(part))
    for path in places(part):
        for other in changed(part, path):
            assert fits(card(other)) is card_schema().is_valid(card(other)), other


def test_whatever_is_changed_in_a_card_both_say_the_same():
    fits = card_shape()
    refresh = {"action": {"type": "Action.Execute", "verb": "v"}, "userIds": ["29:1"]}
    whole = card(BODY[0], refresh=refresh, actions=[{"type": "Action.Submit", "title": "Book"}])

    assert fits(whole)
    for path in places(whole):
        for other in changed(whole, path):
            assert fits(other) is card_schema().is_valid(other), other


def test_a_keyword_that_is_not_known_is_not_passed_over():
    with pytest.raises(KeyError):
        shape({"definitions": {}, "type": "string", "minLength": 3})
