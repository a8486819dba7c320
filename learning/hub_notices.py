"""What goes into the outbox for the hub list: reading it, writing an item, telling of faults."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from learning.notices import Kind, Notice
from learning.people import PersonId
from learning.sessions import SessionId

GATHER = timedelta(seconds=30)
"""An item is written at most once in so long: bookings that come together are one change to it."""

SOON = timedelta(seconds=2)
"""The same for reads: one edit in SharePoint may be told of several times."""

POLL = timedelta(minutes=5)


def read(due: datetime) -> Notice:
    """Bring the programme up to the list; what is read was there after this was due."""
    return Notice(
        kind=Kind.HUB_READ,
        key=f"{Kind.HUB_READ}:{due.isoformat()}",
        mailing=f"{Kind.HUB_READ}:",
        due_at=due,
    )


def item(session_id: SessionId, now: datetime) -> Notice:
    """Have the session's item show how the session stands when this is due."""
    due = slot(now, GATHER) + GATHER
    return Notice(
        kind=Kind.HUB_ITEM,
        key=f"{Kind.HUB_ITEM}:{session_id}:{due.isoformat()}",
        mailing=f"{Kind.HUB_ITEM}:{session_id}",
        due_at=due,
        session_id=session_id,
    )


def fault(
    person_id: PersonId,
    now: datetime,
    *,
    due: datetime,
    items: Mapping[int, str],
    whole: str = "",
    gone: Sequence[SessionId] = (),
) -> Notice:
    """Tell somebody what is wrong with these versions of items, and what is there no longer.

    `whole` is the digest of faults that are about the list itself.
    """
    about = repr(
        (sorted(items.items()), whole, sorted(gone), now.isoformat() if gone or whole else "")
    )
    mark = hashlib.sha256(about.encode(errors="backslashreplace")).hexdigest()[:32]
    return Notice(
        kind=Kind.HUB_FAULT,
        key=f"{Kind.HUB_FAULT}:{person_id}:{mark}",
        mailing=f"{Kind.HUB_FAULT}:{now.isoformat()}",
        due_at=due,
        person_id=person_id,
        payload={
            "items": {str(id): version for id, version in items.items()},
            "whole": whole,
            "gone": list(gone),
        },
    )


def slot(now: datetime, span: timedelta) -> datetime:
    """When the span of time began that this moment is in; the same on every replica."""
    seconds = int(span.total_seconds())
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
