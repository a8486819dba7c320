"""The SDK's turn pipeline with our own last resort for errors."""

from __future__ import annotations

from uuid import uuid4

import structlog
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity, ActivityTypes
from botframework.connector.auth import BotFrameworkAuthentication

from bot.invokes import failed
from bot.replies import card_message
from cards import talk
from services.ports import Rejected, Unavailable

log = structlog.get_logger()


class TeamsAdapter(CloudAdapterBase):
    """An unexpected error ends in one apology, whose reference stands in the log."""

    def __init__(self, authentication: BotFrameworkAuthentication) -> None:
        super().__init__(authentication)
        self.on_turn_error = _apologise


async def _apologise(turn: TurnContext, error: Exception) -> None:
    if isinstance(error, Rejected | Unavailable):
        log.warning("answer not delivered", reason=str(error))
        return
    reference = uuid4().hex[:8]
    log.error("turn failed", reference=reference, exc_info=error)
    words = f"Sorry, something went wrong on my side. If it happens again, quote {reference}."
    if turn.activity.type == ActivityTypes.invoke:
        response: InvokeResponse = failed(500, "InternalError", words)
        await turn.send_activity(Activity(type=ActivityTypes.invoke_response, value=response))
        return
    try:
        await turn.send_activity(card_message(talk.say(words)))
    except (Rejected, Unavailable) as failure:
        log.warning("apology not delivered", reason=str(failure))
