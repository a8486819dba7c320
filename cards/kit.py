"""The pieces that cards are built from: Adaptive Cards 1.5 as plain JSON."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import orjson

VERSION = "1.5"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"

ROOM = 20 * 1024
"""Bytes for the rows of a card. Teams refuses cards above 28 KB, their headings and buttons included."""

Element = dict[str, Any]
Action = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """A card and the one line that stands for it in a notification or to a screen reader."""

    summary: str
    content: dict[str, Any]


def card(summary: str, *body: Element | None, actions: Sequence[Action] = ()) -> Card:
    content: dict[str, Any] = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION,
        "speak": summary,
        "fallbackText": summary,
        "body": [element for element in body if element is not None],
    }
    if actions:
        content["actions"] = list(actions)
    return Card(summary, content)


def text(words: str, **style: Any) -> Element:
    """A line or paragraph. Markdown signs that people may have typed are kept as they are."""
    return {"type": "TextBlock", "text": escape(words), "wrap": True, **style}


def heading(words: str) -> Element:
    return text(words, size="Large", weight="Bolder", style="heading")


def subheading(words: str) -> Element:
    return text(words, weight="Bolder", size="Medium", spacing="Large")


def quiet(words: str) -> Element:
    return text(words, isSubtle=True, spacing="Small", size="Small")


def notice(words: str, style: str = "emphasis") -> Element:
    """A line that must not be overlooked; `style` is a container style such as good or warning."""
    return {"type": "Container", "style": style, "bleed": True, "items": [text(words)]}


def facts(*pairs: tuple[str, str]) -> Element | None:
    """Names and values, those without a value left out."""
    shown = [{"title": escape(name), "value": escape(value)} for name, value in pairs if value]
    return {"type": "FactSet", "facts": shown} if shown else None


def group(*items: Element | None, separator: bool = False) -> Element:
    return {
        "type": "Container",
        "separator": separator,
        "spacing": "Medium",
        "items": [item for item in items if item is not None],
    }


def fitting(rows: Sequence[Element], room: int = ROOM) -> Sequence[Element]:
    """These rows, from the first, as far as a card has room for them."""
    for number, row in enumerate(rows):
        room -= len(orjson.dumps(row))
        if room < 0:
            return rows[:number]
    return rows


def buttons(*actions: Action | None) -> Element | None:
    shown = [action for action in actions if action is not None]
    return {"type": "ActionSet", "spacing": "Small", "actions": shown} if shown else None


def execute(title: str, verb: str, **data: Any) -> Action:
    """A button that works as Action.Execute and, where that is unknown, as Action.Submit."""
    return {
        "type": "Action.Execute",
        "title": title,
        "verb": verb,
        "data": data,
        "fallback": {"type": "Action.Submit", "title": title, "data": {"verb": verb, **data}},
    }


def open_url(title: str, url: str) -> Action:
    return {"type": "Action.OpenUrl", "title": title, "url": url}


def open_dialog(title: str, verb: str, **data: Any) -> Action:
    """A button whose answer opens in a window of its own; an older Teams takes it for a message."""
    data = {"verb": verb, "msteams": {"type": "task/fetch"}, **data}
    return {"type": "Action.Submit", "title": title, "data": data}


def in_dialog(part: Any) -> Any:
    """A card for a dialog, where buttons are Action.Submit: each is the one it falls back on."""
    match part:
        case {"type": "Action.Execute"}:
            return cast("Action", part)["fallback"]
        case dict():
            return {name: in_dialog(inner) for name, inner in cast("Action", part).items()}
        case list():
            return [in_dialog(inner) for inner in cast("list[Any]", part)]
        case _:
            return part


def plain(words: str) -> str:
    """Text for a thumbnail card, which reads HTML."""
    return html.escape(words, quote=False)


@lru_cache(4096)
def escape(words: str) -> str:
    """Text that Teams' Markdown shows as typed; a single line never becomes a list.

    Phones show a backslash before any sign but these, so a space without width keeps lists away.
    """
    plain = _MARKDOWN.sub(r"\\\g<0>", words)
    return f"\u200b{plain}" if _LIST.match(words) and "\n" not in words else plain


_MARKDOWN = re.compile(r"[*\[`]|\\(?=[^\w\s]|_)|(?<!\w)_|_(?!\w)")
_LIST = re.compile(r"[-+>#=~]|\d+[.)]")
