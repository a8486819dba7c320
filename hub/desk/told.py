"""What people will be told of a change, in the very words, for whoever is about to make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cards import notices
from cards.kit import Card
from cards.plain_text import Place, plain_text
from learning.bookings import Booking, BookingState
from learning.people import PersonId
from learning.programme_changes import Change
from learning.sessions import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What some people will read: the text of their card, and the buttons below it."""

    to: str
    text: str
    buttons: tuple[str, ...]


def of_change(change: Change, zone: ZoneInfo, now: datetime) -> list[Words]:
    """Nothing where nobody is told."""
    if not change.told(now):
        return []
    before, after = change.session, change.after
    groups = (
        (after.taken, "with a place", BookingState.BOOKED),
        (after.waiting, "in the queue", BookingState.WAITING),
    )
    return [
        _words(
            f"To {people(count)} {who}",
            notices.session_changed_card(
                after,
                zone=zone,
                now=now,
                was=before.starts_at if change.moved else None,
                own=_somebody(after, state, now),
            ),
        )
        for count, who, state in groups
        if count
    ]


def of_cancelling(
    session: Session, instead: Sequence[Session], zone: ZoneInfo, now: datetime
) -> list[Words]:
    concerned = session.taken + session.waiting
    if not concerned or session.is_over(now):
        return []
    card = notices.session_cancelled_card(session, zone=zone, instead=instead)
    return [_words(f"To {people(concerned)}", card)]


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _somebody(session: Session, state: BookingState, now: datetime) -> Booking:
    return Booking(
        session_id=session.id,
        person_id=PersonId(""),
        state=state,
        queue_no=0,
        asked_at=now,
        changed_at=now,
    )


def _words(to: str, card: Card) -> Words:
    bare = replace(card, content={**card.content, "body": _silent(card.content["body"])})
    bare.content.pop("actions", None)
    return Words(
        to=to,
        text=plain_text(bare, Place()),
        buttons=tuple(_titles(card.content.get("actions", []))),
    )


def _silent(elements: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without buttons among them: those of each line of a list say nothing on their own."""
    return [
        {**e, "items": _silent(e["items"])} if "items" in e else e
        for e in elements
        if e["type"] != "ActionSet"
    ]


def _titles(actions: Sequence[dict[str, Any]]) -> Iterator[str]:
    for action in actions:
        yield action["title"]
