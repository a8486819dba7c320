"""The SDK's turn pipeline with our own last resort for errors."""

from __future__ import annotations

from uuid import uuid4

import structlog
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity, ActivityTypes
from botframework.connector.auth import BotFrameworkAuthentication

from bot.refusals import refused
from bot.replies import card_message
from cards import talk
from services.ports.systems import Rejected, Unavailable

log = structlog.get_logger()


class TeamsAdapter(CloudAdapterBase):
    """An unexpected error ends in one apology, whose reference stands in the log."""

    def __init__(self, authentication: BotFrameworkAuthentication) -> None:
        super().__init__(authentication)
        self.on_turn_error = _apologise


async def _apologise(turn: TurnContext, error: Exception) -> None:
    if isinstance(error, Rejected | Unavailable):
        log.warning("answer not delivered", reason=str(error))
        # Refused for good: nobody can be written to in the conversation that the activity named.
        status = 400 if isinstance(error, Rejected) else 500
        await _refuse(turn, status, "NotDelivered", "Sorry, the answer could not be sent.")
        return
    reference = uuid4().hex[:8]
    log.error("turn failed", reference=reference, exc_info=error)
    words = f"Sorry, something went wrong on my side. If it happens again, quote {reference}."
    await _refuse(turn, 500, "InternalError", words)
    if turn.activity.type != ActivityTypes.invoke:
        try:
            await turn.send_activity(card_message(talk.say(words)))
        except (Rejected, Unavailable) as failure:
            log.warning("apology not delivered", reason=str(failure))


async def _refuse(turn: TurnContext, status: int, code: str, words: str) -> None:
    """An invoke waits for an answer; a message does not."""
    if turn.activity.type == ActivityTypes.invoke:
        response: InvokeResponse = refused(str(turn.activity.name), status, code, words)
        await turn.send_activity(Activity(type=ActivityTypes.invoke_response, value=response))
