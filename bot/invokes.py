"""Invokes: requests that Teams waits for, each answered in its documented shape."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from botbuilder.core import InvokeResponse, TurnContext

from bot.actions import MalformedAction
from bot.files import OwnFiles
from bot.messenger import CARD
from bot.refusals import CARD_ACTION, MalformedInvoke, refused
from bot.search_box import SearchBox
from bot.unfurling import Unfurling
from cards import kit
from cards.kit import Card

MESSAGE = "application/vnd.microsoft.activity.message"

LOOKING = frozenset(
    {"composeExtension/query", "composeExtension/queryLink", "composeExtension/anonymousQueryLink"}
)
"""These change nothing, and come with every letter that is typed."""

Data = dict[str, Any]
Answer = Callable[[TurnContext], Awaitable[Any]]


class Presses(Protocol):
    """What a button does, and three ways to show what came of it. All raise MalformedAction."""

    async def press(self, turn: TurnContext, verb: str, data: Data) -> Card | str:
        """For the place of the card: a new one, or a line when the answer went elsewhere."""
        ...

    async def show(self, turn: TurnContext, verb: str, data: Data) -> Card:
        """For a window that only the presser sees."""
        ...

    async def tell(self, turn: TurnContext, verb: str, data: Data) -> None:
        """As a message."""
        ...


class Invokes:
    def __init__(
        self,
        presses: Presses,
        search_box: SearchBox,
        unfurling: Unfurling,
        files: OwnFiles | None = None,
    ) -> None:
        self._presses = presses
        self._table: dict[str, Answer] = {
            CARD_ACTION: self._card_action,
            "composeExtension/query": search_box.answer,
            "composeExtension/queryLink": unfurling.unfurl,
            "composeExtension/anonymousQueryLink": unfurling.unfurl_for_anybody,
            "task/fetch": self._dialog,
            "task/submit": self._dialog,
            # The first is what Teams documents, the second what its SDK listens to.
            "suggestedAction/submit": self._suggestion,
            "suggestedActions/submit": self._suggestion,
            **({} if files is None else {"fileConsent/invoke": files.answer}),
        }

    async def answer(self, turn: TurnContext) -> InvokeResponse:
        """Answer an invoke. What we do not know is 501, what is malformed 400, our own fault 500."""
        name = str(turn.activity.name)
        answer = self._table.get(name, _ignored if name.startswith("signin/") else None)
        if answer is None:
            return InvokeResponse(status=501)
        try:
            return InvokeResponse(status=200, body=await answer(turn))
        except MalformedAction as error:
            return refused(name, 400, "BadRequest", f"This button cannot be used: {error}.")
        except MalformedInvoke as error:
            return refused(name, 400, "BadRequest", f"This cannot be answered: {error}.")

    async def _card_action(self, turn: TurnContext) -> Data:
        match turn.activity.value:
            case {"action": {"verb": str(verb), **action}}:
                data: Any = action.get("data") or {}
            case _:
                raise MalformedInvoke("it is no action of a card")
        shown = await self._presses.press(turn, verb, _object(data))
        if isinstance(shown, str):
            return {"statusCode": 200, "type": MESSAGE, "value": shown}
        return {"statusCode": 200, "type": CARD, "value": shown.content}

    async def _dialog(self, turn: TurnContext) -> Data:
        """A dialog is opened, or a button in it is pressed: both show what comes of the button."""
        match turn.activity.value:
            case {"data": {"verb": str(verb), **data}}:
                card = await self._presses.show(turn, verb, data)
            case _:
                raise MalformedInvoke("it is no dialog of ours")
        shown = {"contentType": CARD, "content": kit.in_dialog(card.content)}
        window = {"title": "Learnweek", "width": "medium", "height": "medium", "card": shown}
        return {"task": {"type": "continue", "value": window}}

    async def _suggestion(self, turn: TurnContext) -> None:
        match turn.activity.value:
            case {"verb": str(verb), **data}:
                await self._presses.tell(turn, verb, data)
            case _:
                raise MalformedInvoke("it is no suggestion of ours")


async def _ignored(_: TurnContext) -> None:
    """Nobody has to sign in here."""


def _object(data: Any) -> Data:
    if not isinstance(data, dict):
        raise MalformedInvoke("it is no action of a card")
    return data
