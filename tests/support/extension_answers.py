"""What a message extension and its dialogs may answer."""

from collections.abc import Iterator
from typing import Any

from tests.support.card_parts import parts
from tests.support.contracts import card_faults
from tests.support.outgoing import CARD

PREVIEWS = (
    "application/vnd.microsoft.card.thumbnail",
    "application/vnd.microsoft.card.hero",
)
MOST_RESULTS = 25
UNFURLED = "1.3"


def result_faults(body: Any, *, unfurled: bool = False) -> list[str]:
    """What is wrong with the answer to a search; or, unfurled, to a link."""
    match body:
        case {"composeExtension": {"type": "message", "text": str(text)} as answer} if text:
            return [] if set(answer) == {"type", "text"} and not unfurled else [f"{answer}"]
        case {"composeExtension": {"type": "result", "attachments": list() as found} as answer}:
            return [*_shape(answer), *(f for each in found for f in _found(each, unfurled))]
        case _:
            return [f"no answer of a message extension: {str(body)[:300]}"]


def _shape(answer: dict[str, Any]) -> Iterator[str]:
    if answer.get("attachmentLayout") not in ("list", "grid"):
        yield "results without a layout"
    if len(answer["attachments"]) > MOST_RESULTS:
        yield f"{len(answer['attachments'])} results"


def _found(found: dict[str, Any], unfurled: bool) -> Iterator[str]:
    shown, preview = found.get("content", {}), found.get("preview") or {}
    if found.get("contentType") != CARD:
        yield f"a result that is {found.get('contentType')}"
    if preview.get("contentType") not in PREVIEWS or not preview.get("content", {}).get("title"):
        yield f"no preview of an Adaptive Card: {preview}"
    if unfurled:
        if shown.get("version") != UNFURLED:
            yield f"a link unfurled into a card of version {shown.get('version')}"
        yield from _no_execute(shown)
        shown = shown | {"version": "1.5"}
    yield from card_faults(shown)


def dialog_faults(body: Any) -> list[str]:
    """What is wrong with the answer to task/fetch or task/submit."""
    match body:
        case {
            "task": {
                "type": "continue",
                "value": {"title": str(), "card": {"contentType": kind, "content": card}},
            }
        } if kind == CARD:
            return [*_no_execute(card), *card_faults(card)]
        case _:
            return [f"no dialog: {str(body)[:300]}"]


def _no_execute(card: dict[str, Any]) -> Iterator[str]:
    yield from (
        "an Action.Execute, which does not work here"
        for _, part in parts(card)
        if part["type"] == "Action.Execute"
    )


def error_faults(body: Any) -> list[str]:
    """What is wrong with the body of a refusal."""
    match body:
        case {"error": {"code": str(code), "message": str(message)}} if code and message:
            return []
        case _:
            return [f"no error: {body}"]
