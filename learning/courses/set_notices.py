"""What follows when a set comes about or changes: cards, its calendar series, its chat."""

from __future__ import annotations

from datetime import datetime, timedelta

from learning.notices import Kind, Notice
from learning.people import Address, PersonId

BREATH = timedelta(minutes=1)
"""After which people are told, so that the link to join is mostly there by then."""


def card(
    set_id: int,
    person_id: PersonId,
    now: datetime,
    *,
    due: datetime,
    why: str = "",
    near: Address | None = None,
) -> Notice:
    """Show somebody their set; `why` is '' the first time.

    `near` is where somebody is reached, for who never had a chat with us.
    """
    at = {"service_url": near.service_url, "tenant_id": near.tenant_id} if near else None
    return Notice(
        kind=Kind.SET_CARD,
        key=f"{Kind.SET_CARD}:{set_id}:{person_id}:{why}:{now.isoformat()}",
        mailing=f"{Kind.SET_CARD}:{set_id}:{now.isoformat()}",
        due_at=due,
        person_id=person_id,
        payload={"set": set_id, "why": why, "near": at},
    )


def series(set_id: int, now: datetime) -> Notice:
    """Bring a set's calendar series up to what the set is when this is done."""
    return Notice(
        kind=Kind.SET_SERIES,
        key=f"{Kind.SET_SERIES}:{set_id}:{now.isoformat()}",
        mailing=f"{Kind.SET_SERIES}:{set_id}",
        due_at=now,
        payload={"set": set_id},
    )


def chat(set_id: int, now: datetime) -> Notice:
    """Make the set's group chat, where that is permitted."""
    return Notice(
        kind=Kind.SET_CHAT,
        key=f"{Kind.SET_CHAT}:{set_id}:{now.isoformat()}",
        mailing=f"{Kind.SET_CHAT}:{set_id}",
        due_at=now,
        payload={"set": set_id},
    )
