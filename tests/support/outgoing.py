"""What the bot sends to Teams: how it is kept, and what is wrong with it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.support.card_parts import shown_text
from tests.support.contracts import card_faults

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE_BYTES = 100 * 1024
MOST_CARDS = 10
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One activity the bot sent; `at` is monotonic time, for telling how fast."""

    conversation: str
    activity: dict[str, Any]
    reply_to: str | None
    id: str
    at: float
    targeted: bool = False

    @property
    def text(self) -> str:
        return self.activity.get("text") or ""

    @property
    def cards(self) -> list[dict[str, Any]]:
        return cards_of(self.activity)

    @property
    def card(self) -> dict[str, Any]:
        return only_card(self.activity)

    @property
    def read(self) -> str:
        """All that a person can read: the text and what the cards show."""
        return "\n".join([self.text, *(shown_text(card) for card in self.cards)]).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """A message that the bot changed afterwards."""

    conversation: str
    id: str
    activity: dict[str, Any]
    at: float

    @property
    def card(self) -> dict[str, Any]:
        return only_card(self.activity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    conversation: str
    id: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A conversation that the bot asked for; asking again for the same one is recorded too."""

    conversation: str
    members: tuple[str, ...]
    at: float


def cards_of(activity: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        each["content"]
        for each in activity.get("attachments") or []
        if each.get("contentType") == CARD
    ]


def only_card(activity: dict[str, Any]) -> dict[str, Any]:
    cards = cards_of(activity)
    assert len(cards) == 1, f"{len(cards)} cards in {activity}"
    return cards[0]


def size_of(activity: dict[str, Any]) -> int:
    """Bytes as Teams counts them: UTF-16."""
    return len(json.dumps(activity, ensure_ascii=False).encode("utf-16-le"))


def activity_faults(
    activity: dict[str, Any], conversation: str, app_id: str, *, with_cards: bool = True
) -> Iterator[str]:
    """What is wrong with an activity on its way to this conversation."""
    if activity.get("type") not in ("message", "typing"):
        yield f"the type is {activity.get('type')!r}"
    if activity.get("type") == "message":
        yield from _message_faults(activity)
    sender = (activity.get("from") or {}).get("id")
    if sender not in (None, f"28:{app_id}"):
        yield f"sent in the name of {sender}"
    named = (activity.get("conversation") or {}).get("id")
    if named not in (None, conversation):
        yield f"names the conversation {named} but is sent to {conversation}"
    if with_cards:
        yield from (fault for card in cards_of(activity) for fault in card_faults(card))


def _message_faults(activity: dict[str, Any]) -> Iterator[str]:
    attachments = activity.get("attachments") or []
    suggestions = (activity.get("suggestedActions") or {}).get("actions") or []
    if not activity.get("text") and not attachments:
        yield "a message of nothing"
    if cards_of(activity) and not activity.get("text") and not activity.get("summary"):
        yield "a card without a summary for the notification"
    if len(attachments) > MOST_CARDS:
        yield f"{len(attachments)} attachments, Teams shows {MOST_CARDS}"
    if suggestions and attachments:
        yield "suggested actions beside attachments, which Teams does not show"
    if len(suggestions) > MOST_SUGGESTIONS:
        yield f"{len(suggestions)} suggested actions, Teams shows {MOST_SUGGESTIONS}"
    yield from (
        "an attachment without a contentType" for each in attachments if not each.get("contentType")
    )
    mentioned = [
        each.get("text")
        for each in activity.get("entities") or []
        if each.get("type") == "mention" and (each.get("mentioned") or {}).get("id")
    ]
    yield from (
        f"{at} is no mention without its entity"
        for at in re.findall(r"<at>.*?</at>", activity.get("text") or "")
        if at not in mentioned
    )
