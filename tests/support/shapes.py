"""A JSON schema as one function that says at once whether a value fits, and not why it does not."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Fits = Callable[[Any], bool]

SILENT = frozenset(
    "$schema id definitions title description version default features example examples format".split()
)
"""Keywords that refuse nothing."""

TYPES: Mapping[str, Fits] = {
    "string": lambda value: isinstance(value, str),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


def shape(document: Mapping[str, Any]) -> Fits:
    """Of a whole document. KeyError on a keyword that is not known here: none is passed over."""

    @cache
    def named(reference: str) -> Fits:
        return made(document["definitions"][reference.removeprefix("#/definitions/")])

    def made(schema: Any) -> Fits:
        if isinstance(schema, bool):
            return lambda _: schema
        if "$ref" in schema:  # which has no say beside it, and may lead back here
            return lambda value: named(schema["$ref"])(value)
        checks = [KEYWORDS[word](schema, made) for word in _cheapest_first(set(schema) - SILENT)]
        return lambda value: all(fits(value) for fits in checks)

    return made(document)


Make = Callable[[Any], Fits]


def _type(schema: Any, _: Make) -> Fits:
    return TYPES[schema["type"]]


def _enum(schema: Any, _: Make) -> Fits:
    words = frozenset(schema["enum"])
    assert all(isinstance(word, str) for word in words), "numbers and truths are equal to others"
    return lambda value: isinstance(value, str) and value in words


def _pattern(schema: Any, _: Make) -> Fits:
    found = re.compile(schema["pattern"]).search
    return lambda value: not isinstance(value, str) or found(value) is not None


def _required(schema: Any, _: Make) -> Fits:
    names = frozenset(schema["required"])
    return lambda value: not isinstance(value, dict) or names <= value.keys()


def _properties(schema: Any, made: Make) -> Fits:
    """The type of a part first: by that most are told apart."""
    names = sorted(schema["properties"], key=lambda name: name != "type")
    checks = [(name, made(schema["properties"][name])) for name in names]
    return lambda value: (
        not isinstance(value, dict)
        or all(fits(value[name]) for name, fits in checks if name in value)
    )


def _others(schema: Any, made: Make) -> Fits:
    known, fits = frozenset(schema.get("properties", ())), made(schema["additionalProperties"])
    return lambda value: (
        not isinstance(value, dict) or all(fits(value[name]) for name in value.keys() - known)
    )


def _items(schema: Any, made: Make) -> Fits:
    fits = made(schema["items"])
    return lambda value: not isinstance(value, list) or all(fits(each) for each in value)


def _all_of(schema: Any, made: Make) -> Fits:
    checks = [made(each) for each in schema["allOf"]]
    return lambda value: all(fits(value) for fits in checks)


def _any_of(schema: Any, made: Make) -> Fits:
    checks = [made(each) for each in schema["anyOf"]]
    return lambda value: any(fits(value) for fits in checks)


KEYWORDS: Mapping[str, Callable[[Any, Make], Fits]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _others,
    "items": _items,
    "allOf": _all_of,
    "anyOf": _any_of,
}
"""The cheapest first."""


def _cheapest_first(words: set[str]) -> list[str]:
    return [*(word for word in KEYWORDS if word in words), *sorted(words - KEYWORDS.keys())]
