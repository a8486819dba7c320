"""What Teams' refusals mean, and how long to wait."""

import json
from typing import Any

import pytest

from bot.connector import Broken, failure, retry_after
from services.ports.systems import Rejected, Throttled, Unavailable, Unreachable
from tests.support.teams_errors import teams_error


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (400, "BadArgument", Rejected),
        (401, "BotNotRegistered", Rejected),
        (403, "BotDisabledByAdmin", Unreachable),
        (403, "BotNotInConversationRoster", Unreachable),
        (403, "ConversationBlockedByUser", Unreachable),
        (403, "ForbiddenOperationException", Unreachable),
        (403, "MessageWritesBlocked", Unreachable),
        (404, "ConversationNotFound", Unreachable),
        (412, "PreconditionFailed", Unavailable),
        (413, "MessageSizeTooBig", Rejected),
        (429, "Throttled", Throttled),
        (500, "ServiceError", Broken),
        (502, None, Unavailable),
        (503, None, Unavailable),
        (504, None, Unavailable),
    ],
)
def test_every_refusal_has_one_meaning(status: int, code: str | None, meaning: type[Exception]):
    body: Any = teams_error(status, code)
    text = body if isinstance(body, str) else json.dumps(body)

    assert type(failure(status, text, {})) is meaning


def test_what_teams_quotes_of_ours_is_not_kept():
    quoted = json.dumps({"error": {"code": "BadArgument", "message": "Asha's private words"}})

    assert "Asha" not in str(failure(400, quoted, {}))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "3"}, 3.0),
        ({"Retry-After": " 1.5 "}, 1.5),
        ({"Retry-After": "-5"}, 0.0),
        (
            {
                "Date": "Mon, 18 May 2026 08:00:00 GMT",
                "Retry-After": "Mon, 18 May 2026 08:00:07 GMT",
            },
            7.0,
        ),
        ({"Retry-After": "Mon, 18 May 2026 08:00:07 GMT"}, 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None):
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("nonsense", ["nan", "inf", "-inf", "1e400"])
def test_a_wait_that_is_no_number_of_seconds_is_none(nonsense: str):
    assert retry_after({"Retry-After": nonsense}) is None
