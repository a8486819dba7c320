"""A card as plain text that reads well, for places that know no cards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote

from cards import notices
from cards.kit import Action, Card, Element

LONGEST = 9000
"""Characters that a message may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the text is read, and what its buttons become there.

    `chat` opens the bot's chat in Teams, `{text}` in it standing for words that are typed in; '' where
    there is none. `codes` are those of the sessions that the card is about. `alone`: whether whoever
    answers there is heard without naming the bot.
    """

    chat: str = ""
    codes: Mapping[int, str] = field(default_factory=dict[int, str])
    alone: bool = True

    def link(self, words: str) -> str:
        """The address that opens the bot's chat with these words typed in."""
        return self.chat.replace("{text}", quote(words, safe=""))


def plain_text(card: Card, place: Place) -> str:
    """What the card says, paragraph by paragraph; a button is a link, or what to answer."""
    blocks: list[list[str]] = []
    for element in card.content["body"]:
        lines = list(_lines(element, place))
        if lines and blocks and element.get("spacing") == "Small":
            blocks[-1] += lines
        elif lines:
            blocks.append(lines)
    if actions := list(_action_lines(card.content.get("actions", []), place)):
        blocks.append(actions)
    return joined(["\n".join(block) for block in blocks])


def joined(paragraphs: Sequence[str]) -> str:
    """The paragraphs with an empty line between them, as many as a message takes."""
    kept: list[str] = []
    room = LONGEST
    for paragraph in paragraphs:
        room -= len(paragraph) + 2
        if room < 0:
            kept.append("…")
            break
        kept.append(paragraph)
    return _tame("\n\n".join(kept))


def sessions_in(card: Card) -> frozenset[int]:
    """The ids of the sessions that the card's buttons are about."""
    return frozenset(
        data["session"]
        for action in _actions(card.content)
        if isinstance((data := action.get("data", {})).get("session"), int)
    )


def _actions(part: Any) -> Iterator[Action]:
    match part:
        case dict():
            known = cast("Action", part)
            if str(known.get("type", "")).startswith("Action."):
                yield known
                return
            for inner in known.values():
                yield from _actions(inner)
        case list():
            for inner in cast("list[Any]", part):
                yield from _actions(inner)
        case _:
            pass


def _lines(element: Element, place: Place) -> Iterator[str]:
    match element["type"]:
        case "TextBlock":
            yield _unescaped(element["text"])
        case "FactSet":
            for fact in element["facts"]:
                yield f"{_unescaped(fact['title'])}: {_unescaped(fact['value'])}"
        case "Container":
            for item in element["items"]:
                yield from _lines(item, place)
        case "ActionSet":
            yield from _action_lines(element["actions"], place)
        case _:
            pass


def _action_lines(actions: Sequence[Action], place: Place) -> Iterator[str]:
    """A line for each button that means something here: details only where nothing else is to do."""
    meant = [a for a in actions if a.get("verb") != "session.show"] or actions
    swaps = [a for a in meant if a.get("verb") == "session.swap"]
    for action in meant:
        if action in swaps and len(swaps) > 1:
            continue  # "swap" alone would not say for which
        if line := _action_line(action, place):
            yield line


def _action_line(action: Action, place: Place) -> str:
    title = action["title"]
    if action["type"] == "Action.OpenUrl":
        return f"{title}: {action['url']}"
    verb, data = str(action.get("verb", "")), action.get("data", {})
    if answer := _answers(verb, data):
        said = f"answer “{answer}”" if place.alone else f"mention me and say “{answer}”"
        return f"{title}: {said}"
    words = _words(verb, data, place.codes)
    if not words:
        return ""
    if not place.chat:
        return f"{title}: say “{words}” to Learnweek in Teams"
    return f"{title}: {place.link(words)}"


def _answers(verb: str, data: Mapping[str, Any]) -> str:
    """What answers the open question as this button would; '' where it asks for something else."""
    match verb:
        case "list.more" if "start" in data:
            return "more"
        case "session.book" if data.get("anyway") is True:
            return "yes"
        case "session.swap":
            return "swap"
        case "data.forget":
            return "yes"
        case "session.leave" | "data.keep":
            return "no"
        case _:
            return ""


def _words(verb: str, data: Mapping[str, Any], codes: Mapping[int, str]) -> str:
    """What somebody would type for what this button does; '' where there are no words for it."""
    code = codes.get(data.get("session", 0), "")
    match verb:
        case "day.show":
            return f"what's on {data['words']}"
        case "list.more":
            return f"find {data['about']}" if data.get("about") else ""
        case "session.show":
            return code
        case "session.book":
            return f"book {code}" if code else ""
        case "session.cancel" | "waiting.pass":
            return f"cancel {code}" if code else ""
        case "again.ask":
            return f"tell me when {code} runs again" if code else ""
        case "again.stop":
            return f"stop telling me about {code}" if code else ""
        case _:
            return _FIXED.get(verb, "")


_FIXED = {
    "waiting.accept": "my bookings",
    "bookings.show": "my bookings",
    notices.OWN_HIGHLIGHTS: "my bookings",
    "nudges.off": "nudges off",
    "nudges.on": "nudges on",
    "highlights.off": "stop highlights",
    "highlights.on": "send me highlights",
    "data.ask_forget": "forget me",
    "record.show": "my learning",
    "course.open": "my programme",
    "set.open": "my set",
    "again.list": "what I asked to hear of",
}


def _unescaped(words: str) -> str:
    """As people wrote it, without what keeps Teams from reading Markdown into it."""
    return re.sub(r"\\([^\w\s]|_)", r"\1", words).removeprefix("\u200b")


def _tame(words: str) -> str:
    """Without what would call people by: in Viva Engage `[[user:1]]` is a mention."""
    return words.replace("[[", "[ [")
