"""What stands where somebody stood, so that counts stay."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from learning.attendance import GUEST
from learning.people import FORGOTTEN, PersonId


def is_somebody(who: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(who != "", who.not_like(f"{FORGOTTEN}%"), who.not_like(f"{GUEST}%"))


def nobody() -> PersonId:
    """Another one each time."""
    return PersonId(f"{FORGOTTEN}{uuid4().hex}")
