"""Choosing among the dates of a programme's live session."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Card, execute
from learning.sessions import Session

QUESTION = "Shall I change it to this date? Your place on the other one is given back."


def other_date_card(session: Session, other: Session, *, zone: ZoneInfo) -> Card:
    """Asks somebody who has another date whether this one is to take its place."""
    return kit.card(
        f"You already have another date of {session.title}. Change it?",
        kit.heading("You already have another date"),
        kit.text(f"You have {other.title}, {sayings.moment(other, zone)}."),
        kit.text(f"This one is {sayings.moment(session, zone)}."),
        kit.text(QUESTION),
        actions=[
            execute("Change to this date", "session.swap", session=session.id, instead_of=other.id),
            execute("Leave it", "session.leave", session=session.id),
        ],
    )
