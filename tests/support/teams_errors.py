"""What Teams says when it will not, in Teams' own words."""

import json
from collections.abc import Mapping
from typing import Any

# By status: the code that is meant when a test names none.
USUAL = {
    400: "BadArgument",
    401: "BotNotRegistered",
    403: "ForbiddenOperationException",
    404: "ConversationNotFound",
    412: "PreconditionFailed",
    413: "MessageSizeTooBig",
    429: "Throttled",
    500: "ServiceError",
}

MESSAGES = {
    "BadArgument": "The request is not valid.",
    "BotNotRegistered": "No registration found for this bot.",
    "BotDisabledByAdmin": "The tenant admin disabled this bot.",
    "BotNotInConversationRoster": "The bot is not part of the conversation roster.",
    "ConversationBlockedByUser": "User blocked the conversation with the bot.",
    "ForbiddenOperationException": "Bot is not installed in user's personal scope.",
    "InvalidBotApiHost": "Invalid bot api host. For GCC tenants, call https://smba.infra.gcc.teams.microsoft.com.",
    "ConversationNotFound": "Conversation not found.",
    "ActivityNotFoundInConversation": "The activity was not found in the conversation.",
    "MemberNotFoundInConversation": "The member was not found in the conversation.",
    "PreconditionFailed": "Precondition failed, please try again.",
    "MessageSizeTooBig": "Message size too large.",
    "Throttled": "Too many requests.",
    "ServiceError": "Internal server error.",
}


def teams_error(
    status: int, code: str | None = None, message: str | None = None
) -> Mapping[str, Any] | str:
    """The body of a refusal; gateways (502 to 504) answer in HTML unless a code is given."""
    if code is None and status not in USUAL:
        return f"<html><head><title>{status}</title></head><body>Bad gateway</body></html>"
    code = code or USUAL[status]
    if code == "MessageWritesBlocked":
        inner = {
            "subCode": code,
            "details": message or "Thread is not writable.",
            "errorCode": None,
        }
        return {"errorCode": 209, "message": json.dumps(inner, indent=2)}
    return {"error": {"code": code, "message": message or MESSAGES.get(code, code)}}
