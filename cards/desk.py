"""Cards for what organisers do to somebody's place, and write to them."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, execute
from cards.sessions import booking_action
from learning.bookings import Booking, BookingState
from learning.sessions import Session

FROM = "From the learning team"

PLACES = {
    BookingState.BOOKED: "You have a place",
    BookingState.OFFERED: "A place is held for you",
    BookingState.WAITING: "You are on the waiting list",
}


def added_card(session: Session, own: Booking, *, zone: ZoneInfo) -> Card:
    """They did not ask for it here, so it says who did and how to give it back."""
    title = f"{PLACES[own.state]}: {session.title}"
    return kit.card(
        title,
        kit.heading(PLACES[own.state]),
        kit.text(session.title, weight="Bolder"),
        kit.text(_added(own)),
        _facts(session, zone),
        actions=_own(session, own),
    )


def moved_card(left: Session | None, session: Session, own: Booking, *, zone: ZoneInfo) -> Card:
    """Both at once: what was given back, and what they have instead."""
    title = f"You have been moved to {session.title}"
    was = f"{left.title}, {sayings.moment(left, zone)}" if left else "a session that is gone"
    return kit.card(
        f"{title}, {sayings.moment(session, zone)}",
        kit.heading("You have been moved to another session"),
        kit.text(f"{PLACES[own.state]}: {session.title}", weight="Bolder"),
        kit.facts(
            ("When", sayings.moment(session, zone)),
            ("Where", sayings.where(session)),
            ("Instead of", was),
        ),
        kit.text("The learning team has moved you. If it does not suit you, give it back."),
        actions=_own(session, own),
    )


def taken_off_card(session: Session, *, zone: ZoneInfo, now: datetime) -> Card:
    again = booking_action(session, None, now)
    return kit.card(
        f"You are no longer booked on {session.title}",
        kit.heading("You are no longer booked"),
        kit.text(session.title, weight="Bolder"),
        kit.text("The learning team has taken you off this session. There is nothing to do."),
        _facts(session, zone),
        actions=[again] if again else [],
    )


def message_card(session: Session, words: str, *, zone: ZoneInfo) -> Card:
    """What organisers write, under the session that it is about."""
    return kit.card(
        f"{session.title}: {sayings.shortened(' '.join(words.split()), 150)}",
        kit.heading(session.title),
        kit.quiet(f"{sayings.moment(session, zone)} · {FROM}"),
        # A single line break is none to Teams.
        kit.text(re.sub(r"\n\s*", "\n\n", words)),
        actions=[execute("Details", "session.show", session=session.id)],
    )


def _added(own: Booking) -> str:
    if own.holds_a_place:
        return "The learning team has booked this for you. If you do not want it, give it back."
    return "The learning team has put you there. You are told when a place comes free."


def _own(session: Session, own: Booking) -> list[Action]:
    booked = own.state is BookingState.BOOKED
    join = [kit.open_url("Join", session.link)] if booked and session.link else []
    words = "Give it back" if own.holds_a_place else "Leave the waiting list"
    return [*join, execute(words, "session.cancel", session=session.id)]


def _facts(session: Session, zone: ZoneInfo) -> kit.Element | None:
    return kit.facts(("When", sayings.moment(session, zone)), ("Where", sayings.where(session)))
