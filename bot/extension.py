"""What the message extension is asked and answers: values here, Teams' JSON outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.messenger import CARD
from bot.refusals import MalformedInvoke
from cards.kit import Card

COMMAND, PARAMETER = "searchSessions", "text"
"""As the app's manifest names them."""

PAGE = 25
LONGEST = 200
THUMBNAIL = "application/vnd.microsoft.card.thumbnail"

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody has typed so far, '' for nothing, and which part of the answer is wanted."""

    text: str = ""
    skip: int = 0
    count: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A card to share, and how it is shown until it is chosen: a thumbnail card."""

    card: Card
    preview: Mapping[str, str]


def read_query(value: Any) -> Query:
    """What `composeExtension/query` asks for. Raises MalformedInvoke."""
    match value:
        case {"commandId": command, **rest} if command == COMMAND:
            parameters: Any = rest.get("parameters") or []
            options: Any = rest.get("queryOptions") or {}
        case _:
            raise MalformedInvoke("there is no such search")
    if not isinstance(parameters, list) or not isinstance(options, dict):
        raise MalformedInvoke("its parameters or options are none")
    return Query(
        text=_typed(parameters)[:LONGEST].strip(),
        skip=_whole(options, "skip"),
        count=min(_whole(options, "count") or PAGE, PAGE),
    )


def read_link(value: Any) -> str:
    """The address that `composeExtension/queryLink` is about. Raises MalformedInvoke."""
    match value:
        case {"url": str(url)} if url:
            return url
        case _:
            raise MalformedInvoke("there is no url")


def result(found: Iterable[Found]) -> Body:
    """Cards, each with the preview that Teams asks for; none is an answer too."""
    return _extension(
        type="result",
        attachmentLayout="list",
        attachments=[
            {
                "contentType": CARD,
                "content": each.card.content,
                "preview": {"contentType": THUMBNAIL, "content": each.preview},
            }
            for each in found
        ],
    )


def message(words: str) -> Body:
    """A plain sentence in the place of results."""
    return _extension(type="message", text=words)


def _extension(**answer: Any) -> Body:
    return {"composeExtension": answer}


def _typed(parameters: list[Any]) -> str:
    """The words among the parameters; on opening there is `initialRun` in their place."""
    text = ""
    for parameter in parameters:
        match parameter:
            case {"name": name, "value": str(typed)} if name == PARAMETER:
                text = typed
            case {"name": str(name)} if name != PARAMETER:
                pass
            case _:
                raise MalformedInvoke("a parameter of it is none")
    return text


def _whole(options: Mapping[str, Any], name: str) -> int:
    number: Any = options.get(name) or 0
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise MalformedInvoke(f"{name} is no number")
    return number
