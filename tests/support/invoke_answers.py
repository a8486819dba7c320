"""What may answer a press on a card."""

from typing import Any

from tests.support.contracts import card_faults
from tests.support.outgoing import CARD

# The type of the value, by (statusCode, type).
INVOKE_ANSWERS = {
    (200, CARD): dict,
    (200, "application/vnd.microsoft.activity.message"): str,
    (400, "application/vnd.microsoft.error"): dict,
    (500, "application/vnd.microsoft.error"): dict,
    (401, "application/vnd.microsoft.activity.loginRequest"): dict,
    (401, "application/vnd.microsoft.error.incorrectAuthCode"): type(None),
    (412, "application/vnd.microsoft.error.preconditionFailed"): dict,
}


def invoke_faults(body: Any) -> list[str]:
    """What is wrong with the answer to an adaptiveCard/action."""
    if not isinstance(body, dict) or set(body) - {"statusCode", "type", "value"}:
        return [f"no answer to an adaptiveCard/action: {body}"]
    kind = INVOKE_ANSWERS.get((body.get("statusCode", 0), body.get("type", "")))
    if kind is None or not isinstance(body.get("value"), kind):
        return [f"no answer to an adaptiveCard/action: {str(body)[:300]}"]
    return card_faults(body["value"]) if body["type"] == CARD else []
