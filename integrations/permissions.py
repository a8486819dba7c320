"""Which permissions an administrator consented to, as the app's own token tells."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any


def permissions(token: str) -> list[str] | None:
    """None if it cannot be told. Read only to say what is missing: nothing is decided by it."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims: Any = json.loads(base64.urlsafe_b64decode(padded))
        roles: Iterable[str] = claims.get("roles") or ()
    except (ValueError, AttributeError):
        return None
    return list(roles)
